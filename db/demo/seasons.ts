import { ANOMALIES, CAMPAIGNS, SEASON } from "./charity.ts";
import { type Day, dayNumber, dayNumberOf, dayOf, weekdayOf } from "./days.ts";

/** The Tuesday after the fourth Thursday of November, as a day number. */
export function givingTuesday(year: number): number {
  const first = dayNumberOf(year, 11, 1);
  const firstThursday = first + (4 - weekdayOf(first) + 7) % 7;
  return firstThursday + 21 + 5;
}

/** The campaign a single gift or an appeal of this day belongs to; `general` between campaigns. */
export function campaignOf(day: Day): string {
  const sinceTuesday = day.number - givingTuesday(day.year);
  if (sinceTuesday === 0 || sinceTuesday === 1) return "giving_tuesday";
  const monthAndDay = day.date.slice(5);
  return CAMPAIGNS.find(({ from, to }) => from <= monthAndDay && monthAndDay <= to)?.campaign ?? "general";
}

/** How strongly a day draws single gifts, relative to an ordinary weekday. */
export function seasonWeight(day: Day): number {
  const weight = (SEASON.months[day.month - 1] ?? 1) * (SEASON.weekdays[day.weekday - 1] ?? 1);
  if (day.number === givingTuesday(day.year)) return Math.max(weight, 1) * SEASON.giving_tuesday_weight;
  return day.month === 12 && day.dom >= SEASON.last_days.from_dom ? weight * SEASON.last_days.weight : weight;
}

/** A year's season as a running total of its days' weights, scaled to end at 1. */
export interface SeasonCurve {
  readonly first: number;
  readonly shares: readonly number[];
}

/** Draws up the curve of a year. */
export function seasonCurve(year: number): SeasonCurve {
  const first = dayNumberOf(year, 1, 1);
  const weights = Array.from({ length: dayNumberOf(year + 1, 1, 1) - first }, (_, i) => seasonWeight(dayOf(first + i)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let running = 0;
  return { first, shares: weights.map((weight) => (running += weight) / total) };
}

/** The day by which this share (0–1) of a year's single gifts has come in. */
export function dayAtShare(curve: SeasonCurve, share: number): number {
  const index = curve.shares.findIndex((reached) => reached >= share);
  return curve.first + (index < 0 ? curve.shares.length - 1 : index);
}

/** The share (0–1) of a year's single gifts that has come in by a day of that year. */
export function shareAt(curve: SeasonCurve, day: number): number {
  return curve.shares[day - curve.first] ?? 1;
}

/** Whether a day lies within a stretch of dates, both ends included. */
export function within(day: Day, { from, to }: { readonly from: string; readonly to: string }): boolean {
  return from <= day.date && day.date <= to;
}

/** The first day after the online payments came back. */
export const PAYMENTS_BACK = dayNumber(ANOMALIES.payment_outage.to) + 1;
