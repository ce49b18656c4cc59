import type { GoalRow } from "../../db/goals.ts";
import type { Caller } from "../access.ts";
import { seesAll } from "../metrics/personal.ts";
import type { GoalResponse, Tracking } from "./schema.ts";

/** A goal that is visible, as its caller may see it: an anonymous one does not see its author. */
export function shown({ today: _, ...goal }: GoalRow, caller: Caller): GoalResponse {
  const row = { ...goal, tracking: trackingOf(goal) };
  return seesAll(caller) ? row : { ...row, created_by: null };
}

/** What feeds a goal. */
export function trackingOf({ metric_name }: { metric_name: string | null }): Tracking {
  return metric_name === null ? "manual" : "metrics";
}

/** Why a goal without a reading in its window has none. */
export function silence({ service_name, metric_name, start_date, end_date, today }: GoalRow): string {
  if (today < start_date) return `The window begins on ${start_date}`;
  if (metric_name === null) return "Nobody has recorded a reading yet";
  return `${service_name}/${metric_name} has no reading of this goal from ${start_date} to ${end_date}`;
}
