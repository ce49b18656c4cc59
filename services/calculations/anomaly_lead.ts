import type { TrendInterval } from "../analytics/trend.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import { DomainError } from "../errors.ts";
import type { AnomalyDetectionRequest } from "./anomaly_schema.ts";
import { type PeriodSeries, readAligned } from "./series.ts";
import type { CalculationWindow } from "./window.ts";

/**
 * Days before the window that are read too: a year, so that what comes back every year is known to, and a little more for
 * the level at the window's begin; of months and quarters enough for a season.
 */
export const LEAD_DAYS: Record<TrendInterval, number> = { day: 380, week: 469, month: 1_096, quarter: 1_461, year: 0 };

/**
 * The values of the periods before those of a window, next to them without a gap; none where nothing is known of them,
 * or where their rows are too many to read.
 */
export async function leadIn(
  ctx: Needs<"db" | "config">,
  request: AnomalyDetectionRequest,
  { periods: [first] }: Pick<CalculationWindow, "periods">,
  one: PeriodSeries,
): Promise<(number | null)[]> {
  if (first === undefined || one.known === 0 || LEAD_DAYS[request.interval] === 0) return [];
  const before = {
    ...request,
    start_date: addDays(first.start_date, -LEAD_DAYS[request.interval]),
    end_date: addDays(first.start_date, -1),
  };
  const read = await readAligned(ctx, [{ ref: refOf(one), pointer: "/series" }], before).catch((error) => {
    if (error instanceof DomainError && error.code === "invalid") return null;
    throw error;
  });
  const values = read?.series[0]?.values ?? [];
  const begin = values.findIndex((value) => value !== null);
  return begin < 0 ? [] : values.slice(begin);
}

/** The metric that the window was read of: before it, a request without names may mean another. */
function refOf({ ref, metric_name, unit }: PeriodSeries): PeriodSeries["ref"] {
  return {
    ...ref,
    ...(metric_name === null ? {} : { metric_name }),
    ...(unit === null ? {} : { metric_unit: unit }),
  };
}
