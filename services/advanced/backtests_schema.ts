import { z } from "@hono/zod-openapi";
import { date, Ratio, strict, whole } from "../schema.ts";
import { period } from "./forecasts_schema.ts";
import { answeredShape, level, Meta, MODELS, seriesShape, statusShape } from "./series_schema.ts";

export const [MOST_STEPS, MOST_ORIGINS, MOST_LEVELS] = [90, 24, 5];

/** Which series to test the models on, how far ahead, how often, and at which levels. */
export const BacktestRequest = strict({
  ...seriesShape,
  period: period.default("day"),
  horizon: whole(1, MOST_STEPS).default(14).describe("Periods ahead of each origin"),
  origins: whole(1, MOST_ORIGINS).default(8)
    .describe("How many times to stand in the past; evenly spaced over the last half, fewer where there is no room"),
  levels: z.array(level).min(1).max(MOST_LEVELS).refine((all) => new Set(all).size === all.length, "must differ")
    .default([0.5, 0.8, 0.95]).describe("Whose intervals' coverage to measure"),
}).openapi("BacktestRequest", {
  example: {
    ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" },
    ...{ period: "day", horizon: 14, origins: 8, levels: [0.8, 0.95] },
  },
});
export type BacktestRequest = z.infer<typeof BacktestRequest>;

const measures = {
  mae: z.number().describe("Mean |error|, in the unit"),
  bias: z.number().describe("Mean of forecast − actual, in the unit"),
  wape: z.number().nullable().describe("Σ|error| / Σ|actual|"),
  mase: z.number().nullable()
    .describe("MAE over the mean |change| from one season to the next in the histories; below 1 beats that"),
  rmsse: z.number().nullable().describe("√(mean error² / mean change²), likewise"),
};

const Origin = z.strictObject({
  history_end: date.describe("The last day that the model knew"),
  n: z.int().describe("Periods compared"),
  ...measures,
});

const ModelBacktest = z.strictObject({
  model: z.enum(MODELS),
  n: z.int().describe("Periods compared, over all origins"),
  ...measures,
  coverage: z.array(z.strictObject({ level: z.number(), ...Ratio.shape })).max(MOST_LEVELS)
    .describe("Share of what came inside the interval of each level; honest where it is near the level"),
  origins: z.array(Origin).max(MOST_ORIGINS),
}).openapi("ModelBacktest");
export type ModelBacktest = z.infer<typeof ModelBacktest>;

export const BacktestResponse = z.strictObject({
  ...answeredShape,
  period,
  horizon: z.int(),
  ...statusShape,
  best: z.enum(MODELS).nullable().describe("The model with the least mean |error|; null where none can be told"),
  models: z.array(ModelBacktest).max(MODELS.length).describe("At the same origins, each by what came before them only"),
  history_periods: z.int().min(0).describe("Complete periods there are"),
  meta: Meta,
}).openapi("BacktestResponse");
export type BacktestResponse = z.infer<typeof BacktestResponse>;
