import { findSeries, type KnownSeries } from "../../db/metric_series.ts";
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { invalid } from "../errors.ts";
import type { MetricPoint, MetricTimeSeries } from "./answers.ts";
import { cutWindow, type Interval, isComplete, periodName, type Window } from "./axis.ts";
import { choose } from "./choose.ts";
import { grouped, type GroupValues, measured, readGroups } from "./groups.ts";
import { localDay, localInstant } from "./local_time.ts";
import { refusePersonal } from "./personal.ts";
import { dimensionFilters, type FILLS, type MeasureWord, type TimeSeriesQuery } from "./queries.ts";
import type { MetricKind } from "./schema.ts";
import { measureOf, metaOf, nothingFound } from "./statistics.ts";
import { resolveWindow } from "../analytics/window.ts";

const MOST_SERIES = 50;

type OneSeries = MetricTimeSeries["series"][number];

/**
 * A metric by calendar periods. Where the question leaves the metric or its unit open, the answer says which it took.
 * @throws {DomainError} `forbidden` where an anonymous caller asks by a dimension about persons; `invalid`
 */
export async function getTimeSeries(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  query: TimeSeriesQuery,
): Promise<MetricTimeSeries> {
  const { interval = "day", fill = "none", cumulative = false, split_by, measure } = query;
  const filters = dimensionFilters(query);
  const split = split_by?.startsWith("dimension.") ? [split_by.slice("dimension.".length)] : [];
  const distinct = measure?.startsWith("distinct.") ? [measure.slice("distinct.".length)] : [];
  refusePersonal(caller, [...filters.map((one) => one.key), ...split, ...distinct]);

  const found = await findSeries(ctx.db, query);
  const org = ctx.config.ORG_TIMEZONE;
  const window = resolveWindow(query, org, found.now);
  const now = Date.parse(found.now);
  const cut = cutWindow(window, [interval], org);
  const varying = split_by === "service_name" || split_by === "metric_name" ? split_by : "nothing";
  const chosen = await choose(ctx.db, found.series, varying, localDay(org, now));
  const targets = grouped(chosen.series, (one) => JSON.stringify([...identityOf(one), one.metric_unit, one.kind]));
  if (cumulative) checkCumulative(targets, measure);
  const percentiles = measure === "median" || measure === "p95";
  const { source, values } = await readGroups(ctx.db, { targets, cut, now, split, filters, distinct, percentiles });

  const lines = linesOf(targets, values, split_by, measure);
  const shape = { window, interval, fill, cumulative, now, buckets: cut.buckets };
  const series = lines.slice(0, MOST_SERIES).map(({ head, split, values, measure }): OneSeries => ({
    ...headOf(head),
    split,
    measure,
    points: pointsOf(values, head.kind, measure, { ...shape, distinct }),
  }));
  const empty = series.every((one) => one.points.every((point) => point.n === 0 && (point.value ?? 0) === 0));
  return {
    interval,
    series: series.length > 0 || split_by !== undefined ? series : [nothing(query)],
    reason: empty ? nothingFound(found.series, window) : null,
    meta: metaOf({ window, source, series: chosen.series, floor: found.detail_floor }, [
      ...chosen.warnings,
      ...(lines.length > MOST_SERIES
        ? [`${lines.length} series, of which these are the ${MOST_SERIES} with the most readings`]
        : []),
    ]),
  };
}

type Line = { head: KnownSeries; split: OneSeries["split"]; measure: MeasureWord; values: readonly GroupValues[] };

/** The series of an answer, those with the most readings first. */
function linesOf(
  targets: readonly (KnownSeries & { g: number })[],
  values: readonly GroupValues[],
  split_by: TimeSeriesQuery["split_by"],
  measure: MeasureWord | undefined,
): Line[] {
  const heads = new Map(targets.toReversed().map((one) => [one.g, one])); // the first of each group
  const groups = Map.groupBy(values, (one) => one.g);
  return [...heads.entries()].reverse().flatMap(([g, head]) => {
    const own = groups.get(g) ?? [];
    const parts = split_by?.startsWith("dimension.") ? bySplit(own) : [{ split: labelOf(head, split_by), values: own }];
    return parts.map((part) => ({ ...part, head, measure: measure ?? DEFAULT_MEASURE[head.kind] }));
  }).sort((a, b) => weight(b.values) - weight(a.values));
}

const DEFAULT_MEASURE: Record<MetricKind, MeasureWord> = { flow: "sum", gauge: "last", sample: "avg" };

const identityOf = (
  { service_name, metric_type, metric_name }: KnownSeries,
) => [service_name, metric_type, metric_name];

function headOf({ service_name, metric_type, metric_name, metric_unit, kind }: KnownSeries) {
  return { service_name, metric_type, metric_name, metric_unit, kind };
}

function labelOf(head: KnownSeries, split_by: TimeSeriesQuery["split_by"]): string | null {
  return split_by === "service_name" || split_by === "metric_name" ? head[split_by] : null;
}

const weight = (values: readonly GroupValues[]) => values.reduce((n, value) => n + value.n, 0);

function bySplit(values: readonly GroupValues[]): { split: OneSeries["split"]; values: GroupValues[] }[] {
  const lines = new Map<string, { split: OneSeries["split"]; values: GroupValues[] }>();
  for (const value of values) {
    const key = JSON.stringify(value.dimensions);
    const line = lines.get(key);
    if (line === undefined) lines.set(key, { split: value.dimensions[0] ?? null, values: [value] });
    else line.values.push(value);
  }
  return [...lines.values()];
}

function checkCumulative(targets: readonly KnownSeries[], measure: MeasureWord | undefined): void {
  const adds = measure === undefined || measure === "sum" || measure === "count";
  if (!adds) throw invalid("/query/cumulative", `${measure} does not add up over time; only sum and count do`);
  const other = targets.find((one) => one.kind !== "flow" && measure !== "count");
  if (other) {
    throw invalid("/query/cumulative", `${other.metric_name} is a ${other.kind}, which does not add up over time`);
  }
}

type Shape = {
  window: Window;
  interval: Interval;
  fill: typeof FILLS[number];
  cumulative: boolean;
  now: number;
  buckets: readonly { start: number; end: number; day: number }[];
  distinct: readonly string[];
};

/** One point for each period that has something to say, or for all of them. */
function pointsOf(values: readonly GroupValues[], kind: MetricKind, word: MeasureWord, shape: Shape): MetricPoint[] {
  const { window, interval, fill, cumulative, now, buckets, distinct } = shape;
  const measure = measureOf(word, distinct);
  const adds = kind === "flow" && (word === "sum" || word === "count") || word === "count" ||
    typeof measure === "object";
  const byBucket = new Map(values.map((value) => [value.b, value]));
  const points: MetricPoint[] = [];
  let carried = 0;
  let counted = 0;
  for (const [b, bucket] of buckets.entries()) {
    const own = byBucket.get(b);
    if (own !== undefined) {
      counted += own.n;
      carried = word === "count" ? counted : own.running;
    }
    // Of what has not begun yet nothing is known: not even that it is zero.
    const gap = fill === "zero" && adds && bucket.start <= now ? (cumulative ? carried : 0) : null;
    const value = own === undefined ? gap : cumulative ? carried : measured(kind, measure, own);
    if (fill === "none" && (own === undefined || (own.n === 0 && value === null))) continue;
    points.push({
      period: periodName(interval, bucket, window.timezone),
      start: localInstant(window.timezone, bucket.start),
      end: localInstant(window.timezone, bucket.end),
      value,
      n: own?.n ?? 0,
      complete: isComplete(interval, bucket, window, now),
    });
  }
  return points;
}

/** The one series of an answer without any. */
function nothing({ service_name, metric_type, metric_name, metric_unit, measure }: TimeSeriesQuery): OneSeries {
  return {
    ...{ service_name: service_name ?? null, metric_type: metric_type ?? null, metric_name: metric_name ?? null },
    ...{
      metric_unit: metric_unit ?? null,
      kind: "flow",
      split: null,
      measure: measure ?? DEFAULT_MEASURE.flow,
      points: [],
    },
  };
}
