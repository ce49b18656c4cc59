import type { TrendInterval } from "../analytics/trend.ts";
import { correlationTest, pairedEffectiveSize, pearson, seasonTest, trendTest, withoutSeason } from "../math/mod.ts";
import { bothKnown } from "./both_known.ts";
import { pInWords, rInWords } from "./wording.ts";

type Values = readonly (number | null)[];

/** Two series on the same periods, and what sentences call them. */
export type Pair = { a: string; b: string; values: { a: Values; b: Values } };

/** What periods repeat within the year or the week. */
const SEASONS: Partial<Record<TrendInterval, { length: number; one: string; all: string }>> = {
  day: { length: 7, one: "day of the week", all: "days of the week" },
  month: { length: 12, one: "month of the year", all: "months of the year" },
  quarter: { length: 4, one: "quarter of the year", all: "quarters of the year" },
};
/** The p-value below which places of a season are taken to differ. */
const SURELY = 0.01;

/** Two series of which both have a season, less it. */
export type WithoutSeasons = { values: Pair["values"]; length: number; one: string; all: string };

/** The series without their seasons; null unless both have one. */
export function withoutSharedSeason({ a, b }: Pair["values"], interval: TrendInterval): WithoutSeasons | null {
  const season = SEASONS[interval];
  if (season === undefined) return null;
  const p = (values: Values) => seasonTest(values, season.length) ?? 1;
  if (p(a) >= SURELY || p(b) >= SURELY) return null;
  return { ...season, values: { a: withoutSeason(a, season.length), b: withoutSeason(b, season.length) } };
}

/** What alone makes a correlation of two series, each with what is left without it. */
export function sharedMoves(
  pair: Pair,
  changes: { r: number; p_value: number | null } | null,
  interval: TrendInterval,
) {
  return [...trends(pair, changes, interval), ...seasons(pair, interval)];
}

const MOVES = { increasing: "rises", decreasing: "falls" } as const;

/** Whatever grows along with time grows along with whatever else does (Yule 1926). */
function trends(
  { a, b, values }: Pair,
  changes: { r: number; p_value: number | null } | null,
  interval: TrendInterval,
) {
  const [xs, ys] = bothKnown(values.a, values.b);
  const [first, second] = [trendTest(xs)?.trend ?? "stable", trendTest(ys)?.trend ?? "stable"];
  if (first === "stable" || second === "stable") return [];
  const without = changes === null
    ? ""
    : `; of the changes from ${interval} to ${interval} r is ${rInWords(changes.r)}${said(changes.p_value)}`;
  return [`${a} ${MOVES[first]} and ${b} ${MOVES[second]} over the window, which alone makes a correlation${without}`];
}

/** Whatever goes by the calendar goes along with whatever else does. */
function seasons({ a, b, values }: Pair, interval: TrendInterval): string[] {
  const left = withoutSharedSeason(values, interval);
  if (left === null) return [];
  const [xs, ys] = bothKnown(left.values.a, left.values.b);
  const r = pearson(xs, ys);
  // A season takes a degree of freedom for each of its places but one.
  const own = (pairedEffectiveSize(left.values.a, left.values.b) ?? 0) * (1 - (left.length - 1) / xs.length);
  const p_value = r === null || !(own > 0) ? null : correlationTest(r, own, 0.95)?.p_value ?? null;
  const without = r === null
    ? ""
    : `; with the mean of each ${left.one} taken away r is ${rInWords(r)}${said(p_value)}`;
  return [`${a} and ${b} both go by the ${left.all}, which alone makes a correlation${without}`];
}

const said = (p: number | null) => p === null ? "" : ` (${pInWords(p)})`;
