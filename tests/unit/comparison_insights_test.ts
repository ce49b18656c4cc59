import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { ComparisonResponse } from "../../services/comparisons/answer.ts";
import { insightsOf } from "../../services/comparisons/insights.ts";
import type { Observed } from "../../services/comparisons/observed.ts";
import { addDays } from "../../services/days.ts";
import { answerOf } from "./comparison_answers.ts";
import { checkClaims } from "./comparison_claims.ts";

const quantity = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constantFrom(0, 0.05, 1e-9, 1e15, 1e18, -3, 99.96, 999.5, 0.0149, 1000),
);
const name = fc.oneof(
  fc.constantFrom(
    "a",
    "7",
    "e",
    "x 9",
    'say "2"',
    "12 USD",
    "50 %",
    "p-0384",
    "Q3 2025",
    "week of 2025-12-01",
    "a/b~c",
    "$&",
  ),
  fc.string({ minLength: 1, maxLength: 6 }),
);
const values = fc.oneof(fc.array(quantity, { maxLength: 12 }), fc.constantFrom<number[]>([2, 2, 2], [0, 0, 0, 7]));

const observed = fc.record({
  ...{ label: name, values, n: fc.nat(40), kept: fc.boolean(), metric_name: fc.constantFrom("likes", "visits") },
  ...{ value: fc.option(quantity), days: fc.nat(31), more: fc.nat(5), before: fc.option(quantity) },
  state: fc.constantFrom("complete", "fair", "running", "cut"),
});
type Drawn = typeof observed extends fc.Arbitrary<infer One> ? One : never;

/** A member as reading makes it: a sum is that of its values, and only periods have days of their own. */
function asRead(drawn: Drawn, i: number, isPeriod: boolean): Observed {
  const { label, values, n, kept, metric_name, value, days, more, before, state } = drawn;
  const start_date = addDays("2020-01-01", 40 * i);
  return {
    ...{ key: `k${i}`, label, metric_name, values, n, days, length_days: days + more },
    window: isPeriod ? { start_date, end_date: addDays(start_date, days + more) } : null,
    ...{ complete: state === "complete", comparable: state === "complete" || state === "fair" },
    value: kept ? values.reduce((sum, one) => sum + one, 0) : value,
    before: isPeriod && state === "running" ? { start_date, end_date: start_date, days, value: before } : null,
  };
}

const terms = fc.record({
  comparison_type: fc.constantFrom("service" as const, "time_period" as const, "segment" as const),
  kind: fc.constantFrom("flow" as const, "flow" as const, "sample" as const, "gauge" as const),
  aggregation: fc.constantFrom("sum" as const, "sum" as const, "count" as const, "avg" as const, "last" as const),
  interval: fc.constantFrom("day" as const, "week" as const, "month" as const),
  better: fc.constantFrom("higher" as const, "lower" as const, null),
  one_metric: fc.boolean(),
  named_periods: fc.boolean(),
});

const isFinite = (part: unknown): boolean =>
  typeof part === "number"
    ? Number.isFinite(part)
    : part === null || typeof part !== "object" || Object.values(part).every(isFinite);

Deno.test("insights say nothing that their evidence does not show, whatever the members", () => {
  const rest = fc.record({
    values: fc.array(fc.option(quantity), { maxLength: 5 }),
    n: fc.nat(9),
    unnamed: fc.option(quantity),
  });
  const Answer = ComparisonResponse.omit({ meta: true });
  fc.assert(
    fc.property(
      fc.array(observed, { maxLength: 14 }),
      ...[terms, fc.option(rest), fc.constantFrom("USD", "m2", "count", null)] as const,
      (drawn, terms, rest, unit) => {
        const isPeriod = terms.comparison_type === "time_period";
        const members = drawn.map((one, i) => asRead(one, i, isPeriod));
        const answer = answerOf(members, terms.comparison_type === "segment" ? rest : null, terms, unit);
        const insights = insightsOf(answer);
        ok(isFinite({ answer, insights }));
        const { error } = Answer.safeParse({ ...answer, insights });
        equal(error, undefined);
        equal(insights.length > 0, members.length > 0);
        for (const insight of insights) checkClaims(answer, insight);
      },
    ),
    { seed: 20_251_224, numRuns: 2000 },
  );
});
