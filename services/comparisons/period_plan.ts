import { comparedWindow } from "../analytics/comparison.ts";
import type { Needs } from "../context.ts";
import { addDays, daysBetween } from "../days.ts";
import { invalid } from "../errors.ts";
import type { Window } from "../metrics/axis.ts";
import { calendarOf, nextPeriod, periodOf } from "../metrics/calendar.ts";
import { dayNumber, dayOf } from "../metrics/local_time.ts";
import type { Days } from "./observed.ts";
import { daysText } from "./period_labels.ts";
import { type CalendarPeriod, type ComparisonRequest, MOST_CALENDAR_PERIODS } from "./schema.ts";

/** A period that is to be compared: its days that are read, and those that it has in all. */
export type Period = { key: string; label: string; window: Days; full: Days };

/**
 * The periods of a request, in the order of time or as they were named.
 * @param window of the request; named periods have their own
 * @param at today, and the last day that counts: a running window is compared with as many days as it has had
 * @throws {DomainError} `invalid` for periods that end before they start or are the same, and for too many
 */
export function periodsOf(
  ctx: Needs<"config">,
  request: Pick<ComparisonRequest, "periods" | "compare" | "period">,
  window: Window,
  { through, today }: { through: string; today: string },
): Period[] {
  const { periods, compare, period } = request;
  if (periods !== undefined) return named(periods);
  if (compare !== undefined) {
    // Where its last day counts, the window is over: here a day that is running never counts.
    const before = comparedWindow(window, compare, through < window.end_date ? through : null);
    return [daysAsPeriod(before), daysAsPeriod(daysOver(window, today), window)];
  }
  return period === undefined ? [] : calendarPeriods(ctx, window, period);
}

/** The days from the first of some periods to the last. */
export function hull(periods: readonly Days[]): Days {
  const starts = periods.map((one) => one.start_date).sort();
  const ends = periods.map((one) => one.end_date).sort();
  return { start_date: starts[0] ?? "", end_date: ends.at(-1) ?? "" };
}

function named(periods: NonNullable<ComparisonRequest["periods"]>): Period[] {
  const seen = { days: new Set<string>(), labels: new Set<string>() };
  return periods.map(({ label, ...days }, i) => {
    if (days.end_date < days.start_date) throw invalid(`/periods/${i}/end_date`, "must not be before start_date");
    const period = daysAsPeriod(days);
    if (seen.days.has(period.key)) throw invalid(`/periods/${i}`, "has the days of an earlier one");
    if (seen.labels.has(label ?? period.label)) throw invalid(`/periods/${i}/label`, "is that of an earlier one");
    seen.days.add(period.key);
    seen.labels.add(label ?? period.label);
    return { ...period, label: label ?? period.label };
  });
}

/** A period that is called by its days, those of it that are compared. */
function daysAsPeriod({ start_date, end_date }: Days, full?: Days): Period {
  const days = { start_date, end_date };
  return { key: `${start_date}/${end_date}`, label: daysText(days), window: days, full: full ?? days };
}

function calendarPeriods({ config }: Needs<"config">, window: Window, period: CalendarPeriod): Period[] {
  const calendar = calendarOf(config);
  const end = dayNumber(window.end_date);
  const found: Period[] = [];
  for (let day = dayNumber(window.start_date); day <= end; day = nextPeriod(period, day, calendar)) {
    const full = {
      start_date: dayOf(periodOf(period, day, calendar)),
      end_date: dayOf(nextPeriod(period, day, calendar) - 1),
    };
    const own = {
      start_date: dayOf(day),
      end_date: full.end_date < window.end_date ? full.end_date : window.end_date,
    };
    const label = period === "week" ? `week of ${full.start_date}` : daysText(full);
    found.push({ key: full.start_date, label, window: own, full });
    if (found.length > MOST_CALENDAR_PERIODS) {
      const most = `at most ${MOST_CALENDAR_PERIODS} are compared: shorten the window`;
      throw invalid("/period", `cuts the window into more than that many periods; ${most} or take longer ones`);
    }
  }
  return found;
}

/** The default window of calendar periods: so many whole ones, and the running one up to yesterday. */
export function defaultStart(
  { config }: Needs<"config">,
  period: CalendarPeriod,
  count: number,
  end_date: string,
): string {
  const calendar = calendarOf(config);
  let day = periodOf(period, dayNumber(end_date), calendar);
  const whole = dayOf(nextPeriod(period, day, calendar) - 1) === end_date;
  for (let back = whole ? 1 : 0; back < count; back++) day = periodOf(period, day - 1, calendar);
  return dayOf(day);
}

/**
 * As many days of the period before as an unfinished one has had up to a day; null for one that is cut at its start.
 */
export function daysBefore({ window, full }: Period, through: string, timezone: string): Days | null {
  const last = through < window.end_date ? through : window.end_date;
  if (window.start_date !== full.start_date || last < full.start_date) return null;
  const { start_date, end_date } = comparedWindow({ ...full, timezone }, "previous_period", last);
  return { start_date, end_date };
}

/** The days of a window that are over, which are compared; the whole of one in which none is. */
export function daysOver<Window extends Days>(window: Window, today: string): Window {
  const running = window.start_date < today && window.end_date >= today;
  return running ? { ...window, end_date: addDays(today, -1) } : window;
}

/** Days up to another, both counted; 0 where it lies before. */
export const daysUpTo = ({ start_date, end_date }: Days, through: string) =>
  Math.max(0, daysBetween(start_date, through < end_date ? through : end_date) + 1);
