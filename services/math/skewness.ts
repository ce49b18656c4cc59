import { sum } from "simple-statistics";
import { finiteOrNull } from "./finite_or_null.ts";

/**
 * How lopsided values are: the adjusted Fisher–Pearson coefficient G₁ (Joanes & Gill 1998), 0 where they are symmetric and
 * positive where the far values are large ones.
 *
 * Null for fewer than three values, for a constant, and where a value or a power of it is not finite.
 * @example
 * ```ts
 * skewness([1, 2, 9]); // 1.6300592
 * ```
 */
export function skewness(values: readonly number[]): number | null {
  const n = values.length;
  if (n < 3) return null;
  const mean = sum([...values]) / n;
  const size = values.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  const deviations = values.map((value) => (value - mean) / size);
  const second = sum(deviations.map((deviation) => deviation ** 2)) / n;
  const third = sum(deviations.map((deviation) => deviation ** 3)) / n;
  return finiteOrNull((third / second ** 1.5) * (Math.sqrt(n * (n - 1)) / (n - 2)));
}
