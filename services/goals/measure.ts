import { manualDays } from "../../db/goal_readings.ts";
import type { GoalFields } from "../../db/goals.ts";
import type { Needs } from "../context.ts";
import { addDays, yearBefore } from "../days.ts";
import { type DailySeries, dailySeries, type SeriesQuery } from "../metrics/mod.ts";
import { isTotal, type Measure } from "./progress.ts";
import { inItsUnit } from "./units.ts";
import { bandDays, everyDay, measured, type SeriesDay, shareBooked } from "./window.ts";

/** What a goal's value is read for, with the date of today in its zone. */
export type Measured = GoalFields & { id: string; current_value: number; today: string };

/** A measure, and what may be said about where it comes from. */
export type Reading = Measure & { data_through: string | null; warnings: string[]; empty: boolean };

/** Reads a series, or hands out what another goal of the batch has read. */
export type ReadSeries = (query: SeriesQuery) => Promise<DailySeries>;

/** Reads each series and window once, however many goals share it. */
export function sharedSeries(ctx: Needs<"db" | "config">): ReadSeries {
  const reads = new Map<string, Promise<DailySeries>>();
  return (query) => {
    const key = JSON.stringify(query);
    const held = reads.get(key) ?? dailySeries(ctx, query);
    reads.set(key, held);
    return held;
  };
}

/** Where a goal stands now: from its series, or as it was told by hand. */
export async function measure({ db }: Needs<"db">, goal: Measured, read: ReadSeries): Promise<Reading> {
  if (goal.metric_name !== null) return await fromSeries(goal, read);
  return fromHands(goal, await manualDays(db, goal));
}

/** A goal to maintain by hand: each reading holds until the next one. */
export function fromHands(goal: Measured, days: readonly SeriesDay[]): Reading {
  const window = { start: goal.start_date, end: earlier(goal.today, goal.end_date), carry: true };
  return {
    value: goal.current_value,
    band: goal.direction === "maintain" ? bandDays(goal, everyDay(days, window)) : null,
    data_through: days.at(-1)?.date ?? null,
    warnings: [],
    empty: days.length === 0,
  };
}

/** A level that nobody has read for so long before the window says nothing about it. */
const LEVEL_DAYS = 366;

async function fromSeries(goal: Measured, read: ReadSeries): Promise<Reading> {
  const end = earlier(goal.today, goal.end_date);
  const terms = { ...goal, aggregation: goal.aggregation ?? "sum" };
  if (end < goal.start_date) {
    const nothing = measured(terms, { kind: "flow", days: [] }, goal.today);
    return { ...nothing, data_through: null, warnings: [], empty: true };
  }
  const start_date = isTotal(terms) ? goal.start_date : addDays(goal.start_date, -LEVEL_DAYS);
  const { series, warnings } = await seriesOf(goal, read, { start_date, end_date: end });
  const level = series.kind === "gauge";
  const days = everyDay(series.days, { start: goal.start_date, end, carry: level });
  return {
    ...measured(terms, series, goal.today),
    data_through: days.findLast((day) => day.n > 0)?.date ?? null,
    warnings,
    empty: !days.some((day) => level ? day.value !== null : day.n > 0),
  };
}

/**
 * The share of the window's total that the same window had booked by this day a year ago; null for what does not add
 * up, and where the series does not reach back through all of that window.
 */
export async function bookedLastYear(goal: Measured, read: ReadSeries): Promise<number | null> {
  if (goal.metric_name === null || goal.direction === "maintain" || goal.today <= goal.start_date) return null;
  if (goal.aggregation !== "sum" && goal.aggregation !== "count") return null;
  const [start, end] = [yearBefore(goal.start_date), yearBefore(goal.end_date)];
  if (end >= goal.today) return null;
  const { series } = await seriesOf(goal, read, { start_date: addDays(start, -LEAD_DAYS), end_date: end });
  const began = series.days[0]?.date;
  if (began === undefined || began > start) return null;
  const days = everyDay(series.days, { start, end, carry: false });
  const booked = days.map((day) => ({ date: day.date, value: goal.aggregation === "sum" ? day.value ?? 0 : day.n }));
  return goal.today > goal.end_date ? 1 : shareBooked(booked, sameDayLastYear(goal.today));
}

/** The day up to which as much of last year had passed: on a leap day 1 March, as 28 February is over. */
const sameDayLastYear = (today: string) => later(yearBefore(today), addDays(yearBefore(addDays(today, -1)), 1));

/** A series with a reading in the month before was there on the first day, reading or not. */
const LEAD_DAYS = 31;

/** A series in the goal's unit, in a window. */
async function seriesOf(goal: Measured, read: ReadSeries, window: { start_date: string; end_date: string }) {
  const { service_name, metric_type, metric_name, dimensions, timezone } = goal;
  if (service_name === null || metric_name === null) throw new Error(`Goal ${goal.id} has no series`);
  const feed = { service_name, metric_type, metric_name, timezone };
  const query = { ...feed, ...(dimensions === null ? {} : { dimensions }), ...window };
  const { found: series, warnings } = await inItsUnit(
    goal,
    (metric_unit) => read(metric_unit === undefined ? query : { ...query, metric_unit }),
    ({ days }) => days.length > 0,
  );
  return { series, warnings: [...series.warnings, ...warnings] };
}

const earlier = (a: string, b: string) => a < b ? a : b;
const later = (a: string, b: string) => a > b ? a : b;
