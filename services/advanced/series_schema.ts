import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { METRIC_KINDS, MetricCreate } from "../metrics/schema.ts";
import { date, instant, strict, text, within } from "../schema.ts";
import { PERIODS } from "./periods.ts";

/** The pieces of predictions, forecasts and backtests that they share. */

const dimensions = MetricCreate.shape.dimensions.unwrap();

/** Which series is meant. */
export const seriesShape = {
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: text(255).optional().describe("When absent, the answer says which one it took"),
  metric_unit: text(50).optional().describe("When absent, the answer says which one it took"),
  dimensions: dimensions.optional().describe("Only readings with all of these"),
};
const SeriesAsked = strict(seriesShape);
export type SeriesAsked = z.infer<typeof SeriesAsked>;

/** A probability that an interval is asked to hold. */
export const level = within(0.5, 0.99);

/** Which series an answer is about. */
export const answeredShape = {
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: z.string().nullable().describe("The metric that it is about"),
  unit: z.string().nullable(),
  kind: z.enum(METRIC_KINDS).nullable()
    .describe("flow: values are sums; gauge: the last level; sample: the average of the readings"),
  dimensions: dimensions.nullable(),
};

/** Whether there is an answer. */
export const statusShape = {
  status: z.enum(["ok", "insufficient_history"]),
  reason: z.string().nullable().describe("What is missing, where there is no answer"),
};

/** What is tested beside each other; the first is what answers are made with. */
export const MODELS = ["theta_damped_combination", "linear_trend", "seasonal_naive"] as const;

/** How an answer was made. */
export const model = z.enum(["theta_damped_combination", "exponential_smoothing"]).nullable().describe(
  "theta_damped_combination: the mean of theta models and a damped trend, after seasonal adjustment; " +
    "exponential_smoothing: its level alone, where most values are 0. Intervals from the errors at rolling origins",
);

/** How a model did on values that it had not seen. */
export const Backtest = z.strictObject({
  origins: z.int().describe("How often the model was fitted to the history before a step and compared with what came"),
  horizon: z.int().describe("Steps ahead each time: those asked, at most 28 and a quarter of the history"),
  n: z.int().describe("Steps compared"),
  mase: z.number().nullable()
    .describe("Mean |error| over the mean |change| from one season to the next in the histories; below 1 beats that"),
  wape: z.number().nullable().describe("Σ|error| / Σ|actual|"),
  coverage: z.number().nullable().describe("Share of steps inside the interval; to be compared with confidence_level"),
}).openapi("ForecastBacktest");
export type Backtest = z.infer<typeof Backtest>;

/** 1 − WAPE, at least 0. */
export const accuracy = z.number().min(0).max(1).nullable()
  .describe("Out of sample: 1 − WAPE of the backtest, at least 0; null when it cannot be computed");

/** Where the history goes, by significance. */
export const trendShape = {
  trend: z.enum(["increasing", "decreasing", "stable"]).nullable().describe(
    "Stable unless the history's slope, less its season, differs from 0 by more than chance (two-sided p < 0.05, " +
      "adjusted for residuals that hang together: Santer et al. 2000)",
  ),
  trend_p_value: z.number().min(0).max(1).nullable(),
  trend_strength: z.number().min(0).max(1).nullable().describe(
    "max(0, 1 − Var(R) / Var(T + R)) of trend T and remainder R (Wang, Smith & Hyndman 2006): 0 none, 1 all",
  ),
};

const SeasonPlace = z.strictObject({
  name: z.string().describe("monday, january, Q1 or W01 (ISO week)"),
  difference: z.number().describe("What this place in the season adds to the trend, in the unit"),
  index: z.number().nullable()
    .describe("1 + difference / the history's mean: 1.2 is 20 % above average; null where that mean is not above 0"),
});

/** What the season of a series is like. */
export const Seasonality = z.strictObject({
  detected: z.boolean().describe("Whether chance would give the history such a season in fewer than 5 of 100 (F test)"),
  p_value: z.number().min(0).max(1).nullable(),
  period: z.int().nullable().describe("Steps to a season that were looked for; null for years"),
  unit: z.enum(PERIODS).describe("What a step is"),
  strength: z.number().min(0).max(1).nullable().describe(
    "max(0, 1 − Var(R) / Var(S + R)) of season S and remainder R; null without two whole seasons",
  ),
  kind: z.enum(["additive", "multiplicative"]).nullable()
    .describe("How the forecast repeats it: as differences or as factors; null where it repeats none"),
  annual: z.boolean().describe("Whether the forecast of days or weeks follows the time of the year beside it"),
  pattern: z.array(SeasonPlace).max(52).describe("Each place in the season; empty where none was detected"),
}).openapi("Seasonality");
export type Seasonality = z.infer<typeof Seasonality>;

/** What an answer rests on. */
export const Meta = z.strictObject({
  period: z.strictObject({ start_date: date, end_date: date, timezone: z.string() })
    .describe("The history: complete local days, from the first with a reading on"),
  data_through: date.nullable().describe("The last day of the history with a reading"),
  complete: z.boolean().describe("Whether the history reaches the last complete day"),
  warnings: z.array(z.string()),
  data_version: z.string().nullable()
    .describe("Which state of the series it was computed from; null where nothing is recorded"),
  computed_at: instant.describe("When that was"),
  cached: z.boolean().describe("Whether it was kept from then: it is, that day, while the series stays as it is"),
  age_s: z.number().min(0).describe("Seconds since then"),
});

/** A named schema, or null. */
export const orNull = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.null()]);
