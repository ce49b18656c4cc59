import { at } from "./at.ts";

/**
 * A fitted smoothing recursion over n values: what it expected at every origin.
 * From the origin t (t values seen), step k is expected at level[t] + slope[t]·(φ + φ² + … + φᵏ).
 */
export type Smoothing = {
  /** n + 1 levels: before the first value, …, after the last. */
  level: Float64Array;
  /** n + 1 slopes, per step. */
  slope: Float64Array;
  /** How much of the slope is left after each step, φ, above 0 and at most 1. */
  damping: number;
  /** The weight of the newest error in the level, α, above 0 and at most 0.99. */
  alpha: number;
};

/** φ + φ² + … + φᵏ: how many undamped steps of slope k damped steps make. */
export function dampedSteps(damping: number, k: number): number {
  return damping === 1 ? k : (damping * (1 - damping ** k)) / (1 - damping);
}

/** What the plain mean of the smoothings expected from the origin for a step, given each one's `dampedSteps`. */
export function expectedAt(smoothings: readonly Smoothing[], origin: number, steps: readonly number[]): number {
  let total = 0;
  for (let j = 0; j < smoothings.length; j++) {
    const smoothing = smoothings[j];
    if (smoothing !== undefined) total += at(smoothing.level, origin) + at(smoothing.slope, origin) * at(steps, j);
  }
  return total / smoothings.length;
}

/** Weight of the newest error in the level: the whole range but for its ends, where the recursion never or only learns. */
const ALPHAS = { least: 0.02, most: 0.99 };

/**
 * The squared error below which two fits of the values are equally good, for what is left of exact ones is rounding: it
 * must not choose how much a newest value is believed.
 */
export function roundingOf(values: Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return squares * 1e-14;
}

/**
 * Finds the α of the least cost, the smallest of those that are equal but for `rounding`: the best of 11 from `lowest`
 * on, then five times the better of two halfway neighbours.
 */
export function bestAlpha(cost: (alpha: number) => number, rounding: number, lowest = ALPHAS.least): number {
  let step = (ALPHAS.most - lowest) / 10;
  let best = lowest;
  let least = Infinity;
  const consider = (alpha: number) => {
    if (alpha < lowest || alpha > ALPHAS.most) return;
    const found = cost(alpha);
    if (found < least - rounding) [best, least] = [alpha, found];
  };
  for (let i = 0; i <= 10; i++) consider(lowest + i * step);
  for (let halving = 0; halving < 5; halving++) {
    step /= 2;
    const centre = best;
    consider(centre - step);
    consider(centre + step);
  }
  return best;
}
