import { deepStrictEqual as equal } from "node:assert/strict";
import { summary } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";

/** NIST StRD NumAcc2–4 are built so: the mean once, then a tenth below and a tenth above it, 500 times. */
function alternating(mean: number, below: number, above: number): number[] {
  return [mean, ...Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? below : above))];
}

Deno.test("a summary of a few values is what a hand calculation gives", () => {
  // Mean 40/8 = 5; squares 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32, over 7.
  equal(summary([2, 4, 4, 4, 5, 5, 7, 9]), {
    n: 8,
    sum: 40,
    mean: 5,
    variance: 32 / 7,
    stddev: Math.sqrt(32 / 7),
    min: 2,
    max: 9,
    median: 4.5,
  });
});

Deno.test("mean and standard deviation have the certified digits of NIST StRD NumAcc1 to NumAcc4", () => {
  const certified: [string, number[], number, number, number][] = [
    ["NumAcc1", [10000001, 10000003, 10000002], 10000002, 1, 0],
    ["NumAcc2", alternating(1.2, 1.1, 1.3), 1.2, 0.1, 1e-14],
    // The decimals of the last two are not doubles: what is stored is off by 1e-9 and 1e-8 of the deviation.
    ["NumAcc3", alternating(1000000.2, 1000000.1, 1000000.3), 1000000.2, 0.1, 1e-9],
    ["NumAcc4", alternating(10000000.2, 10000000.1, 10000000.3), 10000000.2, 0.1, 1e-8],
  ];
  for (const [name, values, mean, stddev, relative] of certified) {
    closeTo(summary(values).mean, mean, 1e-15, name);
    closeTo(summary(values).stddev, stddev, relative, name);
  }
});

Deno.test("a sum keeps what large values of opposite sign leave behind", () => {
  // Neumaier's (1974) own example, where plain and Kahan sums answer 0.
  equal(summary([1, 1e100, 1, -1e100]).sum, 2);
});

Deno.test("nothing has a sum of 0 and no other property", () => {
  equal(summary([]), {
    n: 0,
    sum: 0,
    mean: null,
    variance: null,
    stddev: null,
    min: null,
    max: null,
    median: null,
  });
});

Deno.test("a single value has no spread", () => {
  equal(summary([7.5]), {
    n: 1,
    sum: 7.5,
    mean: 7.5,
    variance: null,
    stddev: null,
    min: 7.5,
    max: 7.5,
    median: 7.5,
  });
});

Deno.test("equal values have their value as mean and no variance, whatever their decimals", () => {
  for (const value of [0.1, 1 / 3, 1e15 / 7, 1e-9 / 3]) {
    for (const n of [2, 3, 7, 1000]) {
      const { mean, variance } = summary(Array<number>(n).fill(value));
      equal([mean, variance], [value, 0]);
    }
  }
});

Deno.test("a value that is not finite leaves only the count", () => {
  for (const odd of [NaN, Infinity, -Infinity]) {
    const { n, ...rest } = summary([1, odd, 3]);
    equal(n, 3);
    equal(Object.values(rest), Array(7).fill(null));
  }
});

Deno.test("a result beyond the largest double is null, and the others stand", () => {
  const { sum, mean, variance, min, max, median } = summary([1.5e308, 1.5e308, 1e308]);
  equal({ sum, mean, variance, min, max, median }, {
    sum: null,
    mean: null,
    variance: null,
    min: 1e308,
    max: 1.5e308,
    median: 1.5e308,
  });
});
