import { fitForecast, forecastInterval, type ForecastQuestion } from "./forecast.ts";
import { linearFit } from "./linear_fit.ts";
import { normalTails } from "./normal_tails.ts";
import { studentTTails } from "./student_t_tails.ts";

/** What a model says of the steps after a history. */
export type Foretold = {
  mean: number[];
  /** The least level, 0 to 1, whose interval at a step (from 0 on) holds a value; 1 where none up to 0.99 does. */
  held(step: number, actual: number): number;
};

/** A way to carry a history on by so many steps; null where it cannot. */
export type ForecastModel = (history: readonly number[], horizon: number) => Foretold | null;

const [LEAST_LEVEL, MOST_LEVEL] = [0.5, 0.99];

/**
 * The engine, `fitForecast`. Levels below 0.5 count as 0.5, and are told to within 0.0001.
 * @example
 * ```ts
 * engineModel({ season_length: 1, frequency: "daily" })([5, 5, 5, 5], 2)?.mean; // [5, 5]
 * ```
 */
export function engineModel(question: Omit<ForecastQuestion, "horizon">): ForecastModel {
  return (history, horizon) => {
    const forecast = fitForecast(history, { ...question, horizon });
    if (forecast === null) return null;
    const { mean, spread } = forecast;
    const held = (step: number, actual: number) => {
      const one = { ...forecast, mean: mean.slice(step, step + 1), spread: spread.slice(step, step + 1) };
      return leastLevel((level) => {
        const { lower: [low = 0], upper: [high = 0] } = forecastInterval(one, level);
        return actual >= low && actual <= high;
      });
    };
    return { mean, held };
  };
}

/** Halves the levels until the least that holds is known to within 0.0001. */
function leastLevel(holds: (level: number) => boolean): number {
  if (holds(LEAST_LEVEL)) return LEAST_LEVEL;
  if (!holds(MOST_LEVEL)) return 1;
  let [outside, inside] = [LEAST_LEVEL, MOST_LEVEL];
  while (inside - outside > 1e-4) {
    const level = (outside + inside) / 2;
    if (holds(level)) inside = level;
    else outside = level;
  }
  return inside;
}

/**
 * The straight line through the history (`linearFit`), with its prediction interval by Student's t; cut off at 0 for a
 * history that never was below.
 * @example
 * ```ts
 * linearTrendModel([1, 2, 3], 2)?.mean; // [4, 5]
 * ```
 */
export function linearTrendModel(history: readonly number[], horizon: number): Foretold | null {
  const fit = linearFit(history.map((_, step) => step), history);
  if (fit === null) return null;
  const floor = history.every((value) => value >= 0) ? 0 : -Infinity;
  const steps = Array.from({ length: horizon }, (_, i) => {
    const distance = history.length + i - fit.x_mean;
    const error = fit.residual_sd * Math.sqrt(1 + 1 / fit.n + (distance / fit.sxx) * distance);
    return { mean: fit.y_mean + fit.slope * distance, error };
  });
  const held = (step: number, actual: number) => {
    const { mean = NaN, error = NaN } = steps[step] ?? {};
    if (actual < floor) return 1;
    if (actual === floor && mean <= floor) return 0;
    return studentTTails((actual - mean) / error, fit.df)?.inside ?? 1;
  };
  return { mean: steps.map(({ mean }) => Math.max(floor, mean)), held };
}

/**
 * Each step is as a season ago; its error is normal, with the variance of the history's seasonal changes, once for each
 * season ahead (Hyndman & Athanasopoulos 2021, section 5.5). Without two seasons of history, a season of 1.
 * @example
 * ```ts
 * seasonalNaiveModel(2)([1, 9, 2, 8], 3)?.mean; // [2, 8, 2]
 * ```
 */
export function seasonalNaiveModel(season_length: number): ForecastModel {
  return (history, horizon) => {
    const n = history.length;
    if (n < 2) return null;
    const m = n >= 2 * season_length ? season_length : 1;
    const mean = Array.from({ length: horizon }, (_, step) => history[n - m + step % m] ?? NaN);
    const squares = history.slice(m).map((value, i) => (value - (history[i] ?? NaN)) ** 2);
    const sd = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
    const held = (step: number, actual: number) => {
      const error = sd * Math.sqrt(Math.floor(step / m) + 1);
      return normalTails((actual - (mean[step] ?? NaN)) / error)?.inside ?? 1;
    };
    return { mean, held };
  };
}
