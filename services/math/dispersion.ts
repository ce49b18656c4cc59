import { finiteOrNull } from "./finite_or_null.ts";
import { summary } from "./summary.ts";

/** How far apart values are; variance and stddev are of the sample (n − 1). Null: not defined. */
export type Dispersion = {
  n: number;
  mean: number | null;
  variance: number | null;
  stddev: number | null;
  /** stddev / |mean|. */
  coefficient_of_variation: number | null;
  min: number | null;
  max: number | null;
  /** max − min. */
  range: number | null;
  /** max / min, of values above 0. */
  ratio: number | null;
};

/**
 * The spread of values in any order, in their unit and relative to them.
 *
 * Everything but n is null without values; variance and what rests on it with fewer than two; the coefficient of variation
 * where the mean is 0; the ratio where the smallest value is not above 0; whatever would not be finite.
 * @example
 * ```ts
 * const { mean, variance, coefficient_of_variation, range, ratio } = dispersion([2, 4]);
 * [mean, variance, coefficient_of_variation, range, ratio]; // [3, 2, 0.4714045, 2, 2]
 * ```
 */
export function dispersion(values: readonly number[]): Dispersion {
  const { n, mean, variance, stddev, min, max } = summary(values);
  const relative = stddev === null || mean === null || mean === 0 ? null : stddev / Math.abs(mean);
  const known = min !== null && max !== null;
  return {
    ...{ n, mean, variance, stddev, coefficient_of_variation: relative === null ? null : finiteOrNull(relative) },
    ...{ min, max },
    range: known ? finiteOrNull(max - min) : null,
    ratio: known && min > 0 ? finiteOrNull(max / min) : null,
  };
}
