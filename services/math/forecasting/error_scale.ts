import { normalQuantile } from "../normal_quantile.ts";
import { at } from "./at.ts";
import type { Combination } from "./combination.ts";

/** How far off a combination has been: error of step k ≈ size · √(1 + growth·(k − 1)) · one of `errors`. */
export type ErrorScale = { size: number; growth: number; errors: number[] };

/** Errors to a step: `unit(expected, actual)` is 1, or what the error is a share of. */
type Rolling = { k: number; errors: Float64Array };

/**
 * The errors of the fitted recursions at rolling origins, pooled over the steps by a growth curve. Null where the
 * history is too short for one error.
 *
 * `freedom` is how many values seasons have used up. What the fit has seen of its own test is given back, and seasons
 * err once more ahead: the errors are widened by √((n + freedom)/(n − 5 − freedom)), their quantiles by Student's t
 * against the normal, and few errors are mixed with normal ones.
 */
export function errorScale(
  values: Float64Array,
  combination: Combination,
  horizon: number,
  freedom: number,
  unit: (expected: number, actual: number) => number,
): ErrorScale | null {
  const n = values.length;
  const rolling = rollingErrors(values, combination, horizon, unit);
  if (rolling.length === 0) return null;
  const growth = growthOf(rolling, n, 2 * combination.alpha ** 2);
  const pool = pooled(rolling, growth);
  const rest = n - FITTED - freedom;
  const size = Math.max(rootMeanSquare(pool) * Math.sqrt((n + freedom) / Math.max(1, rest)), earlyFloor(values, unit));
  return { size, growth, errors: standardised(pool, n, Math.max(3, rest / 2)) };
}

/** Parameters of the smoothings. */
const FITTED = 5;
/** Origins at the beginning whose level is still guesswork. */
const WARM_UP = 4;
/** Errors to keep to a step, and evenly likely errors to answer. */
const [MOST_ERRORS, ANSWERED] = [400, 200];
/** So many values count as much as the assumption that they are to correct. */
const [GROWTH_WEIGHT, NORMAL_WEIGHT] = [20, 60];
const MOST_GROWTH = 4;
/** Below so many values the errors are at least those of the naive forecast, in part. */
const FEW = 8;

function rollingErrors(
  values: Float64Array,
  combination: Combination,
  horizon: number,
  unit: (expected: number, actual: number) => number,
): Rolling[] {
  const n = values.length;
  const first = Math.min(WARM_UP, Math.max(1, Math.floor(n / 3)));
  const furthest = Math.min(horizon, Math.max(1, Math.floor((n - first) * 0.6)));
  const rolling: Rolling[] = [];
  for (let k = 1; k <= furthest; k = Math.max(k + 1, Math.floor(k * 1.25))) {
    const origins = n - k - first + 1;
    if (origins < 1) break;
    const expectation = combination.expectation(k);
    const stride = Math.ceil(origins / MOST_ERRORS);
    const errors = new Float64Array(Math.ceil(origins / stride));
    // Backwards from the newest, so that a stride never skips it.
    for (let i = 0; i < errors.length; i++) {
      const origin = n - k - i * stride;
      const expected = expectation(origin);
      const actual = at(values, origin + k - 1);
      errors[i] = (actual - expected) / unit(expected, actual);
    }
    rolling.push({ k, errors });
  }
  return rolling;
}

/** The slope over the start of the line through the squared mean error of each step, drawn to what theory says. */
function growthOf(rolling: readonly Rolling[], n: number, assumed: number): number {
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  for (const { k, errors } of rolling) {
    const y = meanSize(errors) ** 2;
    const weight = errors.length / k;
    w += weight;
    wx += weight * (k - 1);
    wy += weight * y;
    wxx += weight * (k - 1) ** 2;
    wxy += weight * (k - 1) * y;
  }
  const determinant = w * wxx - wx * wx;
  if (!(determinant > 0)) return assumed;
  const slope = (w * wxy - wx * wy) / determinant;
  const start = (wy - slope * wx) / w;
  const seen = start > 0 ? Math.min(MOST_GROWTH, Math.max(0, slope / start)) : slope > 0 ? MOST_GROWTH : 0;
  return (n * seen + GROWTH_WEIGHT * assumed) / (n + GROWTH_WEIGHT);
}

/** All errors as of one step, ascending. */
function pooled(rolling: readonly Rolling[], growth: number): Float64Array {
  const pool = new Float64Array(rolling.reduce((count, { errors }) => count + errors.length, 0));
  let count = 0;
  for (const { k, errors } of rolling) {
    const scale = Math.sqrt(1 + growth * (k - 1));
    for (const error of errors) pool[count++] = error / scale;
  }
  return pool.sort();
}

/** Evenly likely errors of size 1: the pool's quantiles, mixed with normal ones, with tails of `freedom`. */
function standardised(pool: Float64Array, n: number, freedom: number): number[] {
  const size = rootMeanSquare(pool);
  const share = n / (n + NORMAL_WEIGHT);
  const errors = NORMAL.map((z, i) => {
    const place = Math.min(pool.length - 1, Math.max(0, ((i + 0.5) / ANSWERED) * pool.length - 0.5));
    const below = Math.floor(place);
    const low = at(pool, below);
    const seen = low + (place - below) * (at(pool, Math.min(pool.length - 1, below + 1)) - low);
    return tailRatio(z, freedom) * (size > 0 ? (share * seen) / size + (1 - share) * z : z);
  });
  return errors.sort((a, b) => a - b);
}

const NORMAL: readonly number[] = Array.from({ length: ANSWERED }, (_, i) => normalQuantile((i + 0.5) / ANSWERED) ?? 0);

/** Student's t quantile over the normal one: Abramowitz & Stegun (1964) 26.7.5, two terms. */
function tailRatio(z: number, freedom: number): number {
  return 1 + (z * z + 1) / (4 * freedom) + (5 * z ** 4 + 16 * z * z + 3) / (96 * freedom * freedom);
}

/** A fit of a few values meets them all and would be sure of itself: in part, the mean change from one to the next. */
function earlyFloor(values: Float64Array, unit: (expected: number, actual: number) => number): number {
  const n = values.length;
  if (n >= FEW) return 0;
  let total = 0;
  for (let i = 1; i < n; i++) {
    const [before, value] = [at(values, i - 1), at(values, i)];
    total += Math.abs(value - before) / unit(before, value);
  }
  return (total / (n - 1)) * (1 - n / FEW);
}

function meanSize(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += Math.abs(value);
  return total / values.length;
}

function rootMeanSquare(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value * value;
  return Math.sqrt(total / values.length);
}
