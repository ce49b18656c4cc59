import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { linearTrend, type TrendQuestion } from "../../../services/math/mod.ts";
import { normals } from "./seeded.ts";

function points(values: readonly number[], asked: Partial<TrendQuestion> = {}) {
  const answer = linearTrend(values, { horizon: 7, level: 0.9, non_negative: false, ...asked });
  ok(answer !== null);
  return answer.points;
}

function noisy(n: number, at: (day: number) => number, sd: number, seed: number): number[] {
  const normal = normals(seed);
  return Array.from({ length: n }, (_, day) => at(day) + sd * normal());
}

Deno.test("a straight line goes on as it was, without doubt", () => {
  const values = Array.from({ length: 20 }, (_, day) => 10 + 3 * day);
  equal(points(values, { horizon: 2 }), [
    { step: 1, mean: 70, lower: 70, upper: 70 },
    { step: 2, mean: 73, lower: 73, upper: 73 },
  ]);
});

Deno.test("a 90 % interval holds 90 % of what comes next, in 2,000 simulated histories with a true trend", () => {
  const normal = normals(7);
  let held = 0;
  for (let i = 0; i < 2000; i++) {
    const point = points(Array.from({ length: 28 }, (_, day) => 100 + 2 * day + 15 * normal()))[6];
    const actual = 100 + 2 * (28 + 6) + 15 * normal();
    if (point && actual >= point.lower && actual <= point.upper) held++;
  }
  ok(Math.abs(held / 2000 - 0.9) <= 0.02, `${held / 2000} held`);
});

Deno.test("bounds of a line hold the mean and widen with the level and the step", () => {
  const values = noisy(90, (day) => 100 - 0.3 * day, 8, 11);
  let narrower: number[] = [];
  for (const level of [0.5, 0.8, 0.9, 0.95, 0.99]) {
    const ahead = points(values, { level, horizon: 365 });
    const widths = ahead.map(({ lower, upper }) => upper - lower);
    ok(ahead.every(({ mean, lower, upper }) => lower < mean && mean < upper));
    ok(widths.every((width, i) => i === 0 || width > (widths[i - 1] ?? NaN)));
    ok(widths.every((width, i) => width > (narrower[i] ?? 0)));
    narrower = widths;
  }
});

Deno.test("a line of what cannot be negative is clipped at 0, mean and bounds alike", () => {
  const values = noisy(40, (day) => 40 - day, 2, 5);
  const free = points(values, { horizon: 60 });
  ok(free.some(({ mean }) => mean < 0) && free.some(({ upper }) => upper < 0));
  equal(
    points(values, { horizon: 60, non_negative: true }),
    free.map(({ step, mean, lower, upper }) => ({
      step,
      mean: Math.max(0, mean),
      lower: Math.max(0, lower),
      upper: Math.max(0, upper),
    })),
  );
});

Deno.test("lines through constants and a single spike have their plain answers", () => {
  for (const value of [0.1, 1e15, 1e-9, -7]) {
    equal(points(Array<number>(30).fill(value), { horizon: 1 }), [{
      step: 1,
      mean: value,
      lower: value,
      upper: value,
    }]);
  }
  const spike = points(Array.from({ length: 30 }, (_, day) => (day === 15 ? 1e15 : 0)), { non_negative: true });
  ok(spike.every(({ lower, mean, upper }) => lower === 0 && mean > 0 && upper > mean));
});

Deno.test("a line that cannot be answered is none", () => {
  const values = noisy(30, (day) => day, 1, 1);
  const asked = { horizon: 7, level: 0.9, non_negative: false };
  equal(linearTrend([1, 2], asked), null);
  equal(linearTrend([...values, NaN], asked), null);
  equal(linearTrend(values.map((value) => value * 1e200), asked), null);
  for (const horizon of [0, -1, 1.5, 366, NaN, Infinity]) equal(linearTrend(values, { ...asked, horizon }), null);
  for (const level of [0.49, 0.999, NaN]) equal(linearTrend(values, { ...asked, level }), null);
});
