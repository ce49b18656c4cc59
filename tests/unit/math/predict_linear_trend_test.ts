import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { type LinearTrendPrediction, type LinearTrendRequest, predictLinearTrend } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";
import { normals } from "./seeded.ts";

function predict(values: number[], asked: Partial<LinearTrendRequest> = {}): LinearTrendPrediction {
  const answer = predictLinearTrend({ values, horizon: 7, level: 0.9, non_negative: false, ...asked });
  ok(answer.status === "ok", answer.status);
  return answer;
}

function noisy(n: number, at: (day: number) => number, sd: number, seed: number): number[] {
  const normal = normals(seed);
  return Array.from({ length: n }, (_, day) => at(day) + sd * normal());
}

Deno.test("a straight line goes on as it was, without doubt", () => {
  const values = Array.from({ length: 20 }, (_, day) => 10 + 3 * day);
  const answer = predict(values, { horizon: 2 });
  equal(answer.points, [
    { step: 1, mean: 70, lower: 70, upper: 70 },
    { step: 2, mean: 73, lower: 73, upper: 73 },
  ]);
  equal([answer.trend, answer.slope_per_step, answer.r_squared, answer.residual_sd], ["increasing", 3, 1, 0]);
  equal(answer.backtest, { origins: 8, horizon: 2, wape: 0, mase: 0, coverage: 1, n: 16 });
});

Deno.test("a backtest predicts each origin from what came before it only", () => {
  // 1, 2, …, 15, then 26 where the line says 16. Origins 8–15, one step each: seven hits and one miss by 10.
  // WAPE = 10 / (9 + 10 + … + 15 + 26) = 10/110; MASE = (10/8) / 1, for every step of the histories is 1.
  const values = [...Array.from({ length: 15 }, (_, day) => day + 1), 26];
  const { backtest } = predict(values, { horizon: 1 });
  ok(backtest);
  equal([backtest.origins, backtest.horizon, backtest.n, backtest.coverage], [8, 1, 8, 7 / 8]);
  closeTo(backtest.wape, 10 / 110, 1e-14);
  closeTo(backtest.mase, 10 / 8, 1e-14);
});

Deno.test("a 90 % interval holds 90 % of what comes next, in 2,000 simulated histories with a true trend", () => {
  const normal = normals(7);
  let held = 0;
  let covered = 0;
  let scored = 0;
  for (let i = 0; i < 2000; i++) {
    const values = Array.from({ length: 28 }, (_, day) => 100 + 2 * day + 15 * normal());
    const { points, backtest } = predict(values);
    const point = points[6];
    const actual = 100 + 2 * (28 + 6) + 15 * normal();
    if (point && actual >= point.lower && actual <= point.upper) held++;
    covered += (backtest?.coverage ?? NaN) * (backtest?.n ?? NaN);
    scored += backtest?.n ?? NaN;
  }
  ok(Math.abs(held / 2000 - 0.9) <= 0.02, `${held / 2000} held`);
  ok(Math.abs(covered / scored - 0.9) <= 0.02, `${covered / scored} covered in the backtests`);
});

Deno.test("a level history is called stable 95 times in 100, and a clear slope never", () => {
  const trends = (slope: number, histories: number) =>
    Array.from({ length: histories }, (_, seed) => predict(noisy(30, (day) => 50 + slope * day, 5, seed)).trend);
  const stable = trends(0, 1000).filter((trend) => trend === "stable").length / 1000;
  ok(Math.abs(stable - 0.95) <= 0.02, `${stable}`);
  ok(trends(2, 50).every((trend) => trend === "increasing"));
  ok(trends(-2, 50).every((trend) => trend === "decreasing"));
});

Deno.test("the direction does not depend on the unit", () => {
  const values = noisy(60, (day) => 100 + 0.5 * day, 10, 3);
  for (const unit of [1e-9, 1, 1e13]) {
    const { trend, slope_p_value } = predict(values.map((value) => value * unit));
    equal(trend, "increasing");
    closeTo(slope_p_value, predict(values).slope_p_value, 1e-10);
  }
});

Deno.test("bounds hold the mean and widen with the level and the step", () => {
  const values = noisy(90, (day) => 100 - 0.3 * day, 8, 11);
  let narrower: number[] = [];
  for (const level of [0.5, 0.8, 0.9, 0.95, 0.99]) {
    const { points } = predict(values, { level, horizon: 365 });
    const widths = points.map(({ lower, upper }) => upper - lower);
    ok(points.every(({ mean, lower, upper }) => lower < mean && mean < upper));
    ok(widths.every((width, i) => i === 0 || width > (widths[i - 1] ?? NaN)));
    ok(widths.every((width, i) => width > (narrower[i] ?? 0)));
    narrower = widths;
  }
});

Deno.test("a quantity that cannot be negative is clipped at 0, mean and bounds alike", () => {
  const values = noisy(40, (day) => 40 - day, 2, 5);
  const free = predict(values, { horizon: 60 }).points;
  const clipped = predict(values, { horizon: 60, non_negative: true }).points;
  ok(free.some(({ mean }) => mean < 0) && free.some(({ upper }) => upper < 0));
  equal(
    clipped,
    free.map(({ step, mean, lower, upper }) => ({
      step,
      mean: Math.max(0, mean),
      lower: Math.max(0, lower),
      upper: Math.max(0, upper),
    })),
  );
});

Deno.test("constants, zeros and a single spike have their plain answers", () => {
  for (const value of [0.1, 1e15, 1e-9, -7]) {
    const answer = predict(Array<number>(30).fill(value), { horizon: 1 });
    equal(answer.points, [{ step: 1, mean: value, lower: value, upper: value }]);
    equal([answer.trend, answer.slope_p_value, answer.r_squared], ["stable", 1, null]);
    equal([answer.backtest?.wape, answer.backtest?.mase, answer.backtest?.coverage], [0, null, 1]);
  }
  const zeros = predict(Array<number>(30).fill(0), { non_negative: true });
  equal([zeros.trend, zeros.backtest?.wape, zeros.backtest?.mase], ["stable", null, null]);
  const spike = predict(Array.from({ length: 30 }, (_, day) => (day === 15 ? 1e15 : 0)), { non_negative: true });
  equal(spike.trend, "stable");
  ok(spike.points.every(({ lower, mean, upper }) => lower === 0 && mean > 0 && upper > mean));
});

Deno.test("fewer than 14 values are not enough", () => {
  const answer = predictLinearTrend({ values: [1, 2, 3], horizon: 7, level: 0.9, non_negative: false });
  equal(answer, { status: "insufficient_history", reason: "too_few_values", needed: 14, n: 3 });
  equal(predict(Array.from({ length: 14 }, (_, day) => day % 3)).backtest?.horizon, 3);
});

Deno.test("what cannot be answered says so instead of guessing", () => {
  const values = noisy(30, (day) => day, 1, 1);
  const reason = (asked: Partial<LinearTrendRequest>) => {
    const answer = predictLinearTrend({ values, horizon: 7, level: 0.9, non_negative: false, ...asked });
    return answer.status === "ok" ? "ok" : answer.reason;
  };
  equal(reason({ values: [...values, NaN] }), "not_finite");
  equal(reason({ values: values.map((value) => value * 1e200) }), "out_of_range");
  for (const horizon of [0, -1, 1.5, 366, NaN, Infinity]) equal(reason({ horizon }), "out_of_range");
  for (const level of [0.49, 0.999, NaN]) equal(reason({ level }), "out_of_range");
  equal([reason({ horizon: 1 }), reason({ horizon: 365 })], ["ok", "ok"]);
});
