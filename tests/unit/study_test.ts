import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { backtestModels } from "../../services/advanced/backtest_models.ts";
import type { Found } from "../../services/advanced/carry_on.ts";
import { type Period, PERIODS, TERMS } from "../../services/advanced/periods.ts";
import { accuracyOf, backtestOf, lineAhead, modelOf, seasonalityOf, trendOf } from "../../services/advanced/present.ts";
import { StoredStudy } from "../../services/advanced/stored_study.ts";
import { study } from "../../services/advanced/study.ts";
import { addDays } from "../../services/days.ts";
import { backtestMeasures, forecastInterval } from "../../services/math/mod.ts";

/** Series of every size that is stored: 0 to 60 values, 1e-9 to 1e15, constants, zeros, and a single spike. */
const series = fc.oneof(
  fc.tuple(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 60 }), fc.integer({ min: -9, max: 15 }))
    .map(([values, power]) => values.map((value) => value * 10 ** power)),
  fc.tuple(fc.array(fc.nat(9), { maxLength: 60 }), fc.constantFrom(1, 1e-9, 1e15))
    .map(([values, unit]) => values.map((value) => value * unit)),
  fc.tuple(fc.constantFrom(0, 0.1, 1e15, 1e-9, -3), fc.nat(60), fc.nat(60), fc.constantFrom(0, 1e-9, 1, 1e15))
    .map(([value, n, day, spike]) => Array.from({ length: n }, (_, i) => (i === day ? value + spike : value))),
);

const SETTINGS = { seed: 20_251_224, numRuns: 120 };

function isFiniteThroughout(answer: unknown): boolean {
  if (typeof answer === "number") return Number.isFinite(answer);
  if (answer === null || typeof answer !== "object") return true;
  return Object.values(answer).every(isFiniteThroughout);
}

function studied(values: readonly number[], period: Period, { skip, horizon }: { skip: number; horizon: number }) {
  const { frequency, season_length } = TERMS[period];
  return study({ values, frequency, season_length, skip, horizon });
}

/** All that an answer says of a study. */
function presented(found: Found, period: Period, level: number) {
  const { study: { forecast, backtest } } = found;
  const tests = [backtest.engine, backtest.linear_trend].map((scores) => backtestOf(scores, level));
  return {
    ...{ mean: forecast.mean, ...forecastInterval(forecast, level), model: modelOf(found) },
    ...{ tests, accuracies: tests.map(accuracyOf), trend: trendOf(found) },
    ...{ seasonality: seasonalityOf(period, found), line: lineAhead(found, level) },
  };
}

Deno.test("no answer of a series holds NaN or Infinity, whatever its values, and bounds lie around it", () => {
  const asked = fc.record({ skip: fc.nat(40), horizon: fc.constantFrom(1, 24, 365) });
  const level = fc.double({ min: 0.5, max: 0.99, noNaN: true });
  fc.assert(
    fc.property(series, fc.constantFrom(...PERIODS), asked, level, (values, period, terms, level) => {
      const one = studied(values, period, terms);
      if (one === null) return;
      ok(isFiniteThroughout(one));
      equal(one.forecast.mean.length, terms.horizon);
      const found: Found = {
        ...{
          study: one,
          skipped: terms.skip,
          ahead: [],
          running: { start: "2025-12-22", so_far: null, rest: null, after: null },
        },
        mean_level: values.reduce((sum, value) => sum + value / values.length, 0),
        season_starts: one.strengths.season.map((_, i) => addDays("2025-01-06", i * 7)),
      };
      const answer = presented(found, period, level);
      ok(isFiniteThroughout(answer), JSON.stringify(answer));
      ok(answer.mean.every((mean, i) => (answer.lower[i] ?? NaN) <= mean && mean <= (answer.upper[i] ?? NaN)));
      ok(answer.tests.every((test) => test === null || (test.coverage ?? NaN) >= 0 && (test.coverage ?? NaN) <= 1));
    }),
    SETTINGS,
  );
});

Deno.test("no backtest holds NaN or Infinity, whatever the values", () => {
  const terms = { frequency: "daily", season_length: 7, horizon: 3, origins: 4, fewest: 14 } as const;
  fc.assert(
    fc.property(series, (values) => {
      const scores = backtestModels({ values, ...terms });
      ok(isFiniteThroughout(scores));
      ok(isFiniteThroughout(Object.values(scores).map((one) => one === null ? null : backtestMeasures(one))));
    }),
    SETTINGS,
  );
});

Deno.test("a study comes back from the store as it was, and anything else does not", () => {
  const one = studied(Array.from({ length: 40 }, (_, i) => 50 + (i * 29) % 17), "day", { skip: 0, horizon: 5 });
  equal(StoredStudy.parse(JSON.parse(JSON.stringify(one))), one);
  for (const other of [null, {}, { ...one, line: null }, { ...one, trend: { trend: "up" } }]) {
    equal(StoredStudy.safeParse(other).success, false);
  }
});

Deno.test("below three values there is no study; from three on there is one, without what cannot be told yet", () => {
  const terms = { skip: 0, horizon: 3 };
  for (const few of [[], [5], [5, 5]]) equal(studied(few, "day", terms), null);
  const three = studied([5, 5, 5], "day", terms);
  equal([three?.forecast.mean, three?.trend, three?.strengths.season], [[5, 5, 5], null, []]);
  equal(three?.backtest, { engine: null, linear_trend: null });
});

Deno.test("a season neither hides a slope nor passes for one", () => {
  // 30 days of 100, the sixth and seventh of each week 40, cut off in the middle of a week; then the same, rising.
  const flat = Array.from({ length: 31 }, (_, day) => day % 7 >= 5 ? 40 : 100);
  const rising = flat.map((value, day) => value + 0.5 * day);
  const terms = { skip: 0, horizon: 7 };
  equal(studied(flat, "day", terms)?.trend?.trend, "stable");
  const trend = studied(rising, "day", terms)?.trend;
  equal([trend?.trend, trend?.slope.toFixed(6)], ["increasing", "0.500000"]);
});

Deno.test("steps that nobody knows of are reached over: what is told begins after them", () => {
  const values = Array.from({ length: 56 }, (_, day) => [10, 20, 30, 40, 50, 60, 70][day % 7] ?? 0);
  const near = studied(values, "day", { skip: 0, horizon: 10 });
  const far = studied(values, "day", { skip: 3, horizon: 7 });
  equal(far?.forecast.mean, near?.forecast.mean.slice(3));
  equal(studied(values, "day", { skip: 365, horizon: 365 })?.forecast.mean.length, 365);
});

Deno.test("a trace of what is long over is nothing", () => {
  const ended = Array.from({ length: 400 }, (_, day) => day < 40 && day % 3 === 0 ? 2 : 0);
  equal(studied(ended, "day", { skip: 0, horizon: 2 })?.forecast.mean, [0, 0]);
  const tiny = studied(Array.from({ length: 40 }, (_, day) => 1e-9 * (1 + day % 3)), "day", { skip: 0, horizon: 1 });
  ok((tiny?.forecast.mean[0] ?? 0) > 1e-9);
});
