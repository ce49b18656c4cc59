import { addDays, daysBetween } from "../days.ts";
import { invalid } from "../errors.ts";
import type { Window } from "../metrics/axis.ts";
import { localDay } from "../metrics/local_time.ts";

/** A window as it is asked for. */
export type AskedWindow = {
  start_date?: string | undefined;
  end_date?: string | undefined;
  timezone?: string | undefined;
};

/** Days of the default window. */
const DEFAULT_DAYS = 30;

/** No reading is older. */
const FIRST_DAY = "1970-01-01";

const later = (a: string, b: string) => a > b ? a : b;

/**
 * The window that an analytical answer is about. Without dates: the last 30 complete local days. Without a start: the
 * 30 days up to the end. Without an end: up to yesterday, or up to today where it starts today.
 * @param most days that it may have
 * @throws {DomainError} `invalid` for a window that ends before it starts, or is longer than `most`
 */
export function resolveWindow(
  asked: AskedWindow,
  orgTimezone: string,
  now: string,
  most = Infinity,
): Window & { complete: boolean } {
  const timezone = asked.timezone ?? orgTimezone;
  const today = localDay(timezone, Date.parse(now));
  const yesterday = addDays(today, -1);
  const end_date = asked.end_date ??
    (asked.start_date !== undefined && asked.start_date > yesterday ? later(asked.start_date, today) : yesterday);
  const start_date = asked.start_date ?? later(FIRST_DAY, addDays(end_date, 1 - DEFAULT_DAYS));
  const days = daysBetween(start_date, end_date) + 1;
  if (days < 1) throw invalid("/query/end_date", "must not be before start_date");
  if (days > most) throw invalid("/query/start_date", `must be less than ${most} days before end_date`);
  return { start_date, end_date, timezone, complete: end_date < today };
}
