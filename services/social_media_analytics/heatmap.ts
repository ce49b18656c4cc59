import type { SlotSum, ZoneSpan } from "../../db/social_media_analytics.ts";
import { addDays, daysBetween } from "../days.ts";
import { spanAt } from "../jobs/cron/zone.ts";
import type { Window } from "../metrics/axis.ts";
import { dayNumber, instantOf } from "../metrics/local_time.ts";
import type { SocialEngagement } from "./schema.ts";

type Weekday = SocialEngagement["heatmap"][number];

const DAY_MS = 86_400_000;
const HOUR_S = 3_600;

/** Groups of the sums of a heatmap. */
export const SLOT_GROUPS = { engagements: 0, posts: 1 } as const;

/** The stretches of a window in which its zone keeps one offset. */
export function zoneSpans({ start_date, end_date, timezone }: Window): ZoneSpan[] {
  const at = (day: string) => instantOf(timezone, dayNumber(day) * DAY_MS);
  const until = at(addDays(end_date, 1));
  const utc = (instant: number) => new Date(instant).toISOString().slice(0, -1);
  const spans: ZoneSpan[] = [];
  for (let from = at(start_date); from < until;) {
    const { end, offset } = spanAt(timezone, from);
    const to = Math.min(end, until);
    spans.push({ start: utc(from), end: utc(to), offset_s: offset / 1_000 });
    from = to;
  }
  return spans;
}

/** Whether roll-ups of the hours of UTC fall into single local hours. */
export function wholeHours(spans: readonly ZoneSpan[]): boolean {
  return spans.every(({ offset_s }) => offset_s % HOUR_S === 0);
}

/** How many days of a window there are of each weekday, from Monday on. */
export function weekdayCounts(start_date: string, end_date: string): number[] {
  const counts = Array.from({ length: 7 }, () => 0);
  const length = daysBetween(start_date, end_date) + 1;
  const first = (dayNumber(start_date) + 3) % 7; // 1970-01-01 was a Thursday
  for (let i = 0; i < Math.min(length, 7); i++) {
    counts[(first + i) % 7] = Math.floor((length - i - 1) / 7) + 1;
  }
  return counts;
}

/** A week of hours; none without any engagement. @param days of each weekday from Monday on */
export function heatmapOf(sums: readonly SlotSum[], days: readonly number[]): Weekday[] {
  if (!sums.some((one) => one.g === SLOT_GROUPS.engagements && one.sum > 0)) return [];
  const hoursOf = (g: number, weekday: number) => {
    const hours = Array.from({ length: 24 }, () => 0);
    for (const one of sums) if (one.g === g && one.weekday === weekday) hours[one.hour] = one.sum;
    return hours;
  };
  return days.map((count, i) => ({
    weekday: i + 1,
    days: count,
    engagements: hoursOf(SLOT_GROUPS.engagements, i + 1),
    posts: hoursOf(SLOT_GROUPS.posts, i + 1),
  }));
}

/** Whether all engagements of several weekdays stand in one hour: then readings tell days, not hours. */
export function oneHourOnly(heatmap: readonly Weekday[]): boolean {
  const busy = heatmap.filter(({ engagements }) => engagements.some((sum) => sum > 0));
  const hours = new Set(busy.flatMap(({ engagements }) => engagements.flatMap((sum, hour) => sum > 0 ? [hour] : [])));
  return busy.length > 1 && hours.size === 1;
}

/** The hour of the week with the most engagements per day, the earliest of equals; null where the hours say nothing. */
export function bestSlot(heatmap: readonly Weekday[]): SocialEngagement["best_slot"] {
  if (oneHourOnly(heatmap)) return null;
  const slots = heatmap.flatMap(({ weekday, days, engagements }) =>
    engagements.flatMap((sum, hour) =>
      sum > 0 && days > 0 ? [{ weekday, hour, engagements: sum, per_day: sum / days }] : []
    )
  );
  return slots.reduce<SocialEngagement["best_slot"]>(
    (best, slot) => best === null || slot.per_day > best.per_day ? slot : best,
    null,
  );
}
