import { deepStrictEqual as equal, ok } from "node:assert/strict";
import {
  engineModel,
  extendForecast,
  fitForecast,
  forecastInterval,
  linearTrendModel,
  seasonalNaiveModel,
} from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";
import { normals } from "./seeded.ts";

Deno.test("a straight line holds a value from the level whose interval ends at it", () => {
  const line = linearTrendModel([2, 4, 5, 8], 1); // the next is 9.5
  equal(line?.mean, [9.5]);
  // Student's t of 2 degrees of freedom at 0.975 is 4.30265; s² = 0.7/2 and 1 + 1/4 + 2.5²/5 = 2.5: 4.02476 to each side.
  for (const bound of [9.5 - 4.02476, 9.5 + 4.02476]) closeTo(line?.held(0, bound) ?? null, 0.95, 1e-5);
  equal(line?.held(0, 9.5), 0);
});

Deno.test("a straight line stops at 0 where nothing was ever below, and there holds 0 and nothing less", () => {
  const falling = linearTrendModel([4, 3, 2, 1], 3);
  equal(falling?.mean, [0, 0, 0]);
  equal([falling?.held(1, 0), falling?.held(1, -1)], [0, 1]);
  equal(linearTrendModel([3, 2, 1, 0, -1], 2)?.mean, [-2, -3]);
  for (const few of [[], [1], [1, NaN, 3]]) equal(linearTrendModel(few, 1), null);
});

Deno.test("as a season ago: the last season again, with a doubt that grows from season to season", () => {
  const naive = seasonalNaiveModel(2)([1, 9, 2, 8, 1, 7], 3); // changes over a season: 1, −1, −1, −1
  equal(naive?.mean, [1, 7, 1]);
  closeTo(naive?.held(0, 1 + 1.959963984540054) ?? null, 0.95, 1e-12); // one standard deviation is 1
  closeTo(naive?.held(2, 1 - 1.959963984540054 * Math.SQRT2) ?? null, 0.95, 1e-12);
});

Deno.test("with less than two seasons, as a season ago is as the last value; with less than two values, nothing", () => {
  equal(seasonalNaiveModel(7)([1, 9, 2], 2)?.mean, [2, 2]);
  equal([seasonalNaiveModel(7)([], 1), seasonalNaiveModel(7)([1], 1)], [null, null]);
});

Deno.test("the engine holds a value from the level on whose interval reaches it", () => {
  const normal = normals(3);
  const values = Array.from({ length: 200 }, (_, day) => 100 + 10 * Math.sin(day * 2 * Math.PI / 7) + 5 * normal());
  const question = { season_length: 7, frequency: "daily" } as const;
  const model = engineModel(question)(values, 10);
  const forecast = fitForecast(values, { ...question, horizon: 10 });
  ok(model !== null && forecast !== null);
  equal(model.mean, forecast.mean);
  for (const level of [0.6, 0.8, 0.95]) {
    const { lower, upper } = forecastInterval(forecast, level);
    for (const step of [0, 4, 9]) {
      for (const bound of [lower[step] ?? NaN, upper[step] ?? NaN]) {
        const outward = bound + Math.sign(bound - (forecast.mean[step] ?? NaN)) * 1e-6;
        ok(model.held(step, bound) <= level + 1e-4, `level ${level}, step ${step}: ${model.held(step, bound)}`);
        ok(model.held(step, outward) >= level, `level ${level}, step ${step}: ${model.held(step, outward)}`);
      }
    }
  }
  equal([model.held(0, model.mean[0] ?? NaN), model.held(0, 1e9)], [0.5, 1]);
  equal(engineModel(question)([], 1), null);
});

Deno.test("a forecast goes on with its last season, and its doubt grows as it did", () => {
  const forecast = { mean: [1, 2], spread: [1, 1], growth: 3, errors: [0], floor: null };
  const { mean, spread } = extendForecast(forecast, 5, 2);
  equal(mean, [1, 2, 1, 2, 1]);
  // √((1 + 3·step) / (1 + 3·from)): steps 2 and 4 from step 0, step 3 from step 1.
  for (const [i, expected] of [1, 1, Math.sqrt(7), Math.sqrt(10 / 4), Math.sqrt(13)].entries()) {
    closeTo(spread[i] ?? null, expected, 1e-15);
  }
});

Deno.test("a forecast shorter than its season goes on as it ended, and one long enough is left alone", () => {
  const forecast = { mean: [1, 2], spread: [1, 1], growth: 0 };
  equal(extendForecast(forecast, 4, 7).mean, [1, 2, 2, 2]);
  equal(extendForecast(forecast, 2, 1), forecast);
  equal(extendForecast({ mean: [], spread: [], growth: 0 }, 3, 1).mean, []);
});
