import type { Window } from "../metrics/axis.ts";
import { addDays, daysBetween, yearBefore } from "../days.ts";

/** With what a period may be compared. */
export const COMPARISONS = ["previous_period", "previous_year"] as const;
export type Comparison = typeof COMPARISONS[number];

/**
 * The window to compare another with, fairly: whole calendar months (so quarters and years too) with as many calendar
 * months just before, any other window with as many days just before; for the year before, the same dates. A running
 * window is compared with as many days from the start as count of it.
 * @param through the last local day that counts of a running window: today, or one before for who leaves today out.
 *   Null, and any day outside the window, takes the window as a whole
 * @example
 * ```ts
 * const march = { start_date: "2025-03-01", end_date: "2025-03-31", timezone: "UTC" };
 * comparedWindow(march, "previous_period", "2025-06-15"); // 2025-02-01 to 2025-02-28
 * comparedWindow(march, "previous_period", "2025-03-10"); // 2025-02-01 to 2025-02-10
 * ```
 */
export function comparedWindow(window: Window, comparison: Comparison, through: string | null): Window {
  const before = comparison === "previous_year" ? aYearBefore(window) : justBefore(window);
  if (through === null || through < window.start_date || through > window.end_date) return { ...window, ...before };
  const end = addDays(before.start_date, daysBetween(window.start_date, through));
  return { ...window, ...before, end_date: end < before.end_date ? end : before.end_date };
}

type Days = Pick<Window, "start_date" | "end_date">;

function aYearBefore({ start_date, end_date }: Days): Days {
  const whole = isMonthEnd(end_date) && isMonthStart(start_date);
  const end = yearBefore(end_date);
  return { start_date: yearBefore(start_date), end_date: whole ? monthEnd(end) : end };
}

function justBefore({ start_date, end_date }: Days): Days {
  const last = addDays(start_date, -1);
  if (!isMonthStart(start_date) || !isMonthEnd(end_date)) {
    return { start_date: addDays(last, -daysBetween(start_date, end_date)), end_date: last };
  }
  const months = monthNumber(end_date) - monthNumber(start_date) + 1;
  return { start_date: monthStart(monthNumber(start_date) - months), end_date: last };
}

const isMonthStart = (day: string) => day.endsWith("-01");
const isMonthEnd = (day: string) => isMonthStart(addDays(day, 1));
const monthNumber = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
const monthStart = (number: number) =>
  `${String(Math.floor(number / 12)).padStart(4, "0")}-${String(number % 12 + 1).padStart(2, "0")}-01`;
const monthEnd = (day: string) => addDays(monthStart(monthNumber(day) + 1), -1);
