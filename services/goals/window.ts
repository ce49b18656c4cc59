import { addDays, daysBetween } from "../days.ts";
import { summary } from "../math/mod.ts";
import type { MetricKind } from "../metrics/schema.ts";
import type { BandDays, GoalTerms } from "./progress.ts";
import type { Aggregation } from "./schema.ts";

/** A local day of a series: its value, null where nothing was recorded, and how many readings it is made of. */
export type SeriesDay = { date: string; value: number | null; n: number };

/**
 * What the days of a window amount to, or null where they hold no reading.
 * sum and count add up; last is the latest day with readings; avg is the mean reading of a flow or sample and the mean
 * level of a gauge, whose level stays until the next reading.
 */
export function windowValue(aggregation: Aggregation, kind: MetricKind, days: readonly SeriesDay[]): number | null {
  const known = days.filter((day): day is SeriesDay & { value: number } => day.value !== null);
  switch (aggregation) {
    case "sum":
      return summary(known.map((day) => day.value)).sum;
    case "count":
      return summary(days.map((day) => day.n)).sum;
    case "last":
      return known.findLast((day) => kind === "gauge" || day.n > 0)?.value ?? null;
    case "avg": {
      if (kind === "gauge") return summary(known.map((day) => day.value)).mean;
      const readings = summary(known.map((day) => day.n)).sum ?? 0;
      const total = summary(known.map((day) => kind === "flow" ? day.value : day.value * day.n)).sum;
      return readings > 0 && total !== null ? total / readings : null;
    }
  }
}

/** How many known days lay inside the band between baseline and target, both included. */
export function bandDays(
  { baseline_value, target_value }: GoalTerms,
  days: readonly Pick<SeriesDay, "value">[],
): BandDays {
  const [low, high] = [Math.min(baseline_value, target_value), Math.max(baseline_value, target_value)];
  const known = days.flatMap(({ value }) => value === null ? [] : [value]);
  return { inside: known.filter((value) => value >= low && value <= high).length, days: known.length };
}

/** One entry for each day from `start` to `end`; with `carry`, a level stays until the next reading. */
export function everyDay(
  days: readonly SeriesDay[],
  { start, end, carry }: { start: string; end: string; carry: boolean },
): SeriesDay[] {
  const byDate = new Map(days.map((day) => [day.date, day]));
  let level = carry ? days.findLast((day) => day.date < start && day.value !== null)?.value ?? null : null;
  return Array.from({ length: Math.max(0, daysBetween(start, end) + 1) }, (_, i) => {
    const date = addDays(start, i);
    const day = byDate.get(date) ?? { date, value: null, n: 0 };
    if (!carry) return day;
    level = day.value ?? level;
    return { ...day, value: level };
  });
}

/**
 * The share of a window's total that had been booked before a day, from 0 to 1; null where the total is not positive or
 * a day is negative, so that a share means nothing.
 */
export function shareBooked(days: readonly { date: string; value: number }[], before: string): number | null {
  const total = summary(days.map((day) => day.value)).sum;
  const booked = summary(days.filter((day) => day.date < before).map((day) => day.value)).sum;
  if (total === null || booked === null || !(total > 0) || days.some((day) => day.value < 0)) return null;
  return Math.min(1, booked / total);
}
