import { studentTTails } from "./student_t_tails.ts";

/**
 * P(T ≤ t) for Student's t with `df` degrees of freedom, 0.001 to Infinity (the normal), whole or not.
 *
 * Relative error about 1e-12, also far in the lower tail. Null for a t that is NaN and for df outside its range.
 * @example
 * ```ts
 * studentTCdf(2, 10); // 0.963306
 * ```
 */
export function studentTCdf(t: number, df: number): number | null {
  const tails = studentTTails(t, df);
  if (tails === null) return null;
  return t < 0 ? tails.outside / 2 : 0.5 + tails.inside / 2;
}
