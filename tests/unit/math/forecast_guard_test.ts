import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { fitForecast, type FittedForecast, forecastInterval, type Frequency } from "../../../services/math/mod.ts";
import { carriedForward, coverage, mase, mean, naive2, smape } from "../../support/forecast_scores.ts";
import { type Kind, KINDS, type KnownSeries, seriesOf } from "../../support/forecast_series.ts";
import { closeTo } from "./close_to.ts";

/** What one forecast of a known series was worth, beside Naive2 and beside whoever knows the recipe. */
type Score = {
  name: string;
  ours: { smape: number; mase: number };
  naive: { smape: number; mase: number };
  knower: number;
  covered: { 80: number; 95: number };
};

const EACH = 10;
const LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99];
const scores = new Map(KINDS.map((kind) => [kind, seriesOf(kind, EACH).map(scored)]));

/**
 * OWA against Naive2 that each kind must stay under, about a tenth above what the engine reaches. A wandering level has
 * no better forecast than its last value. Around and at 0 neither percentages nor Naive2's factors mean anything.
 */
const MOST_OWA: Record<Exclude<Kind, "weekday_below_zero" | "intermittent">, number> = {
  steady: 0.75,
  trend: 0.9,
  damped_trend: 0.9,
  growth: 0.65,
  weekday: 0.85,
  month_of_year: 0.8,
  quarter_of_year: 0.75,
  year_of_days: 0.5,
  year_of_weeks: 0.35,
  level_break: 0.9,
  wandering: 1.02,
  missing_days: 0.85,
};

Deno.test("the guard set has at least 60 series, with a future each, and the same ones in every run", () => {
  const all = KINDS.flatMap((kind) => seriesOf(kind, EACH));
  ok(all.length >= 60);
  equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const { name, future, truth } of all) ok(future.length === truth.length && future.length > 0, name);
  equal(all, KINDS.flatMap((kind) => seriesOf(kind, EACH)));
});

Deno.test("Naive2 is the last value where there is no season, and the pattern where it repeats exactly", () => {
  equal(naive2([3, 1, 4, 1, 5], 4, 3), [5, 5, 5]);
  const pattern = [2, 4, 6, 8];
  const repeated = Array.from({ length: 20 }, (_, i) => pattern[i % 4] ?? 0);
  naive2(repeated, 4, 5).forEach((value, k) => closeTo(value, pattern[k % 4] ?? 0, 1e-12));
  // |5 − 4| of a sum of 9: 200/9; against changes of 1, 2: an error of 1 is two thirds of the mean change.
  closeTo(smape([5], [4]), 200 / 9, 1e-12);
  closeTo(mase([5], [4], [1, 2, 4], 1), 2 / 3, 1e-12);
});

Deno.test("the forecast beats Naive2 by a margin in every kind of series that has something to know", () => {
  const slipped = Object.entries(MOST_OWA).filter(([kind, most]) => !(owa(scoresOf(kind)) <= most));
  equal(slipped.map(([kind]) => `${kind}: ${owa(scoresOf(kind))}`), []);
});

Deno.test("the forecast's error is three quarters of Naive2's over all kinds", () => {
  const overall = mean(Object.keys(MOST_OWA).map((kind) => owa(scoresOf(kind))));
  ok(overall <= 0.75, `${overall}`);
});

Deno.test("the forecast is nearly as good as that of who knows the recipe", () => {
  // Six years ahead of 24 values with noise, growth cannot be known: there the OWA alone is asked.
  const regret = (of: Score[]) => mean(of.map(({ ours }) => ours.mase)) / mean(of.map(({ knower }) => knower));
  const slipped = KINDS.filter((kind) => kind !== "growth" && !(regret(scoresOf(kind)) <= 1.3));
  equal(slipped.map((kind) => `${kind}: ${regret(scoresOf(kind))}`), []);
  for (const kind of ["steady", "weekday_below_zero", "year_of_days", "missing_days"]) {
    ok(regret(scoresOf(kind)) <= 1.06, `${kind}: ${regret(scoresOf(kind))}`);
  }
});

Deno.test("the intervals hold what they claim, in every kind of series and over all", () => {
  const bands = { 80: { kind: [0.7, 0.93], all: [0.77, 0.86] }, 95: { kind: [0.89, 0.995], all: [0.93, 0.975] } };
  for (const level of [80, 95] as const) {
    const shares = KINDS.map((kind) => ({ kind, share: mean(scoresOf(kind).map(({ covered }) => covered[level])) }));
    const within = (share: number, [low = 0, high = 1]: number[]) => low <= share && share <= high;
    equal(shares.filter(({ share }) => !within(share, bands[level].kind)), [], `at ${level} %`);
    const all = mean(shares.map(({ share }) => share));
    ok(within(all, bands[level].all), `${all} at ${level} % over all`);
  }
});

Deno.test("intervals widen with the level, hold the mean, and stay above 0 where the history did", () => {
  for (const kind of KINDS) {
    for (const series of seriesOf(kind, EACH)) {
      const forecast = fitted(series);
      ok(isOrdered(forecast), series.name);
      const bounds = forecastInterval(forecast, 0.99);
      if (series.history.some((value) => value < 0)) equal(forecast.floor, null, series.name);
      else ok(Math.min(...forecast.mean, ...bounds.lower) >= 0, series.name);
    }
  }
});

Deno.test("without a season the interval never narrows further ahead", () => {
  for (const series of seriesOf("wandering", EACH).map((each) => ({ ...each, season_length: 1 }))) {
    const forecast = fitForecast(series.history.map((value) => value - 2 * Math.max(...series.history)), {
      horizon: 60,
      season_length: 1,
      frequency: "monthly",
    });
    ok(forecast !== null && forecast.spread.every((size, k) => size >= (forecast.spread[k - 1] ?? 0)), series.name);
  }
});

Deno.test("a constant goes on without doubt", () => {
  for (const value of [0, 42, -3, 1e-9, 1e15]) {
    for (const n of [1, 3, 100]) {
      const forecast = asked(repeat([value], n), { horizon: 30 });
      const { lower, upper } = forecastInterval(forecast, 0.99);
      for (const each of [...forecast.mean, ...lower, ...upper]) {
        closeTo(each / (value || 1), value === 0 ? 0 : 1, 1e-9);
      }
    }
  }
});

Deno.test("an exact weekly pattern goes on with its weekdays, closed days and missing days too", () => {
  for (const pattern of [[5, 9, 8, 7, 6, 1, 2], [5, 9, 8, 7, 6, 0, 0], [-5, 9, -8, 7, 6, 1, 2]]) {
    const whole = repeat(pattern, 95);
    const gaps = whole.map((value, i) => i % 11 === 3 ? NaN : value);
    for (const history of [whole, gaps]) {
      const { mean, season } = asked(history, { horizon: 28 });
      equal(season?.length, 7);
      mean.forEach((value, k) =>
        ok(Math.abs(value - (pattern[(95 + k) % 7] ?? 0)) < 0.05, `${pattern} ${k}: ${value}`)
      );
    }
  }
});

Deno.test("an exact line goes on rising, at half its slope or more and never faster", () => {
  const history = Array.from({ length: 90 }, (_, i) => 3 * i + 2);
  const { mean } = asked(history, { horizon: 12, season_length: 12, frequency: "monthly" });
  mean.forEach((value, k) => {
    const rise = value - 269; // The last value is 3·89 + 2.
    ok(rise >= 1.5 * (k + 1) && rise <= 3.3 * (k + 1), `step ${k + 1}: ${rise}`);
  });
});

Deno.test("a level that has broken is forgotten: 45 days after it doubled, half way between is out of the question", () => {
  const history = Array.from({ length: 240 }, (_, i) => (i < 195 ? 100 : 200) + (i % 2));
  const { mean } = asked(history, { horizon: 28 });
  mean.forEach((value) => ok(value > 190 && value < 215, `${value}`));
});

const ALTERNATING = (i: number) => i % 2;
const EDGES: Record<string, number[]> = {
  "one value": [5],
  "two values": [1, 2],
  "three equal values": [3, 3, 3],
  "zeros": repeat([0], 60),
  "one spike among zeros": Array.from({ length: 60 }, (_, i) => i === 30 ? 100 : 0),
  "values of 1e-9": Array.from({ length: 60 }, (_, i) => 1e-9 * (1 + i % 7)),
  "values of 1e15": Array.from({ length: 60 }, (_, i) => 1e15 * (1 + 0.01 * (i % 7))),
  "the largest double": Array.from({ length: 60 }, (_, i) => Number.MAX_VALUE * ALTERNATING(i)),
  "the smallest double": Array.from({ length: 60 }, (_, i) => Number.MIN_VALUE * ALTERNATING(i)),
  "a fall through 0": Array.from({ length: 60 }, (_, i) => 30 - i),
  "growth of 5 % a step": Array.from({ length: 90 }, (_, i) => 100 * 1.05 ** i),
  "0 and 1 in turn": Array.from({ length: 60 }, (_, i) => ALTERNATING(i)),
  "every fifth missing": Array.from({ length: 90 }, (_, i) => i % 5 === 0 ? NaN : 10 + i % 7),
  "one value among gaps": [...repeat([NaN], 30), 7, ...repeat([NaN], 9)],
  "a jump near the end": Array.from({ length: 90 }, (_, i) => i < 80 ? 10 : 1000),
  "an infinite value": Array.from({ length: 40 }, (_, i) => i === 20 ? Infinity : 5 + i % 3),
};

for (const [name, history] of Object.entries(EDGES)) {
  Deno.test(`${name}: every horizon and frequency has a finite forecast within reach of the history`, () => {
    const known = history.filter(Number.isFinite);
    const [least, most] = [Math.min(...known), Math.max(...known)];
    const reach = 3 * (most / 4 - least / 4 || Math.abs(most) / 4);
    for (const horizon of [1, 24, 365]) {
      for (const [frequency, season_length] of FREQUENCIES) {
        const forecast = asked(history, { horizon, season_length, frequency });
        equal(forecast.mean.length, horizon);
        ok(isOrdered(forecast));
        for (const value of forecast.mean) {
          ok(value / 4 >= least / 4 - reach && value / 4 <= most / 4 + reach, `${value}`);
          ok(least < 0 || value >= 0, `${value}`);
        }
      }
    }
  });
}

Deno.test("there is no forecast of nothing, nor for no step or more than 365", () => {
  const question = { season_length: 7, frequency: "daily" } as const;
  for (const history of [[], [NaN, NaN, NaN], [Infinity, -Infinity]]) {
    equal(fitForecast(history, { ...question, horizon: 7 }), null);
  }
  for (const horizon of [0, -1, 366, 1.5, NaN]) equal(fitForecast([1, 2, 3], { ...question, horizon }), null);
});

Deno.test("an infinite value is a missing one, and what is older than five years of days says nothing", () => {
  const history = seriesOf("weekday", 1).flatMap((series) => series.history);
  const holed = (hole: number) => history.map((value, i) => i % 50 === 7 ? hole : value);
  equal(asked(holed(Infinity), { horizon: 9 }), asked(holed(NaN), { horizon: 9 }));
  const long = repeat(history, 2000);
  equal(asked(long, { horizon: 9 }), asked(long.slice(-1827), { horizon: 9 }));
});

const SETTINGS = { seed: 20_251_224, numRuns: 300 };
const awkward = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 0, 1, NaN) },
  fc.double(),
  fc.constantFrom(Infinity, -Infinity, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 1e15, 1e-9),
);
const FREQUENCIES: [Frequency, number][] = [
  ["daily", 7],
  ["weekly", 52],
  ["monthly", 12],
  ["quarterly", 4],
  ["yearly", 1],
];
const question = fc.record({
  horizon: fc.integer({ min: 1, max: 40 }),
  frequency: fc.constantFrom(...FREQUENCIES.map(([frequency]) => frequency)),
  season_length: fc.oneof(fc.constantFrom(1, 4, 7, 12, 52), fc.constantFrom(0, -7, 2.5, NaN, Infinity)),
});

Deno.test("no history and no question makes a number that is none, or a bound on the wrong side", () => {
  fc.assert(
    fc.property(fc.array(awkward, { maxLength: 80 }), question, (history, asking) => {
      const given = history.slice();
      const forecast = fitForecast(history, asking);
      equal(history, given);
      equal(forecast === null, !history.some(Number.isFinite));
      if (forecast !== null) ok(isOrdered(forecast) && forecast.spread.every((size) => size >= 0));
      equal(fitForecast(history, asking), forecast, "asked again");
    }),
    SETTINGS,
  );
});

Deno.test("in a unit twice as small every number of the forecast is exactly twice as large", () => {
  const counts = fc.array(fc.oneof(fc.nat(1000), fc.integer({ min: -50, max: 1000 })), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(counts, question, fc.integer({ min: -40, max: 40 }), (history, asking, power) => {
      const small = fitForecast(history, asking);
      const large = fitForecast(history.map((value) => value * 2 ** power), asking);
      ok(small !== null);
      const scaled = (values: number[]) => values.map((value) => value * 2 ** power);
      equal(large, { ...small, mean: scaled(small.mean), spread: scaled(small.spread) });
    }),
    SETTINGS,
  );
});

function scored(series: KnownSeries): Score {
  const { name, future, truth, scaling } = series;
  const history = carriedForward(series.history);
  const forecast = fitted(series);
  const naive = naive2(history, scaling, future.length);
  const of = (values: number[]) => ({ smape: smape(values, future), mase: mase(values, future, history, scaling) });
  const covered = (level: number) => coverage(forecastInterval(forecast, level), future);
  const both = { 80: covered(0.8), 95: covered(0.95) };
  return { name, ours: of(forecast.mean), naive: of(naive), knower: of(truth).mase, covered: both };
}

function scoresOf(kind: string): Score[] {
  return [...scores].find(([each]) => each === kind)?.[1] ?? [];
}

/** Half the ratio of the mean sMAPE, half that of the mean MASE, as in the M4 competition. */
function owa(of: Score[]): number {
  const ratio = (measure: "smape" | "mase") =>
    mean(of.map(({ ours }) => ours[measure])) / mean(of.map(({ naive }) => naive[measure]));
  return (ratio("smape") + ratio("mase")) / 2;
}

function fitted({ history, future, season_length, frequency }: KnownSeries): FittedForecast {
  return asked(history, { horizon: future.length, season_length, frequency });
}

function asked(
  history: number[],
  { horizon, season_length = 7, frequency = "daily" }: {
    horizon: number;
    season_length?: number;
    frequency?: Frequency;
  },
): FittedForecast {
  const forecast = fitForecast(history, { horizon, season_length, frequency });
  ok(forecast !== null);
  return forecast;
}

/** Whether every number is one, every bound is on its side of the mean, and a higher level is nowhere narrower. */
function isOrdered(forecast: FittedForecast): boolean {
  const bounds = LEVELS.map((level) => forecastInterval(forecast, level));
  return forecast.mean.every((value, k) =>
    bounds.every(({ lower, upper }, i) => {
      const [low, high, inner] = [lower[k] ?? NaN, upper[k] ?? NaN, bounds[i - 1]];
      const isNested = inner === undefined || low <= (inner.lower[k] ?? NaN) && high >= (inner.upper[k] ?? NaN);
      return Number.isFinite(low) && Number.isFinite(high) && low <= value && value <= high && isNested;
    })
  );
}

function repeat(pattern: number[], n: number): number[] {
  return Array.from({ length: n }, (_, i) => pattern[i % pattern.length] ?? 0);
}
