import { sum } from "simple-statistics";
import { fTails } from "./f_tails.ts";

/** The table of a one-way analysis of variance. */
export type AnalysisOfVariance = {
  /** The mean square between the groups over that within them. */
  f: number;
  df_between: number;
  df_within: number;
  sum_of_squares_between: number;
  sum_of_squares_within: number;
  /** P(F ≥ f) where all groups have one mean and one variance. */
  p_value: number;
  /** η², the share of the sum of squares that lies between the groups, 0 to 1. */
  eta_squared: number;
};

/**
 * One-way analysis of variance (Fisher 1925) of two or more groups of values; groups without a value are left out.
 *
 * Null for fewer than two groups, no more values than groups, a value that is not finite or a square beyond the largest
 * double, and where no value differs from the mean of its group. Values are taken relative to one of them and sums are
 * compensated, so that large values that differ little lose nothing.
 * @example
 * ```ts
 * const { f, df_between, df_within, p_value } = analysisOfVariance([[1, 2, 3], [2, 3, 4]]);
 * [f, df_between, df_within, p_value]; // [1.5, 1, 4, 0.2878641]
 * ```
 */
export function analysisOfVariance(groups: readonly (readonly number[])[]): AnalysisOfVariance | null {
  const origin = groups.find((group) => group.length > 0)?.[0] ?? 0;
  const parts = groups.filter((group) => group.length > 0).map((group) => group.map((value) => value - origin));
  const n = parts.reduce((total, part) => total + part.length, 0);
  const [df_between, df_within] = [parts.length - 1, n - parts.length];
  if (df_between < 1 || df_within < 1) return null;
  const means = parts.map((part) => sum(part) / part.length);
  const mean = sum(parts.map(sum)) / n;
  const between = sum(parts.map((part, i) => part.length * ((means[i] ?? NaN) - mean) ** 2));
  const within = sum(parts.map((part, i) => squaresAbout(part, means[i] ?? NaN)));
  if (!(Number.isFinite(between + within) && within > 0)) return null;
  const f = (between / df_between) / (within / df_within);
  const tails = Number.isFinite(f) ? fTails(f, df_between, df_within) : null;
  if (tails === null) return null;
  return {
    ...{ f, df_between, df_within, sum_of_squares_between: between, sum_of_squares_within: within },
    p_value: tails.outside,
    eta_squared: between / (between + within),
  };
}

/** Σ(x − mean)², corrected for what the rounded mean is off (Chan, Golub & LeVeque 1983). */
function squaresAbout(values: readonly number[], mean: number): number {
  const deviations = values.map((value) => value - mean);
  const slip = sum(deviations);
  return Math.max(0, sum(deviations.map((deviation) => deviation * deviation)) - (slip * slip) / values.length);
}
