import { centred } from "./centred.ts";
import { dotProduct } from "./dot_product.ts";

/**
 * Pearson's correlation coefficient r of pairs (Pearson 1896), −1 to 1.
 *
 * Null for fewer than two pairs, lengths that differ, a value that is not finite, and where x or y is constant: what does
 * not vary does not vary together with anything.
 * @example
 * ```ts
 * pearson([1, 2, 3, 4, 5], [2, 4, 5, 4, 5]); // 0.7745967
 * ```
 */
export function pearson(xs: readonly number[], ys: readonly number[]): number | null {
  if (xs.length < 2 || xs.length !== ys.length) return null;
  const [x, y] = [centred(xs), centred(ys)];
  if (x === null || y === null || x.size === 0 || y.size === 0) return null;
  const sxy = aboutMean(x.deviations, y.deviations);
  const sxx = aboutMean(x.deviations, x.deviations);
  const syy = aboutMean(y.deviations, y.deviations);
  return Math.min(1, Math.max(-1, sxy / Math.sqrt(sxx * syy)));
}

/** Σab − ΣaΣb/n: the second term takes back the rounding of the means (Chan, Golub & LeVeque 1983). */
function aboutMean(a: readonly number[], b: readonly number[]): number {
  const ones = a.map(() => 1);
  return dotProduct(a, b) - (dotProduct(a, ones) * dotProduct(b, ones)) / a.length;
}
