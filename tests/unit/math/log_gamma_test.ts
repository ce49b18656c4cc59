import { deepStrictEqual as equal } from "node:assert/strict";
import { logGamma } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";

Deno.test("the log-gamma of a whole number is the logarithm of a factorial", () => {
  let factorial = 1;
  for (let n = 2; n <= 20; n++) {
    factorial *= n;
    closeTo(logGamma(n + 1), Math.log(factorial), 1e-14, `ln ${n}!`);
  }
});

Deno.test("the log-gamma has the values that mpmath 1.3 computes with 40 digits", () => {
  const expected: [number, number][] = [
    [1e-300, 690.77552789821370518],
    [1e-8, 18.420680738180208884],
    [0.1, 2.252712651734205902],
    [0.5, 0.57236494292470008707], // ½ ln π
    [1.5, -0.12078223763524522235],
    [2.5, 0.28468287047291915963],
    [3.7, 1.4280723266653881292],
    [9.99, 12.77931521435019336],
    [10.5, 13.940625219403763633],
    [171.5, 709.14316303092824227],
    [1e6, 12815504.56914761166],
    [1e100, 2.2925850929940457206e102],
    [2.5e305, 1.755511860237645252e308],
  ];
  for (const [x, value] of expected) closeTo(logGamma(x), value, 1e-14, `lnΓ(${x})`);
});

Deno.test("the log-gamma keeps its digits beside its zeros at 1 and 2", () => {
  equal(Math.abs(logGamma(1) ?? NaN), 0);
  equal(Math.abs(logGamma(2) ?? NaN), 0);
  // mpmath 1.3, 40 digits, at the doubles nearest to these decimals.
  closeTo(logGamma(1.00001), -5.7720744027504826216e-6, 1e-14);
  closeTo(logGamma(0.99999), 5.7722388960930893727e-6, 1e-14);
  closeTo(logGamma(1.99999999), -4.2278432930433731409e-9, 1e-14);
});

Deno.test("the log-gamma obeys the reflection formula", () => {
  // Γ(x)Γ(1 − x) = π / sin πx (Abramowitz & Stegun 6.1.17).
  for (let x = 0.01; x < 1; x += 0.01) {
    closeTo((logGamma(x) ?? NaN) + (logGamma(1 - x) ?? NaN), Math.log(Math.PI / Math.sin(Math.PI * x)), 1e-13);
  }
});

Deno.test("there is no log-gamma at 0, below it, or where it exceeds the largest double", () => {
  for (const x of [0, -1, -0.5, NaN, Infinity, -Infinity, 1e306]) equal(logGamma(x), null);
});
