import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import * as math from "../../../services/math/mod.ts";

/** Any double at all, with the awkward ones often. */
const anything = fc.oneof(
  fc.double(),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  fc.constantFrom(0, -0, 1, 0.5, NaN, Infinity, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE, 1e15, 1e-9),
);
const share = fc.oneof(anything, fc.double({ min: 0, max: 1, noNaN: true }));
const positive = fc.oneof(
  anything,
  fc.integer({ min: 1, max: 1000 }),
  fc.double({ min: 1e-6, max: 1e20, noNaN: true }),
);

/** Series of every size that is stored: 1e-9 to 1e15, constants, spikes, zeros, and series of anything. */
const series = fc.oneof(
  fc.array(anything, { maxLength: 40 }),
  fc.tuple(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 60 }), fc.integer({ min: -9, max: 15 }))
    .map(([values, power]) => values.map((value) => value * 10 ** power)),
  fc.tuple(fc.constantFrom(0, 0.1, 1e15, 1e-9, -3), fc.nat(60), fc.nat(60), fc.constantFrom(0, 1, 1e15))
    .map(([value, n, day, spike]) => Array.from({ length: n }, (_, i) => (i === day ? value + spike : value))),
);

const SETTINGS = { seed: 20_240_607, numRuns: 300 };

/** No NaN and no Infinity, however deep. */
function isFiniteThroughout(answer: unknown): boolean {
  if (typeof answer === "number") return Number.isFinite(answer);
  if (answer === null || typeof answer !== "object") return true;
  return Object.values(answer).every(isFiniteThroughout);
}

Deno.test("no special function answers NaN or Infinity, whatever it is asked", () => {
  fc.assert(
    fc.property(anything, positive, positive, share, (x, a, b, p) => {
      const answers = [
        math.logGamma(x),
        math.logGamma(a),
        math.logBeta(a, b),
        math.incompleteBeta(p, a, b),
        math.incompleteBeta(p, a, b, x),
        math.normalQuantile(p),
        math.normalTails(x),
        math.studentTTails(x, a),
        math.studentTCdf(x, a),
        math.studentTQuantile(p, a),
      ];
      ok(isFiniteThroughout(answers), JSON.stringify(answers));
    }),
    SETTINGS,
  );
});

Deno.test("every probability is between 0 and 1, and grows with t", () => {
  fc.assert(
    fc.property(anything, anything, positive, share, (s, t, df, p) => {
      const low = math.studentTCdf(Math.min(s, t), df);
      const high = math.studentTCdf(Math.max(s, t), df);
      if (low !== null && high !== null) ok(0 <= low && low <= high + 1e-12 && high <= 1);
      const beta = math.incompleteBeta(p, df, 2.5);
      if (beta !== null) ok(0 <= beta && beta <= 1);
    }),
    SETTINGS,
  );
});

Deno.test("a summary is finite and in order, whatever the values", () => {
  fc.assert(
    fc.property(series, share, (values, p) => {
      const { min, median, mean, max, variance, ...rest } = math.summary(values);
      ok(isFiniteThroughout([min, median, mean, max, variance, rest, math.quantile(values, p)]));
      equal(rest.n, values.length);
      if (min !== null && max !== null && median !== null) ok(min <= median && median <= max);
      if (min !== null && max !== null && mean !== null) ok(min <= mean && mean <= max);
      if (variance !== null) ok(variance >= 0);
    }),
    SETTINGS,
  );
});

Deno.test("a fit and its predictions are finite, whatever the points", () => {
  fc.assert(
    fc.property(series, series, anything, share, (xs, ys, x0, level) => {
      const days = ys.map((_, day) => day);
      for (const fit of [math.linearFit(xs, ys), math.linearFit(days, ys), math.linearFit(xs, xs)]) {
        ok(isFiniteThroughout(fit));
        if (fit === null) continue;
        ok(fit.r_squared === null || (fit.r_squared >= 0 && fit.r_squared <= 1));
        ok(fit.slope_p_value >= 0 && fit.slope_p_value <= 1);
        ok(isFiniteThroughout(math.linearPrediction(fit, x0, level)));
      }
    }),
    SETTINGS,
  );
});

Deno.test("a trend is finite, its bounds hold the mean, and a count stays at 0 or above, whatever the history", () => {
  const horizon = fc.oneof(fc.integer({ min: 1, max: 365 }), anything);
  const level = fc.oneof(fc.double({ min: 0.5, max: 0.99, noNaN: true }), share);
  fc.assert(
    fc.property(series, horizon, level, fc.boolean(), (values, horizon, level, non_negative) => {
      const answer = math.linearTrend(values, { horizon, level, non_negative });
      ok(isFiniteThroughout(answer));
      ok(isFiniteThroughout(math.rollingOrigins(values[0] ?? 0, { earliest: 7, horizon, most: 8 })));
      if (answer === null) return;
      equal(answer.points.length, horizon);
      ok(answer.points.every(({ mean, lower, upper }) => lower <= mean && mean <= upper));
      if (non_negative) ok(answer.points.every(({ lower }) => lower >= 0));
    }),
    SETTINGS,
  );
});

Deno.test("lines through histories of every stored magnitude are answered", () => {
  const magnitude = fc.integer({ min: -9, max: 14 });
  const shape = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 14, maxLength: 60 });
  fc.assert(
    fc.property(shape, magnitude, fc.integer({ min: 1, max: 365 }), (values, power, horizon) => {
      const history = values.map((value) => Math.round(value * 1e6) / 1e6 * 10 ** power);
      ok(math.linearTrend(history, { horizon, level: 0.9, non_negative: false }) !== null);
    }),
    SETTINGS,
  );
});
