import type { CronExpression } from "./expression.ts";

/**
 * A wall time as a number: the milliseconds from 1970-01-01T00:00 on the same wall, as if that wall were in UTC.
 * It is an instant plus the zone's offset there, so it can be compared and split into days without a zone.
 */
export type WallMs = number;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** The first wall time that the expression matches, from `from` on, `from` included. */
export function nextWall(cron: CronExpression, from: WallMs): WallMs {
  const minute = Math.ceil(from / MINUTE_MS);
  const today = Math.floor(minute / DAY_MINUTES);
  let day = nextDay(cron, today);
  let earliest = day === today ? minute - today * DAY_MINUTES : 0;
  for (;;) { // at most two turns: a day that matches has at least one time
    const time = cron.times[firstAtLeast(cron.times, earliest)];
    if (time !== undefined) return (day * DAY_MINUTES + time) * MINUTE_MS;
    day = nextDay(cron, day + 1);
    earliest = 0;
  }
}

/** How many wall times in (after, until] the expression matches. */
export function countWalls(cron: CronExpression, after: WallMs, until: WallMs): number {
  const first = Math.floor(after / MINUTE_MS) + 1;
  const last = Math.floor(until / MINUTE_MS);
  if (last < first) return 0;
  const firstDay = Math.floor(first / DAY_MINUTES);
  const lastDay = Math.floor(last / DAY_MINUTES);
  let count = 0;
  for (let day = nextDay(cron, firstDay); day <= lastDay; day = nextDay(cron, day + 1)) {
    const from = day === firstDay ? firstAtLeast(cron.times, first - firstDay * DAY_MINUTES) : 0;
    const to = day === lastDay ? firstAtLeast(cron.times, last - lastDay * DAY_MINUTES + 1) : cron.times.length;
    count += to - from;
  }
  return count;
}

/** The first matching day from `day` on; days are numbered from 1970-01-01. */
function nextDay(cron: CronExpression, day: number): number {
  let { year, month, date } = civil(day);
  let first = day - date + 1;
  for (;;) { // at most 97 turns, 1896-03 to 1904-02: parseCron refuses what never comes
    const length = monthLength(year, month);
    if (cron.months.includes(month)) {
      for (; date <= length; date++) if (dayMatches(cron, date, first + date - 1)) return first + date - 1;
    }
    first += length;
    date = 1;
    year += month === 12 ? 1 : 0;
    month = month % 12 + 1;
  }
}

function dayMatches(cron: CronExpression, date: number, day: number): boolean {
  switch (cron.dayRule) {
    case "every":
      return true;
    case "month":
      return cron.daysOfMonth.includes(date);
    case "week":
      return cron.weekdays.includes(weekday(day));
    case "either":
      return cron.daysOfMonth.includes(date) || cron.weekdays.includes(weekday(day));
  }
}

/** 0 is Sunday; day 0, 1970-01-01, was a Thursday. */
function weekday(day: number): number {
  return ((day + 4) % 7 + 7) % 7;
}

function monthLength(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The Gregorian date of a day numbered from 1970-01-01 (Hinnant 2013, "Low-level date algorithms", civil_from_days). */
function civil(day: number): { year: number; month: number; date: number } {
  const shifted = day + 719_468; // days from 0000-03-01, so that a leap day is the last day of its year
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0),
    month,
    date: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

/** The index of the first value ≥ `least` in an ascending list, or its length. */
function firstAtLeast(ascending: readonly number[], least: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? Infinity) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
