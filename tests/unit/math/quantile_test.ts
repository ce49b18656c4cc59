import { deepStrictEqual as equal } from "node:assert/strict";
import { quantile } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";

Deno.test("a quantile between two values is interpolated as in R's default, type 7", () => {
  // R: quantile(1:10, c(.25, .5, .75)) is 3.25, 5.50, 7.75.
  const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  equal([0.25, 0.5, 0.75].map((p) => quantile(ten, p)), [3.25, 5.5, 7.75]);
  // By hand: (5 − 1)·0.9 = 3.6, so 4 + 0.6·(10 − 4) = 7.6.
  closeTo(quantile([1, 2, 3, 4, 10], 0.9), 7.6, 1e-15);
});

Deno.test("the quantiles at 0 and 1 are the least and the greatest value", () => {
  equal(quantile([3, 5, 9], 0), 3);
  equal(quantile([3, 5, 9], 1), 9);
  equal(quantile([7], 0.3), 7);
});

Deno.test("a quantile between huge values of opposite sign does not overflow", () => {
  equal(quantile([-1.7e308, 1.7e308], 0.5), 0);
});

Deno.test("there is no quantile of nothing, outside 0–1, or beside a value that is not finite", () => {
  equal(quantile([], 0.5), null);
  for (const p of [-0.01, 1.01, NaN]) equal(quantile([1, 2], p), null);
  equal(quantile([1, Infinity], 0.5), null);
  equal(quantile([NaN], 0.5), null);
});
