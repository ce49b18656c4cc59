import { deepStrictEqual as equal } from "node:assert/strict";
import { studentTCdf, studentTTails } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";

const TS = [0.001, 0.1, 0.5, 1, 1.7320508, 2, 3, 5, 10, 40];

/**
 * P(|T| < t) for a whole df as a finite sum of cosines, with θ = atan(t/√df): Abramowitz & Stegun 26.7.3 (odd) and
 * 26.7.4 (even). It shares nothing with the incomplete beta function.
 */
function insideByCosines(t: number, df: number): number {
  const theta = Math.atan(t / Math.sqrt(df));
  const odd = df % 2 === 1;
  let term = odd ? Math.cos(theta) : 1;
  let total = df === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= df - 2; k += 2) {
    term *= ((k - 1) / k) * Math.cos(theta) ** 2;
    total += term;
  }
  return odd ? (2 / Math.PI) * (theta + Math.sin(theta) * total) : Math.sin(theta) * total;
}

Deno.test("with 1 degree of freedom Student's t is Cauchy's distribution", () => {
  // P(T ≤ −t) = atan(1/t)/π.
  for (const t of [...TS, 1e6, 1e200]) closeTo(studentTCdf(-t, 1), Math.atan(1 / t) / Math.PI, 1e-12, `t = ${t}`);
});

Deno.test("with 2 degrees of freedom Student's t has its algebraic form", () => {
  // P(T ≤ −t) = ½(1 − t/√(2 + t²)) = 1/(s(s + t)) with s = √(2 + t²), which does not cancel.
  for (const t of [...TS, 1e6]) {
    const s = Math.sqrt(2 + t * t);
    closeTo(studentTCdf(-t, 2), 1 / (s * (s + t)), 1e-12, `t = ${t}`);
  }
});

Deno.test("for every df from 1 to 1000 the middle is the finite sum of cosines", () => {
  for (let df = 1; df <= 1000; df++) {
    for (const t of [0.1, 1, 2.5]) {
      closeTo(studentTTails(t, df)?.inside ?? null, insideByCosines(t, df), 1e-12, `${df}`);
    }
  }
});

Deno.test("far tails keep their digits", () => {
  // mpmath 1.3, 40 digits: two-sided, 10,001 degrees of freedom.
  closeTo(studentTTails(30, 10_001)?.outside ?? null, 2.0406334280004059936e-189, 1e-12);
  closeTo(studentTTails(35, 10_001)?.outside ?? null, 2.8148443940721863939e-253, 1e-12);
});

Deno.test("the two ways of computing agree where one takes over from the other", () => {
  for (const t of [0.01, 0.9, 1.1, 2, 6, 20]) {
    // A millionth of a degree of freedom is worth about 1e-6·t⁴/(4 df²) of the tail.
    const below = studentTCdf(-t, 10_000) ?? NaN;
    closeTo(studentTCdf(-t, 10_000.000001), below, 1e-12 + t ** 4 * 3e-15, `t = ${t}`);
  }
});

Deno.test("with infinitely many degrees of freedom Student's t is the normal", () => {
  // Φ(−2) = 0.02275 01319 48179 (Abramowitz & Stegun, table 26.1).
  for (const df of [1e18, 1e308, Infinity]) closeTo(studentTCdf(-2, df), 0.022750131948179, 1e-12);
});

Deno.test("Student's distribution is symmetric, ½ at 0, and 0 and 1 at the ends", () => {
  for (const df of [0.5, 1, 7, 1e6]) {
    equal(studentTCdf(0, df), 0.5);
    equal(studentTCdf(-Infinity, df), 0);
    equal(studentTCdf(Infinity, df), 1);
    for (const t of TS) closeTo((studentTCdf(t, df) ?? NaN) + (studentTCdf(-t, df) ?? NaN), 1, 1e-14);
  }
});

Deno.test("there is no Student's distribution with 0 degrees of freedom or fewer", () => {
  for (const df of [0, -1, NaN, -Infinity]) equal(studentTCdf(1, df), null);
  equal(studentTCdf(NaN, 5), null);
});
