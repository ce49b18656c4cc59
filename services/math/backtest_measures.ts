import type { OriginScore } from "./backtest_forecast.ts";
import { finiteOrNull } from "./finite_or_null.ts";

/** How a model did on values that it had not seen, over all origins. */
export type BacktestMeasures = {
  origins: number;
  /** Steps compared. */
  n: number;
  /** Mean absolute error, and mean of forecast − actual, in units of the values. */
  mae: number;
  bias: number;
  /** Σ|error| / Σ|actual|; null where the actuals are all 0. */
  wape: number | null;
  /** MAE over the mean |change| from one season to the next in the histories; null where nothing changes. */
  mase: number | null;
  /** √(mean squared error / mean squared change), likewise. */
  rmsse: number | null;
};

/**
 * Pools the scores of a backtest: errors and scales are summed over the origins before they are divided, so that a flat
 * beginning does not divide by zero. MASE after Hyndman & Koehler (2006), International Journal of Forecasting 22;
 * RMSSE after Makridakis, Spiliotis & Assimakopoulos (2022). Null without scores.
 * @example
 * ```ts
 * const scores = backtestForecast([1, 2, 3, 4, 9], { origins: [4], horizon: 1, season_length: 1 }, linearTrendModel);
 * backtestMeasures(scores ?? [])?.mase; // 4.000
 * ```
 */
export function backtestMeasures(scores: readonly OriginScore[]): BacktestMeasures | null {
  const total = (of: (score: OriginScore) => number) => scores.reduce((sum, score) => sum + of(score), 0);
  const n = total((score) => score.n);
  const origins = scores.length;
  const [error, squared] = [total((score) => score.absolute_error) / n, total((score) => score.squared_error) / n];
  const bias = total((score) => score.signed_error) / n;
  if (n === 0 || !Number.isFinite(error) || !Number.isFinite(bias)) return null;
  return {
    ...{ origins, n, mae: error, bias },
    wape: finiteOrNull(error * n / total((score) => score.absolute_actual)),
    mase: finiteOrNull(error / (total((score) => score.absolute_change) / origins)),
    rmsse: finiteOrNull(Math.sqrt(squared / (total((score) => score.squared_change) / origins))),
  };
}

/**
 * How many of the values that came lay inside the interval of a level, 0.5 to 0.99.
 * @example
 * ```ts
 * const scores = backtestForecast([1, 2, 3, 4, 9], { origins: [4], horizon: 1, season_length: 1 }, linearTrendModel);
 * heldWithin(scores ?? [], 0.95); // 0
 * ```
 */
export function heldWithin(scores: readonly OriginScore[], level: number): number {
  return scores.reduce((sum, { held }) => sum + held.filter((least) => least <= level).length, 0);
}
