import {
  type Combination,
  combine,
  errorScale,
  knownHistory,
  learnable,
  type SeasonKind,
  withoutSeasons,
} from "./forecasting/mod.ts";

/** How far apart the values are. */
export type Frequency = "daily" | "weekly" | "monthly" | "quarterly" | "yearly";

/** What is asked of a forecast. */
export type ForecastQuestion = {
  /** Steps ahead, a whole number of 1–365. */
  horizon: number;
  /** Values to a season: 7 for days, 52 for weeks, 12 for months, 4 for quarters, 1 for none. */
  season_length: number;
  frequency: Frequency;
  /**
   * Whether a level stays as it was read until something changes it, as that of a gauge does: then what is unlike all
   * before is where the level goes on from. Else it is taken for an outlier until the next value says otherwise.
   */
  persists?: boolean;
};

/**
 * A fitted forecast: plain data, to be kept and cloned. One fit answers every level and every path.
 * The error of step k is `spread[k]` times a standardised error, of which `errors` are known cases.
 */
export type Forecast = {
  /** The expected value of each step. */
  mean: number[];
  /** The scale of the error of each step, never negative, and never narrower further ahead but for season and level. */
  spread: number[];
  /** How the squared scale grows per step, relative to the first: spread² ∝ 1 + growth·(step − 1). */
  growth: number;
  /** Standardised errors, ascending, evenly likely: their quantiles are the interval's. */
  errors: number[];
  /** The least value possible, 0 where the history was never negative; null where there is none. */
  floor: number | null;
};

/** A forecast, and what it was made of. */
export type FittedForecast = Forecast & {
  /** The method: `theta_damped_combination`, or `exponential_smoothing` where most values are 0. */
  model: string;
  /** The season found, null for none; `reliability` is the share of it that is no noise, above 0 and at most 1. */
  season: { length: number; kind: SeasonKind; reliability: number } | null;
  /** Whether the time of the year is in it, beside the season. */
  annual: boolean;
  /** Values used: of the history, the newest up to `MOST_VALUES`. */
  n: number;
};

/** How much history is used: five years of days. What is older says nothing more of the next year. */
const MOST_VALUES = 1827;
/** How many ranges of the history, without its seasons, a mean may leave it by. */
const FURTHEST = 2;
/** At a level of 95 %, no bound lies further than so many ranges of the history from the mean. */
const WIDEST = 2;
/** A value that jumps is measured by itself: no error is more than so many times what it is a share of. */
const MOST_SHARE = 3;
/** Values below this share of the mean are near 0: as factors and roots they would weigh more than they tell. */
const NEAR_ZERO = 0.02;

/**
 * Fits the forecast to equally spaced values, oldest first; NaN and ±Infinity are gaps, and filled.
 *
 * The season and, for days and weeks, the time of the year are taken out; what is left is the mean of three or four
 * exponential smoothings; the errors are those the smoothings made on the way. A series of which every value is
 * clearly positive is `relative`: its seasons multiply and its errors grow with its level. docs/forecasting.md tells
 * more. Null without a single finite value, and for a horizon outside its range. One value has errors of 0: nothing is
 * known of them.
 * @example
 * ```ts
 * fitForecast([5, 5, 5, 5], { horizon: 2, season_length: 1, frequency: "monthly" })?.mean; // [5, 5]
 * ```
 */
export function fitForecast(values: readonly number[], question: ForecastQuestion): FittedForecast | null {
  const { horizon, frequency, persists = false } = question;
  if (!(Number.isInteger(horizon) && horizon >= 1 && horizon <= 365)) return null;
  const season_length = Math.max(1, Math.floor(question.season_length) || 1);
  const history = knownHistory(values.slice(-MOST_VALUES), season_length);
  if (history === null) return null;
  const { values: known, unit } = history;
  const n = known.length;
  const scale = scaleOf(known);
  const kind = scale === "relative" ? "multiplicative" : "additive";
  const looked_for = { season_length, spacing: spacingOf(frequency), kind, horizon } as const;
  const adjusted = withoutSeasons(known, learnable(known), looked_for);
  const combination = combine(adjusted.values, adjusted.learnt, {
    ...{ scale, daily: frequency === "daily", persists },
  });
  const level = levels(adjusted.values, combination, horizon);
  const least = meanSize(adjusted.values) * NEAR_ZERO;
  const unitOf = (expected: number, actual = 0) =>
    scale === "relative" ? Math.max(least, expected, actual / MOST_SHARE) : 1;
  const errors = errorScale(adjusted.values, combination, horizon, adjusted.freedom, unitOf);
  const floor = known.every((value) => value >= 0) ? 0 : null;
  const { size, growth } = errors ?? { size: 0, growth: 0 };
  const widest = widestSpread(adjusted.values, errors?.errors ?? []);
  return {
    mean: level.map((value, k) => finite(Math.max(floor ?? -Infinity, adjusted.restore(value, n + k)) * unit)),
    spread: level.map((value, k) =>
      finite(Math.min(widest, size * Math.sqrt(1 + growth * k) * unitOf(value)) * adjusted.factor(n + k) * unit)
    ),
    growth,
    errors: errors?.errors ?? [0],
    floor,
    model: combination.name,
    season: adjusted.season === null ? null : {
      length: adjusted.season.length,
      kind: adjusted.season.kind,
      reliability: adjusted.season.reliability,
    },
    annual: adjusted.annual,
    n,
  };
}

/**
 * The interval of each step that holds a new observation with the probability `level`, 0.5–0.99.
 * @example
 * ```ts
 * const forecast = { mean: [10, 10], spread: [1, 2], growth: 3, errors: [-1, 0, 1], floor: 0 };
 * forecastInterval(forecast, 0.9); // { lower: [9, 8], upper: [11, 12] }
 * ```
 */
export function forecastInterval(
  { mean, spread, errors, floor }: Forecast,
  level: number,
): { lower: number[]; upper: number[] } {
  const low = Math.min(0, errorQuantile(errors, (1 - level) / 2));
  const high = Math.max(0, errorQuantile(errors, (1 + level) / 2));
  const least = floor ?? -Infinity;
  return {
    lower: mean.map((value, k) => Math.max(least, finite(value + low * (spread[k] ?? 0)))),
    upper: mean.map((value, k) => Math.max(least, finite(value + high * (spread[k] ?? 0)))),
  };
}

/** The quantile where evenly likely errors each stand for the middle of their share: type 5 of Hyndman & Fan (1996). */
function errorQuantile(errors: readonly number[], p: number): number {
  const place = Math.min(errors.length - 1, Math.max(0, p * errors.length - 0.5));
  const below = Math.floor(place);
  const low = errors[below] ?? 0;
  return low + (place - below) * ((errors[below + 1] ?? low) - low);
}

function scaleOf(values: Float64Array): "relative" | "zeros" | "absolute" {
  const near = meanSize(values) * NEAR_ZERO;
  if (values.some((value) => value < 0)) return "absolute";
  if (values.filter((value) => value === 0).length > values.length / 2) return "zeros";
  return values.every((value) => value > near) ? "relative" : "absolute";
}

function spacingOf(frequency: Frequency): "day" | "week" | "longer" {
  return frequency === "daily" ? "day" : frequency === "weekly" ? "week" : "longer";
}

/** The expected value of each step without its season, no further from the history than `FURTHEST` of its ranges. */
function levels(values: Float64Array, combination: Combination, horizon: number): number[] {
  const { least, most } = extremesOf(values);
  const reach = FURTHEST * (most - least);
  return Array.from({ length: horizon }, (_, k) => {
    const expected = combination.expectation(k + 1)(values.length);
    return Math.min(most + reach, Math.max(least - reach, expected));
  });
}

/**
 * The spread whose interval of 95 % reaches `WIDEST` ranges of the history without its seasons. Spreads grow with the
 * steps as if what has happened went on happening: after a step up, that would soon be many times all that ever was.
 */
function widestSpread(values: Float64Array, errors: readonly number[]): number {
  const { least, most } = extremesOf(values);
  const tail = Math.max(-errorQuantile(errors, 0.025), errorQuantile(errors, 0.975));
  return tail > 0 ? WIDEST * (most - least) / tail : 0;
}

function extremesOf(values: Float64Array): { least: number; most: number } {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return { least, most };
}

function meanSize(values: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
}

function finite(value: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
}
