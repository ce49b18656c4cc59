import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  fitForecast,
  type FittedForecast,
  forecastInterval,
  type Frequency,
  seededUniforms,
  simulatePaths,
  totalErrors,
} from "../../../services/math/mod.ts";
import { seriesOf } from "../../support/forecast_series.ts";
import { asked, isOrdered, repeat } from "./asked_forecast.ts";
import { closeTo } from "./close_to.ts";
import { normals } from "./seeded.ts";

const FREQUENCIES: [Frequency, number][] = [
  ["daily", 7],
  ["weekly", 52],
  ["monthly", 12],
  ["quarterly", 4],
  ["yearly", 1],
];

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

Deno.test("a daily trend fades: in the second half of the year it rises by little more than half of the first", () => {
  const history = Array.from({ length: 200 }, (_, i) => 100 + i);
  const { mean } = asked(history, { horizon: 364 });
  const [start, half, end] = [mean[0] ?? NaN, mean[182] ?? NaN, mean[363] ?? NaN];
  ok(start < half && half < end && end - half < 0.6 * (half - start), `${start} ${half} ${end}`);
});

Deno.test("what is counted errs in proportion: weekdays of twice the size have errors of twice the size", () => {
  const normal = normals(7);
  const history = Array.from({ length: 210 }, (_, i) => (i % 7 < 5 ? 200 : 100) * (1 + 0.1 * normal()));
  const { mean, spread } = asked(history, { horizon: 7 });
  const shares = mean.map((value, k) => (spread[k] ?? NaN) / value);
  for (const share of shares) ok(share > 0.085 && share < 0.125, `${shares}`);
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
  "values of Number.MAX_VALUE": Array.from({ length: 60 }, (_, i) => Number.MAX_VALUE * ALTERNATING(i)),
  "the smallest double": Array.from({ length: 60 }, (_, i) => Number.MIN_VALUE * ALTERNATING(i)),
  "a fall through 0": Array.from({ length: 60 }, (_, i) => 30 - i),
  "growth of 5 % a step": Array.from({ length: 90 }, (_, i) => 100 * 1.05 ** i),
  "0 and 1 in turn": Array.from({ length: 60 }, (_, i) => ALTERNATING(i)),
  "every fifth missing": Array.from({ length: 90 }, (_, i) => i % 5 === 0 ? NaN : 10 + i % 7),
  "one value among gaps": [...repeat([NaN], 30), 7, ...repeat([NaN], 9)],
  "a jump near the end": Array.from({ length: 90 }, (_, i) => i < 80 ? 10 : 1000),
  "a spike on the last day, after zeros": Array.from({ length: 90 }, (_, i) => i < 89 ? 0 : 1000),
  "a spike on the last day": Array.from({ length: 90 }, (_, i) => i < 89 ? 100 + i % 3 : 1000),
  "a new level of two days": Array.from({ length: 90 }, (_, i) => i < 88 ? 100 : 130),
  "a fall near the end": Array.from({ length: 90 }, (_, i) => i < 80 ? 1000 : 10),
  "an infinite value": Array.from({ length: 40 }, (_, i) => i === 20 ? Infinity : 5 + i % 3),
};

for (const [name, history] of Object.entries(EDGES)) {
  Deno.test(`${name}: every horizon and frequency has a finite forecast within reach of the history`, () => {
    const known = history.filter(Number.isFinite);
    const [least, most] = [Math.min(...known), Math.max(...known)];
    const reach = 2.01 * (most / 4 - least / 4 || Math.abs(most) / 4);
    for (const horizon of [1, 24, 365]) {
      for (const [frequency, season_length] of FREQUENCIES) {
        const forecast = asked(history, { horizon, season_length, frequency });
        equal(forecast.mean.length, horizon);
        ok(isOrdered(forecast));
        ok(isWithinTwoRanges(forecast, most / 4 - least / 4), `${frequency}, ${horizon} ahead`);
        for (const value of forecast.mean) {
          ok(value / 4 >= least / 4 - reach && value / 4 <= most / 4 + reach, `${value}`);
          ok(least < 0 || value >= 0, `${value}`);
        }
      }
    }
  });
}

/** Whether no bound of 95 % is further than two ranges of the history from the mean; a season's factors are its own. */
function isWithinTwoRanges(forecast: FittedForecast, quarterOfRange: number): boolean {
  if (forecast.season !== null || forecast.annual) return true;
  const { lower, upper } = forecastInterval(forecast, 0.95);
  const most = 2 * quarterOfRange * (1 + 1e-9) + 4 * Number.MIN_VALUE;
  return forecast.mean.every((mean, k) =>
    (upper[k] ?? NaN) / 4 - mean / 4 <= most && mean / 4 - (lower[k] ?? NaN) / 4 <= most
  );
}

const noise = normals(11);
/** Each with the usual level and the one value, on the last day, that is far from it. */
const OUTLIERS: Record<string, { usual: number; last: number; history: number[] }> = {
  "a large gift after small ones on every 17th day": {
    ...{ usual: 0, last: 1000 },
    history: Array.from({ length: 119 }, (_, i) => i % 17 === 3 ? [5, 10, 20][Math.floor(i / 17) % 3] ?? 0 : 0),
  },
  "a gift after four months without any": { usual: 0, last: 1000, history: repeat([0], 119) },
  "a gift after a year without any": { usual: 0, last: 5000, history: repeat([0], 365) },
  "a level that was always the same": { usual: 100, last: 130, history: repeat([100], 119) },
  "a fall from a level that was always the same": { usual: 130, last: 100, history: repeat([130], 119) },
  "a level with noise": { usual: 100, last: 1000, history: Array.from({ length: 119 }, () => 100 + 10 * noise()) },
  "a level around 0": { usual: 0, last: 500, history: Array.from({ length: 119 }, () => 10 * noise()) },
};

for (const [name, { usual, last, history }] of Object.entries(OUTLIERS)) {
  Deno.test(`one value on the last day is not the new level: ${name}`, () => {
    // One value of 120 moves their average by 1/120 of its distance; a tenth is believed at most, a third held possible.
    for (const season_length of [1, 7]) {
      const forecast = asked([...history, last], { horizon: 60, season_length });
      const { lower, upper } = forecastInterval(forecast, 0.95);
      const share = (value = NaN) => (value - usual) / (last - usual);
      forecast.mean.forEach((mean, k) => {
        const told = `day ${k + 1}: ${mean} [${lower[k]}, ${upper[k]}]`;
        ok(share(mean) <= 0.1 && Math.max(share(lower[k]), share(upper[k])) <= 1 / 3, told);
        ok((lower[k] ?? NaN) <= usual && usual <= (upper[k] ?? NaN), told);
      });
    }
  });
}

/** Levels that stay as they are read: the usual one, and the last, unlike all before. */
const LEVELS: Record<string, { last: number; history: number[] }> = {
  "a level that was always the same": { last: 200, history: repeat([100], 99) },
  "a fall to nothing": { last: 0, history: repeat([100], 119) },
  "a count that was always 0": { last: 3, history: repeat([0], 119) },
  "a level with noise": { last: 500, history: Array.from({ length: 119 }, () => 100 + 2 * noise()) },
};

for (const [name, { last, history }] of Object.entries(LEVELS)) {
  Deno.test(`a level that persists goes on from its last value: ${name}`, () => {
    for (const season_length of [1, 7]) {
      const forecast = asked([...history, last], { horizon: 60, season_length, persists: true });
      const { lower, upper } = forecastInterval(forecast, 0.95);
      // The noise before, a range of some 5 sd, may be left behind; all else of the step is kept.
      const near = 0.05 * Math.abs(last - (history[0] ?? 0));
      forecast.mean.forEach((mean, k) => {
        ok(Math.abs(mean - last) <= near, `day ${k + 1}: ${mean} [${lower[k]}, ${upper[k]}]`);
        ok((lower[k] ?? NaN) <= mean && mean <= (upper[k] ?? NaN));
      });
    }
  });
}

Deno.test("a level that persists is forecast as any other until its last value is unlike all before", () => {
  const history = Array.from({ length: 120 }, () => 100 + 2 * noise());
  const own = asked(history.map((value, i) => i === 119 ? history[118] ?? value : value), {
    horizon: 7,
    persists: true,
  });
  const other = asked(history.map((value, i) => i === 119 ? history[118] ?? value : value), { horizon: 7 });
  equal(own, other);
});

/** Each grows from day to day until its last, which is far off the line. */
const OFF_THE_LINE: Record<string, { last: number; history: number[] }> = {
  "a line up, then far above": { last: 5000, history: Array.from({ length: 60 }, (_, i) => 1000 + 5 * i) },
  "a line up, then nothing": { last: 0, history: Array.from({ length: 60 }, (_, i) => 1000 + 5 * i) },
  "followers, then a reading of 0": {
    last: 0,
    history: Array.from({ length: 120 }, (_, i) => 1500 + 7 * i + i * i % 3),
  },
  "a noisy line up, then far above": {
    last: 2000,
    history: Array.from({ length: 89 }, (_, i) => 100 + 3 * i + 5 * noise()),
  },
};

for (const [name, { last, history }] of Object.entries(OFF_THE_LINE)) {
  Deno.test(`one value on the last day is not where a trend goes on from: ${name}`, () => {
    for (const season_length of [1, 7]) {
      const { mean } = asked([...history, last], { horizon: 7, season_length });
      const [before = NaN, growth = NaN] = [
        history.at(-1),
        ((history.at(-1) ?? NaN) - (history[0] ?? NaN)) / history.length,
      ];
      mean.forEach((value, k) => {
        const line = before + growth * (k + 2);
        ok(Math.abs(value - line) <= 0.15 * Math.abs(last - line), `day ${k + 1}: ${value}, the line ${line}`);
      });
    }
  });
}

Deno.test("a new level of a few days is believed: after five, most of the way", () => {
  for (const noise of [() => 0, normals(3)]) {
    const history = Array.from({ length: 120 }, (_, i) => (i < 115 ? 100 : 130) * (1 + 0.05 * noise()));
    for (const season_length of [1, 7]) {
      const { mean: [tomorrow = NaN] } = asked(history, { horizon: 1, season_length });
      ok(tomorrow > 120 && tomorrow < 135, `${tomorrow}`);
    }
  }
});

/** A level until so many days before the end, and the level after that. */
const STEPS: [from: number, to: number, days: number, since: number][] = [
  ...[[10, 1000, 120, 20], [10, 1000, 90, 10], [100, 1000, 365, 15], [100, 130, 120, 25]] as const,
  ...[[1000, 10, 120, 20], [130, 100, 120, 25], [0, 100, 120, 20], [-50, 50, 120, 20]] as const,
].map(([from, to, days, since]) => [from, to, days, since]);

for (const [from, to, days, since] of STEPS) {
  Deno.test(`after a step from ${from} to ${to}, ${since} of ${days} days ago, the interval is about the new level`, () => {
    const history = Array.from({ length: days }, (_, i) => i < days - since ? from : to);
    const step = Math.abs(to - from);
    for (const season_length of [1, 7]) {
      const forecast = asked(history, { horizon: 60, season_length });
      const { lower, upper } = forecastInterval(forecast, 0.95);
      const told = (k: number) => `day ${k + 1}: ${forecast.mean[k]} [${lower[k]}, ${upper[k]}]`;
      // Tomorrow the old level is out of the question, for it was left once in months; in 60 days much may happen again,
      // but not more than twice as much: two ranges of the history from the mean, which is near the new level.
      const near = (value = NaN, share = NaN) => Math.abs(value - to) <= share * step;
      ok(near(forecast.mean[0], 0.05) && near(lower[0], 2 / 3) && near(upper[0], 2 / 3), told(0));
      ok((lower[0] ?? NaN) <= to && to <= (upper[0] ?? NaN), told(0));
      for (const k of forecast.mean.keys()) ok(near(lower[k], 2.25) && near(upper[k], 2.25), told(k));
    }
  });
}

Deno.test("after a step from 10 to 1000 the paths of 60 days average about the new level, not many times it", () => {
  const history = Array.from({ length: 120 }, (_, i) => i < 100 ? 10 : 1000);
  const question = { horizon: 60, season_length: 7, frequency: "daily" } as const;
  const [count, uniform] = [1000, seededUniforms("after a step")];
  for (const totals of [{}, { totals: totalErrors(history, question) }]) {
    const { values } = simulatePaths(asked(history, question), { count, uniform, ...totals });
    const averages = Array.from(
      { length: count },
      (_, path) => values.subarray(60 * path, 60 * path + 60).reduce((sum, value) => sum + value / 60, 0),
    ).sort((a, b) => a - b);
    const [low, middle, high] = [25, 500, 974].map((place) => averages[place] ?? NaN);
    // A quarter of the step from the new level at most; and at 95 %, two ranges of the history and that quarter.
    ok(middle !== undefined && Math.abs(middle - 1000) < 250, `${middle}`);
    ok(low !== undefined && low >= 0 && high !== undefined && high < 1000 + 2.25 * 990, `${low} to ${high}`);
  }
});

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
  fc.double({ min: -Number.MAX_VALUE, max: Number.MAX_VALUE }),
  fc.constantFrom(Infinity, -Infinity, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 1e15, 1e-9),
);
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

Deno.test("in a unit that is a power of two smaller every number of the forecast is exactly as much larger", () => {
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
