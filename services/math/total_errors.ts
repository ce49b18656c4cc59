import { fitForecast, type Forecast, type ForecastQuestion } from "./forecast.ts";
import { drawnMean, wanderingError } from "./wandering_error.ts";

/**
 * How wrong totals of a forecast's steps are: the variance of their errors over what simulated paths would have, of
 * which `freedom` says how surely it is known. A scaled inverse χ²: a total's error is Student's t.
 */
export type TotalErrors = { ratio: number; freedom: number };

/** Origins on the history, at most. */
const MOST_ORIGINS = 8;
/** So many totals count as much as what is assumed before any is seen. */
const ASSUMED_WEIGHT = 3;
/** The ratio that is assumed of totals close to the end of the history; measured on generated and public series. */
const ASSUMED_RATIO = 0.8;
/** A single total says no more than this, in variances: one break must not widen everything. */
const MOST_SEEN = 9;

/**
 * Measures the errors of totals of `horizon` steps at origins on the history, and mixes them with what is assumed.
 *
 * A step's errors say little of a total's: a growth that was seen over weeks, carried on for a year, makes totals wander
 * too far, as levels come back; and what a fit has wrong of the level or the trend is wrong in every step of it. So the
 * totals are measured themselves, each against the variance that its own fit gives it: ratio = Σ z² + weight · assumed,
 * over the totals and the weight (the posterior of a normal variance, Gelman et al. 2013, Bayesian Data Analysis, 2.6).
 * Totals that overlap count only as many as fit beside each other. The assumed ratio falls with the horizon's share of
 * the history. Always finite, the ratio above 0.
 * @example
 * ```ts
 * totalErrors([5], { horizon: 1, season_length: 1, frequency: "daily" }); // { ratio: 0.4, freedom: 3 }
 * ```
 */
export function totalErrors(values: readonly number[], question: ForecastQuestion): TotalErrors {
  const n = values.length;
  const { horizon, origins, beside } = originsOf(n, question);
  const squares = origins.flatMap((origin) => {
    const forecast = fitForecast(values.slice(0, origin), { ...question, horizon });
    if (forecast === null) return [];
    const { expected, variance } = totalOf(forecast);
    const actual = sumOf(values.slice(origin, origin + horizon));
    const square = (actual - expected) ** 2 / variance;
    return Number.isFinite(square) ? [Math.min(MOST_SEEN, square)] : [];
  });
  const seen = Math.min(squares.length, beside);
  const assumed = ASSUMED_RATIO / (1 + question.horizon / Math.max(1, n));
  const mean = squares.length === 0 ? 0 : sumOf(squares) / squares.length;
  return {
    ratio: (seen * mean + ASSUMED_WEIGHT * assumed) / (seen + ASSUMED_WEIGHT),
    freedom: Math.round(seen + ASSUMED_WEIGHT),
  };
}

/** Origins spread over the last half of n values, each with a whole horizon of at most a quarter of them after it. */
function originsOf(n: number, { horizon, season_length }: ForecastQuestion) {
  const ahead = Math.min(horizon, Math.floor(n / 4));
  const first = Math.max(Math.ceil(n / 2), 2 * season_length);
  const room = n - ahead - first;
  if (!(ahead >= 1 && room >= 0)) return { horizon: 0, origins: [], beside: 0 };
  const count = Math.min(MOST_ORIGINS, room + 1);
  const gap = count > 1 ? room / (count - 1) : 0;
  const origins = Array.from({ length: count }, (_, i) => first + Math.round(i * gap));
  return { horizon: ahead, origins, beside: Math.max(1, (n - first) / ahead) };
}

/** The total of a forecast's steps: its mean, and the variance that `simulatePaths` gives it. */
function totalOf({ mean, spread, errors, growth }: Forecast): { expected: number; variance: number } {
  const offset = drawnMean(errors);
  const staying = wanderingError(errors);
  const pairs = errors.map((error) => [error - offset, staying(error)] as const);
  const meanOf = (values: number[]) => sumOf(values) / Math.max(1, values.length);
  const own = meanOf(pairs.map(([error]) => error ** 2));
  const both = meanOf(pairs.map(([error, stays]) => error * stays));
  const level = meanOf(pairs.map(([, stays]) => stays ** 2));
  const alpha = Math.sqrt(Math.max(0, growth));
  let later = 0;
  let variance = 0;
  for (let step = spread.length - 1; step >= 0; step--) {
    const scale = (spread[step] ?? 0) / Math.sqrt(1 + Math.max(0, growth) * step);
    variance += scale ** 2 * own + 2 * scale * alpha * later * both + (alpha * later) ** 2 * level;
    later += scale;
  }
  return { expected: sumOf(mean) + offset * sumOf(spread), variance };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
