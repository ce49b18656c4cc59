import { quantile } from "./quantile.ts";

/** Interquartile ranges beyond the quartiles from which an error is far out (Tukey 1977, Exploratory Data Analysis). */
const FAR_OUT = 3;
/** What is more frequent than this, on either side, is no outlier, however far it lies. */
const RARE = 0.02;

/**
 * The part of a standardised error that stays in the level: all of it, but of one that is rare and far out no more than
 * up to the fence. Less the mean of these parts, so that they carry the level neither up nor down.
 *
 * A spike passes. If it stayed in the level, the many errors that are no spike would have to lie below 0 to make up for
 * it, and the paths without one would sink day by day.
 * @param errors ascending, drawn as their quantiles lie
 * @example
 * ```ts
 * const staying = wanderingError([-1, 0, 1]);
 * [staying(-1), staying(1)]; // [-1, 1]
 * ```
 */
export function wanderingError(errors: readonly number[]): (error: number) => number {
  const [q1, q3] = [quantile(errors, 0.25), quantile(errors, 0.75)];
  const [rarely, often] = [quantile(errors, RARE), quantile(errors, 1 - RARE)];
  if (q1 === null || q3 === null || rarely === null || often === null) return (error) => error;
  const low = Math.min(rarely, q1 - FAR_OUT * (q3 - q1));
  const high = Math.max(often, q3 + FAR_OUT * (q3 - q1));
  const upToFence = (error: number) => Math.min(high, Math.max(low, error));
  const mean = drawnMean(errors.map(upToFence));
  return (error) => upToFence(error) - mean;
}

/**
 * The mean of what is drawn from sorted values as their quantiles lie, on the straight lines between them: the first and
 * the last weigh half. 0 of none.
 * @example
 * ```ts
 * drawnMean([0, 2, 10]); // 3.5
 * ```
 */
export function drawnMean(sorted: readonly number[]): number {
  const last = sorted.length - 1;
  if (last < 1) return sorted[0] ?? 0;
  return sorted.reduce((sum, value, i) => sum + value / last * (i === 0 || i === last ? 0.5 : 1), 0);
}
