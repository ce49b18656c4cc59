import { addDays, daysBetween } from "../../days.ts";
import { type Paths, summary } from "../../math/mod.ts";
import type { SeriesDay } from "../window.ts";
import type { Gathering, Looked } from "./steps.ts";

/** A goal on its way: what is booked, and how the steps ahead go on from there. */
export type Journey = {
  gathering: Gathering;
  start_date: string;
  today: string;
  days_per_step: 1 | 7;
  /** The first day of the first step ahead. */
  from: string;
  booked: Booked;
  /** The value of a mean or a level before there is any: the goal's baseline. */
  nothing: number;
};

/** What the window holds already. Of a level only `level`, the last one known. */
export type Booked = {
  /** Sum and count of the readings up to the day before `from`; of a total, n plays no part. */
  sum: number;
  n: number;
  /** The same of the days from `from` on, of which only a part is known: today, as a rule. */
  running: { sum: number; n: number };
  /** Readings that a day brings, by its place in the week, counted from `from` on; of a total they play no part. */
  daily_n: readonly number[];
  level: number | null;
};

/** Days back over which the readings of a day are counted: thirteen weeks. */
const RATE_DAYS = 91;
const WEEK_DAYS = 7;

/** What of a window is booked by today, given that the days from `from` on are not over. */
export function bookedBy(looked: Looked, { start_date, from }: { start_date: string; from: string }): Booked {
  const weigh = (days: readonly SeriesDay[]) => {
    const known = days.flatMap(({ value, n }) => value === null ? [] : [{ value, n }]);
    const weights = known.map(({ n }) => looked.gathering === "total" || looked.kind === "gauge" ? 1 : n);
    return {
      sum: summary(known.map(({ value }, i) => value * (weights[i] ?? 0))).sum ?? 0,
      n: summary(weights).sum ?? 0,
    };
  };
  const days = looked.kind === "gauge" ? carried(looked.days, from) : looked.days;
  const past = days.filter((day) => day.date < from);
  const daily_n = looked.kind === "gauge" ? Array.from({ length: WEEK_DAYS }, () => 1) : readingsByPlace(past, from);
  return {
    ...weigh(past.filter((day) => day.date >= start_date)),
    running: weigh(days.filter((day) => day.date >= from && day.date >= start_date)),
    daily_n,
    level: past.findLast((day) => day.value !== null)?.value ?? null,
  };
}

/** Of each place in the week the readings of a day; at least a hundredth of the mean, so that no day is worth nothing. */
function readingsByPlace(past: readonly SeriesDay[], from: string): number[] {
  const recent = past.slice(-RATE_DAYS);
  const mean = summary(recent.map((day) => day.n)).mean ?? 0;
  return Array.from({ length: WEEK_DAYS }, (_, place) => {
    const own = recent.filter((day) => placeOf(day.date, from) === place);
    return Math.max(mean / 100, summary(own.map((day) => day.n)).mean ?? 0);
  });
}

/** The place of a day in the week that begins with another one. */
function placeOf(date: string, from: string): number {
  return ((daysBetween(from, date) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS;
}

/** Each day with its level, which stays until the next reading, up to the day before `from`. */
function carried(days: readonly SeriesDay[], from: string): SeriesDay[] {
  const [first] = days;
  if (first === undefined) return [];
  const byDate = new Map(days.map((day) => [day.date, day]));
  let level: number | null = null;
  return Array.from({ length: Math.max(0, daysBetween(first.date, from)) }, (_, i) => {
    const date = addDays(first.date, i);
    level = byDate.get(date)?.value ?? level;
    return { date, value: level, n: byDate.get(date)?.n ?? 0 };
  });
}

/**
 * Paths whose steps are added up from the first on, where a goal adds its days up; otherwise as they are. The steps of an
 * average are added up as often as they are expected to be read.
 */
export function along(journey: Journey, paths: Paths): Paths {
  const { gathering, days_per_step } = journey;
  if (gathering === "level") return paths;
  const times = Array.from(
    { length: paths.steps },
    (_, step) => gathering === "total" ? 1 : brought(journey, step * days_per_step, (step + 1) * days_per_step),
  );
  const values = paths.values.slice();
  for (let i = 0; i < values.length; i++) {
    const step = i % paths.steps;
    values[i] = (values[i] ?? 0) * (times[step] ?? 0) + (step > 0 ? values[i - 1] ?? 0 : 0);
  }
  return { ...paths, values };
}

/** Readings that the days ahead bring, from one on and before another; of weeks, each day its seventh. */
function brought({ booked: { daily_n }, days_per_step }: Journey, first: number, end: number): number {
  if (days_per_step === WEEK_DAYS) return ((end - first) / WEEK_DAYS) * (summary(daily_n).sum ?? 0);
  let n = 0;
  for (let day = first; day < end; day++) n += daily_n[day % WEEK_DAYS] ?? 0;
  return n;
}

/**
 * The goal's value at the end of a day, for each path of `along`. A week that is not over counts by its days.
 * Before the first step ahead it is what is booked.
 */
export function valuesAt(journey: Journey, { count, steps, values }: Paths, date: string): Float64Array {
  const { days_per_step, from, start_date, gathering, booked, nothing } = journey;
  const ahead = daysBetween(from, date) + 1;
  const skipped = Math.max(0, daysBetween(from, start_date));
  const level = Math.min(steps, Math.ceil(ahead / days_per_step)) - 1;
  const today = daysBetween(from, journey.today);
  const stretch = { ahead, today };
  const n = gathering === "mean" ? missingReadings(journey, skipped, ahead) : { coming: 0, missing: 0 };
  const found = new Float64Array(count);
  for (let path = 0; path < count; path++) {
    const first = path * steps;
    if (gathering === "level") {
      found[path] = level < 0 ? booked.level ?? nothing : values[first + level] ?? 0;
      continue;
    }
    const upTo = (days: number) => reached(values, { first, steps }, days / days_per_step);
    const coming = ahead > skipped ? upTo(ahead) - upTo(skipped) : 0;
    found[path] = gathering === "total" ? totalOf(booked, upTo, coming, stretch) : meanOf(journey, coming, n);
  }
  return found;
}

/** The sum of so many steps of a path that is added up, the last one by its share. */
function reached(values: Float64Array, { first, steps }: { first: number; steps: number }, asked: number): number {
  const whole = Math.min(steps, Math.floor(Math.max(0, asked)));
  const sum = whole > 0 ? values[first + whole - 1] ?? 0 : 0;
  const next = whole < steps ? values[first + whole] ?? sum : sum;
  return sum + (Math.max(0, asked) - whole) * (next - sum);
}

/** Days ahead up to the one that is asked, and the days ahead before today. */
type Stretch = { ahead: number; today: number };

/** Today ends with what is booked of it, or with what the path has for it if that is more: it never counts twice. */
function totalOf(booked: Booked, upTo: (days: number) => number, coming: number, { ahead, today }: Stretch): number {
  if (booked.running.n === 0 || today < 0 || ahead <= today) return booked.sum + coming;
  const simulated = upTo(today + 1) - upTo(today);
  return booked.sum + coming + Math.max(0, booked.running.sum - simulated);
}

/** Readings of the days ahead that count: all of them, and those that are not booked yet. */
type Ahead = { coming: number; missing: number };

/** Each day ahead brings as many readings as its like did before; today only those that it lacks. */
function missingReadings(journey: Journey, skipped: number, ahead: number): Ahead {
  const { booked: { daily_n, running }, from, today } = journey;
  const coming = ahead > skipped ? brought(journey, skipped, ahead) : 0;
  return { coming, missing: Math.max(0, coming - Math.min(daily_n[placeOf(today, from)] ?? 0, running.n)) };
}

/** @param total of all readings of the days ahead that count */
function meanOf({ booked: { sum, n, running }, nothing }: Journey, total: number, { coming, missing }: Ahead): number {
  const mean = coming > 0 ? total / coming : 0;
  const known = n + running.n;
  return known + missing > 0 ? (sum + running.sum + missing * mean) / (known + missing) : nothing;
}
