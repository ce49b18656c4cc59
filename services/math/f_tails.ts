import { chiSquareTails } from "./chi_square_tails.ts";
import { incompleteBeta } from "./incomplete_beta.ts";
import { logBeta } from "./log_beta.ts";
import type { Tails } from "./normal_tails.ts";

/**
 * P(F < f) as `inside` and P(F ≥ f) as `outside` of Fisher's F with d1 and d2 degrees of freedom, 0.001 to 2e8, whole or
 * not; d2 may be Infinity. `outside` is the p-value of an F statistic. Each has a relative error of about 1e-12 for
 * moderate degrees of freedom, also far in a tail.
 *
 * Null for an f that is negative or NaN, and for degrees of freedom outside their range. By the incomplete beta function
 * (Abramowitz & Stegun 1964, 26.6.2).
 * @example
 * ```ts
 * fTails(1, 2, 2); // { inside: 0.5, outside: 0.5 }
 * ```
 */
export function fTails(f: number, d1: number, d2: number): Tails | null {
  if (!(f >= 0 && isDf(d1) && (d2 === Infinity || isDf(d2)))) return null;
  if (f === 0) return { inside: 0, outside: 1 };
  if (f === Infinity) return { inside: 1, outside: 0 };
  if (d2 === Infinity) return chiSquareTails(f * d1, d1);
  const ratio = (d1 / d2) * f;
  if (ratio > 1e290) return farTails(f, d1, d2);
  const [x, complement] = [ratio / (1 + ratio), 1 / (1 + ratio)];
  const inside = incompleteBeta(x, d1 / 2, d2 / 2, complement);
  const outside = incompleteBeta(complement, d2 / 2, d1 / 2, x);
  return inside === null || outside === null ? null : { inside, outside };
}

function isDf(df: number): boolean {
  return df >= 0.001 && df <= 2e8;
}

/** The leading term of the tail, exact to a double here, in logarithms because the ratio may overflow. */
function farTails(f: number, d1: number, d2: number): Tails | null {
  const logB = logBeta(d2 / 2, d1 / 2);
  if (logB === null) return null;
  const logTail = (d2 / 2) * (Math.log(d2) - Math.log(d1) - Math.log(f)) - Math.log(d2 / 2) - logB;
  const outside = Math.min(1, Math.exp(logTail));
  return { inside: 1 - outside, outside };
}
