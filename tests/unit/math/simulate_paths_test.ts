import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  driftPaths,
  fitForecast,
  type Forecast,
  normalQuantile,
  seededUniforms,
  simulatePaths,
  totalErrors,
  wanderingError,
} from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";
import { normals } from "./seeded.ts";

const PATHS = 10_000;
/** Evenly likely errors of mean 0 and variance 1, nearly. */
const NORMAL = Array.from({ length: 999 }, (_, i) => normalQuantile((i + 0.5) / 999) ?? 0);

function moments(values: number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

function simulated(forecast: Forecast, more: object = {}): { steps: number[][]; totals: number[] } {
  const paths = simulatePaths(forecast, { count: PATHS, uniform: seededUniforms("a"), ...more });
  const rows = Array.from(
    { length: PATHS },
    (_, i) => [...paths.values.subarray(i * paths.steps, (i + 1) * paths.steps)],
  );
  const steps = forecast.mean.map((_, k) => rows.map((row) => row[k] ?? 0));
  return { steps, totals: rows.map((row) => row.reduce((sum, value) => sum + value, 0)) };
}

Deno.test("paths have the mean and the spread of each step, and totals whose errors hang together", () => {
  const growth = 0.25;
  const spread = [2, 2 * Math.sqrt(1.25), 2 * Math.sqrt(1.5)];
  const unit = moments(NORMAL).variance;
  const { steps, totals } = simulated({ mean: [10, 20, 30], spread, growth, errors: NORMAL, floor: null });
  for (const [k, values] of steps.entries()) {
    const { mean, variance } = moments(values);
    closeTo(mean, [10, 20, 30][k] ?? 0, 0.02);
    closeTo(variance / unit, (spread[k] ?? 0) ** 2, 0.05);
  }
  // With α = ½ the errors are 2ε₁, 2(ε₂ + ½ε₁), 2(ε₃ + ½ε₂ + ½ε₁): their sum is 4ε₁ + 3ε₂ + 2ε₃, of variance 29.
  const { mean, variance } = moments(totals);
  closeTo(mean, 60, 0.01);
  closeTo(variance / unit, 29, 0.05);
});

Deno.test("a single spike among the errors lets the level sink in no path", () => {
  const errors = [...Array(99).fill(-0.1), ...Array(99).fill(0.1), 20];
  const spread = Array.from({ length: 37 }, (_, k) => 10 * Math.sqrt(1 + 0.04 * k));
  const { steps } = simulated({ mean: Array(37).fill(100), spread, growth: 0.04, errors, floor: null });
  const median = (steps[36] ?? []).sort((a, b) => a - b)[PATHS / 2] ?? 0;
  // The mean error, 20/199, taken off all that stays in the level: 36 · √0.04 · 10 · 0.1 = 7.2 too low without a fence.
  ok(Math.abs(median - 100) < 0.5, `${median}`);
});

Deno.test("of a rare error that is far out, what stays in the level ends at the fence", () => {
  const errors = [...Array(99).fill(-0.1), ...Array(99).fill(0.1), 20];
  const staying = wanderingError(errors);
  // Quartiles ±0.1, the fence at 0.1 + 3 · 0.2 = 0.7; the mean of the drawn parts (0.7 + 0.05 − 0.35) / 198.
  const mean = 0.4 / 198;
  closeTo(staying(20), 0.7 - mean, 1e-12);
  closeTo(staying(-0.1), -0.1 - mean, 1e-12);
  equal(wanderingError([])(3), 3);
  // One in ten is no outlier: all of it stays. (−90 · 0.1 + 10 · 9 + 0.05 − 4.5) / 99 is the mean of what is drawn.
  const frequent = [...Array(90).fill(-0.1), ...Array(10).fill(9)];
  closeTo(wanderingError(frequent)(9), 9 - (-9 + 90 + 0.05 - 4.5) / 99, 1e-12);
});

Deno.test("a floor makes no total higher, because later steps make up for what is cut", () => {
  const forecast = { mean: Array(60).fill(1), spread: Array(60).fill(2), growth: 0, errors: NORMAL, floor: 0 };
  const { totals, steps } = simulated(forecast, { totals: { ratio: 1, freedom: 60 } });
  ok(steps.flat().every((value) => value >= 0));
  // Each step cut alone would add E max(0, −1 − 2z) ≈ 0.396 to each of 60 steps: 84 instead of 60.
  const { mean } = moments(totals);
  ok(mean > 59 && mean < 65, `${mean}`);
});

Deno.test("paths whose totals are twice as wrong have twice the variance, with the tails of their freedom", () => {
  const forecast = { mean: [0], spread: [1], growth: 0, errors: NORMAL, floor: null };
  const unit = moments(NORMAL).variance;
  // Student's t with 11 degrees of freedom has the variance 11/9.
  const { totals } = simulated(forecast, { totals: { ratio: 2, freedom: 11 } });
  closeTo(moments(totals).variance / unit, 2 * 11 / 9, 0.06);
});

Deno.test("a year of 1,000 paths is the same for the same seed", () => {
  const forecast = fitForecast([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9], {
    ...{ horizon: 365, season_length: 7, frequency: "daily" },
  });
  ok(forecast !== null);
  const drawn = (seed: string) => simulatePaths(forecast, { count: 1000, uniform: seededUniforms(seed) });
  equal(drawn("x"), drawn("x"));
  ok(drawn("x").values.some((value, i) => value !== drawn("y").values[i]));
  equal(simulatePaths(forecast, { count: 0, uniform: seededUniforms("x") }).values.length, 0);
});

Deno.test("the errors of totals are measured on the history", () => {
  const normal = normals(7);
  const question = { horizon: 28, season_length: 7, frequency: "daily" } as const;
  const quiet = Array.from({ length: 400 }, () => 100 + 10 * normal());
  const { ratio, freedom } = totalErrors(quiet, question);
  ok(ratio > 0.2 && ratio < 2, `${ratio}`);
  equal(freedom, 10); // 200 days after the first origin hold 7 totals of 28; and 3
  // A level that jumps every 50 days: no fit of days knows how wrong a month is.
  const jumping = quiet.map((value, day) => value + 60 * (Math.floor(day / 50) % 2));
  ok(totalErrors(jumping, question).ratio > ratio);
  equal(totalErrors([1, 2], question), { ratio: 0.8 / 15, freedom: 3 }); // 28/2 histories ahead: 0.8 / (1 + 14)
});

Deno.test("a walk goes on with the drift of its readings, and is as unsure as they are few", () => {
  const exact = driftPaths([0, 1, 3, 4].map((at) => ({ at, value: 10 + 5 * at })), {
    ...{ count: 2, steps: 3, step: 2, uniform: seededUniforms("a") },
  });
  equal(exact, { count: 2, steps: 3, values: Float64Array.of(40, 50, 60, 40, 50, 60) });
  // Changes 1, 3, −1, 5, 2 over a day each: drift 2, σ² = (1 + 1 + 9 + 9 + 0) / 4 = 5. After 5 days the level is
  // 10 + 5·2 with a t of 4 degrees of freedom and scale² 5·(5 + 5²/5) = 50: half of all paths within 0.741·√50 = 5.24.
  const readings = [0, 1, 4, 3, 8, 10].map((value, at) => ({ at, value }));
  const paths = driftPaths(readings, { count: PATHS, steps: 5, step: 1, uniform: seededUniforms("b") });
  const ends = Array.from({ length: PATHS }, (_, path) => paths?.values[path * 5 + 4] ?? 0).sort((a, b) => a - b);
  closeTo(ends[PATHS / 2] ?? 0, 20, 0.02);
  closeTo((ends[PATHS * 3 / 4] ?? 0) - 20, 0.7407 * Math.sqrt(50), 0.06);
  equal(driftPaths(readings.slice(0, 2), { count: 1, steps: 1, step: 1, uniform: () => 0 }), null);
  equal(
    driftPaths([{ at: 1, value: 1 }, { at: 1, value: 2 }, { at: 2, value: 2 }], {
      ...{ count: 1, steps: 1, step: 1, uniform: () => 0 },
    }),
    null,
  );
});

Deno.test("no path is NaN or infinite, whatever the forecast or the readings", () => {
  const anything = fc.double({ min: -1e15, max: 1e15, noNaN: true });
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 40 }), fc.integer({ min: 1, max: 30 }), (values, horizon) => {
      const question = { horizon, season_length: 7, frequency: "daily" } as const;
      const forecast = fitForecast(values, question);
      const totals = totalErrors(values, question);
      ok(Number.isFinite(totals.ratio) && totals.ratio > 0 && totals.freedom >= 3);
      const uniform = seededUniforms("c");
      if (forecast !== null) {
        for (const more of [{}, { totals }]) {
          ok(simulatePaths(forecast, { count: 5, uniform, ...more }).values.every(Number.isFinite));
        }
      }
      const readings = values.map((value, at) => ({ at, value }));
      const paths = driftPaths(readings, { count: 5, steps: horizon, step: 1, uniform });
      ok(paths === null ? values.length < 3 : paths.values.every(Number.isFinite));
    }),
    { seed: 20_251_224, numRuns: 200 },
  );
});
