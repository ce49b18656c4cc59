import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { restForecast } from "../../services/advanced/running_period.ts";
import { stepsOf } from "../../services/advanced/steps.ts";
import { addDays } from "../../services/days.ts";
import { forecastInterval } from "../../services/math/mod.ts";
import { ISO_CALENDAR } from "../../services/metrics/calendar.ts";
import type { MetricKind } from "../../services/metrics/schema.ts";
import { closeTo } from "./math/close_to.ts";
import { normals } from "./math/seeded.ts";

const MONDAY = "2025-08-04";
const WEEKS = 20;

/** So many days of values from a Monday on, after 20 of whose weeks the running one begins. */
function restOf(kind: MetricKind, values: readonly number[]) {
  const days = values.map((value, i) => ({ date: addDays(MONDAY, i), value, n: 1 }));
  const end_date = addDays(MONDAY, values.length - 1);
  const { running } = stepsOf({ kind, days, period: "week", calendar: ISO_CALENDAR, end_date, heard: end_date });
  ok(running.parts !== null);
  const rest = restForecast(running.parts, { frequency: "weekly", season_length: 52 }, kind);
  ok(rest !== null);
  const whole = (value = NaN) => rest.base + rest.weight * value;
  const within = (level: number, actual: number) => {
    const { lower: [low], upper: [high] } = forecastInterval(rest.forecast, level);
    return whole(low) <= actual && actual <= whole(high);
  };
  return { value: whole(rest.forecast.mean[0]), spread: rest.forecast.spread, within };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
/** What a week of days amounts to. */
const AMOUNTS: [MetricKind, (week: readonly number[]) => number][] = [
  ["flow", sum],
  ["gauge", (week) => week.at(-1) ?? NaN],
  ["sample", mean],
];

Deno.test("the rest of a week that is like all others is known, whatever the day", () => {
  const week = [5, 6, 7, 8, 9, 1, 0];
  for (let known = 1; known < 7; known++) {
    const values = Array.from({ length: 7 * WEEKS + known }, (_, i) => week[i % 7] ?? NaN);
    for (const [kind, amount] of AMOUNTS) {
      const { value, spread } = restOf(kind, values);
      closeTo(value, amount(week), 1e-9);
      closeTo(spread[0] ?? NaN, 0, 1e-9);
    }
  }
});

Deno.test("the interval of a running week holds what it claims, with every number of days left", () => {
  const profile = [1.3, 1.2, 1.1, 1, 0.9, 0.3, 0.2];
  for (const [kind, amount] of AMOUNTS) {
    for (const known of [1, 3, 6]) {
      const held = { 0.8: 0, 0.95: 0 };
      const errors: number[] = [];
      const count = 300;
      for (let seed = 1; seed <= count; seed++) {
        const normal = normals(1000 * known + seed);
        let level = 500;
        const values = Array.from({ length: 7 * WEEKS + 7 }, (_, i) => {
          const share = profile[i % 7] ?? NaN;
          return kind === "gauge" ? level += 10 * share + 5 * normal() : 100 * share * (1 + 0.2 * normal());
        });
        const actual = amount(values.slice(-7));
        const { value, within } = restOf(kind, values.slice(0, 7 * WEEKS + known));
        errors.push(value - actual);
        for (const level of [0.8, 0.95] as const) held[level] += within(level, actual) ? 1 / count : 0;
      }
      const told = `${kind}, ${known} days known: ${JSON.stringify(held)}`;
      ok(held[0.8] > 0.72 && held[0.8] < 0.9 && held[0.95] > 0.9 && held[0.95] < 0.99, told);
      // What is left is independent noise, of which nobody can know more than its size: 20 % of a day, or 5 a day.
      const left = profile.slice(known);
      const noise = kind === "gauge"
        ? 5 * Math.sqrt(left.length)
        : 20 * Math.hypot(...left) / (kind === "sample" ? 7 : 1);
      const error = Math.sqrt(mean(errors.map((one) => one * one)));
      ok(error < 1.15 * noise, `${told}: errs by ${error} where the noise is ${noise}`);
    }
  }
});

Deno.test("a first part like no other puts the rest in doubt, the more the less is known", () => {
  const values = Array.from({ length: 7 * WEEKS }, () => 10);
  const spreads = [1, 3, 5].map((known) =>
    restOf("flow", [...values, ...Array.from({ length: known }, () => 45)]).spread
  );
  // One surprise among 20 periods without any: |s|·√(days left / days known) / √21, for 35 too many on each known day.
  equal(
    spreads.map(([spread = NaN]) => spread.toFixed(6)),
    [35 * Math.sqrt(6 / 1), 105 * Math.sqrt(4 / 3), 175 * Math.sqrt(2 / 5)].map((one) =>
      (one / Math.sqrt(21)).toFixed(6)
    ),
  );
});
