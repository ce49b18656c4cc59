import { addDays } from "../days.ts";
import type { Days } from "./observed.ts";

const MONTHS = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

/**
 * What a stretch of days is called: a calendar month, quarter or year by its name, any other by its dates.
 * @example
 * ```ts
 * daysText({ start_date: "2025-10-01", end_date: "2025-12-31" }); // "Q4 2025"
 * ```
 */
export function daysText({ start_date, end_date }: Days): string {
  if (start_date === end_date) return start_date;
  const dates = `${start_date} to ${end_date}`;
  const after = addDays(end_date, 1);
  if (!start_date.endsWith("-01") || !after.endsWith("-01")) return dates;
  const [year = 0, month = 1] = start_date.split("-").map(Number);
  const [endYear = 0, endMonth = 1] = after.split("-").map(Number);
  const months = (endYear - year) * 12 + endMonth - month;
  if (months === 1) return `${MONTHS[month - 1]} ${year}`;
  if (months === 3 && month % 3 === 1) return `Q${(month + 2) / 3} ${year}`;
  return months === 12 && month === 1 ? String(year) : dates;
}
