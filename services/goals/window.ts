import { addDays, daysBetween } from "../days.ts";
import { summary } from "../math/mod.ts";
import type { MetricKind } from "../metrics/schema.ts";
import { type BandDays, type GoalTerms, isInside, isTotal, type Measure } from "./progress.ts";
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
export function bandDays(terms: GoalTerms, days: readonly Pick<SeriesDay, "value">[]): BandDays {
  const known = days.flatMap(({ value }) => value === null ? [] : [value]);
  return { inside: known.filter((value) => isInside(terms, value)).length, days: known.length };
}

/** A series by its days: without gaps, from the first with a reading to the last. */
export type Days = { kind: MetricKind; days: readonly SeriesDay[] };

/**
 * Where a goal stands on a day by the days of its series. One to maintain stands where the latest of the days stood that
 * it is judged by. Where no day counts yet, a total is 0 and anything else at its baseline.
 */
export function measured(terms: GoalTerms & { aggregation: Aggregation }, series: Days, today: string): Measure {
  const { start_date: start, end_date, aggregation, baseline_value } = terms;
  const end = today < end_date ? today : end_date;
  if (terms.direction === "maintain") {
    const { kind, days } = dayValues(aggregation, series);
    // The running day of a flow is not over: it is not judged yet.
    const last = kind === "flow" && end === today ? addDays(today, -1) : end;
    const judged = everyDay(days, { start, end: last, carry: kind === "gauge" });
    const value = judged.findLast((day) => day.value !== null)?.value ?? baseline_value;
    return { value, band: bandDays(terms, judged) };
  }
  const days = everyDay(series.days, { start, end, carry: series.kind === "gauge" });
  return { value: windowValue(aggregation, series.kind, days) ?? (isTotal(terms) ? 0 : baseline_value), band: null };
}

/** Of each day what an aggregation is about: how many readings it has, the mean of them, or what was recorded. */
export function dayValues(aggregation: Aggregation, { kind, days }: Days): Days {
  if (aggregation === "count") return { kind: "flow", days: days.map((day) => ({ ...day, value: day.n })) };
  if (aggregation !== "avg" || kind !== "flow") return { kind, days };
  const mean = ({ value, n }: SeriesDay) => n > 0 && value !== null ? value / n : null;
  return { kind: "sample", days: days.map((day) => ({ ...day, value: mean(day) })) };
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
