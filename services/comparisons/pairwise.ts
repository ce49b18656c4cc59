import { holm, type Moments, welchT } from "../math/mod.ts";
import type { Significance } from "./answer.ts";

/** A member as tests see it: its moments, with as many values as its own are worth. */
export type Tested = { key: string; moments: Moments };

/** Members of which each pair is told apart, at most. */
const MOST_TOLD_APART = 10;

/**
 * Each pair by Welch's t, adjusted for as many pairs (Holm). Of more than 10 members only the first against the next,
 * adjusted for all pairs (Bonferroni). Without pairs in which neither varies.
 * @param lead the keys of the first and the next, where there are such
 */
export function pairwise(
  tested: readonly Tested[],
  lead: readonly string[],
  level: number,
): Significance["pairwise"] {
  const many = tested.length > MOST_TOLD_APART;
  const shown = many ? tested.filter(({ key }) => lead.includes(key)) : tested;
  if (many && shown.length !== 2) return [];
  const pairs = shown.flatMap((a, i) =>
    shown.slice(i + 1).flatMap((b) => {
      const found = welchT(a.moments, b.moments);
      return found === null ? [] : [{ a: a.key, b: b.key, ...found }];
    })
  );
  const all = (tested.length * (tested.length - 1)) / 2;
  const adjusted = many
    ? pairs.map((pair) => Math.min(1, pair.p_value * all))
    : holm(pairs.map((pair) => pair.p_value));
  return pairs.map(({ a, b, difference, t, df, p_value }, i) => {
    const p_adjusted = adjusted[i] ?? 1;
    return { a, b, difference, statistic: t, df, p_value, p_adjusted, significant: p_adjusted < level };
  });
}
