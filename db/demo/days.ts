import { PARTNERS, STORY } from "./charity.ts";

/** One calendar day in UTC, taken apart once so that no generator parses dates again. */
export interface Day {
  /** Days since 1970-01-01. */
  readonly number: number;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  /** Day of the month, 1–31. */
  readonly dom: number;
  /** ISO weekday, Monday 1 … Sunday 7. */
  readonly weekday: number;
}

/** Days since 1970-01-01 of a civil date (Howard Hinnant, "chrono-compatible low-level date algorithms", 2013). */
export function dayNumberOf(year: number, month: number, dom: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dom - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear -
    719_468;
}

/** The calendar day of a day number: the inverse of {@link dayNumberOf}. */
export function dayOf(number: number): Day {
  const z = number + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const dom = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted + (shifted < 10 ? 3 : -9);
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const date = `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(dom)}`;
  return { number, date, year, month, dom, weekday: weekdayOf(number) };
}

/**
 * The day number of a date written YYYY-MM-DD.
 * @throws {RangeError} when the text is no such date, or one that no calendar has.
 */
export function dayNumber(date: string): number {
  const [, year, month, dom] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? [];
  const number = dayNumberOf(Number(year), Number(month), Number(dom));
  if (!Number.isFinite(number) || dayOf(number).date !== date) {
    throw new RangeError(`"${date}" is not a calendar date written YYYY-MM-DD`);
  }
  return number;
}

/** The ISO weekday of a day number, Monday 1 … Sunday 7. */
export function weekdayOf(number: number): number {
  return ((number + 3) % 7 + 7) % 7 + 1;
}

/** The RFC 3339 instant of a date and a second of that day in UTC (0–86,399; anything beyond is clamped). */
export function instant(date: string, second: number): string {
  const s = Math.max(0, Math.min(86_399, Math.floor(second)));
  return `${date}T${twoDigits(Math.floor(s / 3_600))}:${twoDigits(Math.floor(s / 60) % 60)}:${twoDigits(s % 60)}Z`;
}

/** The first day of the charity, as a day number. */
export const FOUNDED = dayNumber(PARTNERS.founded);
/** The first day of its records, as a day number. */
export const START = dayNumber(STORY.start);

/** Years of 365.25 days since the records begin; negative before. */
export function yearsSinceStart(day: Day): number {
  return (day.number - START) / 365.25;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
