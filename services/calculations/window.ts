import { MOST_WINDOW_DAYS } from "../analytics/schema.ts";
import { type Period, trendPeriods } from "../analytics/trend.ts";
import type { Needs } from "../context.ts";
import { addDays, daysBetween } from "../days.ts";
import { invalid } from "../errors.ts";
import type { Window } from "../metrics/axis.ts";
import { localDay } from "../metrics/local_time.ts";
import { DEFAULT_DAYS, type WindowRequest } from "./request.ts";

/** The window of a calculation and the complete periods in it. */
export type CalculationWindow = Window & {
  complete: boolean;
  interval: WindowRequest["interval"];
  /** Complete periods, the oldest first. */
  periods: Period[];
  /** Periods that are not over, or that the window cuts. */
  left_out: number;
  /** Milliseconds since 1970, and the local day of it. */
  now: number;
  today: string;
};

/**
 * Settles the window of a calculation, by the database's clock.
 * @param now RFC 3339
 * @throws {DomainError} `invalid` for a window that ends before it starts, or of more than 3,660 days
 */
export function calculationWindow(ctx: Needs<"config">, asked: WindowRequest, now: string): CalculationWindow {
  const { interval, timezone = ctx.config.ORG_TIMEZONE } = asked;
  const today = localDay(timezone, Date.parse(now));
  const end_date = asked.end_date ?? addDays(today, -1);
  const start_date = asked.start_date ?? addDays(end_date, 1 - DEFAULT_DAYS[interval]);
  const days = daysBetween(start_date, end_date) + 1;
  if (days < 1) throw invalid("/end_date", "must not be before start_date");
  if (days > MOST_WINDOW_DAYS) {
    throw invalid("/start_date", `must be less than ${MOST_WINDOW_DAYS} days before end_date`);
  }
  const window = { start_date, end_date, timezone };
  const begun = trendPeriods(ctx, window, interval, Date.parse(now), MOST_WINDOW_DAYS);
  const periods = begun.filter((period) => period.complete);
  const left_out = begun.length - periods.length;
  return { ...window, complete: end_date < today, interval, periods, left_out, now: Date.parse(now), today };
}
