import { quotient } from "../analytics/figures.ts";
import { decimalSum, dispersion } from "../math/mod.ts";
import type { ComparisonMember, ComparisonResponse } from "./answer.ts";
import { membersOf } from "./members.ts";
import { type Days, isAdditive, type Observed, type Rest, type Terms } from "./observed.ts";
import { bestAndWorst, measureOf, rankedBy, ranksOf } from "./ranking.ts";
import { significanceOf } from "./significance.ts";

/** What an answer says of members that were read; the insights are made from it. */
export type Compared =
  & Pick<
    ComparisonResponse,
    "status" | "reason" | "better" | "ranked_by" | "total" | "n" | "members" | "other" | "best" | "worst" | "spread"
  >
  & Pick<ComparisonResponse, "concentration" | "significance" | "significance_reason">;

/** Compares members: pure, so that the same readings give the same answer. */
export function compared(observed: readonly Observed[], rest: Rest | null, terms: Terms): Compared {
  const ranked_by = rankedBy(observed, terms);
  const measures = observed.map((one) => measureOf(one, ranked_by, terms));
  const known = measures.filter((measure) => measure !== null);
  const spread = dispersion(known);
  const total = totalOf(observed, rest, terms);
  const isShared = total !== null && total > 0 && allNonNegative(observed, rest);
  const standard = { terms, ranked_by, total: isShared ? total : null, mean: spread.mean };
  const ranks = ranksOf(measures, terms.better);
  const figures = membersOf(observed, standard);
  const all = figures.map((one, i) => ({
    member: { ...one, rank: ranks[i] ?? null },
    values: observed[i]?.values ?? [],
  }));
  const placed = terms.comparison_type === "time_period" ? all : all.toSorted((a, b) => inOrder(a.member, b.member));
  const members = placed.map(({ member }) => member);
  const samples = placed.flatMap(({ member: { key, rank }, values }) => rank === null ? [] : [{ key, values, rank }]);
  const { significance, reason } = significanceOf(samples, terms);
  return {
    status: known.length < 2 ? "insufficient_data" : "ok",
    reason: known.length < 2 ? lacking(observed, known.length) : null,
    ...{ better: terms.better, ranked_by, total, n: observed.reduce((sum, one) => sum + one.n, rest?.n ?? 0) },
    members,
    other: rest === null ? null : otherOf(rest, standard.total, terms),
    ...bestAndWorst(members, terms.better),
    spread,
    concentration: isShared && terms.comparison_type !== "time_period" ? concentrationOf(observed, rest, total) : null,
    ...{ significance, significance_reason: reason },
  };
}

function lacking(observed: readonly Observed[], ranked: number): string {
  if (observed.length < 2) return "There is only one member, so there is nothing to compare it with";
  return ranked === 0
    ? "No member can be ranked: none is complete and has a value"
    : "Only one member can be ranked: the others are not complete or have no value";
}

/** All that members and the rest have; null where values do not add up, metrics differ, or periods overlap. */
function totalOf(observed: readonly Observed[], rest: Rest | null, terms: Terms): number | null {
  if (!isAdditive(terms) || !terms.one_metric || overlap(observed.flatMap(({ window }) => window ?? []))) return null;
  const values = [...observed.map((one) => one.value), ...rest?.values ?? [], rest?.unnamed ?? null];
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : decimalSum(known);
}

function overlap(windows: readonly Days[]): boolean {
  const sorted = windows.toSorted((a, b) => a.start_date < b.start_date ? -1 : 1);
  return sorted.some(({ start_date }, i) => i > 0 && start_date <= (sorted[i - 1]?.end_date ?? ""));
}

function allNonNegative(observed: readonly Observed[], rest: Rest | null): boolean {
  const values = [...observed.map((one) => one.value), ...rest?.values ?? [], rest?.unnamed ?? null];
  return values.every((value) => value === null || value >= 0);
}

function inOrder(a: ComparisonMember, b: ComparisonMember): number {
  const place = ({ rank }: ComparisonMember) => rank ?? Number.MAX_SAFE_INTEGER;
  return place(a) - place(b) || (a.key < b.key ? -1 : 1);
}

function otherOf({ values, n, unnamed }: Rest, total: number | null, terms: Terms): ComparisonResponse["other"] {
  const known = [...values, unnamed].filter((value) => value !== null);
  const value = isAdditive(terms) && known.length > 0 ? decimalSum(known) : null;
  const share = total === null ? null : quotient({ numerator: value, denominator: total });
  return { members: values.length, n, value, share };
}

function concentrationOf(
  observed: readonly Observed[],
  rest: Rest | null,
  total: number,
): ComparisonResponse["concentration"] {
  const parts = [...observed.map((one) => one.value), ...rest?.values ?? []].map((value) => value ?? 0).sort((a, b) =>
    b - a
  );
  const sum = parts.reduce((all, part) => all + part, 0);
  if (sum === 0) return null;
  const share = (count: number) => Math.min(1, parts.slice(0, count).reduce((all, part) => all + part / total, 0));
  return {
    parts: parts.length,
    largest_share: share(1),
    three_largest_share: share(3),
    effective_number: 1 / parts.reduce((all, part) => all + (part / sum) ** 2, 0),
  };
}
