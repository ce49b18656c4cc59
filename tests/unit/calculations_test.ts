import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { correlatedPairs } from "../../services/calculations/correlated_pair.ts";
import { CorrelatedPair } from "../../services/calculations/correlation_schema.ts";
import type { PeriodSeries } from "../../services/calculations/period_series.ts";
import { fitRegression } from "../../services/calculations/regression_fit.ts";
import { regressionRows } from "../../services/calculations/regression_rows.ts";
import { Regression } from "../../services/calculations/regression_schema.ts";
import { equation } from "../../services/calculations/regression_wording.ts";
import { digitsApart, inWords, listed, pInWords, rInWords } from "../../services/calculations/wording.ts";

function series(label: string, values: (number | null)[]): PeriodSeries {
  const known = values.filter((value) => value !== null).length;
  const ref = { service_name: "social_media", metric_type: "engagement" } as const;
  return {
    ...{ ref, label, metric_name: label, unit: null, kind: "flow", values, known, unrecorded: null },
    readings: values.map(() => 1),
  };
}

const periodsOf = (n: number) =>
  Array.from({ length: n }, (_, b) => {
    const start_date = new Date(b * 86_400_000).toISOString().slice(0, 10);
    return { b, period: start_date, complete: true, start_date, end_date: start_date };
  });

/** What may be stored: of any size up to 1e15, constant, with a spike or gaps, or few and equal. */
const values = (n: number) =>
  fc.oneof(
    fc.tuple(
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: n, maxLength: n }),
      fc.integer({ min: -9, max: 15 }),
    ).map(([all, power]): (number | null)[] => all.map((value) => value * 10 ** power)),
    fc.tuple(fc.constantFrom(0, 0.1, 1e15, 1e-9), fc.nat(40), fc.constantFrom(0, 1, 1e15))
      .map(([value, at, spike]): (number | null)[] => Array.from({ length: n }, (_, i) => i === at ? spike : value)),
    fc.array(fc.option(fc.integer({ min: 0, max: 3 })), { minLength: n, maxLength: n }),
  );

const SETTINGS = { seed: 20_240_607, numRuns: 300 };
const length = fc.oneof(fc.constantFrom(0, 1, 2, 3), fc.integer({ min: 4, max: 40 }));

Deno.test("what is said of a pair of series keeps to its schema, whatever the series", () => {
  const pair = length.chain((n) => fc.tuple(values(n), values(n)));
  fc.assert(
    fc.property(
      pair,
      fc.double({ min: 0.5, max: 0.99, noNaN: true }),
      fc.nat(60),
      ([a, b], confidence_level, max_lag) => {
        const question = { confidence_level, max_lag, interval: "day" as const };
        const [said] = correlatedPairs({ series: [series("a", a), series("b", b)], pairs: [[0, 1]], question });
        const read = CorrelatedPair.safeParse(said);
        ok(read.success, read.error?.message);
        ok(said !== undefined && (said.pearson === null) === (said.reason !== null));
        const sentences = [said.interpretation, ...said.warnings].join(" ");
        ok(!/NaN|Infinity|undefined|null/.test(sentences), sentences);
        ok(!said.significant || /association/.test(said.interpretation), sentences);
      },
    ),
    SETTINGS,
  );
});

Deno.test("what is said of a regression keeps to its schema, whatever the series", () => {
  const asked = fc.tuple(length, fc.integer({ min: 1, max: 3 }))
    .chain(([n, p]) => fc.tuple(values(n), fc.array(values(n), { minLength: p, maxLength: p })));
  fc.assert(
    fc.property(asked, fc.boolean(), fc.nat(3), ([y, x], trend, lag) => {
      const of = x.map((column, j) => series(`x${j}`, column));
      const periods = { periods: periodsOf(y.length), interval: "day" as const };
      const request = { x: of.map(({ ref }) => ({ ...ref, lag })), trend };
      const rows = regressionRows(request, series("y", y), of, periods);
      const found = fitRegression({ rows, y: "y", confidence_level: 0.95, interval: "day" });
      if (found.status !== "ok") return;
      const read = Regression.omit({ y: true, x: true }).safeParse(found.fit);
      ok(read.success, read.error?.message);
      const sentences = JSON.stringify(found.fit).replaceAll("null", "");
      ok(!/NaN|Infinity|undefined/.test(sentences), sentences);
    }),
    SETTINGS,
  );
});

Deno.test("rows of a regression are the periods in which all is known, each x as many periods earlier as asked", () => {
  const ref = { service_name: "social_media", metric_type: "engagement" } as const;
  const rows = regressionRows(
    { x: [{ ...ref, lag: 0 }, { ...ref, lag: 2 }], trend: true },
    series("y", [1, 2, 3, null, 5, 6]),
    [series("a", [10, 20, 30, 40, 50, 60]), series("b", [7, null, 9, 10, 11, 12])],
    { periods: periodsOf(6), interval: "day" },
  );
  // Periods 0 and 1 have no b two days before, period 3 no y of its own (nor b of period 1): 2, 4 and 5 remain.
  equal(rows, {
    periods: ["1970-01-03", "1970-01-05", "1970-01-06"],
    y: [3, 5, 6],
    x: [[30, 50, 60], [7, 9, 10], [3, 5, 6]],
    terms: ["a", "b, 2 days earlier", "trend"],
    gaps: true,
  });
});

Deno.test("numbers in sentences are short, and their minus is one", () => {
  equal([0, 12.3456, 0.000123456, 1234.5, -1234567, 1e-7, 2.5e16].map((value) => inWords(value)), [
    "0",
    "12.35",
    "0.0001235",
    "1,235",
    "−1,235,000",
    "1.000e-7",
    "2.500e+16",
  ]);
  // 51,199 and 51,198.4 are both 51,200 to four digits and 51,199 / 51,198 to five.
  equal([digitsApart(51_199, [51_120, 51_198.4]), digitsApart(5, [1, 9]), digitsApart(5, [5])], [5, 4, 4]);
  equal([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listed), ["", "a", "a and b", "a, b and c"]);
  equal([0.0004, 0.00512, 0.0312, 0.345].map(pInWords), ["p < 0.001", "p = 0.0051", "p = 0.031", "p = 0.34"]);
  equal([-0.001, -0.456, 1].map(rInWords), ["0.00", "−0.46", "1.00"]);
  const more = { standard_error: 1, t: 1, p_value: 0.5, lower: 0, upper: 1, variance_inflation: 1 };
  const coefficients = [{ term: "intercept", value: -2, ...more }, { term: "trend", value: 0.5, ...more }];
  equal(equation("gifts online", coefficients), "[gifts online] = −2 + 0.5 × trend");
});
