import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { seasonTest, withoutSeason } from "../../../services/math/mod.ts";

Deno.test("a season is taken away as the mean of its places, and what is not known stays so", () => {
  // Places: 1, 3 and 10, 12, 14: means 2 and 12.
  equal(withoutSeason([1, 10, 3, 12, null, 14], 2), [-1, -2, 1, 0, null, 2]);
  equal(withoutSeason([1, 2, 3], 1), [1, 2, 3]);
  equal(withoutSeason([], 7), []);
  equal(withoutSeason([null, 5], 7), [null, 0]);
});

Deno.test("places of a season are told apart by an analysis of variance", () => {
  // scipy 1.17.1, f_oneway([1, 3, 2], [10, 12, 14]).pvalue
  ok(Math.abs((seasonTest([1, 10, 3, 12, 2, 14], 2) ?? 1) - 0.001496481055900334) < 1e-12);
  equal(seasonTest([1, 10, 3, 12], 2), null); // two seasons are too few
  equal(seasonTest(Array(21).fill(7), 7), null);
});

Deno.test("values without their season are finite, whatever they are", () => {
  const value = fc.oneof(fc.double(), fc.constantFrom(null, 0, 1e-9, 1e15, 1.7e308, -1.7e308));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 40 }), fc.integer({ min: -1, max: 14 }), (values, length) => {
      const left = withoutSeason(values, length);
      ok(left.length === values.length && left.every((one) => one === null || Number.isFinite(one)));
      const p = seasonTest(values, length);
      ok(p === null || (p >= 0 && p <= 1));
    }),
    { seed: 20_240_607, numRuns: 500 },
  );
});
