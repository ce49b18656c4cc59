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
};

/** What the window holds already. Of a level only `level`, the last one known. */
export type Booked = {
  /** Sum and count of the readings up to the day before `from`; of a total, n plays no part. */
  sum: number;
  n: number;
  /** The same of the days from `from` on, of which only a part is known: today, as a rule. */
  running: { sum: number; n: number };
  /** Readings that a day brings. */
  daily_n: number;
  level: number | null;
};

/** Days back over which the readings of a day are counted. */
const RATE_DAYS = 91;

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
  const recent = past.slice(-RATE_DAYS);
  const daily_n = looked.kind === "gauge" ? 1 : (summary(recent.map((day) => day.n)).mean ?? 0);
  return {
    ...weigh(past.filter((day) => day.date >= start_date)),
    running: weigh(days.filter((day) => day.date >= from && day.date >= start_date)),
    daily_n,
    level: past.findLast((day) => day.value !== null)?.value ?? null,
  };
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

/** Paths whose steps are added up from the first on, where a goal adds its days up; otherwise as they are. */
export function along({ gathering }: Journey, paths: Paths): Paths {
  if (gathering === "level") return paths;
  const values = paths.values.slice();
  for (let i = 0; i < values.length; i++) {
    if (i % paths.steps > 0) values[i] = (values[i] ?? 0) + (values[i - 1] ?? 0);
  }
  return { ...paths, values };
}

/**
 * The goal's value at the end of a day, for each path of `along`. A week that is not over counts by its days.
 * Before the first step ahead it is what is booked; no value at all is 0.
 */
export function valuesAt(journey: Journey, { count, steps, values }: Paths, date: string): Float64Array {
  const { days_per_step, from, start_date, gathering, booked } = journey;
  const ahead = daysBetween(from, date) + 1;
  const skipped = Math.max(0, daysBetween(from, start_date));
  const level = Math.min(steps, Math.ceil(ahead / days_per_step)) - 1;
  const today = daysBetween(from, journey.today);
  const stretch = { ahead, counted: Math.max(0, ahead - skipped), today };
  const found = new Float64Array(count);
  for (let path = 0; path < count; path++) {
    const first = path * steps;
    if (gathering === "level") {
      found[path] = level < 0 ? booked.level ?? 0 : values[first + level] ?? 0;
      continue;
    }
    const upTo = (days: number) => reached(values, { first, steps }, days / days_per_step);
    const coming = ahead > skipped ? upTo(ahead) - upTo(skipped) : 0;
    found[path] = gathering === "total" ? totalOf(booked, upTo, coming, stretch) : meanOf(journey, coming, stretch);
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

/** Days ahead of which the last known one, those among them that count, and the days ahead before today. */
type Stretch = { ahead: number; counted: number; today: number };

/** Today ends with what is booked of it, or with what the path has for it if that is more: it never counts twice. */
function totalOf(booked: Booked, upTo: (days: number) => number, coming: number, { ahead, today }: Stretch): number {
  if (booked.running.n === 0 || today < 0 || ahead <= today) return booked.sum + coming;
  const simulated = upTo(today + 1) - upTo(today);
  return booked.sum + coming + Math.max(0, booked.running.sum - simulated);
}

/** Each day ahead brings as many readings as the days before did; today only those that it lacks. */
function meanOf({ booked, days_per_step }: Journey, coming: number, { counted }: Stretch): number {
  const { running, daily_n } = booked;
  const n = Math.max(0, daily_n * counted - Math.min(daily_n, running.n));
  const mean = counted > 0 ? (coming * days_per_step) / counted : 0;
  const known = booked.n + running.n;
  return known + n > 0 ? (booked.sum + running.sum + n * mean) / (known + n) : 0;
}
