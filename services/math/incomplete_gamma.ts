import { finiteOrNull } from "./finite_or_null.ts";
import { logGamma } from "./log_gamma.ts";
import { stirlingCorrection } from "./stirling_correction.ts";

/** How the gamma distribution of a shape divides at x: the probability below, and the probability above. */
export type GammaShares = { below: number; above: number };

/**
 * The regularised incomplete gamma functions P(a, x) = γ(a, x)/Γ(a) and Q(a, x) = 1 − P(a, x), for 0 < a ≤ 1e8 and
 * x ≥ 0, Infinity included.
 *
 * The smaller of the two has a relative error of about 1e-13 for a up to 1,000, and a·1e-16 beyond. Null outside the
 * domain. Below x = a + 1 by the series DLMF 8.7.1, above by the continued fraction DLMF 8.9.2 (Lentz's method, as in
 * Press et al., Numerical Recipes, 6.2); e⁻ˣxᵃ/Γ(a) about x = a, so that nothing cancels (Temme 1994).
 * @example
 * ```ts
 * incompleteGamma(1, Math.LN2); // { below: 0.5, above: 0.5 }
 * ```
 */
export function incompleteGamma(a: number, x: number): GammaShares | null {
  if (!(a > 0 && a <= MAX_SHAPE && x >= 0)) return null;
  if (x === 0) return { below: 0, above: 1 };
  if (x === Infinity) return { below: 1, above: 0 };
  const front = density(a, x);
  if (front === null) return null;
  if (x < a + 1) {
    const below = share(front * series(a, x) / a);
    return below === null ? null : { below, above: 1 - below };
  }
  const above = share(front * fraction(a, x));
  return above === null ? null : { below: 1 - above, above };
}

const MAX_SHAPE = 1e8;
const MAX_STEPS = 200_000;
const SMALLEST = 1e-300;

function share(x: number): number | null {
  return Number.isFinite(x) ? Math.min(1, Math.max(0, x)) : null;
}

/** e⁻ˣxᵃ/Γ(a). */
function density(a: number, x: number): number | null {
  if (a >= 10) {
    const apart = (x - a) / a;
    const exponent = Math.abs(apart) < 0.5 ? Math.log1p(apart) - apart : Math.log(x / a) - apart;
    return finiteOrNull(Math.sqrt(a / (2 * Math.PI)) * Math.exp(a * exponent - stirlingCorrection(a)));
  }
  const logGammaA = logGamma(a);
  return logGammaA === null ? null : finiteOrNull(Math.exp(a * Math.log(x) - x - logGammaA));
}

/** 1 + x/(a + 1) + x²/((a + 1)(a + 2)) + … */
function series(a: number, x: number): number {
  let term = 1;
  let total = 1;
  for (let k = 1; k <= MAX_STEPS && term > total * 1e-17; k++) {
    term *= x / (a + k);
    total += term;
  }
  return total;
}

/** 1/(x + 1 − a − 1·(1 − a)/(x + 3 − a − 2·(2 − a)/(x + 5 − a − …))) by modified Lentz; NaN if it does not settle. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / SMALLEST;
  let d = 1 / (b === 0 ? SMALLEST : b);
  let value = d;
  for (let k = 1; k <= MAX_STEPS; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = numerator * d + b;
    d = 1 / (Math.abs(d) < SMALLEST ? SMALLEST : d);
    c = b + numerator / c;
    if (Math.abs(c) < SMALLEST) c = SMALLEST;
    value *= d * c;
    if (Math.abs(d * c - 1) <= 2 * Number.EPSILON) return value;
  }
  return NaN;
}
