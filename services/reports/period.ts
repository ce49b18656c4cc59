import { addDays, daysBetween } from "../days.ts";
import type { ReportSubject } from "./schema.ts";

/** Calendar days, both inclusive. */
export type Period = { start: string; end: string };

/**
 * The calendar period that a report is about.
 * @param today the local date in the organisation's zone, which decides what `"previous"` is
 * @throws {RangeError} for a week that its year does not have, or a range that ends before it starts
 * @example
 * ```ts
 * reportPeriod({ report_type: "monthly", parameters: { month: "2024-02" } }, "2025-12-24"); // 2024-02-01 to 2024-02-29
 * ```
 */
export function reportPeriod(asked: ReportSubject, today: string): Period {
  switch (asked.report_type) {
    case "daily": {
      const day = asked.parameters.date === "previous" ? addDays(today, -1) : asked.parameters.date;
      return { start: day, end: day };
    }
    case "weekly": {
      const monday = asked.parameters.week === "previous"
        ? addDays(mondayOf(today), -7)
        : isoWeek(asked.parameters.week);
      return { start: monday, end: addDays(monday, 6) };
    }
    case "monthly": {
      const month = asked.parameters.month === "previous"
        ? addDays(`${today.slice(0, 7)}-01`, -1).slice(0, 7)
        : asked.parameters.month;
      return { start: `${month}-01`, end: addDays(nextMonth(month), -1) };
    }
    case "annual": {
      const year = asked.parameters.year === "previous" ? Number(today.slice(0, 4)) - 1 : asked.parameters.year;
      return { start: `${year}-01-01`, end: `${year}-12-31` };
    }
    case "custom": {
      const { start_date: start, end_date: end } = asked.parameters;
      if (end < start) throw new RangeError("end_date must not be before start_date");
      return { start, end };
    }
  }
}

/** The period of the same kind just before: the calendar month before a month, else as many days. */
export function periodBefore(type: ReportSubject["report_type"], { start, end }: Period): Period {
  const last = addDays(start, -1);
  if (type === "monthly") return { start: `${last.slice(0, 7)}-01`, end: last };
  if (type === "annual") return { start: `${last.slice(0, 4)}-01-01`, end: last };
  return { start: addDays(last, -daysBetween(start, end)), end: last };
}

function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01-01` : `${year}-${String(number + 1).padStart(2, "0")}-01`;
}

function mondayOf(day: string): string {
  return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}

/** ISO 8601: week 1 is the one with 4 January in it. */
function isoWeek(week: string): string {
  const [year = "", number = ""] = week.split("-W");
  const monday = addDays(mondayOf(`${year}-01-04`), 7 * (Number(number) - 1));
  if (addDays(monday, 3).slice(0, 4) !== year) throw new RangeError(`${year} has no week ${number}`);
  return monday;
}
