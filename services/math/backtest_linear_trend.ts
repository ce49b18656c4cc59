import { sum } from "simple-statistics";
import { finiteOrNull } from "./finite_or_null.ts";
import { linearTrend, type TrendPoint, type TrendQuestion } from "./linear_trend.ts";
import { rollingOrigins } from "./rolling_origins.ts";

/** How the model would have done, measured on values it had not seen. */
export type Backtest = {
  /** How many times the model was fitted to the history before an origin. */
  origins: number;
  /** Steps ahead of each origin. */
  horizon: number;
  /** Σ|error| / Σ|actual|; null where the actuals are all 0. */
  wape: number | null;
  /** Mean |error| over the mean |change| from one step to the next in the histories; null where nothing changes. */
  mase: number | null;
  /** Share of the actuals inside the interval; to be compared with the level. */
  coverage: number | null;
  /** Values predicted, origins × horizon. */
  n: number;
};

/**
 * Refits the linear trend before each rolling origin and compares it with what came next.
 *
 * MASE is Hyndman & Koehler's (2006) with naive-1 scaling; the errors and the scales are pooled over the origins
 * before the division, so that a flat beginning does not divide by zero. Null where no origin can be fitted.
 */
export function backtestLinearTrend(values: readonly number[], question: TrendQuestion): Backtest | null {
  const { origins, horizon } = rollingOrigins(values.length, question.horizon);
  const scored: Scored[] = [];
  const scales: number[] = [];
  for (const origin of origins) {
    const history = values.slice(0, origin);
    const trend = linearTrend(history, { ...question, horizon });
    if (trend === null) return null;
    scored.push(...trend.points.map((point, i) => score(point, values[origin + i] ?? NaN)));
    scales.push(naiveError(history));
  }
  const n = scored.length;
  if (n === 0) return null;
  const error = sum(scored.map((point) => point.error));
  return {
    origins: origins.length,
    horizon,
    wape: ratio(error, sum(scored.map((point) => point.size))),
    mase: ratio(error / n, sum(scales) / origins.length),
    coverage: scored.filter((point) => point.held === "inside").length / n,
    n,
  };
}

type Scored = { error: number; size: number; held: "inside" | "outside" };

function score({ mean, lower, upper }: TrendPoint, actual: number): Scored {
  // A series without noise has an interval without width: equal to within rounding counts as inside.
  const rounding = 4 * Number.EPSILON * Math.abs(actual);
  const held = actual >= lower - rounding && actual <= upper + rounding ? "inside" : "outside";
  return { error: Math.abs(actual - mean), size: Math.abs(actual), held };
}

/** Mean absolute change from one value to the next: the error of "tomorrow is as today". */
function naiveError(history: readonly number[]): number {
  const changes: number[] = [];
  for (let i = 1; i < history.length; i++) changes.push(Math.abs((history[i] ?? NaN) - (history[i - 1] ?? NaN)));
  return sum(changes) / changes.length;
}

function ratio(above: number, below: number): number | null {
  return finiteOrNull(above / below);
}
