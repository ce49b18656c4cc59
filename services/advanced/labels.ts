import type { Calendar } from "../metrics/calendar.ts";
import { dayNumber, dayOf } from "../metrics/local_time.ts";
import type { Period } from "./periods.ts";

/** How a period is called that starts on a local day: 2025-12-24, 2025-W52, 2025-12, 2025-Q4, 2025 or 2025/26. */
export function labelOf(period: Period, start: string, { week_start, fiscal_start }: Calendar): string {
  const [year = "", month = ""] = start.split("-");
  switch (period) {
    case "day":
      return start;
    case "week":
      return week_start === "monday" ? isoWeek(start) : `week of ${start}`;
    case "month":
      return `${year}-${month}`;
    case "quarter":
      return `${year}-${quarterOf(month)}`;
    case "year":
      return fiscal_start === 1 ? year : `${year}/${String((Number(year) + 1) % 100).padStart(2, "0")}`;
  }
}

const WEEKDAYS = ["thursday", "friday", "saturday", "sunday", "monday", "tuesday", "wednesday"];
const MONTHS = [
  ...["january", "february", "march", "april", "may", "june"],
  ...["july", "august", "september", "october", "november", "december"],
];

/** How a place in the season is called, of which one period starts on a local day; and its order among the others. */
export function seasonName(period: Period, start: string): { name: string; order: number } {
  const [, month = ""] = start.split("-");
  const day = dayNumber(start);
  switch (period) {
    case "day":
      return { name: WEEKDAYS[(day % 7 + 7) % 7] ?? "", order: ((day + 3) % 7 + 7) % 7 };
    case "week": {
      const name = isoWeek(start).slice(-3);
      return { name, order: Number(name.slice(1)) };
    }
    case "month":
      return { name: MONTHS[Number(month) - 1] ?? "", order: Number(month) };
    case "quarter":
      return { name: quarterOf(month), order: Number(month) };
    case "year":
      return { name: start, order: day };
  }
}

const quarterOf = (month: string) => `Q${Math.ceil(Number(month) / 3)}`;

/** The week of ISO 8601 that most of the seven days from `start` lie in: its year is that of their Thursday. */
function isoWeek(start: string): string {
  const day = dayNumber(start) + 3;
  const thursday = day - ((day + 3) % 7 + 7) % 7 + 3;
  const year = dayOf(thursday).slice(0, 4);
  const week = Math.floor((thursday - dayNumber(`${year}-01-01`)) / 7) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}
