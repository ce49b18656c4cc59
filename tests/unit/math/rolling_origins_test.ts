import { deepStrictEqual as equal } from "node:assert/strict";
import { rollingOrigins } from "../../../services/math/mod.ts";

Deno.test("eight origins spread evenly over the last half, the last with a whole horizon after it", () => {
  equal(rollingOrigins(112, 28), { origins: [56, 60, 64, 68, 72, 76, 80, 84], horizon: 28 });
});

Deno.test("a backtest looks as far as asked, at most 28 steps and a quarter of the history", () => {
  equal(rollingOrigins(1000, 7).horizon, 7);
  equal(rollingOrigins(1000, 365).horizon, 28);
  equal(rollingOrigins(50, 365).horizon, 12);
});

Deno.test("a short history has as many origins as there is room for, each once", () => {
  equal(rollingOrigins(14, 28), { origins: [7, 8, 9, 10, 11], horizon: 3 });
});

Deno.test("there is no origin where no step can be held back", () => {
  for (const [n, asked] of [[3, 5], [0, 5], [100, 0], [100, NaN], [NaN, 5], [-8, 5]] as const) {
    equal(rollingOrigins(n, asked), { origins: [], horizon: 0 });
  }
});
