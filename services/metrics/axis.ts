import { invalid } from "../errors.ts";
import { dayNumber, dayOf, instantOf, localDay, localInstant } from "./local_time.ts";

/** The calendar's periods, by which time is cut. */
export const INTERVALS = ["hour", "day", "week", "month", "quarter", "year"] as const;
export type Interval = typeof INTERVALS[number];

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

/**
 * Cuts a window wherever a period of one of the intervals begins.
 * @throws {DomainError} `invalid` for more buckets than `most`
 */
export function cutWindow(
  window: Window,
  intervals: readonly Interval[],
  orgTimezone: string,
  most = MOST_BUCKETS,
): CutWindow {
  const first = dayNumber(window.start_date);
  const end = dayNumber(window.end_date) + 1;
  const hours = intervals.includes("hour");
  if (hours && end - first > Math.ceil(most / 23)) throw tooMany(most);
  const days = new Set([first, end]);
  for (const interval of intervals) {
    if (interval === "hour") continue;
    for (let day = nextPeriod(interval, first); day < end; day = nextPeriod(interval, day)) days.add(day);
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

/** The first day of the period that a day lies in; weeks begin on Monday (ISO 8601). */
export function periodOf(interval: Exclude<Interval, "hour">, day: number): number {
  const month = dayOf(day).slice(0, 7);
  switch (interval) {
    case "day":
      return day;
    case "week":
      return day - ((day + 3) % 7 + 7) % 7; // day 0, 1970-01-01, was a Thursday
    case "month":
      return dayNumber(`${month}-01`);
    case "quarter": {
      const first = Math.floor((Number(month.slice(5)) - 1) / 3) * 3 + 1;
      return dayNumber(`${month.slice(0, 4)}-${String(first).padStart(2, "0")}-01`);
    }
    case "year":
      return dayNumber(`${month.slice(0, 4)}-01-01`);
  }
}

const LONGEST_DAYS = { day: 1, week: 7, month: 31, quarter: 92, year: 366 } as const;

/** The first day of the period after the one that a day lies in. */
export function nextPeriod(interval: Exclude<Interval, "hour">, day: number): number {
  return periodOf(interval, periodOf(interval, day) + LONGEST_DAYS[interval]);
}

/** How a period is named: by its first local day, an hour by its first instant. */
export function periodName(interval: Interval, bucket: Bucket, timezone: string): string {
  return interval === "hour" ? localInstant(timezone, bucket.start) : dayOf(periodOf(interval, bucket.day));
}

/** Whether a bucket is the whole of its period and over. */
export function isComplete(interval: Interval, bucket: Bucket, window: Window, now: number): boolean {
  if (bucket.end > now) return false;
  if (interval === "hour") return true;
  return periodOf(interval, bucket.day) >= dayNumber(window.start_date) &&
    nextPeriod(interval, bucket.day) <= dayNumber(window.end_date) + 1;
}
