import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { AnalyticsMeta, reason } from "../analytics/schema.ts";
import { TREND_INTERVALS } from "../analytics/trend.ts";
import { METRIC_KINDS, MetricCreate } from "../metrics/schema.ts";
import { date } from "../schema.ts";
import { AGGREGATIONS, COMPARISON_TYPES, MOST_MEMBERS } from "./schema.ts";

const number = z.number().nullable();

const Change = z.strictObject({
  key: z.string().describe("The period that it is compared with"),
  start_date: date.describe("What of it: a running period is compared with as many days of it"),
  end_date: date,
  value: z.number().describe("What it has, in the measure that ranks"),
  difference: z.number(),
  relative: number.describe("difference / |value|; null where value is 0"),
});

/** One side of a comparison, with its own spread. */
export const ComparisonMember = z.strictObject({
  key: z.string().describe("A service, a period's first day (or both its days), or the value of the dimension as text"),
  label: z.string().describe("What the insights call it"),
  metric_name: z.string().nullable().describe("Of a service: the metric that stands for it"),
  start_date: date.nullable().describe("Of a period: its days that the window has and that are over; else null"),
  end_date: date.nullable(),
  days: z.int().describe("Days that are over; today is left out, unless the window has no other"),
  length_days: z.int().describe("Days of the whole: of a calendar period all its days"),
  complete: z.boolean().describe("Whether it is over, and not cut by the window"),
  n: z.int().describe("Readings"),
  value: number.describe("By the aggregation; null where nothing is known, as before the first reading ever"),
  per_day: number.describe("value / days, of sums and counts"),
  periods: z.int().describe(
    "How many complete intervals its spread and the tests rest on. One without a reading is 0 for sums and counts from the " +
      "first recorded day to the last, and else left out",
  ),
  mean: number.describe("Of its intervals, as the next six"),
  median: number,
  stddev: number.describe("Of the sample (n − 1)"),
  coefficient_of_variation: number.describe("stddev / |mean|"),
  min: number,
  max: number,
  autocorrelation: number.describe("Of each interval with the next (lag 1)"),
  effective_n: z.number().describe(
    "How many independent values its intervals are worth: n(1 − r)/(1 + r) for an autocorrelation r above 0, at least 2",
  ),
  share: number.describe("value / total, of sums and counts; null where one is negative, and without a total"),
  rank: z.int().nullable().describe("1 is best (highest where neither way is better); equals share a rank"),
  difference_from_mean: number.describe("From the mean of those with a rank, in the measure that ranks"),
  change_from_previous: z.union([Change, z.null()]).describe("Of periods; null for the first and beside a cut one"),
  change_from_first: z.union([Change, z.null()]).describe("Of periods that are complete, and the same for the first"),
}).openapi("ComparisonMember");
export type ComparisonMember = z.infer<typeof ComparisonMember>;
export type Change = z.infer<typeof Change>;

const spread = z.strictObject({
  n: z.int().describe("Members with a rank"),
  mean: number,
  variance: number.describe("Of the sample (n − 1)"),
  stddev: number,
  coefficient_of_variation: number.describe("stddev / |mean|"),
  min: number,
  max: number,
  range: number.describe("max − min"),
  ratio: number.describe("max / min, of values above 0"),
}).describe("Of what ranks the members");

const concentration = z.strictObject({
  parts: z.int().describe("Members and what other adds up"),
  largest_share: z.number(),
  three_largest_share: z.number(),
  effective_number: z.number().describe(
    "1 / Σ share² (Herfindahl 1950): how many equal parts would be as concentrated",
  ),
});

/** The tests by which members are told apart. */
export const TESTS = ["welch_t", "welch_anova", "kruskal_wallis"] as const;
const p = z.number().min(0).max(1);

const Significance = z.strictObject({
  test: z.enum(TESTS).describe(
    "welch_t of two members (Welch 1947); welch_anova of more (Welch 1951); kruskal_wallis (1952) where one of more than " +
      "two does not vary at all",
  ),
  members: z.int().describe("How many are told apart: those with a rank and at least 2 intervals"),
  statistic: z.number().describe("t of the first pair of pairwise, F, or H"),
  df: z.array(z.number()).min(1).max(2),
  p_value: p.describe("Rests on effective_n values of each member, as neighbouring intervals are alike"),
  p_value_if_independent: p.nullable().describe("What it would be if they were not"),
  level: z.number(),
  significant: z.boolean().describe("p_value < level"),
  effect: z.strictObject({
    measure: z.enum(["hedges_g", "eta_squared", "epsilon_squared"]),
    value: z.number(),
  }).nullable().describe(
    "Of two members the difference in pooled standard deviations (Hedges 1981); of more the share of the spread that " +
      "lies between them",
  ),
  ranks: z.strictObject({
    statistic: z.number().describe("H of Kruskal and Wallis (1952)"),
    df: z.int(),
    p_value: p.describe("With H scaled by the share of effective values"),
    significant: z.boolean(),
    epsilon_squared: z.number(),
  }).nullable().describe("Beside, where values are heavily skewed or many are zero: neither moves ranks"),
  pairwise: z.array(z.strictObject({
    a: z.string(),
    b: z.string(),
    difference: z.number().describe("Mean of a less mean of b, per interval"),
    statistic: z.number().describe("Welch's t"),
    df: z.number(),
    p_value: p,
    p_adjusted: p.describe("For as many pairs (Holm 1979)"),
    significant: z.boolean().describe("p_adjusted < level"),
  })).max(45).describe(
    "Of at most 10 members; of more only the first against the next, adjusted for all pairs (Bonferroni). Pairs in which neither " +
      "varies are left out",
  ),
  notes: z.array(z.string()).describe("What the test assumes, where that is in doubt"),
});
export type Significance = z.infer<typeof Significance>;

/** What an insight is about. */
export const INSIGHT_KINDS = [
  ...[
    "leader",
    "tie",
    "equal",
    "last",
    "gap",
    "chance",
    "concentration",
    "change",
    "zero_baseline",
    "overall",
  ] as const,
  ...["incomplete", "rate", "variation", "other", "alone", "missing", "basis"] as const,
] as const;

const evidence = z.strictObject({
  path: z.string().describe("JSON pointer (RFC 6901) into this answer"),
  value: z.union([z.string(), z.number(), z.boolean()]).nullable().describe("What stands there"),
});

/** A sentence, and where everything that it says stands in the answer. */
export const ComparisonInsight = z.strictObject({
  kind: z.enum(INSIGHT_KINDS),
  text: z.string(),
  evidence: z.array(evidence).min(1),
}).openapi("ComparisonInsight");
export type ComparisonInsight = z.infer<typeof ComparisonInsight>;

export const MOST_INSIGHTS = 8;

/** What came of a comparison. */
export const ComparisonResponse = z.strictObject({
  comparison_type: z.enum(COMPARISON_TYPES),
  service_name: z.enum(SERVICE_NAMES).nullable().describe("Null where services are compared, or nothing is recorded"),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: z.string().nullable().describe("Null where services stand with different ones, or nothing is recorded"),
  unit: z.string().nullable().describe("Of the readings"),
  kind: z.enum(METRIC_KINDS).nullable(),
  dimensions: MetricCreate.shape.dimensions.unwrap().nullable(),
  segment_by: z.string().nullable(),
  aggregation: z.enum(AGGREGATIONS).nullable(),
  interval: z.enum(TREND_INTERVALS),
  status: z.enum(["ok", "insufficient_data"]).describe("insufficient_data where fewer than two members can be ranked"),
  reason,
  better: z.enum(["higher", "lower"]).nullable()
    .describe("Which way is good, by the metric's definition (higher where it has none); null where neither is"),
  ranked_by: z.enum(["value", "per_day"]).describe(
    "per_day for named periods of different length, where that is known",
  ),
  total: number.describe("Of sums and counts: all members and other; null where periods overlap or metrics differ"),
  n: z.int().describe("Readings in all"),
  members: z.array(ComparisonMember).max(MOST_MEMBERS)
    .describe("Services and segments by rank, periods in the order of time or of the request"),
  other: z.strictObject({
    members: z.int().describe("Segments beyond the limit"),
    n: z.int().describe("Readings of these and of those that do not have the dimension"),
    value: number.describe("Of sums and counts"),
    share: number,
  }).nullable().describe("Of segments: what the members leave out; else null"),
  best: z.array(z.string()).max(MOST_MEMBERS).describe(
    "Keys, several where they are equal; empty for fewer than two members with a rank, where all are equal, and where neither " +
      "way is better",
  ),
  worst: z.array(z.string()).max(MOST_MEMBERS),
  spread,
  concentration: concentration.nullable().describe("Of services and segments with shares"),
  significance: z.union([Significance, z.null()]),
  significance_reason: z.string().nullable().describe("Why there is no test, or null"),
  insights: z.array(ComparisonInsight).max(MOST_INSIGHTS).describe(
    "Sentences that say only what stands in the answer: each number in one is the value of some evidence, rounded (shares " +
      "and relative changes in percent)",
  ),
  meta: AnalyticsMeta,
}).openapi("ComparisonResponse");
export type ComparisonResponse = z.infer<typeof ComparisonResponse>;
