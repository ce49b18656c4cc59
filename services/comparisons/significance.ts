import {
  analysisOfVariance,
  chiSquareTails,
  effectiveSize,
  hedgesG,
  kruskalWallis,
  type Moments,
  skewness,
  summary,
  welchAnova,
  welchT,
} from "../math/mod.ts";
import type { Significance } from "./answer.ts";
import type { Terms } from "./observed.ts";
import { pairwise, type Tested } from "./pairwise.ts";

/** Below which a p-value is called significant. */
export const LEVEL = 0.05;

/** The values of a member's intervals, in the order of time, and its rank. */
export type Sample = { key: string; values: readonly number[]; rank: number | null };

/** Whether members differ by more than chance, or why that cannot be told. */
export type Verdict = { significance: Significance; reason: null } | { significance: null; reason: string };

type Test = Pick<Significance, "test" | "statistic" | "df" | "p_value" | "p_value_if_independent" | "effect">;

/**
 * Tells members apart by the values of their intervals: two by Welch's t, more by his analysis of variance, or by ranks
 * where one of more than two does not vary. Each counts as many values as its own are worth (`effectiveSize`).
 */
export function significanceOf(
  samples: readonly Sample[],
  { kind, aggregation }: Pick<Terms, "kind" | "aggregation">,
): Verdict {
  if (kind === "gauge" && aggregation !== "count") {
    return none("A level carries over from one interval to the next, so its values are no separate observations");
  }
  if (aggregation === "last") return none("Only the last reading of each is compared, and a test needs several");
  const told = samples.filter(({ values }) => values.length >= 2);
  if (told.length < 2) return none("Fewer than two members have two complete intervals");
  const tested = told.map((sample) => ({ key: sample.key, moments: worth(sample.values) }));
  if (tested.every(({ moments }) => moments.variance === 0)) return none("No value differs within its member");
  const test = tested.length === 2 ? ofTwo(told, tested) : ofMore(told, tested);
  if (test === null) return none("The values are too large or too close together for a test");
  const doubtful = told.some(({ values }) => isHeavilySkewed(values) || isZeroHeavy(values));
  const significance = {
    ...{ test: test.test, members: told.length, statistic: test.statistic, df: test.df },
    ...{ p_value: test.p_value, p_value_if_independent: test.p_value_if_independent, level: LEVEL },
    significant: test.p_value < LEVEL,
    effect: test.effect,
    ranks: doubtful && test.test !== "kruskal_wallis" ? ranksOf(told, tested) : null,
    pairwise: pairwise(tested, leadOf(samples), LEVEL),
    notes: notesOf(told, { left_out: samples.length - told.length, doubtful }),
  };
  return { significance, reason: null };
}

/** Who is first and who next, where no others share these places. */
function leadOf(samples: readonly Sample[]): string[] {
  const lead = samples.filter(({ rank }) => rank === 1 || rank === 2).map(({ key }) => key);
  return lead.length === 2 ? lead : [];
}

const none = (reason: string): Verdict => ({ significance: null, reason });

function momentsOf(values: readonly number[]): Moments {
  const { n, mean, variance } = summary(values);
  return { n, mean: mean ?? NaN, variance: variance ?? NaN };
}

const worth = (values: readonly number[]): Moments => ({ ...momentsOf(values), n: effectiveSize(values).effective_n });

function ofTwo(told: readonly Sample[], tested: readonly Tested[]): Test | null {
  const [a, b] = tested.map((one) => one.moments);
  const [first, second] = told.map(({ values }) => momentsOf(values));
  if (a === undefined || b === undefined || first === undefined || second === undefined) return null;
  const found = welchT(a, b);
  if (found === null) return null;
  const g = hedgesG(first, second);
  return {
    ...{ test: "welch_t", statistic: found.t, df: [found.df], p_value: found.p_value },
    p_value_if_independent: welchT(first, second)?.p_value ?? null,
    effect: g === null ? null : { measure: "hedges_g", value: g },
  };
}

function ofMore(told: readonly Sample[], tested: readonly Tested[]): Test | null {
  const found = welchAnova(tested.map((one) => one.moments));
  if (found === null) return byRanks(told, tested);
  const eta = analysisOfVariance(told.map(({ values }) => values))?.eta_squared;
  return {
    ...{ test: "welch_anova", statistic: found.f, df: [found.df1, found.df2], p_value: found.p_value },
    p_value_if_independent: welchAnova(told.map(({ values }) => momentsOf(values)))?.p_value ?? null,
    effect: eta === undefined ? null : { measure: "eta_squared", value: eta },
  };
}

function byRanks(told: readonly Sample[], tested: readonly Tested[]): Test | null {
  const found = kruskalWallis(told.map(({ values }) => values));
  const ranks = ranksOf(told, tested);
  if (found === null || ranks === null) return null;
  return {
    ...{ test: "kruskal_wallis", statistic: found.h, df: [found.df], p_value: ranks.p_value },
    p_value_if_independent: found.p_value,
    effect: { measure: "epsilon_squared", value: found.epsilon_squared },
  };
}

function ranksOf(told: readonly Sample[], tested: readonly Tested[]): Significance["ranks"] {
  const found = kruskalWallis(told.map(({ values }) => values));
  if (found === null) return null;
  const n = told.reduce((sum, { values }) => sum + values.length, 0);
  const effective = tested.reduce((sum, { moments }) => sum + moments.n, 0);
  const tails = chiSquareTails((found.h * effective) / n, found.df);
  if (tails === null) return null;
  const { h: statistic, df, epsilon_squared } = found;
  return { statistic, df, p_value: tails.outside, significant: tails.outside < LEVEL, epsilon_squared };
}

const HEAVY_SKEW = 2;
const MANY_ZEROS = 0.25;
const FEW_VALUES = 10;
const ALIKE = 0.9;

const isHeavilySkewed = (values: readonly number[]) => Math.abs(skewness(values) ?? 0) > HEAVY_SKEW;
const isZeroHeavy = (values: readonly number[]) =>
  values.filter((value) => value === 0).length >= MANY_ZEROS * values.length;

function notesOf(told: readonly Sample[], { left_out, doubtful }: { left_out: number; doubtful: boolean }): string[] {
  const alike = told.some(({ values }) => effectiveSize(values).effective_n < ALIKE * values.length);
  const few = told.some(({ values }) => values.length < FEW_VALUES);
  return [
    ...(left_out > 0 ? ["Members with fewer than two complete intervals are not tested"] : []),
    ...(alike
      ? ["Neighbouring intervals are alike, which would make p too small: each member counts as effective_n values"]
      : []),
    ...(doubtful
      ? ["Values are heavily skewed or many of them zero: means rest on few of them, so ranks are compared beside"]
      : []),
    ...(few
      ? [`A member has fewer than ${FEW_VALUES} values: the test then rests on their being normally distributed`]
      : []),
  ];
}
