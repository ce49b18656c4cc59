import { centred } from "./centred.ts";

/**
 * The correlation of equally spaced values with those 1, 2, … up to `most` steps later: Σ (xₜ − x̄)(xₜ₊ₖ − x̄)/Σ (xₜ − x̄)²
 * (Box & Jenkins 1970). A value that is null stands at the mean, so a gap adds nothing (Parzen 1963).
 *
 * Null for fewer than two known values, a constant, and a value that is not finite; lags beyond the last value are 0.
 * @example
 * ```ts
 * autocorrelations([1, 2, 3, 4], 2); // [0.25, -0.3]
 * ```
 */
export function autocorrelations(values: readonly (number | null)[], most: number): number[] | null {
  const known = values.filter((value) => value !== null);
  const about = centred(known);
  if (about === null || about.size === 0) return null;
  let next = 0;
  const deviations = Float64Array.from(values, (value) => value === null ? 0 : about.deviations[next++] ?? 0);
  const own = shiftedProducts(deviations, 0);
  return Array.from({ length: Math.max(0, Math.floor(most)) }, (_, i) => shiftedProducts(deviations, i + 1) / own);
}

function shiftedProducts(deviations: Float64Array, lag: number): number {
  let total = 0;
  for (let i = lag; i < deviations.length; i++) total += (deviations[i] ?? 0) * (deviations[i - lag] ?? 0);
  return total;
}
