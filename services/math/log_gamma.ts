import { finiteOrNull } from "./finite_or_null.ts";
import { polynomial } from "./polynomial.ts";
import { stirlingCorrection } from "./stirling_correction.ts";

/**
 * The natural logarithm of the gamma function, for x > 0.
 *
 * Relative error about 1e-15 everywhere, also beside the zeros at 1 and 2. Null for x ≤ 0 and NaN, and
 * where the answer exceeds the largest double (x above about 2.5e305).
 * Taylor series about 2 (Abramowitz & Stegun 1964, 6.1.33), recurrence, and Stirling's series (6.1.41).
 * @example
 * ```ts
 * logGamma(5); // 3.1780538
 * ```
 */
export function logGamma(x: number): number | null {
  if (!(x > 0)) return null;
  if (x < 0.5) return logGammaNearTwo(x) - Math.log1p(x) - Math.log(x);
  if (x < 1.5) return logGammaNearTwo(x - 1) - Math.log1p(x - 1);
  if (x < 10) return logGammaByRecurrence(x);
  return finiteOrNull((x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingCorrection(x));
}

const HALF_LOG_TWO_PI = 0.9189385332046727;
const ONE_MINUS_EULER = 0.42278433509846713;

/** ζ(k) − 1 for k = 2, 3, …: beyond these the terms of the series are below one part in 1e17. */
const ZETA_MINUS_ONE = [
  0.6449340668482264,
  0.2020569031595943,
  0.08232323371113819,
  0.03692775514336993,
  0.01734306198444914,
  0.008349277381922827,
  0.00407735619794434,
  0.0020083928260822143,
  0.0009945751278180853,
  0.0004941886041194646,
  0.0002460865533080483,
  0.00012271334757848915,
  0.00006124813505870482,
  0.000030588236307020493,
  0.000015282259408651871,
  7.637197637899762e-6,
  3.81729326499984e-6,
  1.908212716553939e-6,
  9.539620338727961e-7,
  4.769329867878065e-7,
  2.38450502727733e-7,
  1.1921992596531107e-7,
  5.960818905125948e-8,
  2.980350351465228e-8,
];

/** ln Γ(2 + z) = z·(1 − γ + …), the sum over k ≥ 2 of (−1)ᵏ (ζ(k) − 1) zᵏ⁻¹ / k. */
const SERIES = [ONE_MINUS_EULER, ...ZETA_MINUS_ONE.map((zeta, i) => (i % 2 === 0 ? zeta : -zeta) / (i + 2))];

/** ln Γ(2 + z) for |z| ≤ 1/2. */
function logGammaNearTwo(z: number): number {
  return z * polynomial(SERIES, z);
}

/** ln Γ(x) for 1.5 ≤ x < 10, by Γ(x) = (x − 1) Γ(x − 1) down to the neighbourhood of 2. */
function logGammaByRecurrence(x: number): number {
  let product = 1;
  let rest = x;
  while (rest > 2.5) product *= --rest;
  return Math.log(product) + logGammaNearTwo(rest - 2);
}
