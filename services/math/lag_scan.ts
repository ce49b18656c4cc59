import { centred } from "./centred.ts";
import { correlationTest } from "./correlation_test.ts";
import { pairedEffectiveSize } from "./paired_effective_size.ts";

/** A correlation of x with y so many steps later; of y with x later where the lag is negative. */
export type Lagged = { lag: number; r: number; n: number };

/** The correlations at all lags, and the strongest. */
export type LagScan = {
  /** Steps looked at in each direction. */
  max_lag: number;
  /** From −max_lag to max_lag; lags with fewer than 5 pairs, or with a constant, are left out. */
  lags: Lagged[];
  /** The largest |r|; of equals, the one nearest to 0. */
  best: Lagged & {
    /** As many independent pairs as the pairs of this lag are worth. */
    effective_n: number;
    /** Two-sided, of the effective pairs, times the number of lags looked at, at most 1; null for too few pairs. */
    p_value: number | null;
  };
};

const FEWEST_PAIRS = 5;

/**
 * How y follows x, or x follows y: Pearson's r at each lag up to `most` steps in both directions, at most a quarter of the
 * length. Who looks at many lags finds something at one of them, so the best one's p-value is multiplied by their number
 * (Bonferroni; Dunn 1961), after it was computed from effective pairs (`pairedEffectiveSize`).
 *
 * Steps where either is null are no pairs. Null for lengths that differ, and where no lag has 5 pairs that vary.
 * @example
 * ```ts
 * const wave = [1, 5, 2, 8, 3, 9, 1, 7, 4, 2, 6, 3, 8, 1, 5, 9, 2, 7, 3, 6];
 * lagScan(wave, [0, 0, ...wave.slice(0, 18)], 4)?.best.lag; // 2
 * ```
 */
export function lagScan(
  xs: readonly (number | null)[],
  ys: readonly (number | null)[],
  most: number,
): LagScan | null {
  if (xs.length !== ys.length || !(most >= 0)) return null;
  const max_lag = Math.floor(Math.min(most, xs.length / 4));
  const [x, y] = [deviations(xs), deviations(ys)];
  const lags = Array.from({ length: 2 * max_lag + 1 }, (_, i) => i - max_lag).flatMap((lag) => lagged(x, y, lag));
  const [first] = lags;
  if (first === undefined) return null;
  const best = lags.reduce((a, b) => isStronger(b, a) ? b : a, first);
  const [early, late] = shifted(xs, ys, best.lag);
  const effective_n = pairedEffectiveSize(early, late) ?? best.n;
  const single = correlationTest(best.r, effective_n, 0.95)?.p_value ?? null;
  const p_value = single === null ? null : Math.min(1, single * lags.length);
  return { max_lag, lags, best: { ...best, effective_n, p_value } };
}

function isStronger(a: Lagged, b: Lagged): boolean {
  const gain = Math.abs(a.r) - Math.abs(b.r);
  return gain > 0 || (gain === 0 && Math.abs(a.lag) < Math.abs(b.lag));
}

/** The two series with each x beside the y that is so many steps later. */
function shifted<Value>(xs: readonly Value[], ys: readonly Value[], lag: number): [Value[], Value[]] {
  const n = xs.length - Math.abs(lag);
  return [xs.slice(Math.max(0, -lag)).slice(0, n), ys.slice(Math.max(0, lag)).slice(0, n)];
}

/** Distances from the mean, −1 to 1, and NaN for what is not known; nothing where they cannot be computed. */
function deviations(values: readonly (number | null)[]): Float64Array {
  const known = centred(values.filter((value) => value !== null));
  let next = 0;
  return Float64Array.from(
    known === null ? [] : values.map((value) => value === null ? NaN : known.deviations[next++] ?? NaN),
  );
}

/** Pearson's r at a lag, in one pass: the overall means lie so near that hardly a digit is lost. */
function lagged(xs: Float64Array, ys: Float64Array, lag: number): Lagged[] {
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (let i = Math.max(0, -lag); i < xs.length && i + lag < ys.length; i++) {
    const x = xs[i] ?? NaN;
    const y = ys[i + lag] ?? NaN;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    n++;
    sx += x;
    sy += y;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  const [varX, varY] = [sxx - (sx * sx) / n, syy - (sy * sy) / n];
  const varies = varX > SMALLEST_SHARE * sxx && varY > SMALLEST_SHARE * syy;
  if (n < FEWEST_PAIRS || !varies) return [];
  return [{ lag, r: Math.min(1, Math.max(-1, (sxy - (sx * sy) / n) / Math.sqrt(varX * varY))), n }];
}

/** Of a sum of squares, what is left of it about the mean: less is rounding, and the values are the same. */
const SMALLEST_SHARE = 1e-12;
