import type { PeriodSeries } from "./period_series.ts";
import type { RegressionRequest } from "./regression_schema.ts";
import type { CalculationWindow } from "./window.ts";
import { periodsOf } from "./wording.ts";

/** What a regression is computed from: the periods in which all is known. */
export type RegressionRows = {
  /** First local days of the periods. */
  periods: string[];
  y: number[];
  /** One column for each term. */
  x: number[][];
  /** The regressors by name: a label and its lag, or trend. */
  terms: string[];
  /** Whether a period in between is missing. */
  gaps: boolean;
};

/** The rows of a regression: each x as many periods earlier as asked, and the number of the period as the trend. */
export function regressionRows(
  { x: asked, trend }: Pick<RegressionRequest, "x" | "trend">,
  y: PeriodSeries,
  x: readonly PeriodSeries[],
  { periods, interval }: Pick<CalculationWindow, "periods" | "interval">,
): RegressionRows {
  const lags = asked.map(({ lag }) => lag);
  const rows = periods.flatMap(({ start_date }, i) => {
    const values = [y.values[i] ?? null, ...x.map((one, j) => one.values[i - (lags[j] ?? 0)] ?? null)];
    const [own, ...others] = values.filter((value) => value !== null);
    if (own === undefined || others.length < x.length) return [];
    return [{ i, start_date, y: own, x: trend ? [...others, i + 1] : others }];
  });
  const names = x.map(({ label }, j) => {
    const lag = lags[j] ?? 0;
    return lag === 0 ? label : `${label}, ${periodsOf(lag, interval)} earlier`;
  });
  const terms = trend ? [...names, "trend"] : names;
  return {
    periods: rows.map((row) => row.start_date),
    y: rows.map((row) => row.y),
    x: terms.map((_, j) => rows.map((row) => row.x[j] ?? NaN)),
    terms,
    gaps: rows.some((row, k) => k > 0 && row.i !== (rows[k - 1]?.i ?? 0) + 1),
  };
}
