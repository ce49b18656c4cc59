import { incompleteGamma } from "./incomplete_gamma.ts";
import type { Tails } from "./normal_tails.ts";

/**
 * P(X < x) as `inside` and P(X ≥ x) as `outside` of chi-square with `df` degrees of freedom, above 0 to 2e8, whole or
 * not; `outside` is the p-value of a chi-square statistic. The smaller has a relative error of about 1e-13 for moderate df.
 *
 * Null for an x that is negative or NaN, and for df outside its range. Abramowitz & Stegun (1964), 26.4.19.
 * @example
 * ```ts
 * chiSquareTails(2 * Math.LN2, 2); // { inside: 0.5, outside: 0.5 }
 * ```
 */
export function chiSquareTails(x: number, df: number): Tails | null {
  const shares = incompleteGamma(df / 2, x / 2);
  return shares === null ? null : { inside: shares.below, outside: shares.above };
}
