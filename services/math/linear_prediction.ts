import type { LinearFit } from "./linear_fit.ts";
import { studentTQuantile } from "./student_t_quantile.ts";

/** What a new observation should be: the expected value, and the interval that holds it at the level asked. */
export type Prediction = { mean: number; lower: number; upper: number };

/**
 * The prediction interval for a new observation at x0, at a level of 0.5–0.99.
 *
 * ŷ ± t·s·√(1 + 1/n + (x0 − x̄)²/Sxx), with t of n − 2 degrees of freedom (Draper & Smith 1998, section 3.1;
 * Montgomery, Peck & Vining 2012, section 2.5). Null for a level outside the range, and where x0 or the answer is
 * not finite.
 * @example
 * ```ts
 * const fit = linearFit([1, 2, 3, 4], [2, 4, 5, 8]);
 * linearPrediction(fit, 5, 0.95); // { mean: 9.5, lower: 5.47524, upper: 13.52476 }
 * ```
 */
export function linearPrediction(fit: LinearFit, x0: number, level: number): Prediction | null {
  return linearPredictions(fit, [x0], level)?.[0] ?? null;
}

/**
 * The same at many places, for the price of one Student t quantile; null if any of them has no answer.
 * @example
 * ```ts
 * const fit = linearFit([1, 2, 3, 4], [2, 4, 5, 8]);
 * linearPredictions(fit, [5, 6], 0.95).map(({ mean }) => mean); // [9.5, 11.4]
 * ```
 */
export function linearPredictions(fit: LinearFit, x0s: readonly number[], level: number): Prediction[] | null {
  if (!(level >= MIN_LEVEL && level <= MAX_LEVEL)) return null;
  const t = studentTQuantile((1 + level) / 2, fit.df);
  if (t === null) return null;
  const predictions = x0s.map((x0) => {
    const distance = x0 - fit.x_mean;
    const mean = fit.y_mean + fit.slope * distance;
    const half = t * fit.residual_sd * Math.sqrt(1 + 1 / fit.n + (distance / fit.sxx) * distance);
    return { mean, lower: mean - half, upper: mean + half };
  });
  return predictions.every(isFinitePrediction) ? predictions : null;
}

const MIN_LEVEL = 0.5;
const MAX_LEVEL = 0.99;

function isFinitePrediction({ mean, lower, upper }: Prediction): boolean {
  return Number.isFinite(mean) && Number.isFinite(lower) && Number.isFinite(upper);
}
