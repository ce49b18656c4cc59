import type { Forecast } from "./forecast.ts";
import { normalQuantile } from "./normal_quantile.ts";
import type { TotalErrors } from "./total_errors.ts";
import { drawnMean, wanderingError } from "./wandering_error.ts";

/** Ways that a series may go: `values[path · steps + step]`. */
export type Paths = { count: number; steps: number; values: Float64Array };

/** How paths are drawn. */
export type PathQuestion = {
  /** How many, from 1 to 10,000. */
  count: number;
  /** Uniform numbers in [0, 1). */
  uniform: () => number;
  /**
   * For paths that will be added up: how wrong their totals are. What a path lacks to the floor is then taken off the
   * steps after it, so that the floor makes no total higher. Without it each step has the forecast's own errors.
   */
  totals?: TotalErrors;
};

/**
 * Ways that a series may go, of a forecast: its mean plus errors that hang together from step to step.
 *
 * Each step's error has the scale that the forecast says. Where that grows, the level wanders: the errors are those of
 * simple exponential smoothing with α² = growth, e_k = ε_k + α·Σ_{j<k} ε_j (Hyndman, Koehler, Ord & Snyder 2008), of
 * which each ε is one of the forecast's standardised errors, drawn with interpolation; what of it stays in the level is
 * `wanderingError`. With `totals` all errors of a path are √(ratio · freedom / χ²) times that, with a χ² of its own. No
 * paths for a count outside its range; every value is finite, and within ±1e300.
 * @example
 * ```ts
 * const forecast = { mean: [5, 6], spread: [0, 0], growth: 0, errors: [-1, 1], floor: 0 };
 * Array.from(simulatePaths(forecast, { count: 2, uniform: seededUniforms("a") }).values); // [5, 6, 5, 6]
 * ```
 */
export function simulatePaths(forecast: Forecast, { count, uniform, totals }: PathQuestion): Paths {
  const { mean, spread } = forecast;
  const steps = mean.length;
  if (!(Number.isInteger(count) && count >= 1 && count <= 10_000)) {
    return { count: 0, steps, values: new Float64Array() };
  }
  const values = new Float64Array(count * steps);
  const { growth } = forecast;
  const scales = spread.map((scale, step) => scale / Math.sqrt(1 + Math.max(0, growth) * step));
  const alpha = Math.sqrt(Math.max(0, growth));
  const draw = drawing(forecast.errors, uniform);
  const staying = wanderingError(forecast.errors);
  const floor = forecast.floor ?? -MOST;
  for (let path = 0; path < count; path++) {
    const stretch = totals === undefined ? 1 : stretchOf(totals, uniform);
    let wandered = 0;
    let owed = 0;
    for (let step = 0; step < steps; step++) {
      const error = draw.next();
      const expected = (mean[step] ?? 0) + draw.mean * (spread[step] ?? 0) + owed;
      const value = expected + stretch * (error - draw.mean + wandered) * (scales[step] ?? 0);
      wandered += alpha * staying(error);
      owed = totals === undefined || !(value < floor) ? 0 : Math.max(-MOST, value - floor);
      values[path * steps + step] = Math.min(MOST, Math.max(floor, -MOST, value || 0));
    }
  }
  return { count, steps, values };
}

const MOST = 1e300;

/** How much wider than the forecast's errors those of one path are. */
function stretchOf({ ratio, freedom }: TotalErrors, uniform: () => number): number {
  let squares = 0;
  for (let i = 0; i < freedom; i++) squares += (normalQuantile(uniform() || 1e-12) ?? 0) ** 2;
  return Math.sqrt((ratio * freedom) / Math.max(1e-9, squares));
}

/** Draws from sorted errors as their quantiles lie, and the mean of what is drawn. */
function drawing(errors: readonly number[], uniform: () => number): { mean: number; next: () => number } {
  const last = errors.length - 1;
  if (last < 0) return { mean: 0, next: () => 0 };
  const next = () => {
    const position = uniform() * last;
    const below = Math.floor(position);
    const low = errors[below] ?? 0;
    return low + (position - below) * ((errors[below + 1] ?? low) - low);
  };
  return { mean: drawnMean(errors), next };
}
