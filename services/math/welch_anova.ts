import { fTails } from "./f_tails.ts";
import { isSample, type Moments } from "./welch_t.ts";

/** Several means compared. */
export type WelchAnova = {
  f: number;
  df1: number;
  df2: number;
  /** P(F ≥ f) where all means are the same. */
  p_value: number;
};

/**
 * Whether the means of two or more samples differ by more than chance, with variances of their own (Welch 1951).
 *
 * Null for fewer than two samples, where one is worth fewer than two values or has no variance (its weight would be
 * infinite), and for numbers that are not finite. For two samples f is the square of Welch's t.
 * @example
 * ```ts
 * welchAnova([{ n: 3, mean: 2, variance: 1 }, { n: 3, mean: 4, variance: 1 }]); // { f: 6, df1: 1, df2: 4, p_value: 0.0704840 }
 * ```
 */
export function welchAnova(samples: readonly Moments[]): WelchAnova | null {
  const k = samples.length;
  if (k < 2 || !samples.every((sample) => isSample(sample) && sample.variance > 0)) return null;
  const most = Math.max(...samples.map(precision));
  const weights = samples.map((sample) => precision(sample) / most);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const origin = samples[0]?.mean ?? 0;
  const mean = samples.reduce((sum, sample, i) => sum + (weights[i] ?? 0) / total * (sample.mean - origin), 0);
  let [between, lambda] = [0, 0];
  for (const [i, sample] of samples.entries()) {
    const weight = weights[i] ?? 0;
    between += weight * (sample.mean - origin - mean) ** 2;
    lambda += (1 - weight / total) ** 2 / (sample.n - 1);
  }
  const [df1, df2] = [k - 1, (k * k - 1) / (3 * lambda)];
  const f = (most * between) / df1 / (1 + ((2 * (k - 2)) / (k * k - 1)) * lambda);
  const tails = Number.isFinite(f) ? fTails(f, df1, df2) : null;
  return tails === null ? null : { f, df1, df2, p_value: tails.outside };
}

/** How surely a sample tells its mean: 1 over the variance of it. */
const precision = ({ n, variance }: Moments) => n / variance;
