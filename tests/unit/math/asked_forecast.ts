import { ok } from "node:assert/strict";
import { fitForecast, type FittedForecast, forecastInterval, type Frequency } from "../../../services/math/mod.ts";

/** The levels that are compared, ascending. */
const LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99];

/** A forecast that must be there: of days in weeks, where nothing else is said. */
export function asked(
  history: number[],
  { horizon, season_length = 7, frequency = "daily", persists = false }: {
    horizon: number;
    season_length?: number;
    frequency?: Frequency;
    persists?: boolean;
  },
): FittedForecast {
  const forecast = fitForecast(history, { horizon, season_length, frequency, persists });
  ok(forecast !== null);
  return forecast;
}

/** Whether every number is one, every bound is on its side of the mean, and a higher level is nowhere narrower. */
export function isOrdered(forecast: FittedForecast): boolean {
  const bounds = LEVELS.map((level) => forecastInterval(forecast, level));
  return forecast.mean.every((value, k) =>
    bounds.every(({ lower, upper }, i) => {
      const [low, high, inner] = [lower[k] ?? NaN, upper[k] ?? NaN, bounds[i - 1]];
      const isNested = inner === undefined || low <= (inner.lower[k] ?? NaN) && high >= (inner.upper[k] ?? NaN);
      return Number.isFinite(low) && Number.isFinite(high) && low <= value && value <= high && isNested;
    })
  );
}

/** The first n values of a pattern that repeats. */
export function repeat(pattern: number[], n: number): number[] {
  return Array.from({ length: n }, (_, i) => pattern[i % pattern.length] ?? 0);
}
