import {
  backtestForecast,
  engineModel,
  type Frequency,
  linearTrendModel,
  type OriginScore,
  rollingOrigins,
  seasonalNaiveModel,
} from "../math/mod.ts";
import type { MODELS } from "./series_schema.ts";

/** Values, equally spaced and oldest first, and where to stand in the past. */
export type BacktestInput = {
  values: readonly number[];
  frequency: Frequency;
  season_length: number;
  /** Whether the values are levels that stay as they are read (`ForecastQuestion`). */
  persists?: boolean;
  horizon: number;
  /** Origins at most, and the values that a model needs before the first. */
  origins: number;
  fewest: number;
};

/** The scores of each model at the same origins; null where it cannot be fitted. */
export type BacktestScores = Record<typeof MODELS[number], OriginScore[] | null>;

/** Tests the three models on what came after origins in the last half of the values; pure. */
export function backtestModels(input: BacktestInput): BacktestScores {
  const { values, frequency, season_length, persists = false, horizon, origins, fewest } = input;
  const n = values.length;
  const earliest = Math.max(fewest, Math.min(Math.ceil(n / 2), n - horizon));
  const where = { origins: rollingOrigins(n, { earliest, horizon, most: origins }), horizon, season_length };
  return {
    theta_damped_combination: backtestForecast(values, where, engineModel({ frequency, season_length, persists })),
    linear_trend: backtestForecast(values, where, linearTrendModel),
    seasonal_naive: backtestForecast(values, where, seasonalNaiveModel(season_length)),
  };
}
