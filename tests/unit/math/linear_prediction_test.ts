import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { type LinearFit, linearFit, linearPrediction, linearPredictions } from "../../../services/math/mod.ts";
import { CARS } from "./cars.ts";
import { closeTo } from "./close_to.ts";
import { normals } from "./seeded.ts";

function fitOf(xs: readonly number[], ys: readonly number[]): LinearFit {
  const fit = linearFit(xs, ys);
  ok(fit);
  return fit;
}

Deno.test("an interval has the digits that R prints for predict(lm(dist ~ speed, cars), speed = 10)", () => {
  // predict(m, data.frame(speed = 10), interval = "prediction"): 21.74499 -9.809601 53.29959
  const fit = fitOf(CARS.map(([speed]) => speed), CARS.map(([, dist]) => dist));
  const prediction = linearPrediction(fit, 10, 0.95);
  equal([prediction?.mean.toFixed(5), prediction?.lower.toFixed(6), prediction?.upper.toFixed(5)], [
    "21.74499",
    "-9.809601",
    "53.29959",
  ]);
});

Deno.test("an interval is what a hand calculation gives", () => {
  // x̄ = 3, Sxx = 10, s² = 0.8; at 6: 2.2 + 0.6·6 = 5.8 ± t(0.975, 3)·√(0.8·(1 + 1/5 + 9/10)), t = 3.18244630528.
  const prediction = linearPrediction(fitOf([1, 2, 3, 4, 5], [2, 4, 5, 4, 5]), 6, 0.95);
  const half = 3.1824463052837 * Math.sqrt(0.8 * 2.1);
  closeTo(prediction?.mean ?? null, 5.8, 1e-15);
  closeTo(prediction?.lower ?? null, 5.8 - half, 1e-12);
  closeTo(prediction?.upper ?? null, 5.8 + half, 1e-12);
});

Deno.test("a 90 % interval holds 90 % of new observations, in 2,000 simulated histories", () => {
  // Standard error of the share: √(0.9·0.1/2000) = 0.0067, so ± 0.02 is three of them. Short, where t matters.
  const normal = normals(20240607);
  const xs = Array.from({ length: 8 }, (_, i) => i);
  let held = 0;
  for (let i = 0; i < 2000; i++) {
    const fit = fitOf(xs, xs.map((x) => 50 + 3 * x + 4 * normal()));
    const prediction = linearPrediction(fit, 12, 0.9);
    const actual = 50 + 3 * 12 + 4 * normal();
    if (prediction && actual >= prediction.lower && actual <= prediction.upper) held++;
  }
  ok(Math.abs(held / 2000 - 0.9) <= 0.02, `${held / 2000}`);
});

Deno.test("an interval widens with the level and with the distance from the mean of x", () => {
  const fit = fitOf([1, 2, 3, 4, 5], [2, 4, 5, 4, 5]);
  const width = (x0: number, level: number) => {
    const prediction = linearPrediction(fit, x0, level);
    return prediction ? prediction.upper - prediction.lower : NaN;
  };
  ok(width(6, 0.5) < width(6, 0.8) && width(6, 0.8) < width(6, 0.99));
  ok(width(3, 0.9) < width(6, 0.9) && width(6, 0.9) < width(60, 0.9));
});

Deno.test("many predictions are the same as one at a time", () => {
  const fit = fitOf([1, 2, 3, 4, 5], [2, 4, 5, 4, 5]);
  equal(linearPredictions(fit, [6, 7], 0.9), [linearPrediction(fit, 6, 0.9), linearPrediction(fit, 7, 0.9)]);
});

Deno.test("there is no interval at a level outside 0.5–0.99, or at an x that is not finite", () => {
  const fit = fitOf([1, 2, 3, 4, 5], [2, 4, 5, 4, 5]);
  for (const level of [0, 0.49, 0.995, 1, NaN]) equal(linearPrediction(fit, 6, level), null);
  for (const x0 of [NaN, Infinity]) equal(linearPrediction(fit, x0, 0.9), null);
  ok(linearPrediction(fit, 6, 0.5) && linearPrediction(fit, 6, 0.99));
});
