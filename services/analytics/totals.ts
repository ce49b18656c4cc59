import type { DimensionFilter } from "../../db/metric_cells.ts";
import type { KnownSeries } from "../../db/metric_series.ts";
import type { Needs } from "../context.ts";
import type { Interval, Window } from "../metrics/axis.ts";
import { type GroupValues, measured, readGroups, type Source } from "../metrics/groups.ts";
import { mostRowsRead } from "../metrics/row_reads.ts";
import { byName } from "./by_name.ts";
import { cutOf } from "./cut.ts";
import type { DomainQuestion } from "./question.ts";

/** What one metric name amounts to in a bucket of a window, for one value of each dimension of a split. */
export type Amount = {
  metric_name: string;
  /** The bucket of the window, from 0. */
  b: number;
  dimensions: GroupValues["dimensions"];
  /** A flow's sum, a gauge's level at the bucket's end, a sample's average. */
  value: number | null;
  values: GroupValues;
};

/** How to read amounts: cut by periods, split by dimensions, only with some, or with percentiles. */
export type AmountsOptions = {
  intervals?: readonly Interval[];
  split?: readonly string[];
  filters?: readonly DimensionFilter[];
  percentiles?: boolean;
};

/** The amounts of some metric names in a window: from the roll-ups, or the rows where dimensions are asked for. */
export async function amountsOf(
  ctx: Needs<"db" | "config">,
  { series, now }: Pick<DomainQuestion, "series" | "now">,
  window: Window,
  names: readonly string[],
  { intervals = [], split = [], filters = [], percentiles = false }: AmountsOptions = {},
): Promise<{ source: Source; amounts: Amount[] }> {
  const targets = series.filter((one) => names.includes(one.metric_name)).map((one, g) => ({ ...one, g }));
  const cut = cutOf(ctx, window, intervals);
  const question = {
    targets,
    cut,
    now,
    split,
    filters,
    percentiles,
    distinct: [],
    most_rows: mostRowsRead(ctx.config),
  };
  const { source, values } = await readGroups(ctx.db, question);
  return {
    source,
    amounts: values.flatMap((own) => {
      const head = targets[own.g];
      return head === undefined ? [] : [amount(head, own)];
    }),
  };
}

function amount({ metric_name, kind }: KnownSeries, values: GroupValues): Amount {
  const value = measured(kind, kind === "sample" ? "avg" : "sum", values);
  return { metric_name, b: values.b, dimensions: values.dimensions, value, values };
}

/** What each name amounts to in a window: 0 for a flow that had nothing, null for what was never recorded. */
export type Totals<Name extends string> = Record<Name, number | null>;

/** The totals of some metric names in a window, from the roll-ups; two units of one name are added up only if both count. */
export async function totalsOf<Name extends string>(
  ctx: Needs<"db" | "config">,
  question: Pick<DomainQuestion, "series" | "now">,
  window: Window,
  names: readonly Name[],
): Promise<Totals<Name>> {
  const { amounts } = await amountsOf(ctx, question, window, names);
  return byName(names, (name) => {
    const own = amounts.filter((one) => one.metric_name === name);
    if (own.length > 0) return own.reduce<number>((sum, { value }) => sum + (value ?? 0), 0);
    const recorded = question.series.some((one) =>
      one.metric_name === name && one.kind === "flow" && one.first_day <= window.end_date
    );
    return recorded ? 0 : null;
  });
}
