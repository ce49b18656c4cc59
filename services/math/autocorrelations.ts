import { centred } from "./centred.ts";

/**
 * The correlation of equally spaced values with those 1, 2, … up to `most` steps later: Σ (xₜ − x̄)(xₜ₊ₖ − x̄)/Σ (xₜ − x̄)²
 * (Box & Jenkins 1970). A value that is null is a gap: then the mean product of the pairs that are known counts
 * (Parzen 1963), times 1 − k/span as without gaps, where the span reaches from the first known value to the last.
 *
 * Each is −1 to 1. Null for fewer than two known values, a constant, and a value that is not finite; lags without a pair
 * are 0.
 * @example
 * ```ts
 * autocorrelations([1, 2, 3, 4], 2); // [0.25, -0.3]
 * autocorrelations([1, null, 2, null, 3, null, 4], 2); // [0, 0.2380952]
 * ```
 */
export function autocorrelations(values: readonly (number | null)[], most: number): number[] | null {
  const first = values.findIndex((value) => value !== null);
  const within = values.slice(Math.max(0, first), values.findLastIndex((value) => value !== null) + 1);
  const known = within.filter((value) => value !== null);
  const about = centred(known);
  if (about === null || about.size === 0) return null;
  let next = 0;
  const deviations = Float64Array.from(within, (value) => value === null ? 0 : about.deviations[next++] ?? 0);
  const isKnown = Float64Array.from(within, (value) => value === null ? 0 : 1);
  const isGapless = known.length === within.length;
  const own = shiftedProducts(deviations, 0);
  return Array.from({ length: Math.max(0, Math.floor(most)) }, (_, i) => {
    const lag = i + 1;
    const pairs = isGapless ? within.length - lag : shiftedProducts(isKnown, lag);
    if (pairs <= 0) return 0;
    const weight = (known.length * (within.length - lag)) / (within.length * pairs); // 1 without gaps
    return Math.min(1, Math.max(-1, (weight * shiftedProducts(deviations, lag)) / own));
  });
}

function shiftedProducts(deviations: Float64Array, lag: number): number {
  let total = 0;
  for (let i = lag; i < deviations.length; i++) total += (deviations[i] ?? 0) * (deviations[i - lag] ?? 0);
  return total;
}
