import { addDays } from "../days.ts";
import type { Comparison } from "../analytics/comparison.ts";
import type { CutWindow, Window } from "./axis.ts";
import { type Calendar, type Interval, periodOf } from "./calendar.ts";
import { dayOf, localInstant } from "./local_time.ts";

/**
 * Whether the days of two compared windows match by month and day of the month, as those of whole months do and those of
 * a year before; else by how far they are into their windows.
 */
export function matchesByMonth({ start_date, end_date }: Window, comparison: Comparison): boolean {
  return comparison === "previous_year" || (start_date.endsWith("-01") && addDays(end_date, 1).endsWith("-01"));
}

/**
 * Where each bucket of a window stands in it, as a text that the bucket at the same place of another window shares: the
 * third month, the fifth day, 02:00 of the first day. So neither a leap day, nor a short month, nor a clock change moves
 * what comes after it.
 * @param intervals by which the window was cut; hours and days say where they stand, whatever else was cut
 */
export function placesOf(
  cut: CutWindow,
  intervals: readonly Interval[],
  { timezone, byMonth, calendar }: { timezone: string; byMonth: boolean; calendar: Calendar },
): string[] {
  const placeOfDay = byMonth ? dayInMonth(cut) : (day: number) => String(day - (cut.buckets[0]?.day ?? day));
  if (intervals.includes("hour")) return hours(cut, timezone, placeOfDay);
  if (intervals.includes("day")) return cut.buckets.map((bucket) => placeOfDay(bucket.day));
  const finest = (["month", "quarter", "year"] as const).find((one) => intervals.includes(one));
  const counted = [intervals.includes("week") ? "week" as const : [], finest ?? []].flat();
  const counters = counted.map((interval) => {
    const seen = new Map<number, number>();
    return (day: number) => placeAmong(seen, periodOf(interval, day, calendar));
  });
  return cut.buckets.map((bucket) => counters.map((count) => count(bucket.day)).join(" "));
}

/** How many other periods came before this one. */
function placeAmong(seen: Map<number, number>, period: number): number {
  const place = seen.get(period) ?? seen.size;
  seen.set(period, place);
  return place;
}

function dayInMonth(cut: CutWindow): (day: number) => string {
  const monthOf = (day: number) => Number(dayOf(day).slice(0, 4)) * 12 + Number(dayOf(day).slice(5, 7));
  const first = monthOf(cut.buckets[0]?.day ?? 0);
  return (day) => `${monthOf(day) - first}-${dayOf(day).slice(8)}`;
}

/** Hours by what the wall shows; the second of two that show the same says so. */
function hours(cut: CutWindow, timezone: string, placeOfDay: (day: number) => string): string[] {
  const seen = new Set<string>();
  return cut.buckets.map((bucket) => {
    const shown = `${placeOfDay(bucket.day)} ${localInstant(timezone, bucket.start).slice(11, 19)}`;
    const place = seen.has(shown) ? `${shown} again` : shown;
    seen.add(place);
    return place;
  });
}
