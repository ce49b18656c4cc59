import { invalid } from "../errors.ts";
import { type Calendar, type Interval, ISO_CALENDAR, nextPeriod, periodOf } from "./calendar.ts";
import { dayNumber, dayOf, instantOf, localDay, localInstant } from "./local_time.ts";

export { type Interval, INTERVALS, nextPeriod, periodOf } from "./calendar.ts";

/** Local days, both inclusive, in a zone. */
export type Window = { start_date: string; end_date: string; timezone: string };

/** A stretch of time that lies within one period of each interval. */
export type Bucket = {
  /** Milliseconds since 1970; the end is exclusive. */
  start: number;
  end: number;
  /** The local day on which it starts, as a number from 1970-01-01. */
  day: number;
};

/**
 * A window cut into buckets. Its `cuts` are local days where the readings' own dates decide (the organisation's zone and
 * no hours), else instants in UTC without their zone; one more than there are buckets.
 */
export type CutWindow = { by: "date" | "time"; cuts: string[]; buckets: Bucket[]; whole_hours: boolean };

/** Points of one series, or periods of one statistic. */
export const MOST_BUCKETS = 5_000;
const HOUR_MS = 3_600_000;

/** How a window is cut: by which calendar, into how many buckets at most. */
export type CutOptions = { calendar?: Calendar; most?: number };

/**
 * Cuts a window wherever a period of one of the intervals begins.
 * @throws {DomainError} `invalid` for more buckets than `most`
 */
export function cutWindow(
  window: Window,
  intervals: readonly Interval[],
  orgTimezone: string,
  { calendar = ISO_CALENDAR, most = MOST_BUCKETS }: CutOptions = {},
): CutWindow {
  const first = dayNumber(window.start_date);
  const end = dayNumber(window.end_date) + 1;
  const hours = intervals.includes("hour");
  if (hours && end - first > Math.ceil(most / 23)) throw tooMany(most);
  const days = new Set([first, end]);
  for (const interval of intervals) {
    if (interval === "hour") continue;
    const next = (day: number) => nextPeriod(interval, day, calendar);
    for (let day = next(first); day < end; day = next(day)) days.add(day);
  }
  if (days.size - 1 > most) throw tooMany(most);
  if (window.timezone === orgTimezone && !hours) return byDate([...days].sort((a, b) => a - b), orgTimezone);
  const cut = byTime(days, hours, window.timezone);
  if (cut.buckets.length > most) throw tooMany(most);
  return cut;
}

function tooMany(most: number) {
  return invalid(
    "/query/start_date",
    `the window has more than ${most} periods; shorten it or widen the interval`,
  );
}

function byDate(days: number[], timezone: string): CutWindow {
  const at = (day: number) => instantOf(timezone, day * 24 * HOUR_MS);
  const buckets = days.slice(0, -1).map((day, i) => ({ day, start: at(day), end: at(days[i + 1] ?? day) }));
  return { by: "date", cuts: days.map(dayOf), buckets, whole_hours: true };
}

function byTime(days: ReadonlySet<number>, hours: boolean, timezone: string): CutWindow {
  const instants = new Set([...days].map((day) => instantOf(timezone, day * 24 * HOUR_MS)));
  if (hours) {
    const end = Math.max(...instants);
    for (let at = Math.min(...instants); at < end; at = nextHour(timezone, at)) instants.add(at);
  }
  const cuts = [...instants].sort((a, b) => a - b);
  const buckets = cuts.slice(0, -1).map((start, i) => ({
    start,
    end: cuts[i + 1] ?? start,
    day: dayNumber(localDay(timezone, start)),
  }));
  return {
    by: "time",
    cuts: cuts.map((at) => new Date(at).toISOString().slice(0, -1)),
    buckets,
    whole_hours: cuts.every((at) => at % HOUR_MS === 0),
  };
}

/** The next instant at which the wall shows a full hour. */
function nextHour(timezone: string, at: number): number {
  const wall = Date.parse(`${localInstant(timezone, at).slice(0, 19)}Z`);
  return at + HOUR_MS - wall % HOUR_MS;
}

/** How a period is named: by its first local day, an hour by its first instant. */
export function periodName(
  interval: Interval,
  bucket: Bucket,
  timezone: string,
  calendar: Calendar = ISO_CALENDAR,
): string {
  return interval === "hour" ? localInstant(timezone, bucket.start) : dayOf(periodOf(interval, bucket.day, calendar));
}

/** Whether a bucket is the whole of its period and over. */
export function isComplete(
  interval: Interval,
  bucket: Bucket,
  window: Window,
  now: number,
  calendar: Calendar = ISO_CALENDAR,
): boolean {
  if (bucket.end > now) return false;
  if (interval === "hour") return true;
  return periodOf(interval, bucket.day, calendar) >= dayNumber(window.start_date) &&
    nextPeriod(interval, bucket.day, calendar) <= dayNumber(window.end_date) + 1;
}
