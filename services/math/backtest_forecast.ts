import type { ForecastModel } from "./forecast_models.ts";

/** How a model did after one origin: sums over the steps, to be pooled before anything is divided. */
export type OriginScore = {
  /** How many values were its history. */
  at: number;
  /** Steps compared. */
  n: number;
  absolute_error: number;
  squared_error: number;
  /** Σ(forecast − actual). */
  signed_error: number;
  absolute_actual: number;
  /** Mean |change| and mean squared change over a season in the history: the error of "as a season ago". */
  absolute_change: number;
  squared_change: number;
  /** For each step, the least level whose interval held what came, 0 to 1. */
  held: number[];
};

/** Where to test, and over which lag a history's changes are taken (1 where it has not two seasons). */
export type BacktestQuestion = { origins: readonly number[]; horizon: number; season_length: number };

/**
 * Fits a model to the values before each origin, and compares it with what came next (Tashman 2000). The scores hold for
 * every level of confidence. Null where a history cannot be fitted, for no origins, and where a sum is not finite.
 * @example
 * ```ts
 * const scores = backtestForecast([1, 2, 3, 4, 9], { origins: [4], horizon: 1, season_length: 1 }, linearTrendModel);
 * scores?.[0]?.absolute_error; // 4
 * ```
 */
export function backtestForecast(
  values: readonly number[],
  { origins, horizon, season_length }: BacktestQuestion,
  model: ForecastModel,
): OriginScore[] | null {
  const scores: OriginScore[] = [];
  for (const at of origins) {
    const history = values.slice(0, at);
    const actuals = values.slice(at, at + horizon);
    const foretold = model(history, horizon);
    if (foretold === null || actuals.length === 0) return null;
    const errors = actuals.map((actual, step) => (foretold.mean[step] ?? NaN) - actual);
    const changes = changesOf(history, season_length);
    scores.push({
      ...{ at, n: actuals.length },
      absolute_error: sum(errors.map(Math.abs)),
      squared_error: sum(errors.map((error) => error * error)),
      signed_error: sum(errors),
      absolute_actual: sum(actuals.map(Math.abs)),
      absolute_change: sum(changes.map(Math.abs)) / Math.max(1, changes.length),
      squared_change: sum(changes.map((change) => change * change)) / Math.max(1, changes.length),
      held: actuals.map((actual, step) =>
        isRounding(errors[step] ?? NaN, actual) ? 0 : upward(foretold.held(step, actual))
      ),
    });
  }
  return scores.length > 0 && scores.every(isFinite) ? scores : null;
}

/** A series without noise has an interval without width: equal to within rounding is inside. */
const isRounding = (error: number, actual: number) => Math.abs(error) <= 1e-9 * Math.abs(actual);

/** Four digits are enough, and a value is not called held at a level where it is not. */
const upward = (level: number) => Math.ceil(level * 10_000) / 10_000;

function changesOf(history: readonly number[], season_length: number): number[] {
  const lag = history.length >= 2 * season_length ? season_length : 1;
  return history.slice(lag).map((value, i) => value - (history[i] ?? NaN));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const isFinite = ({ held, ...sums }: OriginScore) => [...held, ...Object.values(sums)].every(Number.isFinite);
