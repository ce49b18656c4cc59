import { linearFit } from "./linear_fit.ts";

/** Values as trend + season + remainder, and how free the remainder is. */
export type Decomposition = {
  /** Index of the first value decomposed: a moving average leaves out both ends. */
  first: number;
  trend: number[];
  /** What each place in the season adds, the place of the first of all values at 0; they sum to 0. */
  season: number[];
  remainder: number[];
  /** Degrees of freedom of the remainder: its length, less what trend and season were fitted with. */
  free: number;
};

/** Rounds after which trend and season have parted to within rounding. */
const ROUNDS = 12;
/** The narrowest moving average, and the share of the values that the usual one spans. */
const NARROWEST = 5;
const SHARE = 1 / 8;

/**
 * Splits equally spaced values, oldest first, into trend, season and remainder (classical decomposition, as in
 * Hyndman & Athanasopoulos 2021, section 3.4, by backfitting). The trend is a centred moving average over whole
 * seasons, about an eighth of the values; where four of these do not fit in, a straight line. The season is the mean
 * of each place in it. Without a season (`season_length` 1, or fewer than two seasons of values) that part is 0.
 *
 * Null for fewer than 5 values, a value that is not finite, and magnitudes beyond 1e150.
 * @example
 * ```ts
 * seasonalDecomposition([1, 3, 1, 3, 1, 3, 1, 3], 2)?.season; // [-1, 1]
 * ```
 */
export function seasonalDecomposition(values: readonly number[], season_length: number): Decomposition | null {
  const n = values.length;
  if (n < NARROWEST || !values.every((value) => Math.abs(value) <= 1e150)) return null;
  const m = Number.isInteger(season_length) && season_length > 1 && n >= 2 * season_length ? season_length : 1;
  const window = windowFor(n, m);
  const smooth = n >= 4 * window;
  const first = smooth ? Math.floor(window / 2) : 0;
  const inside = values.slice(first, n - first);
  let trend: number[] = smooth ? movingAverage(values, window) : [];
  let season = Array<number>(m).fill(0);
  for (let round = 0; round < (m > 1 && !smooth ? ROUNDS : 1); round++) {
    if (!smooth) trend = straightLine(inside.map((value, i) => value - at(season, first + i)));
    season = seasonOf(inside.map((value, i) => value - (trend[i] ?? 0)), first, m);
  }
  const remainder = inside.map((value, i) => value - (trend[i] ?? 0) - at(season, first + i));
  return { first, trend, season, remainder, free: inside.length - (m - 1) - (smooth ? n / window : 2) };
}

/** Whole seasons, about an eighth of the values, an odd number of them; without a season at least 5 values. */
function windowFor(n: number, m: number): number {
  const seasons = Math.max(m === 1 ? NARROWEST : 1, Math.floor(n * SHARE / m));
  return m * (seasons % 2 === 1 ? seasons : seasons + 1);
}

/** The centred moving average; over an even window its two ends count half. */
function movingAverage(values: readonly number[], window: number): number[] {
  const half = Math.floor(window / 2);
  const even = window % 2 === 0;
  return Array.from({ length: values.length - 2 * half }, (_, i) => {
    let total = 0;
    for (let j = i; j <= i + 2 * half; j++) total += values[j] ?? 0;
    return (even ? total - ((values[i] ?? 0) + (values[i + 2 * half] ?? 0)) / 2 : total) / window;
  });
}

function straightLine(values: readonly number[]): number[] {
  const fit = linearFit(values.map((_, step) => step), values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((_, step) => fit === null ? mean : fit.y_mean + fit.slope * (step - fit.x_mean));
}

/** The mean of each place in the season, centred on 0. */
function seasonOf(detrended: readonly number[], first: number, m: number): number[] {
  const sums = Array<number>(m).fill(0);
  const counts = Array<number>(m).fill(0);
  for (const [i, value] of detrended.entries()) {
    const place = (first + i) % m;
    sums[place] = at(sums, place) + value;
    counts[place] = at(counts, place) + 1;
  }
  const means = sums.map((sum, place) => sum / Math.max(1, at(counts, place)));
  const centre = means.reduce((sum, mean) => sum + mean, 0) / m;
  return means.map((mean) => mean - centre);
}

const at = (season: readonly number[], index: number) => season[index % season.length] ?? 0;
