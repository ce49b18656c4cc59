import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { insightsOf } from "../../services/comparisons/insights.ts";
import type { Observed, Rest, Terms } from "../../services/comparisons/observed.ts";
import { significanceOf } from "../../services/comparisons/significance.ts";
import { addDays } from "../../services/days.ts";
import { answerOf, TERMS } from "./comparison_answers.ts";
import { checkClaims } from "./comparison_claims.ts";

/** A member of which nothing but this is worth saying. */
function member(key: string, values: number[], more: Partial<Observed> = {}): Observed {
  const value = values.reduce((sum, one) => sum + one, 0);
  return {
    ...{ key, label: key, metric_name: null, window: null, days: 4, length_days: 4, complete: true, comparable: true },
    ...{ n: values.length, value, values, before: null },
    ...more,
  };
}

type Case = { terms?: Partial<Terms>; unit?: string | null; rest?: Rest };

/** What is said of members, by the kind of insight. */
function said(members: Observed[], { terms = {}, unit = "USD", rest }: Case = {}): Record<string, string> {
  const answer = answerOf(members, rest ?? null, { ...TERMS, ...terms }, unit);
  const insights = insightsOf(answer);
  for (const insight of insights) checkClaims(answer, insight);
  return Object.fromEntries(insights.map(({ kind, text }) => [kind, text]));
}

const [A, B, C] = [member("a", [30, 10, 20, 40]), member("b", [60, 0, 20, 20]), member("c", [10, 0, 10, 5])];

Deno.test("insights of ties name all who share a place", () => {
  equal(said([A, B, C]).tie, "a and b share first place with 100 USD each.");
  equal(said([A, B, C]).last, "c is last with 25 USD.");
  equal(
    said([A, B, C], { terms: { better: "lower" } }).last,
    "a and b share last place with 100 USD each.",
  );
  equal(said([A, B, C], { terms: { better: null } }).tie, "a and b are highest with 100 USD each.");
  const many = "abcdefg".split("").map((key) => member(key, [1, 2]));
  equal(said([...many, C]).last, "a, b, c, d and others share last place with 3 USD each.");
});

Deno.test("insights of one member, of none, and of equals name no winner", () => {
  equal(said([]), {});
  equal(said([A]), {
    alone: "There is only a, so there is nothing to compare it with.",
    basis: "a has 100 USD from 4 readings.",
  });
  equal(said([A, member("b", [], { value: null })]), {
    alone: "Only a can be ranked, so there is no best and no worst.",
    basis: "a has 100 USD from 4 readings.",
    missing: "Of b nothing is known: it has no value and no rank.",
  });
  const two = said([A, B]);
  equal([two.equal, two.chance], ["There is no best and no worst: both have 100 USD.", undefined]);
  const three = said([A, B, member("c", [25, 25, 25, 25])]);
  equal(three.equal, "There is no best and no worst: all 3 have 100 USD.");
});

Deno.test("insights of variation compare two that vary differently, and none with itself", () => {
  // 30, 10, 20, 40: mean 25, variance 500/3, so a coefficient of 12.91/25 = 0.52; of a constant it is 0.
  const level = member("level", [7, 7, 7, 7]);
  equal(
    said([A, level]).variation,
    "From day to day a varies more (coefficient of variation 0.52) than level (0).",
  );
  equal(said([level, member("one", [5])]).variation, undefined, "of one value nothing is known of its variation");
  equal(said([A, member("one", [5])]).variation, undefined);
  equal(said([level, member("high", [9, 9, 9, 9])]).variation, undefined);
});

Deno.test("insights of a lead call it chance unless the test shows more", () => {
  const around = (mean: number) => [-2, -1, 0, 1, 2, -2, -1, 0, 1, 2].map((step) => mean + step);
  // Means 50 and 10, variances 20/9: no chance.
  equal(
    said([member("a", around(50)), member("b", around(10))]).chance?.replace(/p = [^,]+/, "p"),
    "The lead of a over b is more than chance (p, significant at the 5 % level).",
  );
  // Of three the first two are alike, the third is not: all differ, the lead does not.
  const lead = said([member("a", around(50)), member("b", around(49.9)), member("c", around(10))]);
  equal(lead.chance?.replace(/p = [^)]+/, "p"), "The lead of a over b may be chance (p).");
  // None of three is apart: the chance said is that of all.
  const none = said([member("a", around(10.2)), member("b", around(10.1)), member("c", around(10))]);
  equal(
    none.chance?.replace(/p = [^)]+/, "p"),
    "The lead of a over b may be chance, as the differences between all 3 are not significant (p).",
  );
  // Second place is shared, so there is no lead over one.
  const shared = said([member("a", around(50)), member("b", around(10)), member("c", around(10))]);
  ok(shared.chance?.startsWith("The members differ by more than chance"), shared.chance);
  ok(!shared.leader?.includes("next"), shared.leader);
});

Deno.test("insights of averages do not call a lead real where the mean of intervals is behind", () => {
  // a has the higher average of its readings, and on most days the lower one.
  const a = member("a", [5, 6, 5, 6, 5, 6, 5, 6, 5, 6], { value: 40 });
  const b = member("b", [30, 31, 30, 31, 30, 31, 30, 31, 30, 31], { value: 30.5 });
  const { leader, chance } = said([a, b], { terms: { aggregation: "avg" } });
  equal(leader, "a leads with 40 USD on average; b is next with 30.5 USD.");
  equal(chance, "The lead of a over b may be chance: the mean of its days is not ahead.");
});

Deno.test("insights say which unit, and how many readings", () => {
  const few = [member("a", [2, 0]), member("b", [1, 0])];
  equal(
    said(few, { terms: { aggregation: "count" } }).leader,
    "a leads with 2 readings, 67 % of the total; b is next with 1 reading.",
  );
  equal(said(few, { unit: "count" }).leader, "a leads with 2, 67 % of the total; b is next with 1.");
  const near = [member("a", [60_000.1, 40_000]), member("b", [60_000, 40_000])];
  equal(said(near).leader, "a leads with 100,000 USD, 50 % of the total; b is next close behind.");
  const services = ["likes", "visits"].map((metric_name, i) =>
    member(metric_name[0] ?? "", [9 - i, 9], { metric_name })
  );
  equal(
    said(services, { terms: { comparison_type: "service", one_metric: false }, unit: "count" }).leader,
    "l leads with 18 (likes); v is next with 17 (visits).",
  );
});

Deno.test("insights of segments say what they leave out", () => {
  const rest = { values: [10, 15], n: 7, unnamed: null };
  equal(said([A, B], { rest }).other, "Everything else, 2 smaller ones among it, has 25 USD: 11 % of the total.");
  equal(said([A, B, C], { rest }).last, "c is last of those compared with 25 USD.");
  const unnamed = { values: [], n: 7, unnamed: 50 };
  equal(said([A, B], { rest: unnamed }).other, "What has no campaign has 50 USD: 20 % of the total.");
});

/** Weeks that follow each other, the first on Monday 1 December 2025. */
const weeks = (...values: number[]) =>
  values.map((value, i) => {
    const start_date = addDays("2025-12-01", 7 * i);
    const window = { start_date, end_date: addDays(start_date, 6) };
    return member(start_date, [value], { label: `week of ${start_date}`, window, days: 7, length_days: 7 });
  });

Deno.test("insights of periods say what changed, and that growth from nothing has no percentage", () => {
  const terms = { comparison_type: "time_period" as const };
  const three = said(weeks(100, 150, 80), { terms });
  equal(
    three.leader,
    "The week of 2025-12-08 leads with 150 USD, 45 % of the total; the week of 2025-12-01 is next with 100 USD.",
  );
  equal(
    three.change,
    "The largest change in percent is that of the week of 2025-12-08: up 50 % against the week of 2025-12-01, from 100 USD to 150 USD.",
  );
  equal(
    three.overall,
    "From the first, the week of 2025-12-01, to the last, the week of 2025-12-15, it is down 20 %, from 100 USD to 80 USD.",
  );
  equal(
    said(weeks(0, 70), { terms }).zero_baseline,
    "The week of 2025-12-08 has 70 USD after 0 USD in the week of 2025-12-01: a change from zero has no percentage.",
  );
  const [first, second] = weeks(100, 150);
  if (first === undefined || second === undefined) throw new TypeError("Two weeks");
  const before = { start_date: "2025-12-01", end_date: "2025-12-03", days: 3, value: 30 };
  const running = said([first, { ...second, days: 3, complete: false, comparable: false, before }], { terms });
  equal(
    running.incomplete,
    "The week of 2025-12-08 is not complete: 3 of its 7 days are counted, and it is not ranked; against as many days of " +
      "the week of 2025-12-01 it is up 400 %, from 30 USD to 150 USD.",
  );
});

Deno.test("insights of months say who is ahead by the day, where that is another one", () => {
  const month = (key: string, days: number, value: number) =>
    member(key, [value], { window: { start_date: key, end_date: addDays(key, days - 1) }, days, length_days: days });
  const months = [month("2025-01-01", 31, 310), month("2025-02-01", 28, 308)]; // 10 and 11 a day
  const { leader, rate } = said(months, { terms: { comparison_type: "time_period" } });
  equal(leader, "2025-01-01 leads with 310 USD; 2025-02-01 is next with 308 USD.");
  equal(rate, "Per day 2025-02-01 is ahead with 11 USD, against 10 USD in 2025-01-01.");
});

Deno.test("a chance near the level is told to as many digits as show on which side it lies", () => {
  // Two of 3: t = d/√(2/3), df = 4, and 2.7764451 is the t of 0.05: d a little above and below 2.2669579.
  const at = (d: number) => said([member("a", [9 + d, 10 + d, 11 + d]), member("b", [9, 10, 11])]).chance;
  equal(at(2.27), "The lead of a over b is more than chance (p = 0.0498, significant at the 5 % level).");
  equal(at(2.265), "The lead of a over b may be chance (p = 0.05).");
});

Deno.test("what cannot be tested is not, and says why", () => {
  const sample = (key: string, values: number[]) => ({ key, values, rank: 1 });
  const why = (kind: Terms["kind"], aggregation: Terms["aggregation"], ...values: number[][]) =>
    significanceOf(values.map((own, i) => sample(String(i), own)), { kind, aggregation }).reason;
  equal(why("gauge", "last", [1, 2], [3, 4])?.startsWith("A level carries over"), true);
  equal(why("gauge", "count", [1, 2], [3, 4]), null);
  equal(why("flow", "last", [1, 2], [3, 4])?.startsWith("Only the last reading"), true);
  equal(why("flow", "sum", [1, 2], [3]), "Fewer than two members have two complete intervals");
  equal(why("flow", "sum", [1, 1], [3, 3]), "No value differs within its member");
});
