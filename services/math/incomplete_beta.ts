import { finiteOrNull } from "./finite_or_null.ts";
import { logBeta } from "./log_beta.ts";

/**
 * The regularised incomplete beta function I_x(a, b), for 0 ≤ x ≤ 1 and 0 < a, b ≤ 1e8.
 *
 * `complement` is 1 − x, for a caller who knows it more exactly than the subtraction can tell.
 * Relative error about 1e-13 while a or b is moderate; about (a + b)·2e-15 where both are in the thousands or more.
 * Null outside the domain. The continued fraction is DLMF 8.17.22, evaluated by Lentz's method (1976) as
 * modified by Thompson & Barnett (1986); see Press et al., Numerical Recipes, 6.4.
 * @example
 * ```ts
 * incompleteBeta(0.5, 2, 3); // 0.6875
 * ```
 */
export function incompleteBeta(x: number, a: number, b: number, complement = 1 - x): number | null {
  if (!(isShare(x) && isShare(complement) && isShape(a) && isShape(b))) return null;
  if (x === 0) return 0;
  if (complement === 0) return 1;
  const direct = x < (a + 1) / (a + b + 2);
  const part = direct ? partBelow(x, complement, a, b) : partBelow(complement, x, b, a);
  if (part === null) return null;
  const share = Math.min(1, Math.max(0, part));
  return direct ? share : 1 - share;
}

const MAX_SHAPE = 1e8;
const MAX_STEPS = 50_000;
const SMALLEST = 1e-300;

function isShare(x: number): boolean {
  return x >= 0 && x <= 1;
}

function isShape(a: number): boolean {
  return a > 0 && a <= MAX_SHAPE;
}

/** I_x(a, b) where the continued fraction converges fast: x below (a + 1)/(a + b + 2). */
function partBelow(x: number, complement: number, a: number, b: number): number | null {
  const logB = logBeta(a, b);
  const fraction = continuedFraction(x, a, b);
  if (logB === null || fraction === null) return null;
  const logX = x > 0.5 ? Math.log1p(-complement) : Math.log(x);
  const logComplement = complement > 0.5 ? Math.log1p(-x) : Math.log(complement);
  return finiteOrNull(Math.exp(a * logX + b * logComplement - logB - Math.log(a)) * fraction);
}

/** 1/(1 + d₁/(1 + d₂/(1 + …))) by modified Lentz; null if it does not settle. */
function continuedFraction(x: number, a: number, b: number): number | null {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= MAX_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) <= 2 * Number.EPSILON) return finiteOrNull(value);
  }
  return null;
}

function awayFromZero(x: number): number {
  return Math.abs(x) < SMALLEST ? SMALLEST : x;
}
