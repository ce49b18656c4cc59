import { deepStrictEqual as equal } from "node:assert/strict";
import { rollingOrigins } from "../../../services/math/mod.ts";

Deno.test("origins spread evenly from the earliest to the last with a whole horizon after it", () => {
  // Room 112 − 28 − 56 = 28, seven gaps of 4.
  equal(rollingOrigins(112, { earliest: 56, horizon: 28, most: 8 }), [56, 60, 64, 68, 72, 76, 80, 84]);
});

Deno.test("a short history has as many origins as there is room for, each once", () => {
  equal(rollingOrigins(14, { earliest: 7, horizon: 3, most: 8 }), [7, 8, 9, 10, 11]);
});

Deno.test("one origin is the last that has its horizon", () => {
  equal(rollingOrigins(40, { earliest: 20, horizon: 10, most: 1 }), [30]);
});

Deno.test("there is no origin where no step can be held back", () => {
  for (const [n, earliest, horizon] of [[3, 2, 5], [0, 1, 5], [100, 50, 0], [100, 50, NaN], [NaN, 5, 5], [-8, 5, 5]]) {
    equal(rollingOrigins(n ?? 0, { earliest: earliest ?? 0, horizon: horizon ?? 0, most: 8 }), []);
  }
});
