import { z } from "@hono/zod-openapi";
import { GOAL_EVENT_KINDS } from "../../db/goal_events.ts";
import { date, strict, uuid } from "../schema.ts";

/** What a run tells the outside about a goal; queued with the event itself, never by a job. */
export const GoalAlertConfig = strict({
  handler: z.literal("goal_alert"),
  event: z.enum(GOAL_EVENT_KINDS),
  goal_id: uuid,
  name: z.string(),
  unit: z.string(),
  current_value: z.number(),
  target_value: z.number(),
  progress_percentage: z.number(),
  alert_threshold: z.number().optional(),
  date: date.describe("The goal's local date"),
});
export type GoalAlertConfig = z.infer<typeof GoalAlertConfig>;
