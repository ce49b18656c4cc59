import { z } from "@hono/zod-openapi";
import { GOAL_DIRECTIONS } from "../../db/goals.ts";
import { GOAL_STATUSES, METRIC_TYPES } from "../../db/schema/enums.ts";
import { page, paging } from "../paging.ts";
import { date, instant, strict, uuid } from "../schema.ts";
import { TRACKINGS } from "./schema.ts";

/** Points of a fan, at most. */
export const MOST_FAN_POINTS = 60;
/** How far ahead a completion is looked for, in days from today. */
export const MOST_DAYS_AHEAD = 365;

export const FORECAST_STATES = ["ok", "insufficient_history", "out_of_range", "ended", "not_computed"] as const;
export const FORECAST_MODELS = ["daily_paths", "weekly_paths", "drift_between_readings"] as const;
export const ACTIONS = [
  "none",
  "keep_going",
  "watch",
  "speed_up",
  "slow_down",
  "change_plan",
  "record_readings",
] as const;

/** What the value of the goal may be at the end of a day. */
export const FanPoint = z.strictObject({
  date,
  median: z.number(),
  lower_50: z.number(),
  upper_50: z.number(),
  lower_80: z.number(),
  upper_80: z.number(),
  lower_95: z.number(),
  upper_95: z.number(),
}).openapi("GoalFanPoint", {
  description: "Half of the simulated paths lie between lower_50 and upper_50 at the end of that day, and so on",
});
export type FanPoint = z.infer<typeof FanPoint>;

const probability = z.number().min(0).max(1).nullable();

/** What a simulation finds out about a goal: what is stored of its forecast. */
export const Outlook = z.strictObject({
  status: z.enum(FORECAST_STATES).describe(
    "ok; insufficient_history and out_of_range: the reason says what is missing, or why not; ended: nothing is left " +
      "to forecast; not_computed: the next goal update does it, or GET /goals/{goal_id}/forecast now",
  ),
  reason: z.string().nullable().describe("Why there is no probability, where there is none"),
  current_value: z.number().describe("Where the paths start; today's part counts"),
  probability: probability.describe("The share of simulated paths that reach the target by end_date"),
  forecast_value: z.number().nullable().describe(
    "The median of the goal's final value over the paths; of a goal to maintain, that of its last day",
  ),
  linear_projection: z.number().nullable().describe(
    "The final value if a straight line through the history were carried on; for comparison, it decides nothing",
  ),
  projected_completion_date: date.nullable().describe(
    `The first day at whose end half of the paths have reached the target, at most ${MOST_DAYS_AHEAD} days ahead; ` +
      "null beyond, and for goals that are only met at their end: a total to stay below, or a band to keep",
  ),
  daily_required: z.number().nullable().describe(
    "(target − value now) / days from today to end_date, of a total those of its window: what the days left must " +
      "bring, or may bring for a total to stay below; null where that means nothing: for averages, bands, and " +
      "once reached",
  ),
  daily_forecast: z.number().nullable().describe("(forecast_value − value now) / the same days"),
  recommended_action: z.strictObject({
    code: z.enum(ACTIONS),
    text: z.string().describe("One sentence with the numbers it rests on"),
  }),
  fan: z.array(FanPoint).max(MOST_FAN_POINTS).describe(
    "The goal's value as it grows, day by day or further apart, always with end_date; in the list only end_date",
  ),
  model: z.enum(FORECAST_MODELS).nullable().describe(
    "daily_paths and weekly_paths: simulated from a forecast of the series; drift_between_readings: a random walk " +
      "with the drift of the readings by hand",
  ),
  n_history: z.int().describe("Days, weeks or readings that the model was fitted to"),
  paths: z.int().describe("How many were simulated"),
  warnings: z.array(z.string()),
  data_through: date.nullable().describe("The last day with a reading"),
});
export type Outlook = z.infer<typeof Outlook>;

const { status, reason, warnings, data_through, ...numbers } = Outlook.shape;

export const GoalForecastResponse = z.strictObject({
  goal_id: uuid,
  name: z.string(),
  metric_type: z.enum(METRIC_TYPES),
  unit: z.string(),
  goal_status: z.enum(GOAL_STATUSES),
  tracking: z.enum(TRACKINGS),
  direction: z.enum(GOAL_DIRECTIONS),
  baseline_value: z.number(),
  target_value: z.number(),
  ...{ status, reason },
  forecast_confidence: probability.describe("The same as probability"),
  will_achieve: z.boolean().nullable().describe("probability ≥ 0.5; null where there is none"),
  ...numbers,
  seed: z.string().describe("What the paths were drawn with: the same seed and history give the same answer"),
  meta: z.strictObject({
    period: z.strictObject({ start_date: date, end_date: date, timezone: z.string() }),
    as_of: date.nullable().describe("The local date on which it was computed"),
    computed_at: instant.nullable(),
    data_version: z.string().nullable().describe("Which state of the goal and its series it was computed from"),
    data_through,
    warnings,
  }),
}).openapi("GoalForecastResponse");
export type GoalForecastResponse = z.infer<typeof GoalForecastResponse>;

export const GoalForecastList = page(GoalForecastResponse, "GoalForecastList");

export const GoalForecastListQuery = strict(paging);
export type GoalForecastListQuery = z.infer<typeof GoalForecastListQuery>;
