import { sum } from "simple-statistics";

/** How much a series tells of its mean. */
export type EffectiveSize = {
  n: number;
  /** The correlation of each value with the next, −1 to 1; null for fewer than three values and where none differs. */
  autocorrelation: number | null;
  /** How many independent values would tell as much of the mean: n(1 − r)/(1 + r), from 2 to n. */
  effective_n: number;
};

/**
 * How many independent values a series in the order of time is worth for its mean, as neighbouring days are alike: by the
 * lag-1 autocorrelation r (Bartlett 1935; Bayley & Hammersley 1946). A negative r adds nothing.
 *
 * n itself for fewer than three values, for a constant, and where a value or a square is not finite.
 * @example
 * ```ts
 * effectiveSize([1, 2, 3, 4, 5, 6, 7, 8]); // { n: 8, autocorrelation: 0.625, effective_n: 2 }
 * ```
 */
export function effectiveSize(values: readonly number[]): EffectiveSize {
  const n = values.length;
  const mean = sum([...values]) / n;
  const deviations = values.map((value) => value - mean);
  const squares = sum(deviations.map((deviation) => deviation * deviation));
  if (n < 3 || !(squares > 0 && squares < Infinity)) return { n, autocorrelation: null, effective_n: n };
  const products = sum(deviations.slice(1).map((deviation, i) => deviation * (deviations[i] ?? 0)));
  const autocorrelation = Math.min(1, Math.max(-1, products / squares));
  const r = Math.max(0, autocorrelation);
  return { n, autocorrelation, effective_n: Math.max(2, (n * (1 - r)) / (1 + r)) };
}
