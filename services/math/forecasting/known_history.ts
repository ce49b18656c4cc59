import { at } from "./at.ts";

/** A history without gaps, of a size that squares without overflow, and what it takes to go back. */
export type KnownHistory = {
  /** Oldest first, each a fraction of `unit`: the largest is between 1 and 2 in size, or all are 0. */
  values: Float64Array;
  /** A power of two, so that dividing by it and multiplying back is exact. */
  unit: number;
};

/**
 * Fills the gaps (NaN, ±Infinity) of a history and scales it. Null without a single finite value.
 *
 * A gap takes the mean of the nearest known values before and after it at the same place in the season, so that a
 * missing Sunday looks like a Sunday; where that place is never known, like the nearest known values of any place.
 */
export function knownHistory(values: readonly number[], season_length: number): KnownHistory | null {
  let largest = -1;
  for (const value of values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  if (largest < 0) return null;
  const unit = largest === 0 ? 1 : 2 ** Math.min(1023, Math.max(-1022, Math.floor(Math.log2(largest))));
  const filled = Float64Array.from(values, (value) => value / unit);
  const before = nearestKnown(filled, season_length, "before");
  const after = nearestKnown(filled, season_length, "after");
  const anyBefore = nearestKnown(filled, 1, "before");
  const anyAfter = nearestKnown(filled, 1, "after");
  for (let i = 0; i < filled.length; i++) {
    if (!Number.isFinite(filled[i])) {
      filled[i] = meanOfKnown(at(before, i), at(after, i)) ?? meanOfKnown(at(anyBefore, i), at(anyAfter, i)) ?? 0;
    }
  }
  return { values: filled, unit };
}

/** For each index the nearest known value a whole number of steps before (or after) it; NaN where there is none. */
function nearestKnown(values: Float64Array, step: number, side: "before" | "after"): Float64Array {
  const nearest = new Float64Array(values.length).fill(NaN);
  for (let j = 0; j < values.length; j++) {
    const i = side === "before" ? j : values.length - 1 - j;
    const value = at(values, i);
    nearest[i] = Number.isFinite(value) ? value : nearest[side === "before" ? i - step : i + step] ?? NaN;
  }
  return nearest;
}

function meanOfKnown(a: number, b: number): number | null {
  if (Number.isNaN(a)) return Number.isNaN(b) ? null : b;
  return Number.isNaN(b) ? a : (a + b) / 2;
}
