import { finiteOrNull } from "./finite_or_null.ts";
import { logGamma } from "./log_gamma.ts";
import { isSample, type Moments } from "./welch_t.ts";

/**
 * How far apart two means are, in pooled standard deviations and without the bias of small samples (Hedges 1981, with his
 * exact factor). About 0.2 is called small, 0.5 medium, 0.8 large (Cohen 1988).
 *
 * Null where either sample has fewer than two values, or neither varies, and for numbers that are not finite.
 * @example
 * ```ts
 * hedgesG({ n: 3, mean: 2, variance: 1 }, { n: 3, mean: 4, variance: 1 }); // -1.5957691
 * ```
 */
export function hedgesG(a: Moments, b: Moments): number | null {
  if (!isSample(a) || !isSample(b)) return null;
  const df = a.n + b.n - 2;
  const pooled = ((a.n - 1) / df) * a.variance + ((b.n - 1) / df) * b.variance;
  const [whole, half] = [logGamma(df / 2), logGamma((df - 1) / 2)];
  if (!(pooled > 0) || whole === null || half === null) return null;
  const unbiased = Math.exp(whole - half) / Math.sqrt(df / 2);
  return finiteOrNull(((a.mean - b.mean) / Math.sqrt(pooled)) * unbiased);
}
