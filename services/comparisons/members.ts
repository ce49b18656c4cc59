import { quotient, relativeChange } from "../analytics/figures.ts";
import { dispersion, effectiveSize, summary } from "../math/mod.ts";
import type { Change, ComparisonMember } from "./answer.ts";
import type { Observed, Terms } from "./observed.ts";
import { measureOf, perDay, type RankedBy } from "./ranking.ts";

/** What a member is measured against. */
export type Standard = {
  terms: Terms;
  ranked_by: RankedBy;
  /** Null where values are no shares of it. */
  total: number | null;
  /** The mean of the measures that rank. */
  mean: number | null;
};

/** Everything an answer says of each member but for its rank; in the order given. */
export function membersOf(observed: readonly Observed[], standard: Standard): Omit<ComparisonMember, "rank">[] {
  return observed.map((one, i) => {
    const { key, label, metric_name, window, days, length_days, complete, n, value, values } = one;
    const { mean, stddev, coefficient_of_variation, min, max } = dispersion(values);
    const { autocorrelation, effective_n } = effectiveSize(values);
    const measure = measureOf(one, standard.ranked_by, standard.terms);
    return {
      ...{ key, label, metric_name, start_date: window?.start_date ?? null, end_date: window?.end_date ?? null },
      ...{ days, length_days, complete, n, value, per_day: perDay(one, standard.terms) },
      periods: values.length,
      ...{
        mean,
        median: summary(values).median,
        stddev,
        coefficient_of_variation,
        min,
        max,
        autocorrelation,
        effective_n,
      },
      share: standard.total === null ? null : quotient({ numerator: value, denominator: standard.total }),
      difference_from_mean: measure === null || standard.mean === null ? null : measure - standard.mean,
      change_from_previous: fromPrevious(one, observed[i - 1], standard),
      change_from_first: i === 0 || !one.comparable ? null : changeFrom(observed[0], one, standard),
    };
  });
}

/** A running period is compared with as many days of the one before, another with the whole of it. */
function fromPrevious(one: Observed, previous: Observed | undefined, standard: Standard): Change | null {
  if (previous === undefined || !previous.comparable) return null;
  if (one.comparable) return changeFrom(previous, one, standard);
  if (one.before === null) return null;
  const { start_date, end_date, value, days } = one.before;
  return changeFrom(
    { ...previous, window: { start_date, end_date }, value, days },
    { ...one, comparable: true },
    standard,
  );
}

function changeFrom(from: Observed | undefined, to: Observed, { ranked_by, terms }: Standard): Change | null {
  if (from === undefined || from.window === null) return null;
  const [before, now] = [measureOf(from, ranked_by, terms), measureOf(to, ranked_by, terms)];
  if (before === null || now === null) return null;
  return {
    ...{ key: from.key, ...from.window, value: before, difference: now - before },
    relative: relativeChange(now, before),
  };
}
