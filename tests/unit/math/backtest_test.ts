import { deepStrictEqual as equal } from "node:assert/strict";
import { backtestForecast, backtestMeasures, type ForecastModel, heldWithin } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";

/** As the last value, and inside from the level 0.70001 on. */
const asTheLast: ForecastModel = (history, horizon) => ({
  mean: Array(horizon).fill(history.at(-1)),
  held: () => 0.70001,
});

const VALUES = [2, 4, 3, 7, 5, 6];

Deno.test("each origin is scored by what came after it, and scaled by what came before", () => {
  const scores = backtestForecast(VALUES, { origins: [3, 4], horizon: 2, season_length: 1 }, asTheLast);
  equal(scores, [
    {
      // 3 and 3 for 7 and 5: errors of −4 and −2; changes before were 2 and −1.
      ...{ at: 3, n: 2, absolute_error: 6, squared_error: 20, signed_error: -6, absolute_actual: 12 },
      ...{ absolute_change: 1.5, squared_change: 2.5, held: [0.7001, 0.7001] },
    },
    {
      // 7 and 7 for 5 and 6: errors of 2 and 1; changes before were 2, −1 and 4.
      ...{ at: 4, n: 2, absolute_error: 3, squared_error: 5, signed_error: 3, absolute_actual: 11 },
      ...{ absolute_change: 7 / 3, squared_change: 7, held: [0.7001, 0.7001] },
    },
  ]);
  const measures = backtestMeasures(scores ?? []);
  equal([measures?.origins, measures?.n, measures?.mae, measures?.bias], [2, 4, 9 / 4, -3 / 4]);
  equal(measures?.wape, 9 / 23);
  closeTo(measures?.mase ?? null, 2.25 / ((1.5 + 7 / 3) / 2), 1e-15);
  closeTo(measures?.rmsse ?? null, Math.sqrt((25 / 4) / ((2.5 + 7) / 2)), 1e-15);
  equal([heldWithin(scores ?? [], 0.7), heldWithin(scores ?? [], 0.71)], [0, 4]);
});

Deno.test("changes are taken over a season where the history has two, else from one value to the next", () => {
  const at = (origin: number) =>
    backtestForecast(VALUES, { origins: [origin], horizon: 1, season_length: 2 }, asTheLast)?.[0]?.absolute_change;
  equal(at(4), (1 + 3) / 2); // 3 − 2 and 7 − 4
  equal(at(3), (2 + 1) / 2);
});

Deno.test("the last origin is compared with what there is, and one with nothing after it cannot be", () => {
  const where = { horizon: 2, season_length: 1 };
  equal(backtestForecast(VALUES, { ...where, origins: [5] }, asTheLast)?.[0]?.n, 1);
  equal(backtestForecast(VALUES, { ...where, origins: [6] }, asTheLast), null);
  equal(backtestForecast(VALUES, { ...where, origins: [] }, asTheLast), null);
  equal(backtestForecast(VALUES, { ...where, origins: [3] }, () => null), null);
  equal(backtestForecast([1e300, -1e300, 1e300, 5], { ...where, origins: [3] }, asTheLast), null); // squares too large
});

Deno.test("equal to within rounding is inside every interval", () => {
  const nearly: ForecastModel = () => ({ mean: [5 + 1e-12], held: () => 1 });
  const scores = backtestForecast([5, 5, 5], { origins: [2], horizon: 1, season_length: 1 }, nearly) ?? [];
  equal(heldWithin(scores, 0.5), 1);
});

Deno.test("where nothing changes or nothing comes, there is no scale, and without scores no measure", () => {
  const zeros = backtestForecast([0, 0, 0, 0], { origins: [2], horizon: 2, season_length: 1 }, asTheLast);
  const { wape, mase, rmsse, mae } = backtestMeasures(zeros ?? []) ?? {};
  equal([wape, mase, rmsse, mae], [null, null, null, 0]);
  equal(backtestMeasures([]), null);
  equal(heldWithin([], 0.9), 0);
});
