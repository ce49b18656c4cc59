import { finiteOrNull } from "./finite_or_null.ts";

/**
 * The quantile of values sorted in ascending order, at 0 ≤ p ≤ 1: type 7 of Hyndman & Fan (1996), as in R and NumPy.
 *
 * Null for no values, for p outside 0–1, and where a neighbouring value is not finite.
 * @example
 * ```ts
 * quantile([1, 2, 3, 4], 0.5); // 2.5
 * quantile([], 0.5); // null
 * ```
 */
export function quantile(sorted: ArrayLike<number>, p: number): number | null {
  if (sorted.length === 0 || !(p >= 0 && p <= 1)) return null;
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const share = position - below;
  const low = sorted[below] ?? NaN;
  const high = share === 0 ? low : sorted[below + 1] ?? NaN;
  // Two products, not low + share·(high − low): the difference of two large values may overflow.
  return finiteOrNull(low === high ? low : (1 - share) * low + share * high);
}
