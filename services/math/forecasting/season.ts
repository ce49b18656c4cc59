import { quantile } from "../quantile.ts";
import { at } from "./at.ts";

/** How the parts of a series make the whole: a season multiplies the level, or is added to it. */
export type SeasonKind = "multiplicative" | "additive";

/** Seasons of values: from two on each place has been seen twice, and noise can be told from a season. */
const FEWEST_SEASONS = 2;

/** A repeating pattern: one index for each place in the season, the first for the first value of the history. */
export type Season = {
  length: number;
  kind: SeasonKind;
  /** Factors around 1, or amounts around 0. */
  indices: Float64Array;
  /** Share of the indices' variance that is no noise, above 0 and at most 1: how much of them was kept. */
  reliability: number;
};

/**
 * The season by classical decomposition (Macaulay 1931): each value against the centred moving average of one season,
 * averaged by place, without outliers, with a weight that falls by `decay` a season back: a season may change slowly.
 *
 * No test decides whether there is one: the indices are drawn towards no season by their reliability, what their
 * variance exceeds the noise of an index by, as a share (Miller & Williams 2003, after James & Stein 1961).
 * Null for fewer than two seasons of values, and where the indices are no more than noise.
 */
export function seasonOf(values: Float64Array, length: number, kind: SeasonKind, decay: number): Season | null {
  if (!(length >= 2 && values.length >= FEWEST_SEASONS * length)) return null;
  const ratios = againstMovingAverage(values, length, kind);
  const { indices, noise } = averagesByPlace(ratios, length, decay);
  const centre = mean(indices);
  if (kind === "multiplicative" && !(centre > 0)) return null;
  const neutral = kind === "multiplicative" ? 1 : 0;
  const standard = indices.map((index) => kind === "multiplicative" ? index / centre : index - centre);
  let squares = 0;
  for (const index of standard) squares += (index - neutral) ** 2;
  const reliability = 1 - ((length - 1) * noise) / squares;
  if (!(squares > 0 && reliability > 0)) return null;
  return { length, kind, reliability, indices: standard.map((index) => neutral + reliability * (index - neutral)) };
}

/** The index of the value at `place`, counted from the first of the history. */
export function seasonAt(season: Season, place: number): number {
  return at(season.indices, place % season.length);
}

/** At both ends, where half a season is missing, the average goes on as straight as it ran through the whole. */
function againstMovingAverage(values: Float64Array, length: number, kind: SeasonKind): Float64Array {
  const n = values.length;
  const half = Math.floor(length / 2);
  const averages = new Float64Array(n);
  let window = 0;
  for (let i = 0; i < length; i++) window += at(values, i);
  for (let i = half; i + half < n; i++) {
    // An even season has no middle: the mean of the two windows around it, as in a 2×12 moving average.
    const next = window + at(values, i - half + length) - at(values, i - half);
    averages[i] = (length % 2 === 0 ? (window + next) / 2 : window) / length;
    window = next;
  }
  const [first, last] = [at(averages, half), at(averages, n - half - 1)];
  const slope = (last - first) / Math.max(1, n - 2 * half - 1);
  for (let step = 1; step <= half; step++) {
    averages[half - step] = first - slope * step;
    averages[n - half - 1 + step] = last + slope * step;
  }
  return values.map((value, i) => {
    const average = at(averages, i);
    return kind === "additive" ? value - average : average > 0 ? value / average : 1;
  });
}

/** The weighted mean of each place, and the variance of such a mean. */
function averagesByPlace(
  ratios: Float64Array,
  length: number,
  decay: number,
): { indices: Float64Array; noise: number } {
  const indices = new Float64Array(length);
  let squares = 0;
  let freedom = 0;
  let shares = 0;
  for (let place = 0; place < length; place++) {
    const own = withinFences(ratios.filter((_, i) => i % length === place));
    let [weight, weights, weightSquares, total] = [1, 0, 0, 0];
    for (let i = own.length - 1; i >= 0; i--) {
      weights += weight;
      weightSquares += weight * weight;
      total += weight * at(own, i);
      weight *= decay;
    }
    const average = total / weights;
    indices[place] = average;
    for (const ratio of own) squares += (ratio - average) ** 2;
    freedom += own.length - 1;
    shares += weightSquares / (weights * weights) / length;
  }
  return { indices, noise: freedom > 0 ? (squares / freedom) * shares : Infinity };
}

/** Tukey's (1977) fences lie so many interquartile ranges beyond the quartiles. */
const FENCE = 1.5;
/** What one value in so many does is no outlier, however far off: a weekday may be seldom busy. */
const ONE_IN = 10;
/** Values from which an outlier can be told. */
const FEWEST_TO_FENCE = 3;

/** Draws outliers to the fences, or to what one in ten (and at least one other) is beyond: one day makes no weekday. */
function withinFences(values: Float64Array): Float64Array {
  const n = values.length;
  if (n < FEWEST_TO_FENCE) return values;
  const sorted = values.slice().sort();
  const [first, third] = [quantile(sorted, 0.25) ?? 0, quantile(sorted, 0.75) ?? 0];
  const reach = FENCE * (third - first);
  const rare = Math.max(1, Math.floor(n / ONE_IN));
  const least = Math.min(first - reach, at(sorted, rare));
  const most = Math.max(third + reach, at(sorted, n - 1 - rare));
  return values.map((value) => Math.min(most, Math.max(least, value)));
}

function mean(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total / values.length;
}
