import { deepStrictEqual as equal } from "node:assert/strict";
import { normalQuantile, normalTails } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";

Deno.test("the normal quantile has the values that mpmath 1.3 computes with 40 digits", () => {
  const expected: [number, number][] = [
    [1e-300, -37.0470962993611992],
    [1e-20, -9.26234008979840758],
    [1e-5, -4.26489079392282461],
    [0.001, -3.09023230616781354],
    [0.025, -1.95996398454005421],
    [0.2, -0.841621233572914166],
    [0.75, 0.674489750196081743],
    [0.9, 1.28155156554460059],
    [0.975, 1.95996398454005386],
    [0.99, 2.32634787404084077],
    [0.9999, 3.71901648545570839],
    [0.999999999, 5.99780701960163743],
  ];
  for (const [p, z] of expected) closeTo(normalQuantile(p), z, 1e-15, `p = ${p}`);
});

Deno.test("the normal tails have the values of Abramowitz & Stegun, table 26.2", () => {
  // P(x) at 1 and 2 is .84134 47460 68543 and .97724 98680 51821; inside is 2P − 1.
  closeTo(normalTails(1)?.inside ?? null, 2 * 0.841344746068543 - 1, 1e-14);
  closeTo(normalTails(2)?.inside ?? null, 2 * 0.977249868051821 - 1, 1e-14);
  // Far tails by mpmath 1.3: erfc(z/√2).
  closeTo(normalTails(5)?.outside ?? null, 2 * 2.86651571879193912e-7, 1e-13);
  closeTo(normalTails(-20)?.outside ?? null, 2 * 2.7536241186062337e-89, 1e-12);
});

Deno.test("the normal quantile undoes the tails", () => {
  for (const p of [0.5001, 0.6, 0.75, 0.9, 0.99, 0.9999]) {
    closeTo(normalTails(normalQuantile(p) ?? NaN)?.inside ?? null, 2 * p - 1, 1e-12, `p = ${p}`);
  }
});

Deno.test("the normal quantile is 0 in the middle and null at the ends and beyond", () => {
  equal(normalQuantile(0.5), 0);
  for (const p of [0, 1, -0.1, 1.1, NaN, Infinity]) equal(normalQuantile(p), null);
});
