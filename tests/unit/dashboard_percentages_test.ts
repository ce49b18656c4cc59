import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { percentages } from "../../services/dashboards/percentages.ts";

Deno.test("a dashboard's pie rounds its shares to whole percent that are exactly 100", () => {
  equal(percentages([1, 1, 1]), [34, 33, 33]); // 33⅓ each: the first gets what is missing
  equal(percentages([50, 25, 25]), [50, 25, 25]);
  // 42.857 28.571 14.286 14.286: floors 42 28 14 14 are 98; .857 and .571 lost most
  equal(percentages([3, 2, 1, 1]), [43, 29, 14, 14]);
  equal(percentages([999, 1]), [100, 0]); // 99.9 and 0.1
  equal(percentages([7]), [100]);
  equal(percentages([0, 5]), [0, 100]);
});

Deno.test("a dashboard's pie without a whole has no percentages", () => {
  equal(percentages([]), []);
  equal(percentages([0, 0]), [0, 0]);
});

Deno.test("whatever the parts of a dashboard's pie, its percentages are 100 and each is within one of its share", () => {
  const parts = fc.array(fc.double({ min: 0, max: 1e15, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(fc.property(parts, (values) => {
    const total = values.reduce((sum, value) => sum + value, 0);
    fc.pre(total > 0);
    const whole = percentages(values);
    equal(whole.reduce((sum, percent) => sum + percent, 0), 100);
    for (const [i, percent] of whole.entries()) ok(Math.abs(percent - 100 * ((values[i] ?? 0) / total)) < 1 + 1e-9);
  }));
});
