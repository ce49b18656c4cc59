import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { chiSquareTails, fTails, incompleteGamma, studentTTails } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";

/** [f, d1, d2, P(F < f), P(F ≥ f)] by the incomplete beta function of mpmath 1.3 with 60 digits. */
const F: [number, number, number, number, number][] = [
  [1, 1, 1, 0.5, 0.5],
  [0.5, 2, 3, 0.350480947161671, 0.649519052838329],
  [4.26, 3, 20, 0.98237542910316, 0.017624570896839987],
  [10, 1, 100, 0.9979271274191334, 0.0020728725808666633],
  [330.285339234588, 6, 9, 0.9999999995015969, 4.98403052872481e-10],
  [1e-06, 3, 7, 1.5241689050875845e-09, 0.9999999984758311],
  [1e-12, 1, 5, 7.59213379644837e-07, 0.9999992407866204],
  [1000000.0, 2, 4, 0.999999999996, 3.9999840000479995e-12],
  [2.5, 4.5, 17.25, 0.9245267937617628, 0.07547320623823717],
  [1.01, 1000, 2000, 0.5744918992769189, 0.4255081007230811],
  [50, 10, 300, 1.0, 4.445915207163556e-58],
  [1e+300, 1, 1, 1.0, 6.366197723675813e-151],
  [0.2, 0.5, 30, 0.5132402293186723, 0.4867597706813277],
  [120, 7, 3000, 1.0, 9.066055041311143e-156],
  [3, 200, 200, 0.9999999999999822, 1.7814755217536814e-14],
];

/** [x, df, P(X < x), P(X ≥ x)] by the incomplete gamma functions of mpmath 1.3 with 60 digits. */
const CHI_SQUARE: [number, number, number, number][] = [
  [1, 1, 0.6826894921370859, 0.3173105078629141],
  [3.841458820694124, 1, 0.95, 0.05000000000000006],
  [0.001, 4, 1.2495834114479178e-07, 0.9999998750416589],
  [10, 2, 0.9932620530009145, 0.006737946999085467],
  [100, 3, 1.0, 1.554159431389605e-21],
  [1000, 10, 1.0, 1.8702907209159498e-208],
  [0.5, 0.1, 0.9477088201733187, 0.05229117982668134],
  [1400, 5, 1.0, 1.3765875143943704e-300],
  [30, 30, 0.5343462910559904, 0.46565370894400965],
  [3000, 3000, 0.5034335611603487, 0.49656643883965135],
  [2700, 3000, 3.1471151529494075e-05, 0.9999685288484705],
  [1e-10, 1, 7.978845607895674e-06, 0.9999920211543921],
  [5.5, 2.7, 0.8868366036295248, 0.11316339637047519],
  [100500, 100000, 0.8681451883966163, 0.13185481160338378],
  [200, 100, 0.9999999882154993, 1.1784500720979422e-08],
];

Deno.test("the tails of F are those of a computation with 60 digits, also far out", () => {
  for (const [f, d1, d2, inside, outside] of F) {
    const tails = fTails(f, d1, d2);
    closeTo(tails?.inside ?? null, inside, 1e-12, `P(F < ${f}), ${d1} and ${d2}`);
    closeTo(tails?.outside ?? null, outside, 2e-12, `P(F ≥ ${f}), ${d1} and ${d2}`);
  }
});

Deno.test("the tails of chi-square are those of a computation with 60 digits, also far out", () => {
  for (const [x, df, inside, outside] of CHI_SQUARE) {
    const tails = chiSquareTails(x, df);
    closeTo(tails?.inside ?? null, inside, 1e-12, `P(X < ${x}), ${df}`);
    closeTo(tails?.outside ?? null, outside, 1e-12, `P(X ≥ ${x}), ${df}`);
  }
});

Deno.test("F with one degree of freedom is the square of Student's t, and with infinitely many chi-square over d1", () => {
  for (const t of [0.1, 1, 2.5, 40]) {
    closeTo(fTails(t * t, 1, 12)?.outside ?? null, studentTTails(t, 12)?.outside ?? NaN, 1e-12);
  }
  equal(fTails(2, 3, Infinity), chiSquareTails(6, 3));
});

Deno.test("the ends of F and chi-square are exact, and what is outside their domain has no answer", () => {
  equal([fTails(0, 2, 3), fTails(Infinity, 2, 3)], [{ inside: 0, outside: 1 }, { inside: 1, outside: 0 }]);
  equal([chiSquareTails(0, 2), chiSquareTails(Infinity, 2)], [{ inside: 0, outside: 1 }, { inside: 1, outside: 0 }]);
  equal([fTails(-1, 2, 3), fTails(NaN, 2, 3), fTails(1, 0, 3), fTails(1, 2, 1e9), fTails(1, Infinity, 2)], [
    ...[null, null, null, null, null],
  ]);
  equal([chiSquareTails(-1, 2), chiSquareTails(1, 0), chiSquareTails(NaN, 2), chiSquareTails(1, NaN)], [
    ...[null, null, null, null],
  ]);
  ok((fTails(1e308, 5, 0.01)?.outside ?? 0) > 0); // where d1·f overflows
});

Deno.test("the incomplete gamma functions of whole shapes are sums of Poisson probabilities", () => {
  // Q(3, 2) = e⁻²(1 + 2 + 2²/2) = 5e⁻².
  closeTo(incompleteGamma(3, 2)?.above ?? null, 5 * Math.exp(-2), 1e-14);
  closeTo(incompleteGamma(3, 2)?.below ?? null, 1 - 5 * Math.exp(-2), 1e-14);
});
