import { ok } from "node:assert/strict";
import fc from "fast-check";
import * as math from "../../../services/math/mod.ts";

/** Any double at all, with the awkward ones often. */
const anything = fc.oneof(
  fc.double(),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  fc.integer({ min: -3, max: 400 }),
  fc.constantFrom(0, -0, 1, NaN, Infinity, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE, 1e15, -1e15, 1e-9),
);

/** One length for all series of a run: 0, 1, 2 and more. */
const length = fc.oneof(fc.constantFrom(0, 1, 2, 3), fc.integer({ min: 4, max: 40 }));

/** Series of a length: anything, one size from 1e-9 to 1e15, a constant, a spike, a line, few values with ties. */
const series = (n: number) =>
  fc.oneof(
    fc.array(anything, { minLength: n, maxLength: n }),
    fc.tuple(
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: n, maxLength: n }),
      fc.integer({ min: -9, max: 15 }),
    )
      .map(([values, power]) => values.map((value) => value * 10 ** power)),
    fc.tuple(fc.constantFrom(0, 0.1, 1e15, 1e-9, -3), fc.nat(40), fc.constantFrom(0, 1, 1e15))
      .map(([value, day, spike]) => Array.from({ length: n }, (_, i) => i === day ? value + spike : value)),
    fc.tuple(fc.double({ min: -10, max: 10, noNaN: true }), fc.constantFrom(0, 1e9, 1e15))
      .map(([slope, from]) => Array.from({ length: n }, (_, i) => from + slope * i)),
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: n, maxLength: n }),
  );

const gappy = (n: number) =>
  fc.tuple(series(n), fc.array(fc.nat(3), { minLength: n, maxLength: n }))
    .map(([values, gaps]) => values.map((value, i) => gaps[i] === 0 ? null : value));

const level = fc.oneof(fc.double({ min: 0.5, max: 0.99, noNaN: true }), anything);
const SETTINGS = { seed: 20_240_607, numRuns: 400 };

/** No NaN and no Infinity, however deep. */
function isFiniteThroughout(answer: unknown): boolean {
  if (typeof answer === "number") return Number.isFinite(answer);
  if (answer === null || typeof answer !== "object") return true;
  return Object.values(answer).every(isFiniteThroughout);
}

Deno.test("no tail of F, chi-square or gamma is NaN, or outside 0 to 1", () => {
  fc.assert(
    fc.property(anything, anything, anything, (x, a, b) => {
      for (const tails of [math.fTails(x, a, b), math.chiSquareTails(x, a), math.incompleteGamma(a, x)]) {
        ok(Object.values(tails ?? {}).every((share) => share >= 0 && share <= 1), JSON.stringify({ x, a, b, tails }));
      }
    }),
    SETTINGS,
  );
});

Deno.test("correlations are finite, between −1 and 1, and the same either way round, whatever the series", () => {
  fc.assert(
    fc.property(length.chain((n) => fc.tuple(series(n), series(n))), anything, level, ([x, y], n, level) => {
      for (const  of of[math.pearson, math.spearman]) {
        const r = of(x, y);
        ok(r === null || (r >= -1 && r <= 1));
        ok(r === of(y, x), `${r} and ${of(y, x)}`);
        for (const size of [x.length, n]) {
          const test = math.correlationTest(r ?? NaN, size, level, "spearman");
          ok(isFiniteThroughout(test));
          const { lower = null, upper = null } = test ?? {};
          if (lower !== null && upper !== null) {
            ok(lower <= (r ?? 0) + 1e-15 && (r ?? 0) - 1e-15 <= upper);
          }
        }
      }
      ok(isFiniteThroughout(math.averageRanks(x)));
    }),
    SETTINGS,
  );
});

Deno.test("effective sizes and lag scans are finite and within their bounds, whatever the series and their gaps", () => {
  fc.assert(
    fc.property(length.chain((n) => fc.tuple(gappy(n), gappy(n))), anything, ([x, y], most) => {
      ok(isFiniteThroughout(math.autocorrelations(x, Math.min(50, most))));
      const size = math.pairedEffectiveSize(x, y);
      ok(size === null || (size >= 2 && size <= Math.max(2, x.length)));
      const scan = math.lagScan(x, y, most);
      ok(isFiniteThroughout(scan));
      if (scan === null) return;
      ok(scan.lags.every(({ r, lag }) => Math.abs(r) <= Math.abs(scan.best.r) && Math.abs(lag) <= scan.max_lag));
      ok(scan.best.p_value === null || (scan.best.p_value >= 0 && scan.best.p_value <= 1));
    }),
    SETTINGS,
  );
});

Deno.test("a regression and its checks are finite, whatever the series", () => {
  const question = fc.tuple(length, fc.integer({ min: 0, max: 4 }))
    .chain(([n, p]) => fc.tuple(series(n), fc.array(series(n), { minLength: p, maxLength: p })));
  fc.assert(
    fc.property(question, fc.boolean(), level, ([y, x], intercept, level) => {
      const model = math.linearModel({ y, x, intercept, level });
      ok(isFiniteThroughout(model), JSON.stringify(model));
      if (model.status !== "ok") return;
      ok(model.r_squared === null || (model.r_squared >= 0 && model.r_squared <= 1));
      ok(
        model.estimates.every(({ p_value, lower, upper, value }) =>
          p_value >= 0 && p_value <= 1 && lower <= value && value <= upper
        ),
      );
      const { residuals } = model;
      ok(isFiniteThroughout([
        ...[math.durbinWatson(residuals), math.breuschGodfrey(residuals, x, 2)],
        ...[math.breuschPagan(residuals, x), math.jarqueBera(residuals)],
      ]));
    }),
    SETTINGS,
  );
});
