import { type Backtest, backtestLinearTrend } from "./backtest_linear_trend.ts";
import type { LinearFit } from "./linear_fit.ts";
import { linearTrend, type TrendPoint, type TrendQuestion } from "./linear_trend.ts";

/** The slope against its standard error: two-sided p < 0.05 is a direction, anything else is stable. */
export type Trend = "increasing" | "decreasing" | "stable";

/** A history and what is asked of it. */
export type LinearTrendRequest = TrendQuestion & {
  /** One value a day, equally spaced, oldest first. */
  values: readonly number[];
};

/** The line carried on, its trend, and how it did on values it had not seen. */
export type LinearTrendPrediction = {
  status: "ok";
  points: TrendPoint[];
  trend: Trend;
  slope_per_step: number;
  slope_p_value: number;
  /** Null where the values are constant. */
  r_squared: number | null;
  residual_sd: number;
  backtest: Backtest | null;
};

/**
 * Why there is no prediction: fewer values than needed, a value that is NaN or infinite, or a horizon, a level or
 * magnitudes beyond what can be answered.
 */
export type NoPredictionReason = "too_few_values" | "not_finite" | "out_of_range";

/** No prediction: never a confident number from too little. */
export type InsufficientHistory = {
  status: "insufficient_history";
  reason: NoPredictionReason;
  /** Values needed. */
  needed: number;
  /** Values given. */
  n: number;
};

const NEEDED = 14;
const SIGNIFICANCE = 0.05;

/**
 * The named baseline: a straight line through daily values, with prediction intervals for new observations.
 *
 * Needs 14 values, a whole horizon of 1–365 steps and a level of 0.5–0.99. The bounds hold the mean and widen with
 * the level and the step, before they are clipped at 0 for a quantity that cannot be negative. The interval and
 * the p-value take the residuals as independent: what that costs shows in the backtest's coverage.
 */
export function predictLinearTrend(request: LinearTrendRequest): LinearTrendPrediction | InsufficientHistory {
  const { values } = request;
  if (values.length < NEEDED) return insufficient("too_few_values", values);
  if (!values.every(Number.isFinite)) return insufficient("not_finite", values);
  const trend = linearTrend(values, request);
  if (trend === null) return insufficient("out_of_range", values);
  const { fit, points } = trend;
  return {
    status: "ok",
    points,
    trend: direction(fit),
    slope_per_step: fit.slope,
    slope_p_value: fit.slope_p_value,
    r_squared: fit.r_squared,
    residual_sd: fit.residual_sd,
    backtest: backtestLinearTrend(values, request),
  };
}

function insufficient(reason: NoPredictionReason, values: readonly number[]): InsufficientHistory {
  return { status: "insufficient_history", reason, needed: NEEDED, n: values.length };
}

function direction({ slope, slope_p_value }: LinearFit): Trend {
  if (slope_p_value >= SIGNIFICANCE || slope === 0) return "stable";
  return slope > 0 ? "increasing" : "decreasing";
}
