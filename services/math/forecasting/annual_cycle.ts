import { at } from "./at.ts";
import { solveSymmetric } from "./solve_symmetric.ts";

/** What the time of the year adds, for the history and the steps after it. */
export type AnnualCycle = {
  /** n + horizon amounts around 0, in the units of the values given. */
  amounts: Float64Array;
  /** How many values the cycle has used up, for the errors' degrees of freedom. */
  freedom: number;
};

/** Pairs of sine and cosine: the fastest turns in a month, so that a holiday season can show; fortnights tell no more. */
const PAIRS = 12;
/** How the penalty grows with a pair's frequency k: a smooth year is likelier than a rough one. */
const PENALTY = (k: number) => 0.01 * k ** 1.5;
/** Years of history from which a cycle is looked for, and the correlation between years from which it is kept. */
const [FEWEST_YEARS, LEAST_CORRELATION] = [1.7, 0.1];
/** Columns before the pairs: a level and a straight trend. */
const TREND = 2;

/**
 * The time of the year in a daily or weekly series: harmonic regression about a straight trend with a penalty on fast
 * harmonics (ridge regression, Hoerl & Kennard 1970), over blocks of `block` values (7 for days) so that the weekday
 * has no say.
 *
 * How far it is believed is measured: r is the correlation of the detrended series with itself a year before, and the
 * cycle, an average of Y years, is drawn to 0 by its reliability Y·r / (1 + (Y − 1)·r) (Spearman 1910, Brown 1910).
 * Null with fewer than 1.7 years (of `period` values), and where r is below 0.1.
 */
export function annualCycle(values: Float64Array, period: number, block: number, horizon: number): AnnualCycle | null {
  const n = values.length;
  const years = n / period;
  if (!(years >= FEWEST_YEARS)) return null;
  const blocks = Math.floor(n / block);
  const start = n - blocks * block;
  const means = new Float64Array(blocks);
  for (let i = start; i < n; i++) {
    const j = Math.floor((i - start) / block);
    means[j] = at(means, j) + at(values, i) / block;
  }
  const middle = (j: number) => start + j * block + (block - 1) / 2;
  const coefficients = penalisedFit(means, middle, period, n);
  if (coefficients === null) return null;
  const detrended = means.map((mean, j) => mean - at(coefficients, 0) - at(coefficients, 1) * centred(middle(j), n));
  const r = correlationAt(detrended, period / block);
  if (!(r > LEAST_CORRELATION)) return null;
  const reliability = (years * r) / (1 + (years - 1) * r);
  const amounts = new Float64Array(n + horizon);
  const row = new Float64Array(TREND + 2 * PAIRS);
  for (let i = 0; i < amounts.length; i++) {
    fillRow(row, i, period, n);
    for (let c = TREND; c < row.length; c++) {
      amounts[i] = at(amounts, i) + reliability * at(coefficients, c) * at(row, c);
    }
  }
  return { amounts, freedom: reliability * block * effectiveFreedom() };
}

function penalisedFit(
  means: Float64Array,
  middle: (block: number) => number,
  period: number,
  n: number,
): Float64Array | null {
  const size = TREND + 2 * PAIRS;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  const row = new Float64Array(size);
  for (let j = 0; j < means.length; j++) {
    fillRow(row, middle(j), period, n);
    for (let a = 0; a < size; a++) {
      const value = at(row, a);
      right[a] = at(right, a) + value * at(means, j);
      for (let b = 0; b <= a; b++) matrix[a * size + b] = at(matrix, a * size + b) + value * at(row, b);
    }
  }
  for (let k = 1; k <= PAIRS; k++) {
    // A column of sines has the squared length blocks/2, so the penalty is in shares of that.
    for (const a of [TREND + 2 * k - 2, TREND + 2 * k - 1]) {
      matrix[a * size + a] = at(matrix, a * size + a) + (PENALTY(k) * means.length) / 2;
    }
  }
  return solveSymmetric(matrix, right, size);
}

/** 1, the trend, and cos and sin of k turns a year, by the addition theorem. */
function fillRow(row: Float64Array, place: number, period: number, n: number): void {
  row[0] = 1;
  row[1] = centred(place, n);
  const turn = (2 * Math.PI * place) / period;
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  let [cosine, sine] = [1, 0];
  for (let column = TREND; column < row.length; column += 2) {
    [cosine, sine] = [cosine * c - sine * s, sine * c + cosine * s];
    row[column] = cosine;
    row[column + 1] = sine;
  }
}

function centred(place: number, n: number): number {
  return place / n - 0.5;
}

/** The correlation of values with those `lag` places before; a lag between two places takes both in proportion. */
function correlationAt(values: Float64Array, lag: number): number {
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = Math.ceil(lag); i < values.length; i++) {
    const before = Math.floor(i - lag);
    const share = i - lag - before;
    const x = at(values, before) * (1 - share) + at(values, before + 1) * share;
    xy += x * at(values, i);
    xx += x * x;
    yy += at(values, i) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

/** The trace of the ridge's hat matrix over the pairs, were their columns orthogonal (Hastie & Tibshirani 1990). */
function effectiveFreedom(): number {
  let freedom = 0;
  for (let k = 1; k <= PAIRS; k++) freedom += 2 / (1 + PENALTY(k));
  return freedom;
}
