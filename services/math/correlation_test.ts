import { normalQuantile } from "./normal_quantile.ts";
import { studentTTails } from "./student_t_tails.ts";

/** How far a correlation can be told from none, and where the true one may lie. */
export type CorrelationTest = {
  /** Two-sided, for the hypothesis of no correlation; null for two pairs or fewer. */
  p_value: number | null;
  /** Confidence interval at the level asked, −1 to 1; null for three pairs or fewer. */
  lower: number | null;
  upper: number | null;
};

/** Whose coefficient it is. */
export type CorrelationMethod = "pearson" | "spearman";

/**
 * Tests a correlation r of n independent pairs; n may be an effective number that is not whole.
 *
 * The p-value is that of t = r·√((n − 2)/(1 − r²)) with n − 2 degrees of freedom: exact for Pearson under normality, and
 * for Spearman the usual approximation (Kendall & Stuart 1973, 31.19), good from about 10 pairs. The interval is Fisher's
 * z (1915) with a variance of 1/(n − 3), for Spearman (1 + ρ²/2)/(n − 3) (Bonett & Wright 2000).
 * Null for an r outside −1 to 1, a negative n or one that is not finite, and a level outside 0 to 1.
 * @example
 * ```ts
 * correlationTest(0.5, 30, 0.95); // { p_value: 0.0048999, lower: 0.1704314, upper: 0.7289586 }
 * ```
 */
export function correlationTest(
  r: number,
  n: number,
  level: number,
  method: CorrelationMethod = "pearson",
): CorrelationTest | null {
  const z = normalQuantile(0.5 + level / 2);
  if (!(r >= -1 && r <= 1 && n >= 0 && n < Infinity && level > 0 && level < 1) || z === null) return null;
  return { p_value: pValue(r, n), ...interval(r, n, z, method) };
}

function pValue(r: number, n: number): number | null {
  if (n <= 2) return null;
  const unexplained = (1 - r) * (1 + r);
  if (unexplained === 0) return 0;
  return studentTTails(r * Math.sqrt((n - 2) / unexplained), n - 2)?.outside ?? null;
}

function interval(r: number, n: number, z: number, method: CorrelationMethod) {
  if (n <= 3) return { lower: null, upper: null };
  const spread = (method === "pearson" ? 1 : Math.sqrt(1 + (r * r) / 2)) / Math.sqrt(n - 3);
  const middle = Math.atanh(r);
  return { lower: Math.tanh(middle - z * spread), upper: Math.tanh(middle + z * spread) };
}
