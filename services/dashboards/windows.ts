import { addDays, yearBefore } from "../days.ts";
import type { Window } from "../metrics/axis.ts";
import { type Calendar, type Interval, ISO_CALENDAR, nextPeriod, periodOf } from "../metrics/calendar.ts";
import { dayNumber, dayOf } from "../metrics/local_time.ts";

/** Windows that move with the calendar. */
export const RELATIVE_WINDOWS = [
  ...["last_7_days", "last_30_days", "last_90_days", "last_12_months"] as const,
  ...["this_month", "last_month", "this_quarter", "this_year", "last_year"] as const,
] as const;
export type RelativeWindow = typeof RELATIVE_WINDOWS[number];

/** What a widget without a window is about. */
export const DEFAULT_WINDOW: RelativeWindow = "last_30_days";

type Days = Pick<Window, "start_date" | "end_date">;
type Period = Exclude<Interval, "hour">;

/**
 * The days of a relative window, both inclusive. `last_` windows are over: as many days before today, or the calendar
 * periods before the running one. `this_` windows are the whole running period, also what of it is still to come.
 * @param today the local day in the widget's zone
 * @param calendar where weeks and fiscal years begin
 * @example
 * ```ts
 * relativeWindow("last_7_days", "2025-12-24"); // 2025-12-17 to 2025-12-23
 * relativeWindow("last_12_months", "2025-12-24"); // 2024-12-01 to 2025-11-30
 * ```
 */
export function relativeWindow(word: RelativeWindow, today: string, calendar: Calendar = ISO_CALENDAR): Days {
  const around = (period: Period, day = today): Days => {
    const number = dayNumber(day);
    const end = nextPeriod(period, number, calendar) - 1;
    return { start_date: dayOf(periodOf(period, number, calendar)), end_date: dayOf(end) };
  };
  const before = (period: Period) => around(period, addDays(around(period).start_date, -1));
  switch (word) {
    case "last_7_days":
      return lastDays(7, today);
    case "last_30_days":
      return lastDays(30, today);
    case "last_90_days":
      return lastDays(90, today);
    case "last_12_months": {
      const { start_date } = around("month");
      return { start_date: yearBefore(start_date), end_date: addDays(start_date, -1) };
    }
    case "this_month":
      return around("month");
    case "last_month":
      return before("month");
    case "this_quarter":
      return around("quarter");
    case "this_year":
      return around("year");
    case "last_year":
      return before("year");
  }
}

const lastDays = (days: number, today: string): Days => ({
  start_date: addDays(today, -days),
  end_date: addDays(today, -1),
});
