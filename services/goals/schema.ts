import { z } from "@hono/zod-openapi";
import { GOAL_AGGREGATIONS, GOAL_DIRECTIONS } from "../../db/goals.ts";
import { GOAL_STATUSES, METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { MetricCreate } from "../metrics/schema.ts";
import { page, paging } from "../paging.ts";
import { date, instant, quantity, strict, text, timezone, uuid, whole } from "../schema.ts";

export type Direction = typeof GOAL_DIRECTIONS[number];
export type Aggregation = typeof GOAL_AGGREGATIONS[number];
export const TRACKINGS = ["metrics", "manual"] as const;
export type Tracking = typeof TRACKINGS[number];
export const PACE_STATES = ["on_track", "behind", "at_risk"] as const;
export type PaceState = typeof PACE_STATES[number];

/** Ten years. */
export const LONGEST_WINDOW_DAYS = 3_653;

const dimensions = MetricCreate.shape.dimensions.unwrap();

const askPercent = ({ input }: { input?: unknown }) => {
  const range = "must be above 1 and at most 100, in percent";
  return typeof input === "number" && input > 0 ? `${range}: did you mean ${Math.round(input * 10_000) / 100}?` : range;
};

const alertThreshold = z.number().gt(1, { error: askPercent }).max(100, { error: "must be at most 100, in percent" })
  .nullable().describe(
    "Progress in percent, above 1, at which the goal alerts once, and again after 2 points back; a goal to maintain " +
      "and a total to keep low are met from the start and alert when they fall below it; null for never",
  );

/** What a goal is, as its author says it. Every field that may be left out has its default in the verb. */
const base = {
  name: text(255),
  description: text(10_000, 0).nullish(),
  metric_type: z.enum(METRIC_TYPES),
  target_value: quantity.describe("In `unit`; differs from the baseline"),
  unit: text(50).describe("Such as USD, count or %; of a goal fed from a series stored as it is recorded, usd as USD"),
  start_date: date.describe("The first local day that counts"),
  end_date: date.describe(`The last local day that counts; at most ${LONGEST_WINDOW_DAYS} days in all`),
  alert_threshold: alertThreshold.optional(),
  direction: z.enum(GOAL_DIRECTIONS).optional().describe(
    "increase (the default) and decrease go from the baseline to the target; maintain stays between the two",
  ),
  baseline_value: quantity.optional().describe("Where progress is 0; 0 when absent"),
  timezone: timezone.optional().describe(
    "Whose days count, and which of them is today; the organisation's when absent",
  ),
  service_name: z.enum(SERVICE_NAMES).optional().describe("With metric_name: the series that feeds the goal"),
  metric_name: text(255).optional(),
  dimensions: dimensions.nullish().describe(
    "Only readings with all of these; a goal about one person is there only for those with a token",
  ),
  aggregation: z.enum(GOAL_AGGREGATIONS).optional().describe(
    "What the window amounts to, or what each day of a goal to maintain is judged by; by default the sum of a flow, " +
      "the last level of a gauge, the average of a sample",
  ),
  tracking: z.enum(TRACKINGS).optional().describe(
    "metrics: fed from a series. manual: fed by update-progress. When absent: metrics where service_name or " +
      "metric_name is given, or where the metric_type has one primary metric recorded in this unit (in any " +
      "currency, if not recorded yet), else manual",
  ),
};

export const GoalBase = strict(base).openapi("GoalBase");

export const GoalCreate = strict({
  ...base,
  created_by: uuid.optional().describe("Taken in open mode; with a token the token's owner is written down"),
}).openapi("GoalCreate", {
  example: {
    name: "Q1 Donation Target",
    metric_type: "donation",
    target_value: 100_000,
    unit: "USD",
    start_date: "2025-01-01",
    end_date: "2025-03-31",
    created_by: "123e4567-e89b-12d3-a456-426614174000",
  },
});
export type GoalCreate = z.infer<typeof GoalCreate>;

const { name, metric_type, target_value, unit, start_date, end_date, ...optional } = base;

export const GoalUpdate = strict({
  ...optional,
  name: name.optional(),
  metric_type: metric_type.optional(),
  target_value: target_value.optional(),
  unit: unit.optional(),
  start_date: start_date.optional(),
  end_date: end_date.optional(),
  status: z.enum(["active", "cancelled"]).optional().describe(
    "Whether a goal is met is found out, never set; active opens what was cancelled, not what has ended",
  ),
  version: whole(1, 2_147_483_647).optional().describe(
    "The version that is edited, as If-Match would say it",
  ),
}).openapi("GoalUpdate", { example: { target_value: 120_000 } });
export type GoalUpdate = z.infer<typeof GoalUpdate>;

export const GoalProgressUpdate = strict({
  current_value: quantity.describe("Where the goal stands now, in its unit"),
  recorded_by: uuid.optional().describe("Taken in open mode; with a token the token's owner is written down"),
}).openapi("GoalProgressUpdate", { example: { current_value: 25_000 } });
export type GoalProgressUpdate = z.infer<typeof GoalProgressUpdate>;

const percentage = z.number().describe("In percent; may be negative and may exceed 100");

export const GoalResponse = z.strictObject({
  id: uuid,
  name: z.string(),
  description: z.string().nullable(),
  metric_type: z.enum(METRIC_TYPES),
  target_value: z.number(),
  current_value: z.number().describe("As of the last update; /progress computes it anew"),
  unit: z.string(),
  start_date: date,
  end_date: date,
  status: z.enum(GOAL_STATUSES),
  progress_percentage: percentage,
  alert_threshold: z.number().nullable(),
  alert_sent: z.boolean().describe("Whether the threshold was crossed and the crossing recorded as an event"),
  forecast_value: z.number().nullable(),
  forecast_updated_at: instant.nullable(),
  created_by: uuid.nullable().describe("Null for anonymous readers"),
  tracking: z.enum(TRACKINGS),
  service_name: z.enum(SERVICE_NAMES).nullable(),
  metric_name: z.string().nullable(),
  dimensions: dimensions.nullable(),
  aggregation: z.enum(GOAL_AGGREGATIONS).nullable(),
  direction: z.enum(GOAL_DIRECTIONS),
  baseline_value: z.number(),
  timezone: z.string(),
  version: z.int(),
  created_at: instant,
  updated_at: instant,
}).openapi("GoalResponse");
export type GoalResponse = z.infer<typeof GoalResponse>;

export const GoalList = page(GoalResponse, "GoalList");

export const GoalListQuery = strict({
  metric_type: z.enum(METRIC_TYPES).optional(),
  status: z.enum(GOAL_STATUSES).optional(),
  created_by: uuid.optional(),
  ...paging,
});
export type GoalListQuery = z.infer<typeof GoalListQuery>;

/** What the list is ordered by: created_at and id. */
export const goalCursor = z.tuple([instant, uuid]);

export const GoalProgressResponse = z.strictObject({
  goal_id: uuid,
  name: z.string(),
  metric_type: z.enum(METRIC_TYPES),
  unit: z.string(),
  status: z.enum(GOAL_STATUSES),
  tracking: z.enum(TRACKINGS),
  direction: z.enum(GOAL_DIRECTIONS),
  baseline_value: z.number(),
  target_value: z.number(),
  current_value: z.number().describe(
    "From the series as it is now, where the goal is tracked by metrics; of a goal to maintain that of the latest " +
      "day it is judged by",
  ),
  progress_percentage: percentage,
  remaining_value: z.number().nullable().describe("To the target; null for a goal to maintain"),
  total_days: z.int(),
  days_elapsed: z.int().describe("Local days of the window before today"),
  days_remaining: z.int().describe("From today's local date to end_date, both counted; 0 after it"),
  expected: z.number().describe(
    "What progress_percentage should be by now: that of the share of target_value (of a total: sum, count), or of " +
      "the way from the baseline, that belongs to the days passed; of an average all of it from the second day on",
  ),
  expected_basis: z.enum(["linear", "last_year"]).describe(
    "linear in days, or the share that the same window had booked by this day a year ago; linear also where the days " +
      "do not matter: for an average, of which all is due from the second day on, and for a goal to maintain",
  ),
  pace: z.number().nullable().describe(
    "progress_percentage / expected; of a total to reach current_value / the value that is due; null while nothing " +
      "is due",
  ),
  pace_state: z.enum(PACE_STATES).describe(
    "on_track from 0.95 on, behind from 0.75 on, else at_risk, as is a total to keep low that is over its limit",
  ),
  on_track: z.boolean(),
  daily_required_progress: z.number().nullable().describe(
    "remaining_value / days_remaining, of a total / the days of its window that are left; null once ended, achieved " +
      "or cancelled, for an average, and for a total to keep low",
  ),
  projected_completion_date: date.nullable().describe(
    "At the average speed since the start; null without speed, for an average, and once ended or achieved",
  ),
  alert_threshold: z.number().nullable(),
  alert_sent: z.boolean(),
  reason: z.string().nullable().describe("Why current_value says little, where the window holds no reading"),
  meta: z.strictObject({
    period: z.strictObject({ start_date: date, end_date: date, timezone: z.string() }),
    as_of: date.describe("Today's local date"),
    complete: z.boolean().describe("Whether the window is over"),
    data_through: date.nullable().describe("The last day with a reading of the window"),
    warnings: z.array(z.string()),
  }),
}).openapi("GoalProgressResponse");
export type GoalProgressResponse = z.infer<typeof GoalProgressResponse>;
