import { finiteOrNull } from "./finite_or_null.ts";
import { studentTTails } from "./student_t_tails.ts";

/**
 * What is known of a sample: how many values it has (or is worth: then not whole), their mean, and their sample variance
 * (n − 1).
 */
export type Moments = { n: number; mean: number; variance: number };

/** Two means compared. */
export type WelchT = {
  /** The first mean less the second. */
  difference: number;
  t: number;
  df: number;
  /** Two-sided: P(|T| ≥ |t|) where the means are the same. */
  p_value: number;
};

/**
 * Whether two means differ by more than chance, with variances of their own (Welch 1947, degrees of freedom of
 * Satterthwaite 1946).
 *
 * Null where either sample is worth fewer than two values, where both variances are 0, and for numbers that are not
 * finite.
 * @example
 * ```ts
 * const { t, df, p_value } = welchT({ n: 3, mean: 2, variance: 1 }, { n: 3, mean: 4, variance: 1 });
 * [t, df, p_value]; // [-2.4494897, 4, 0.0704840]
 * ```
 */
export function welchT(a: Moments, b: Moments): WelchT | null {
  if (!isSample(a) || !isSample(b)) return null;
  const [ofA, ofB] = [a.variance / a.n, b.variance / b.n];
  const both = ofA + ofB;
  const difference = finiteOrNull(a.mean - b.mean);
  if (!(both > 0 && both < Infinity) || difference === null) return null;
  const df = 1 / ((ofA / both) ** 2 / (a.n - 1) + (ofB / both) ** 2 / (b.n - 1));
  const t = finiteOrNull(difference / Math.sqrt(both));
  const tails = t === null ? null : studentTTails(t, df);
  return t === null || tails === null ? null : { difference, t, df, p_value: tails.outside };
}

/**
 * Whether a sample has what a test of means needs: two values, a finite mean, and a variance that is none below 0.
 * @example
 * ```ts
 * isSample({ n: 1, mean: 2, variance: 0 }); // false
 * ```
 */
export function isSample({ n, mean, variance }: Moments): boolean {
  return n >= 2 && Number.isFinite(n) && Number.isFinite(mean) && variance >= 0 && variance < Infinity;
}
