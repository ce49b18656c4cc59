import { addDays, daysBetween } from "../../days.ts";
import { type Paths, quantile } from "../../math/mod.ts";
import type { FanPoint } from "../forecast_schema.ts";
import { MOST_FAN_POINTS } from "../forecast_schema.ts";
import { type GoalTerms, isInside, meets } from "../progress.ts";

/** The value of a goal at the end of a day, for each path. */
export type ValuesAt = (date: string) => Float64Array;

/** What is known without any simulation: whether the goal is met, whatever comes. */
export type Certain = "met" | "missed" | null;

/**
 * The share of paths that reach the target. Where paths differ and nothing is certain it stays half a path away from 0
 * and 1: more than that a simulation cannot know.
 */
export function shareReached(reached: readonly boolean[], { certain, alike }: { certain: Certain; alike: boolean }) {
  if (certain !== null) return certain === "met" ? 1 : 0;
  const share = reached.filter(Boolean).length / reached.length;
  const least = alike ? 0 : 0.5 / reached.length;
  return Math.min(1 - least, Math.max(least, share));
}

/** For each path of levels, whether its steps from one to another stay between baseline and target, both included. */
export function staysInside(
  terms: GoalTerms,
  { count, steps, values }: Paths,
  { first, last }: { first: number; last: number },
): boolean[] {
  return Array.from({ length: count }, (_, path) => {
    const judged = values.subarray(path * steps + first, path * steps + Math.min(last + 1, steps));
    return judged.every((value) => isInside(terms, value));
  });
}

/** The quantiles of each point of the fan, from today to the end. */
export function fanOf(today: string, end_date: string, valuesAt: ValuesAt): FanPoint[] {
  const days = daysBetween(today, end_date);
  const points = Math.min(MOST_FAN_POINTS, days + 1);
  return Array.from({ length: points }, (_, i) => {
    const date = addDays(today, points === 1 ? days : Math.round((i * days) / (points - 1)));
    const sorted = valuesAt(date).sort();
    const at = (p: number) => quantile(sorted, p) ?? 0;
    return {
      date,
      median: at(0.5),
      ...{ lower_50: at(0.25), upper_50: at(0.75) },
      ...{ lower_80: at(0.1), upper_80: at(0.9) },
      ...{ lower_95: at(0.025), upper_95: at(0.975) },
    };
  });
}

/** Days to look at, both inclusive. With `growing` values never fall, so that half of the days need no look. */
export type Stretch = { from: string; to: string; growing: boolean };

/** The first day at whose end at least half of the paths meet the target; null where there is none. */
export function halfReached(terms: GoalTerms, { from, to, growing }: Stretch, valuesAt: ValuesAt): string | null {
  const isMet = (day: number) => {
    const values = valuesAt(addDays(from, day));
    let met = 0;
    for (const value of values) if (meets(terms, value)) met++;
    return 2 * met >= values.length;
  };
  let [day, last] = [0, daysBetween(from, to)];
  if (growing) {
    while (day <= last) {
      const middle = (day + last) >> 1;
      if (isMet(middle)) last = middle - 1;
      else day = middle + 1;
    }
    return day <= daysBetween(from, to) ? addDays(from, day) : null;
  }
  for (; day <= last; day++) if (isMet(day)) return addDays(from, day);
  return null;
}
