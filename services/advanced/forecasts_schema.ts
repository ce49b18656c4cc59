import { z } from "@hono/zod-openapi";
import { date, Ratio, strict, whole } from "../schema.ts";
import { PERIODS } from "./periods.ts";
import {
  accuracy,
  answeredShape,
  Backtest,
  level,
  Meta,
  model,
  orNull,
  Seasonality,
  seriesShape,
  statusShape,
  trendShape,
} from "./series_schema.ts";

export const MOST_PERIODS = 24;

/** What a period is, wherever one may be chosen. */
export const period = z.enum(PERIODS).describe(
  "Calendar periods; weeks and years begin where the organisation's do. Complete ones needed: 14 days, 10 weeks, " +
    "8 months, 6 quarters or 4 years",
);

/** Which series to carry on, by which periods, how far and how surely. */
export const ForecastRequest = strict({
  ...seriesShape,
  period: period.default("month"),
  periods: whole(1, MOST_PERIODS).default(6).describe("The running period is the first"),
  confidence_level: level.default(0.95).describe("Probability that the interval holds the value of a period"),
}).openapi("ForecastRequest", {
  example: {
    ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" },
    ...{ period: "month", periods: 6, confidence_level: 0.8 },
  },
});
export type ForecastRequest = z.infer<typeof ForecastRequest>;

/** The least that names a calendar period. */
const periodShape = {
  start_date: date,
  end_date: date.describe("Inclusive"),
  label: z.string().describe("2025-12-24, 2025-W52 (ISO) or week of 2025-12-21, 2025-12, 2025-Q4, 2025 or 2025/26"),
};

const ForecastPeriod = z.strictObject({
  ...periodShape,
  value: z.number(),
  lower_bound: z.number(),
  upper_bound: z.number(),
  in_progress: z.boolean().describe("Whether this is the running period"),
  so_far: z.number().nullable().describe(
    "What is recorded of the running period to the last complete day: value adds the forecast for the days left to it",
  ),
  year_before: z.number().nullable()
    .describe("The same period a year before, of days and weeks 52 weeks before; null where it is not known"),
});

const periods = z.array(ForecastPeriod).max(MOST_PERIODS);

const LinearBaseline = z.strictObject({
  model: z.literal("linear_trend").describe("A straight line through the complete periods, by least squares"),
  slope_per_period: z.number(),
  values: z.array(z.number()).max(MOST_PERIODS).describe("For the same periods; of the running one as a whole"),
  backtest: orNull(Backtest),
});

export const ForecastResponse = z.strictObject({
  ...answeredShape,
  period,
  periods: z.int(),
  confidence_level: z.number(),
  ...statusShape,
  model,
  ...trendShape,
  slope_per_period: z.number().nullable().describe("Of the history, less its season"),
  seasonality: orNull(Seasonality),
  forecasts: periods.describe("From the running period on"),
  growth: orNull(Ratio).describe(
    "(forecast − a year before) / |a year before|, over the periods whose year before is known; null without any",
  ),
  historical_accuracy: accuracy,
  backtest: orNull(Backtest),
  baseline: orNull(LinearBaseline).describe("What a straight line would say; to be compared by its backtest"),
  history_periods: z.int().min(0).describe("Complete periods that the model was fitted to"),
  meta: Meta,
}).openapi("ForecastResponse");
export type ForecastResponse = z.infer<typeof ForecastResponse>;
