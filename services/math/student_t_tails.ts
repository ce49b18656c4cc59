import { incompleteBeta } from "./incomplete_beta.ts";
import { logBeta } from "./log_beta.ts";
import { normalTails, type Tails } from "./normal_tails.ts";

/**
 * P(|T| < |t|) and P(|T| ≥ |t|) of Student's t with `df` degrees of freedom, 0.001 to Infinity, whole or not;
 * `outside` is the two-sided p-value of a t statistic. Each is kept to a relative error of about 1e-12.
 *
 * Null for a t that is NaN and for df outside its range. Up to 10,000 degrees of freedom by the incomplete beta
 * function (Abramowitz & Stegun 1964, 26.5.27), beyond by a normal deviate (Hill 1970, CACM 13, 395).
 * @example
 * ```ts
 * studentTTails(2.228139, 10).outside; // 0.0500000
 * ```
 */
export function studentTTails(t: number, df: number): Tails | null {
  if (Number.isNaN(t) || !(df >= SMALLEST_DF)) return null;
  const size = Math.abs(t);
  if (size === 0) return { inside: 0, outside: 1 };
  if (size === Infinity) return { inside: 1, outside: 0 };
  if (df > 10_000) return normalTails(normalDeviate(size, df));
  if (size > 1e100) return farTails(size, df);
  const x = df / (df + size * size);
  const complement = (size * size) / (df + size * size);
  if (size < 1) {
    const inside = incompleteBeta(complement, 0.5, df / 2, x);
    return inside === null ? null : { inside, outside: 1 - inside };
  }
  const outside = incompleteBeta(x, df / 2, 0.5, complement);
  return outside === null ? null : { inside: 1 - outside, outside };
}

/** The fewest degrees of freedom answered: far below, df/(df + t²) underflows while the tail is still large. */
export const SMALLEST_DF = 0.001;

/** The normal deviate that leaves the same tail as t; the error falls with the sixth power of df. */
function normalDeviate(t: number, df: number): number {
  if (df > 1e17) return t;
  const a = df - 0.5;
  const b = 48 * a * a;
  const w = Math.min(40, Math.sqrt(a * Math.log1p((t / df) * t)));
  const second = 4 * w ** 7 + 33 * w ** 5 + 240 * w ** 3 + 855 * w;
  return w + (w ** 3 + 3 * w) / b - second / (10 * b * (b + 0.8 * w ** 4 + 100));
}

/** The leading term of the tail, exact to a double here, in logarithms because t² may overflow. */
function farTails(t: number, df: number): Tails | null {
  const logB = logBeta(df / 2, 0.5);
  if (logB === null) return null;
  const logTail = (df / 2) * (Math.log(df) - 2 * Math.log(t)) - Math.log(df / 2) - logB;
  const outside = Math.min(1, Math.exp(logTail));
  return { inside: 1 - outside, outside };
}
