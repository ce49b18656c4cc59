import { finiteOrNull } from "./finite_or_null.ts";

/** What is known of one part of a sample: its size, mean and sample standard deviation (null for a size of 1). */
export type SamplePart = { n: number; mean: number; stddev: number | null };

/**
 * The sample standard deviation of several parts taken together, from nothing but their sizes, means and deviations
 * (Chan, Golub & LeVeque 1979, the pairwise update). Null for fewer than two values, or where it is not finite.
 * @example
 * ```ts
 * pooledStddev([{ n: 3, mean: 2, stddev: 1 }, { n: 2, mean: 4.5, stddev: Math.SQRT1_2 }]); // 1.58114
 * ```
 */
export function pooledStddev(parts: readonly SamplePart[]): number | null {
  let [n, mean, squares] = [0, 0, 0];
  for (const part of parts) {
    if (part.n < 1) continue;
    const apart = part.mean - mean;
    const total = n + part.n;
    squares += (part.n - 1) * (part.stddev ?? 0) ** 2 + apart * apart * (n / total) * part.n;
    mean += apart * (part.n / total);
    n = total;
  }
  return n < 2 ? null : finiteOrNull(Math.sqrt(squares / (n - 1)));
}
