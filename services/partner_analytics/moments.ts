import type { Moment } from "../../db/partner_standing.ts";
import { comparedWindow } from "../analytics/comparison.ts";
import { addDays, daysBetween, yearBefore } from "../days.ts";
import type { Window } from "../metrics/axis.ts";

/**
 * The moments of a period and of the one before it: their days, those that each is compared with, and the two times 12
 * calendar months that end with it. A running period ends today, and the earlier ones have as many days.
 */
export function momentsOf(
  { window, before, as_of }: { window: Window; before: Window; as_of: string },
): [Moment, Moment] {
  const whole = comparedWindow(window, "previous_period", null);
  const earlier = comparedWindow(whole, "previous_period", null);
  const running = as_of < window.end_date;
  const end = running ? addDays(earlier.start_date, daysBetween(window.start_date, as_of)) : earlier.end_date;
  const earlierEnd = end < earlier.end_date ? end : earlier.end_date;
  return [
    moment({ ...window, end_date: as_of }, before),
    moment(before, { ...earlier, end_date: earlierEnd }),
  ];
}

function moment({ start_date, end_date }: Window, before: Window): Moment {
  const { year_start, last_year_start } = yearsTo(end_date);
  return {
    ...{ start_date, end_date, before_start: before.start_date, before_end: before.end_date },
    ...{ year_start, last_year_start },
  };
}

/**
 * Where the 12 calendar months to a day begin, and the 12 before those.
 * @example
 * ```ts
 * yearsTo("2025-02-28"); // { year_start: "2024-03-01", last_year_start: "2023-03-01" }
 * ```
 */
export function yearsTo(end_date: string): Pick<Moment, "year_start" | "last_year_start"> {
  const year_start = yearBefore(addDays(end_date, 1));
  return { year_start, last_year_start: yearBefore(year_start) };
}
