import type { DimensionFilter } from "../../db/metric_cells.ts";
import type { Needs } from "../context.ts";
import type { Window } from "../metrics/axis.ts";
import type { Source } from "../metrics/groups.ts";
import { byName } from "./by_name.ts";
import type { DomainQuestion } from "./question.ts";
import { type Amount, amountsOf, type AmountsOptions, type Totals } from "./totals.ts";
import { type Period, type TrendInterval, trendPeriods } from "./trend.ts";

/** What some flows amount to in a window, and in the period before it. */
export type Counts<Name extends string> = { now: Totals<Name>; before: Totals<Name> };

/** The same, and in each period of the window that has begun. */
export type CountsByPeriod<Name extends string> = Counts<Name> & {
  periods: (Period & { totals: Totals<Name> })[];
  /** Whether there is any reading in the window or the period before. */
  found: boolean;
  source: Source;
};

type Asked = Pick<DomainQuestion, "series" | "now" | "today" | "window" | "before">;

/**
 * Counts some flows in a window, in its periods, and in the period before: from the roll-ups, or from the rows where a
 * dimension filters. What was not recorded yet is null, not 0; under a filter: what is in neither of the two windows.
 * @throws {DomainError} `invalid` for more than 1,000 periods
 */
export async function countsOf<Name extends string>(
  ctx: Needs<"db" | "config">,
  question: Asked,
  names: readonly Name[],
  { interval, filters = [] }: { interval: TrendInterval; filters?: readonly DimensionFilter[] },
): Promise<CountsByPeriod<Name>> {
  const { window, before, now, today } = question;
  const begun = trendPeriods(ctx, window, interval, now);
  const { source, inWindow, earlier } = await bothWindows(ctx, question, names, { intervals: [interval], filters });
  const since = byName(names, (name) => {
    if (filters.length === 0) return firstDay(question.series, name);
    if (sumOf(earlier, name) !== null) return before.start_date;
    const own = inWindow.filter((one) => one.metric_name === name).map((one) => one.b).sort((a, b) => a - b);
    return begun[own[0] ?? -1]?.start_date ?? null;
  });
  const count = (amounts: readonly Amount[], own: Pick<Window, "start_date" | "end_date">): Totals<Name> =>
    byName(names, (name) => own.start_date > today ? null : sumOf(amounts, name) ?? zeroFrom(since[name], own));
  const byPeriod = Map.groupBy(inWindow, (one) => one.b);
  return {
    now: count(inWindow, window),
    before: count(earlier, before),
    periods: begun.map((period) => ({ ...period, totals: count(byPeriod.get(period.b) ?? [], period) })),
    found: inWindow.length + earlier.length > 0,
    source,
  };
}

/**
 * Counts some flows for each value of a dimension, in a window and in the period before, from the rows. A value that is in
 * only one of the two has 0 or null in the other: 0 after it was seen, null before.
 */
export async function countsBy<Name extends string>(
  ctx: Needs<"db" | "config">,
  question: Asked,
  names: readonly Name[],
  dimension: string,
): Promise<Map<string | null, Counts<Name>>> {
  const { inWindow, earlier } = await bothWindows(ctx, question, names, { split: [dimension] });
  const [now, before] = [inWindow, earlier].map((amounts) => Map.groupBy(amounts, valueOf));
  const values = new Set([...now?.keys() ?? [], ...before?.keys() ?? []]);
  return new Map([...values].map((value): [string | null, Counts<Name>] => {
    const [own, old] = [now?.get(value) ?? [], before?.get(value) ?? []];
    const seen = byName(names, (name) => sumOf(old, name));
    return [value, {
      now: byName(names, (name) => sumOf(own, name) ?? (seen[name] === null ? null : 0)),
      before: seen,
    }];
  }));
}

async function bothWindows(
  ctx: Needs<"db" | "config">,
  question: Asked,
  names: readonly string[],
  options: AmountsOptions,
): Promise<{ source: Source; inWindow: Amount[]; earlier: Amount[] }> {
  const { source, amounts } = await amountsOf(ctx, question, question.window, names, options);
  const { amounts: earlier } = await amountsOf(ctx, question, question.before, names, { ...options, intervals: [] });
  return { source, inWindow: amounts, earlier };
}

/** The value of the one dimension of a split, as text; null where the readings do not say. */
function valueOf({ dimensions: [value = null] }: Amount): string | null {
  return value === null || value === "" ? null : String(value);
}

function sumOf(amounts: readonly Amount[], name: string): number | null {
  let sum: number | null = null;
  for (const one of amounts) if (one.metric_name === name) sum = (sum ?? 0) + (one.value ?? 0);
  return sum;
}

/** 0 for a window that ends on or after the first day with a reading; null for an earlier one. */
function zeroFrom(since: string | null, { end_date }: Pick<Window, "end_date">): 0 | null {
  return since !== null && since <= end_date ? 0 : null;
}

function firstDay(series: Asked["series"], name: string): string | null {
  return series.filter((one) => one.metric_name === name).map((one) => one.first_day).sort()[0] ?? null;
}
