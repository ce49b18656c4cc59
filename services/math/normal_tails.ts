/** How a symmetric distribution divides at ±t: the probability between −t and t, and the probability outside. */
export type Tails = { inside: number; outside: number };

/**
 * P(|Z| < |z|) and P(|Z| ≥ |z|) of the standard normal; each to a relative error of about 1e-13, so that neither a
 * narrow middle nor a far tail is lost to subtraction. `outside` is 0 from |z| = 39 on. Null for NaN.
 *
 * Series of Abramowitz & Stegun (1964) 26.2.11 near the middle (see also Marsaglia 2004), Laplace's continued
 * fraction 26.2.14 in the tail.
 * @example
 * ```ts
 * normalTails(1.96); // { inside: 0.9500042, outside: 0.0499958 }
 * ```
 */
export function normalTails(z: number): Tails | null {
  if (Number.isNaN(z)) return null;
  const size = Math.abs(z);
  if (size >= 39) return { inside: 1, outside: 0 };
  const density = Math.exp((-size * size) / 2) / Math.sqrt(2 * Math.PI);
  if (size < 2.5) {
    const inside = 2 * density * middleSeries(size);
    return { inside, outside: 1 - inside };
  }
  const outside = 2 * density * millsRatio(size);
  return { inside: 1 - outside, outside };
}

/** z + z³/3 + z⁵/(3·5) + … */
function middleSeries(z: number): number {
  let term = z;
  let total = z;
  for (let k = 3; term > total * 1e-17; k += 2) {
    term *= (z * z) / k;
    total += term;
  }
  return total;
}

/** 1/(z + 1/(z + 2/(z + 3/…))), from the far end; 100 levels are plenty for z ≥ 2.5. */
function millsRatio(z: number): number {
  let denominator = z;
  for (let k = 100; k >= 1; k--) denominator = z + k / denominator;
  return 1 / denominator;
}
