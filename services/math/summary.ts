import { sum } from "simple-statistics";
import { finiteOrNull } from "./finite_or_null.ts";
import { quantile } from "./quantile.ts";

/** What a set of values amounts to; variance and stddev are of the sample (n − 1). Null: not defined. */
export type Summary = {
  n: number;
  sum: number | null;
  mean: number | null;
  variance: number | null;
  stddev: number | null;
  min: number | null;
  max: number | null;
  median: number | null;
};

/**
 * Count, sum, mean, sample variance and standard deviation, extremes and median of values in any order.
 *
 * Without values the sum is 0 and the rest null; with one, variance and stddev are null. A value that is NaN or
 * infinite leaves all but n null, as does a result beyond the largest double for that result alone.
 * Compensated sums (Neumaier 1974), and two passes with a correction (Chan, Golub & LeVeque 1983).
 * @example
 * ```ts
 * const { n, mean, variance, median } = summary([2, 4, 4, 4, 5, 5, 7, 9]);
 * [n, mean, variance, median]; // [8, 5, 4.5714286, 4.5]
 * ```
 */
export function summary(values: readonly number[]): Summary {
  const n = values.length;
  if (!values.every(Number.isFinite)) return { ...NOTHING, n, sum: null };
  if (n === 0) return NOTHING;
  const sorted = Float64Array.from(values).sort();
  const min = sorted[0] ?? NaN;
  const max = sorted[n - 1] ?? NaN;
  const total = finiteOrNull(sum(values));
  // A rounded mean may land one step outside the values.
  const mean = total === null ? null : Math.min(max, Math.max(min, total / n));
  const variance = mean === null ? null : sampleVariance(values, mean);
  return {
    n,
    sum: total,
    mean,
    variance,
    stddev: variance === null ? null : Math.sqrt(variance),
    min,
    max,
    median: quantile(sorted, 0.5),
  };
}

const NOTHING: Summary = {
  n: 0,
  sum: 0,
  mean: null,
  variance: null,
  stddev: null,
  min: null,
  max: null,
  median: null,
};

function sampleVariance(values: readonly number[], mean: number): number | null {
  const n = values.length;
  if (n < 2) return null;
  const deviations = values.map((value) => value - mean);
  const slip = sum(deviations);
  const squares = sum(deviations.map((deviation) => deviation * deviation));
  return finiteOrNull(Math.max(0, squares - (slip * slip) / n) / (n - 1));
}
