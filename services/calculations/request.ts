import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { MOST_WINDOW_DAYS } from "../analytics/schema.ts";
import { TREND_INTERVALS, type TrendInterval } from "../analytics/trend.ts";
import { METRIC_KINDS, MetricCreate } from "../metrics/schema.ts";
import { date, strict, text, timezone, within } from "../schema.ts";

/** Days of the default window, by interval: enough periods for something to be said. */
export const DEFAULT_DAYS: Record<TrendInterval, number> = {
  day: 365,
  week: 365,
  month: 1_096,
  quarter: 1_827,
  year: MOST_WINDOW_DAYS,
};

/** Which series a calculation reads. */
export const SeriesRef = strict({
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: text(255).optional().describe("When absent, the answer says which one it took"),
  metric_unit: text(50).optional().describe("When absent, the answer says which one it took"),
  dimensions: MetricCreate.shape.dimensions.unwrap().optional().describe("Only readings with all of these"),
  label: text(100).optional().describe("What the answer calls it; its metric's name when absent"),
}).openapi("SeriesRef", {
  description: "One series: a metric, in one unit, and where dimensions are given only of the readings that have them",
  example: { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" },
});
export type SeriesRef = z.infer<typeof SeriesRef>;

/** How sure an interval is to be. */
export const confidenceLevel = within(0.5, 0.99).default(0.95)
  .describe("Of the intervals; 1 less it is the level of significance");

/** Which series was read, and how much of it is known. */
export const SeriesUsed = z.strictObject({
  label: z.string().describe("What the rest of the answer calls it"),
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: z.string().nullable().describe("The metric that was taken"),
  unit: z.string().nullable(),
  kind: z.enum(METRIC_KINDS),
  n: z.int().min(0).describe("Periods with a known value"),
  mean: z.number().nullable(),
  stddev: z.number().nullable().describe("Of the sample (n − 1)"),
}).openapi("SeriesUsed");
export type SeriesUsed = z.infer<typeof SeriesUsed>;

/** The window and the periods of it that a calculation reads. */
export const windowShape = {
  start_date: date.optional().describe(
    `Without a window: the last ${DEFAULT_DAYS.day} complete local days, by month ${DEFAULT_DAYS.month}, by quarter ` +
      `${DEFAULT_DAYS.quarter}, by year ${DEFAULT_DAYS.year}. At most ${MOST_WINDOW_DAYS} days`,
  ),
  end_date: date.optional().describe("Inclusive; yesterday when absent"),
  timezone: timezone.optional().describe("IANA; the organisation's when absent"),
  interval: z.enum(TREND_INTERVALS).default("day").describe(
    "The calendar periods: of each, a flow's sum, a gauge's last level, a sample's average. Periods that are not over, or " +
      "that the window cuts, are left out. Weeks and years begin where the organisation's do",
  ),
};

/** What `windowShape` reads as. */
export type WindowRequest = {
  start_date?: string | undefined;
  end_date?: string | undefined;
  timezone?: string | undefined;
  interval: TrendInterval;
};
