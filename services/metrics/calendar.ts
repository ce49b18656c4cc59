import { dayNumber, dayOf } from "./local_time.ts";

/** The calendar's periods, by which time is cut. */
export const INTERVALS = ["hour", "day", "week", "month", "quarter", "year"] as const;
export type Interval = typeof INTERVALS[number];

/** On which day a week may begin: Monday (ISO 8601), Sunday or Saturday. */
export const WEEK_STARTS = ["monday", "sunday", "saturday"] as const;

/** Where an organisation's weeks and years begin; quarters and months are those of the calendar. */
export type Calendar = {
  week_start: typeof WEEK_STARTS[number];
  /** The month with which a fiscal year begins, 1 to 12. */
  fiscal_start: number;
};

/** Weeks from Monday, years from January. */
export const ISO_CALENDAR: Calendar = { week_start: "monday", fiscal_start: 1 };

/** The organisation's calendar, as its settings say. */
export function calendarOf(
  config: { ORG_WEEK_START: Calendar["week_start"]; ORG_FISCAL_YEAR_START: number },
): Calendar {
  return { week_start: config.ORG_WEEK_START, fiscal_start: config.ORG_FISCAL_YEAR_START };
}

/** Days from the start of a week to 1970-01-01, a Thursday. */
const DAYS_BEFORE_EPOCH = { monday: 3, sunday: 4, saturday: 5 } as const;

/** The first day of the period that a day lies in; both as numbers from 1970-01-01. */
export function periodOf(interval: Exclude<Interval, "hour">, day: number, calendar: Calendar = ISO_CALENDAR): number {
  switch (interval) {
    case "day":
      return day;
    case "week":
      return day - ((day + DAYS_BEFORE_EPOCH[calendar.week_start]) % 7 + 7) % 7;
    case "month":
      return monthStart(day, 1, 1);
    case "quarter":
      return monthStart(day, 3, 1);
    case "year":
      return monthStart(day, 12, calendar.fiscal_start);
  }
}

/** The first day of the stretch of so many months that a day lies in; one of them begins with the month `first`. */
function monthStart(day: number, months: number, first: number): number {
  const [year = 0, month = 1] = dayOf(day).split("-").map(Number);
  const back = (month - first + 12) % months;
  const start = year * 12 + month - 1 - back;
  return dayNumber(`${Math.floor(start / 12)}-${String(start % 12 + 1).padStart(2, "0")}-01`);
}

const LONGEST_DAYS = { day: 1, week: 7, month: 31, quarter: 92, year: 366 } as const;

/** The first day of the period after the one that a day lies in. */
export function nextPeriod(
  interval: Exclude<Interval, "hour">,
  day: number,
  calendar: Calendar = ISO_CALENDAR,
): number {
  return periodOf(interval, periodOf(interval, day, calendar) + LONGEST_DAYS[interval], calendar);
}
