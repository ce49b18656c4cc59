import type { KnownSeries } from "../../db/metric_series.ts";
import type { MetricTimeSeries } from "./answers.ts";
import type { GroupValues } from "./groups.ts";
import type { MeasureWord, TimeSeriesQuery } from "./queries.ts";
import type { MetricKind } from "./schema.ts";

/** One series of an answer, before it is cut into points. */
export type Line = {
  head: KnownSeries;
  split: MetricTimeSeries["series"][number]["split"];
  measure: MeasureWord;
  /** The numbers of the window, and of the one before where one is compared with. */
  own: readonly GroupValues[];
  before: readonly GroupValues[];
  /** The days between which a period without a reading counts as 0, where it is of a flow. */
  recorded: { first_day: string; last_day: string };
};

type Targets = readonly (KnownSeries & { g: number })[];
type Values = { own: readonly GroupValues[]; before: readonly GroupValues[] };

/** What each kind is shown as unless asked otherwise. */
export const DEFAULT_MEASURE: Record<MetricKind, MeasureWord> = { flow: "sum", gauge: "last", sample: "avg" };

/** The series of an answer, those with the most readings first. */
export function linesOf(
  targets: Targets,
  { own, before }: Values,
  { split_by, measure }: Pick<TimeSeriesQuery, "split_by" | "measure">,
): Line[] {
  const groups = Map.groupBy(targets, (one) => one.g);
  const [ownOf, beforeOf] = [own, before].map((values) => Map.groupBy(values, (one) => one.g));
  return [...groups].flatMap(([g, series]): Line[] => {
    const [head] = series;
    if (head === undefined) return [];
    const values = { own: ownOf?.get(g) ?? [], before: beforeOf?.get(g) ?? [] };
    const recorded = {
      first_day: series.map((one) => one.first_day).sort()[0] ?? head.first_day,
      last_day: series.map((one) => one.last_day).sort().at(-1) ?? head.last_day,
    };
    const parts = split_by?.startsWith("dimension.")
      ? byDimension(values)
      : [{ split: split_by === "service_name" || split_by === "metric_name" ? head[split_by] : null, ...values }];
    return parts.map((part) => ({ ...part, head, recorded, measure: measure ?? DEFAULT_MEASURE[head.kind] }));
  }).sort((a, b) => readings(b.own) - readings(a.own) || readings(b.before) - readings(a.before));
}

const readings = (values: readonly GroupValues[]) => values.reduce((n, value) => n + value.n, 0);

function byDimension(values: Values): (Values & Pick<Line, "split">)[] {
  const lines = new Map<string, { split: Line["split"]; own: GroupValues[]; before: GroupValues[] }>();
  for (const part of ["own", "before"] as const) {
    for (const value of values[part]) {
      const key = JSON.stringify(value.dimensions);
      const line = lines.get(key) ?? { split: value.dimensions[0] ?? null, own: [], before: [] };
      line[part].push(value);
      lines.set(key, line);
    }
  }
  return [...lines.values()];
}
