import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { MetricCreate } from "../metrics/schema.ts";
import { date, strict, text } from "../schema.ts";

export const MOST_DAYS = 365;
const dimensions = MetricCreate.shape.dimensions.unwrap();
const days = { error: `must be a whole number from 1 to ${MOST_DAYS}` };
const level = { error: "must be from 0.5 to 0.99" };

/** Which series to predict, how far, and how surely. */
export const PredictionRequest = strict({
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: text(255).optional().describe("When absent, the answer says which one it took"),
  metric_unit: text(50).optional().describe("When absent, the answer says which one it took"),
  dimensions: dimensions.optional().describe("Only readings with all of these"),
  prediction_days: z.int(days).min(1, days).max(MOST_DAYS, days).default(30),
  confidence_level: z.number(level).min(0.5, level).max(0.99, level).default(0.95)
    .describe("Probability that the interval holds the value of a day"),
}).openapi("PredictionRequest", {
  example: { service_name: "partners_crm", metric_type: "donation", prediction_days: 30, confidence_level: 0.95 },
});
export type PredictionRequest = z.infer<typeof PredictionRequest>;

const Backtest = z.strictObject({
  origins: z.int().describe("How often the model was fitted to the history before a day and compared with what came"),
  horizon: z.int().describe("Days ahead each time"),
  n: z.int().describe("Days compared"),
  wape: z.number().nullable().describe("Σ|error| / Σ|actual|"),
  mase: z.number().nullable().describe('Mean |error| over that of "tomorrow is as today"'),
  coverage: z.number().nullable().describe("Share of days inside the interval; to be compared with confidence_level"),
});

/** A day ahead, and the interval that holds its value with the level asked. */
const Prediction = z.strictObject({
  date,
  predicted_value: z.number(),
  lower_bound: z.number(),
  upper_bound: z.number(),
});

export const PredictionResponse = z.strictObject({
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: z.string().nullable().describe("The metric that was predicted"),
  unit: z.string().nullable(),
  dimensions: dimensions.nullable(),
  prediction_days: z.int(),
  confidence_level: z.number(),
  status: z.enum(["ok", "insufficient_history"]),
  reason: z.string().nullable().describe("What is missing, where there is no prediction"),
  model: z.literal("linear_trend").describe("A straight line through the daily values, carried on"),
  trend: z.enum(["increasing", "decreasing", "stable"]).nullable()
    .describe("Stable unless the slope differs from 0 by more than chance (two-sided p < 0.05)"),
  slope_per_day: z.number().nullable(),
  predictions: z.array(Prediction).describe("From the day after the last complete local day on"),
  model_accuracy: z.number().nullable()
    .describe("Out of sample: 1 − WAPE of the backtest, at least 0; null when it cannot be computed"),
  backtest: z.union([Backtest, z.null()]),
  meta: z.strictObject({
    period: z.strictObject({ start_date: date, end_date: date, timezone: z.string() })
      .describe("The history: at most 730 complete local days, from the first with a reading on"),
    data_through: date.nullable().describe("The last day of the history with a reading"),
    complete: z.boolean().describe("Whether the history reaches the last complete day"),
    warnings: z.array(z.string()),
    data_version: z.string().nullable()
      .describe("Which state of the series it was computed from; null where nothing is recorded"),
    computed_at: z.string().describe(
      "When that was: an answer is used again that day, while the series stays as it is",
    ),
  }),
}).openapi("PredictionResponse");
export type PredictionResponse = z.infer<typeof PredictionResponse>;

const { service_name, metric_type, metric_name, prediction_days, confidence_level } = PredictionRequest.shape;

/** What the handler `forecast_warmup` is configured with. */
export const ForecastWarmupConfig = strict({
  handler: z.literal("forecast_warmup").describe(
    "forecast_warmup computes predictions ahead, so that the first reader of the day does not wait",
  ),
  series: z.array(strict({ service_name, metric_type, metric_name })).min(1).max(200).optional()
    .describe("When absent, the primary metric of every service and type that has readings"),
  prediction_days,
  confidence_level,
}).openapi("ForecastWarmupConfig", {
  example: { handler: "forecast_warmup", prediction_days: 30, confidence_level: 0.95 },
});
export type ForecastWarmupConfig = z.infer<typeof ForecastWarmupConfig>;
