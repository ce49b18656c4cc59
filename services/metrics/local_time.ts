import { spanAt } from "../jobs/cron/zone.ts";

const DAY_MS = 86_400_000;

/**
 * The local day of an instant, as `YYYY-MM-DD`.
 * @example
 * ```ts
 * localDay("Asia/Kolkata", Date.parse("2025-01-01T20:00:00Z")); // "2025-01-02"
 * ```
 */
export function localDay(timezone: string, at: number): string {
  return dayOf(Math.floor((at + offsetAt(timezone, at)) / DAY_MS));
}

/** Milliseconds that the wall in a zone is ahead of UTC at an instant. */
export function offsetAt(timezone: string, at: number): number {
  return timezone === "UTC" ? 0 : spanAt(timezone, at).offset;
}

/**
 * The first instant at which the wall in a zone shows a time, given in milliseconds as if the wall were in UTC.
 * A time that a clock change leaves out becomes the moment of the change and as much later, as in Postgres.
 */
export function instantOf(timezone: string, wall: number): number {
  const before = wall - offsetAt(timezone, wall - DAY_MS);
  const after = wall - offsetAt(timezone, wall + DAY_MS);
  const shown = [before, after].filter((at) => at + offsetAt(timezone, at) === wall);
  return shown.length === 0 ? before : Math.min(...shown);
}

/** The number of a day, counted from 1970-01-01. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

/** The day of a number. */
export function dayOf(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** An instant as RFC 3339 with the offset of a zone, such as `2025-03-30T00:00:00+01:00`. */
export function localInstant(timezone: string, at: number): string {
  const offset = offsetAt(timezone, at);
  const wall = new Date(at + offset).toISOString().slice(0, 19);
  if (timezone === "UTC") return `${wall}Z`;
  const minutes = Math.abs(Math.trunc(offset / 60_000));
  const two = (number: number) => String(number).padStart(2, "0");
  return `${wall}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
