import { z } from "@hono/zod-openapi";
import { date, strict, whole } from "../schema.ts";
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

export const MOST_DAYS = 365;

/** Which series to predict, how far, and how surely. */
export const PredictionRequest = strict({
  ...seriesShape,
  prediction_days: whole(1, MOST_DAYS).default(30),
  confidence_level: level.default(0.95).describe("Probability that the interval holds the value of a day"),
}).openapi("PredictionRequest", {
  example: { service_name: "partners_crm", metric_type: "donation", prediction_days: 30, confidence_level: 0.95 },
});
export type PredictionRequest = z.infer<typeof PredictionRequest>;

/** A day ahead, and the interval that holds its value with the level asked. */
const Prediction = z.strictObject({
  date,
  predicted_value: z.number(),
  lower_bound: z.number(),
  upper_bound: z.number(),
});
const predictions = z.array(Prediction).max(MOST_DAYS);

/** A straight line through the same history, for comparison. */
const LinearBaseline = z.strictObject({
  model: z.literal("linear_trend").describe("A straight line through the daily values, by least squares"),
  slope_per_day: z.number(),
  predictions: predictions.describe("The same days; bounds as if the residuals were independent and normal"),
  backtest: orNull(Backtest),
});

export const PredictionResponse = z.strictObject({
  ...answeredShape,
  prediction_days: z.int(),
  confidence_level: z.number(),
  ...statusShape,
  model,
  ...trendShape,
  slope_per_day: z.number().nullable().describe("Of the history, less its season"),
  seasonality: orNull(Seasonality),
  predictions: predictions.describe("From the day after the last complete local day on"),
  model_accuracy: accuracy,
  backtest: orNull(Backtest),
  baseline: orNull(LinearBaseline).describe("What a straight line would say; to be compared by its backtest"),
  meta: Meta,
}).openapi("PredictionResponse");
export type PredictionResponse = z.infer<typeof PredictionResponse>;

const { service_name, metric_type, metric_name, prediction_days } = PredictionRequest.shape;

/** What the handler `forecast_warmup` is configured with. */
export const ForecastWarmupConfig = strict({
  handler: z.literal("forecast_warmup").describe(
    "forecast_warmup computes predictions ahead, so that the first reader of the day does not wait",
  ),
  series: z.array(strict({ service_name, metric_type, metric_name })).min(1).max(200).optional()
    .describe("When absent, the primary metric of every service and type that has readings"),
  prediction_days,
  confidence_level: level.default(0.95).describe("Accepted and of no account: one forecast answers every level"),
}).openapi("ForecastWarmupConfig", {
  example: { handler: "forecast_warmup", prediction_days: 30, confidence_level: 0.95 },
});
export type ForecastWarmupConfig = z.infer<typeof ForecastWarmupConfig>;
