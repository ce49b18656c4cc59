import { polynomial } from "./polynomial.ts";

/**
 * What Stirling's formula leaves out: ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π], for x ≥ 10.
 *
 * Absolute error below 1e-16. Abramowitz & Stegun (1964), 6.1.41: Bernoulli numbers over 2k(2k − 1)x²ᵏ⁻¹.
 */
export function stirlingCorrection(x: number): number {
  const inverse = 1 / x;
  return inverse * polynomial(COEFFICIENTS, inverse * inverse);
}

const COEFFICIENTS = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];
