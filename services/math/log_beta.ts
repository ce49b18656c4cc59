import { finiteOrNull } from "./finite_or_null.ts";
import { logGamma } from "./log_gamma.ts";
import { stirlingCorrection } from "./stirling_correction.ts";

/**
 * The natural logarithm of the beta function B(a, b) = Γ(a)Γ(b)/Γ(a + b), for a, b > 0.
 *
 * For large arguments the three log-gammas are subtracted before they are formed, so that nothing cancels:
 * absolute error about 1e-15 for b = ½ at any a (DiDonato & Morris 1992, TOMS 708, BETALN and ALGDIV).
 * Null outside a, b > 0 or where the answer is not finite.
 * @example
 * ```ts
 * logBeta(2, 3); // -2.4849066
 * ```
 */
export function logBeta(a: number, b: number): number | null {
  if (!(a > 0 && b > 0)) return null;
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  const logGammaSmall = logGamma(small);
  if (logGammaSmall === null) return null;
  if (large >= 10) return finiteOrNull(logGammaSmall - logGammaRatio(small, large));
  const logGammaLarge = logGamma(large);
  const logGammaSum = logGamma(small + large);
  return logGammaLarge === null || logGammaSum === null ? null : logGammaSmall + logGammaLarge - logGammaSum;
}

/** ln Γ(large + small) − ln Γ(large), for large ≥ 10. */
function logGammaRatio(small: number, large: number): number {
  const sum = small + large;
  const corrections = stirlingCorrection(sum) - stirlingCorrection(large);
  return (large - 0.5) * Math.log1p(small / large) + small * Math.log(sum) - small + corrections;
}
