import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { decimalSum, pooledStddev, summary } from "../../../services/math/mod.ts";

Deno.test("decimals add up as they are written, in any order", () => {
  equal(decimalSum([]), 0);
  equal(decimalSum([0.1, 0.2]), 0.3); // floats make 0.30000000000000004 of it
  equal(decimalSum([1e15, 0.01, -1e15]), 0.01);
  equal(decimalSum([1e-7, 2.5e-7, -0.5]), -0.49999965);
  equal(decimalSum([1e21, 1]), 1e21);
  equal([decimalSum([NaN]), decimalSum([1, Infinity]), decimalSum([1.7e308, 1.7e308])], [null, null, null]);
  const cents = fc.array(fc.integer({ min: -10_000_000_000, max: 10_000_000_000 }), { maxLength: 50 });
  fc.assert(fc.property(cents, (all) => {
    const total = all.reduce((sum, one) => sum + one, 0);
    equal(decimalSum(all.map((one) => one / 100)), total / 100 || 0);
    equal(decimalSum(all.toReversed().map((one) => one / 100)), total / 100 || 0);
  }));
});

Deno.test("the deviation of parts together is that of all their values", () => {
  // 2, 4, 9 and 5: mean 5, squares 9 + 1 + 16 + 0 = 26, over 3
  const parts = [{ n: 3, mean: 5, stddev: Math.sqrt(13) }, { n: 1, mean: 5, stddev: null }];
  ok(Math.abs((pooledStddev(parts) ?? NaN) - Math.sqrt(26 / 3)) < 1e-12);
  equal([
    pooledStddev([]),
    pooledStddev([{ n: 1, mean: 7, stddev: null }]),
    pooledStddev([{ n: 0, mean: 0, stddev: 0 }]),
  ], [
    null,
    null,
    null,
  ]);
  equal(pooledStddev([{ n: 2, mean: 1e300, stddev: 1e300 }, { n: 2, mean: -1e300, stddev: 0 }]), null);
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 });
  fc.assert(fc.property(values, fc.nat(40), (all, cut) => {
    const halves = [all.slice(0, cut), all.slice(cut)].map((half) => summary(half));
    const known = halves.map(({ n, mean, stddev }) => ({ n, mean: mean ?? 0, stddev }));
    const [own, whole] = [pooledStddev(known) ?? NaN, summary(all).stddev ?? NaN];
    ok(Math.abs(own - whole) <= 1e-9 * 1e6, `${own} instead of ${whole}`);
  }));
});
