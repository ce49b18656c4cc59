import { deepStrictEqual as equal } from "node:assert/strict";
import { incompleteBeta, logBeta } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";

Deno.test("the incomplete beta has its closed forms where a parameter is 1", () => {
  // I_x(a, 1) = xᵃ and I_x(1, b) = 1 − (1 − x)ᵇ.
  for (const x of [0.001, 0.2, 0.5, 0.77, 0.999]) {
    for (const shape of [0.25, 1, 3.5, 40, 900]) {
      closeTo(incompleteBeta(x, shape, 1), x ** shape, 1e-12, `I_${x}(${shape}, 1)`);
      closeTo(incompleteBeta(x, 1, shape), -Math.expm1(shape * Math.log1p(-x)), 1e-12, `I_${x}(1, ${shape})`);
    }
  }
});

Deno.test("the incomplete beta of whole parameters is the upper tail of a binomial", () => {
  // I_½(2, 3) = P(at least 2 heads in 4 throws) = 1 − 1/16 − 4/16 = 11/16 (Abramowitz & Stegun 26.5.24).
  closeTo(incompleteBeta(0.5, 2, 3), 11 / 16, 1e-15);
  // I_0.2(3, 8) = P(at least 3 of 10 at 0.2) = 1 − 0.8¹⁰ − 10·0.2·0.8⁹ − 45·0.2²·0.8⁸.
  const fewer = 0.8 ** 10 + 10 * 0.2 * 0.8 ** 9 + 45 * 0.2 ** 2 * 0.8 ** 8;
  closeTo(incompleteBeta(0.2, 3, 8), 1 - fewer, 1e-14);
});

Deno.test("the incomplete beta has the values that mpmath 1.3 computes with 40 digits", () => {
  const expected: [number, number, number, number][] = [
    [0.1, 0.5, 0.5, 0.20483276469913345754],
    [0.99, 30, 0.5, 0.43933436890525101195],
    [0.001, 0.5, 500, 0.68268955269028263533],
    [0.3, 10, 20, 0.36400408107194422775],
    [0.2, 100, 300, 0.0079945308668793384526],
    [0.97, 5000, 150, 0.34631941921001293528],
    [1e-10, 2, 2, 2.9999999998000002186e-20],
    [0.5, 500, 500, 0.5],
  ];
  for (const [x, a, b, value] of expected) closeTo(incompleteBeta(x, a, b), value, 3e-12, `I_${x}(${a}, ${b})`);
});

Deno.test("the incomplete beta of x and its mirror image of 1 − x make 1", () => {
  for (const x of [0.03, 0.3, 0.6, 0.96]) {
    for (const [a, b] of [[0.5, 2], [7, 7], [60, 0.1], [300, 800]] as const) {
      closeTo((incompleteBeta(x, a, b) ?? NaN) + (incompleteBeta(1 - x, b, a) ?? NaN), 1, 1e-13);
    }
  }
});

Deno.test("the incomplete beta is 0 at 0 and 1 at 1, and null outside its domain", () => {
  equal(incompleteBeta(0, 3, 4), 0);
  equal(incompleteBeta(1, 3, 4), 1);
  for (const [x, a, b] of [[-0.1, 1, 1], [1.1, 1, 1], [NaN, 1, 1], [0.5, 0, 1], [0.5, 1, -2], [0.5, 1e9, 1]] as const) {
    equal(incompleteBeta(x, a, b), null);
  }
});

Deno.test("the log-beta is symmetric and agrees with its closed forms", () => {
  // B(a, 1) = 1/a, B(½, ½) = π, and B(a, ½) → √(π/a): at 1e12 the next term, 1/(8a), is below 1e-12.
  closeTo(logBeta(7, 1), -Math.log(7), 1e-14);
  closeTo(logBeta(1e9, 1), -Math.log(1e9), 1e-14);
  closeTo(logBeta(0.5, 0.5), Math.log(Math.PI), 1e-14);
  closeTo(logBeta(1e12, 0.5), Math.log(Math.PI / 1e12) / 2, 1e-13);
  equal(logBeta(3, 40), logBeta(40, 3));
  equal(logBeta(0, 1), null);
});
