import { type LinearFit, linearFit } from "./linear_fit.ts";
import { linearPredictions, type Prediction } from "./linear_prediction.ts";

/** What is asked of a trend: how far ahead, how surely, and whether the quantity can be below zero. */
export type TrendQuestion = {
  /** Steps ahead, a whole number of 1–365. */
  horizon: number;
  /** Probability that the interval holds a new observation, 0.5–0.99. */
  level: number;
  /** True for a quantity that cannot be below 0: mean and bounds are clipped there. */
  non_negative: boolean;
};

/** A step ahead (1 is the first after the history) and what to expect there. */
export type TrendPoint = { step: number } & Prediction;

/**
 * The straight line through equally spaced values, oldest first, carried on for `horizon` steps.
 * Null for a horizon outside its range, and where `linearFit` or `linearPredictions` has no answer.
 * @example
 * ```ts
 * const { points } = linearTrend([1, 2, 3, 4, 5], { horizon: 2, level: 0.95, non_negative: true });
 * points[1]; // { step: 2, mean: 7, lower: 7, upper: 7 }
 * ```
 */
export function linearTrend(
  values: readonly number[],
  { horizon, level, non_negative }: TrendQuestion,
): { fit: LinearFit; points: TrendPoint[] } | null {
  if (!(Number.isInteger(horizon) && horizon >= 1 && horizon <= MAX_HORIZON)) return null;
  const fit = linearFit(values.map((_, day) => day), values);
  if (fit === null) return null;
  const days = Array.from({ length: horizon }, (_, i) => values.length + i);
  const predictions = linearPredictions(fit, days, level);
  if (predictions === null) return null;
  const floor = non_negative ? 0 : -Infinity;
  const points = predictions.map(({ mean, lower, upper }, i) => ({
    step: i + 1,
    mean: Math.max(floor, mean),
    lower: Math.max(floor, lower),
    upper: Math.max(floor, upper),
  }));
  return { fit, points };
}

const MAX_HORIZON = 365;
