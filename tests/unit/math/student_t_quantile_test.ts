import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { normalQuantile, studentTCdf, studentTQuantile } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";

const PS = [0.500001, 0.51, 0.6, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.9995, 0.9999];

Deno.test("with 1 degree of freedom the quantile is Cauchy's", () => {
  // t = tan(π(p − ½)), written as 1/tan(π(1 − p)) in the tail.
  for (const p of PS) {
    const t = p < 0.75 ? Math.tan(Math.PI * (p - 0.5)) : 1 / Math.tan(Math.PI * (1 - p));
    closeTo(studentTQuantile(p, 1), t, 1e-12, `p = ${p}`);
  }
});

Deno.test("with 2 degrees of freedom the quantile has its algebraic form", () => {
  // t = (2p − 1)/√(2p(1 − p)).
  for (const p of PS) closeTo(studentTQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)), 1e-12, `p = ${p}`);
});

Deno.test("with 4 degrees of freedom the quantile has its trigonometric form", () => {
  // Shaw (2006): t = 2√(cos(acos(√a)/3)/√a − 1), a = 4p(1 − p).
  for (const p of PS.filter((p) => p > 0.55)) {
    const root = Math.sqrt(4 * p * (1 - p));
    closeTo(studentTQuantile(p, 4), 2 * Math.sqrt(Math.cos(Math.acos(root) / 3) / root - 1), 1e-11, `p = ${p}`);
  }
});

Deno.test("the quantiles agree with the table of the NIST e-Handbook, 1.3.6.7.2, to its three decimals", () => {
  const ps = [0.9, 0.95, 0.975, 0.99, 0.995];
  const table: [number, number[]][] = [
    [1, [3.078, 6.314, 12.706, 31.821, 63.657]],
    [5, [1.476, 2.015, 2.571, 3.365, 4.032]],
    [10, [1.372, 1.812, 2.228, 2.764, 3.169]],
    [30, [1.31, 1.697, 2.042, 2.457, 2.75]],
    [100, [1.29, 1.66, 1.984, 2.364, 2.626]],
    [Infinity, [1.282, 1.645, 1.96, 2.326, 2.576]],
  ];
  for (const [df, row] of table) {
    equal(ps.map((p) => Math.round((studentTQuantile(p, df) ?? NaN) * 1000) / 1000), row);
  }
});

Deno.test("the quantiles have the values that mpmath 1.3 computes with 40 digits", () => {
  const ps = [0.6, 0.75, 0.9, 0.975, 0.995, 0.9999];
  const expected: [number, number[]][] = [
    [3, [
      0.27667066233268985,
      0.76489232840434528,
      1.6377443536962103,
      3.1824463052837084,
      5.8409093097333554,
      22.203742273205002,
    ]],
    [7, [
      0.26316686135202275,
      0.71114177808178631,
      1.4149239276505086,
      2.3646242515927847,
      3.4994832973504933,
      7.0634328281576388,
    ]],
    [15, [
      0.25788530093726107,
      0.69119694895848982,
      1.3406056078504557,
      2.1314495455597752,
      2.9467128834752385,
      4.8799982884245032,
    ]],
    [50, [
      0.25469934298858811,
      0.67942820032634601,
      1.2987136941948098,
      2.0085591121007607,
      2.6777932709408439,
      4.014047320155835,
    ]],
    [300, [
      0.25357189491958283,
      0.67530841630736582,
      1.2843798675790132,
      1.9679030112610866,
      2.5923164108477922,
      3.7654932071860147,
    ]],
    [1000, [
      0.25341451583949871,
      0.67473516460700944,
      1.2823987214609246,
      1.9623390808264081,
      2.5807546980659508,
      3.7328516045753962,
    ]],
  ];
  for (const [df, row] of expected) {
    row.forEach((t, i) => closeTo(studentTQuantile(ps[i] ?? NaN, df), t, 1e-12, `p = ${ps[i]}, df = ${df}`));
  }
});

Deno.test("the quantile undoes the distribution for every df from 1 to 1000", () => {
  for (let df = 1; df <= 1000; df++) {
    for (const p of [0.6, 0.95, 0.9999]) {
      closeTo(studentTCdf(studentTQuantile(p, df) ?? NaN, df), p, 1e-13, `df = ${df}`);
    }
  }
});

Deno.test("the quantile falls to the normal one as the degrees of freedom grow", () => {
  for (const p of [0.6, 0.9, 0.975, 0.9999]) {
    const z = normalQuantile(p) ?? NaN;
    const ts = [1, 3, 30, 300, 9_999, 10_001, 1e6, 1e12].map((df) => studentTQuantile(p, df) ?? NaN);
    ts.reduce((larger, smaller) => (ok(larger > smaller, `${larger} > ${smaller}`), smaller));
    // The first term of the difference is (z³ + z)/(4 df) (Abramowitz & Stegun 26.7.5).
    closeTo(studentTQuantile(p, 1e6), z + (z ** 3 + z) / 4e6, 1e-10);
    equal(studentTQuantile(p, Infinity), z);
  }
});

Deno.test("the quantile is antisymmetric and 0 in the middle", () => {
  equal(studentTQuantile(0.5, 3), 0);
  for (const p of [0.0001, 0.1, 0.3]) closeTo(studentTQuantile(p, 6), -(studentTQuantile(1 - p, 6) ?? NaN), 1e-12);
});

Deno.test("there is no quantile at 0 or 1, without degrees of freedom, or beyond the largest double", () => {
  for (const p of [0, 1, -1, 2, NaN]) equal(studentTQuantile(p, 5), null);
  for (const df of [0, -3, NaN]) equal(studentTQuantile(0.9, df), null);
  equal(studentTQuantile(0.9999, 0.001), null);
});
