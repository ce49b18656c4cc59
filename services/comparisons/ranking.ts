import { isAdditive, type Observed, type Terms } from "./observed.ts";

/** What ranks the members: what they have, or what they have a day. */
export type RankedBy = "value" | "per_day";

/** Named periods of different length are ranked by what they have a day, where that is known. */
export function rankedBy(observed: readonly Pick<Observed, "days">[], terms: Terms): RankedBy {
  const lengths = new Set(observed.map((one) => one.days));
  return terms.named_periods && isAdditive(terms) && lengths.size > 1 ? "per_day" : "value";
}

/** What a member has a day; null where values do not add up, and before its first day. */
export function perDay({ value, days }: Pick<Observed, "value" | "days">, terms: Pick<Terms, "aggregation">) {
  return value === null || days < 1 || !isAdditive(terms) ? null : value / days;
}

/** The number that ranks a member; null for one that has no rank. */
export function measureOf(one: Observed, by: RankedBy, terms: Terms): number | null {
  if (!one.comparable) return null;
  return by === "per_day" ? perDay(one, terms) : one.value;
}

/** 1 for the best, equals sharing a rank: 1, 1, 3. Null where there is no measure. */
export function ranksOf(measures: readonly (number | null)[], better: Terms["better"]): (number | null)[] {
  const isAhead = (a: number, b: number) => better === "lower" ? a < b : a > b;
  return measures.map((own) =>
    own === null ? null : 1 + measures.filter((other) => other !== null && isAhead(other, own)).length
  );
}

type Ranked = { key: string; rank: number | null };

/** Who is best and who worst; nobody among fewer than two, where all are equal, and where neither way is better. */
export function bestAndWorst(members: readonly Ranked[], better: Terms["better"]): { best: string[]; worst: string[] } {
  const ranks = members.flatMap(({ rank }) => rank ?? []);
  const last = Math.max(1, ...ranks);
  if (better === null || last === 1) return { best: [], worst: [] };
  const at = (rank: number) => members.filter((one) => one.rank === rank).map((one) => one.key);
  return { best: at(1), worst: at(last) };
}
