import { findSeries, type KnownSeries } from "../../db/metric_series.ts";
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import type { AnalyticsMeta } from "../analytics/schema.ts";
import type { MetricStatistics } from "./answers.ts";
import { type CutWindow, cutWindow, type Interval, periodName, type Window } from "./axis.ts";
import { grouped, type GroupValues, type Measure, measured, readGroups, type Source } from "./groups.ts";
import { type Entry, orderOf, type Sortable } from "./ordering.ts";
import { refusePersonal } from "./personal.ts";
import type { MetricKind } from "./schema.ts";
import { dimensionFilters, type GroupWord, type MeasureWord, type StatisticsQuery } from "./queries.ts";
import { resolveWindow } from "../analytics/window.ts";

const DEFAULT_LIMIT = 1_000;
const DEFAULT_MEASURES: readonly MeasureWord[] = ["count", "sum", "avg", "min", "max"];

type Item = MetricStatistics["items"][number];

/**
 * Adds up metrics over a window. Each row is of one service, type, name and unit, unless `group_by` names some of these:
 * then of those alone. Units and kinds are never mixed.
 * @throws {DomainError} `forbidden` where an anonymous caller asks by a dimension about persons; `invalid`
 */
export async function getStatistics(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  query: StatisticsQuery,
): Promise<MetricStatistics> {
  const { group_by = [], measures = DEFAULT_MEASURES, limit = DEFAULT_LIMIT } = query;
  const filters = dimensionFilters(query);
  const split = group_by.flatMap((word) => word.startsWith("dimension.") ? word.slice("dimension.".length) : []);
  const distinct = measures.flatMap((word) => word.startsWith("distinct.") ? word.slice("distinct.".length) : []);
  refusePersonal(caller, [...filters.map((one) => one.key), ...split, ...distinct]);
  const order = orderOf(query.order_by, group_by, measures);

  const found = await findSeries(ctx.db, query);
  const org = ctx.config.ORG_TIMEZONE;
  const window = resolveWindow(query, org, found.now);
  const cut = cutWindow(window, group_by.flatMap(intervalOf), org);
  const targets = grouped(found.series, (one) => groupKey(one, group_by));
  const { source, values } = await readGroups(ctx.db, {
    ...{ targets, cut, split, filters, distinct, now: Date.parse(found.now) },
    percentiles: measures.includes("median") || measures.includes("p95"),
  });

  const heads = headsOf(targets, group_by);
  const items = values.flatMap((one): Entry[] => {
    const head = heads[one.g];
    if (head === undefined) return [];
    const places = group_by.map((word) => placeIn(word, one, head.identity, { cut, window, split }));
    const numbers = measures.map((word) => [word, measured(head.kind, measureOf(word, distinct), one)]);
    const group = Object.fromEntries(group_by.map((word, i) => [word, places[i]?.name ?? null]));
    return [{
      item: { ...head.shown, group, values: Object.fromEntries(numbers) },
      keys: [...places.map((place) => place.order), ...head.order],
    }];
  }).sort(order).map((entry) => entry.item);
  return {
    items: items.slice(0, limit),
    total: items.length,
    reason: items.length > 0 ? null : nothingFound(found.series, window),
    meta: metaOf({ window, source, series: found.series, floor: found.detail_floor }, [
      ...cutOff(items.length, limit),
      ...addedNames(targets, group_by),
    ]),
  };
}

/** Why an answer is empty. */
export function nothingFound(series: readonly KnownSeries[], { start_date, end_date }: Window): string {
  return series.length === 0
    ? "Nothing like this has been recorded"
    : `No reading from ${start_date} to ${end_date}; the latest is of ${latest(series)}`;
}

const latest = (series: readonly KnownSeries[]) => series.map((one) => one.last_day).sort().at(-1) ?? "";

type Read = {
  window: Window & { complete: boolean };
  source: Source;
  series: readonly KnownSeries[];
  floor: string | null;
};

/** What an answer says about itself. */
export function metaOf({ window, source, series, floor }: Read, warnings: string[]): AnalyticsMeta {
  const { start_date, end_date, timezone, complete } = window;
  const kept = source === "rollups" || floor === null || start_date >= floor;
  return {
    period: { start_date, end_date, timezone, complete },
    data_through: series.map((one) => one.last_at).sort().at(-1) ?? null,
    source,
    warnings: kept ? warnings : [...warnings, `Rows dated before ${floor} are no longer kept; this counts later ones`],
  };
}

function intervalOf(word: GroupWord): Interval[] {
  switch (word) {
    case "date":
      return ["day"];
    case "hour":
    case "week":
    case "month":
    case "quarter":
    case "year":
      return [word];
    default:
      return [];
  }
}

const IDENTITY = ["service_name", "metric_type", "metric_name"] as const;
const byIdentity = (group_by: readonly GroupWord[]) => IDENTITY.filter((word) => group_by.includes(word));

/** What a series is added up with: those of the same unit and kind, and of the same name unless names are grouped. */
function groupKey(one: KnownSeries, group_by: readonly GroupWord[]): string {
  const named = byIdentity(group_by);
  return JSON.stringify([...(named.length > 0 ? named : IDENTITY).map((word) => one[word]), one.metric_unit, one.kind]);
}

type Head = {
  /** The words of group_by that are of the metric itself. */
  identity: Partial<Record<GroupWord, string>>;
  shown: Omit<Item, "group" | "values">;
  order: Sortable[];
  kind: MetricKind;
};

/** What each group shows of the metric it is of; null where it has several. */
function headsOf(targets: readonly (KnownSeries & { g: number })[], group_by: readonly GroupWord[]): Head[] {
  const named = byIdentity(group_by);
  const heads: Head[] = [];
  for (const { g, kind, metric_unit, ...one } of targets) {
    const before = heads[g]?.shown ?? one;
    const same = <Word extends typeof IDENTITY[number]>(word: Word) => before[word] === one[word] ? one[word] : null;
    const [service_name, metric_type, metric_name] = [same("service_name"), same("metric_type"), same("metric_name")];
    heads[g] = {
      identity: Object.fromEntries(named.map((word) => [word, one[word]])),
      shown: { service_name, metric_type, metric_name, metric_unit, kind },
      order: [service_name, metric_type, metric_name, metric_unit, kind],
      kind,
    };
  }
  return heads;
}

type Cut = { cut: CutWindow; window: Window; split: readonly string[] };
type Place = { name: Sortable; order: Sortable };

/** Where a number stands by one word of group_by: what it is called, and how it is sorted. */
function placeIn(word: GroupWord, { b, dimensions }: GroupValues, identity: Head["identity"], at: Cut): Place {
  const [interval] = intervalOf(word);
  const bucket = at.cut.buckets[b];
  if (interval !== undefined && bucket !== undefined) {
    return { name: periodName(interval, bucket, at.window.timezone), order: bucket.start };
  }
  const name = identity[word] ?? dimensions[at.split.indexOf(word.slice("dimension.".length))] ?? null;
  return { name, order: name };
}

/** A measure, as the group's numbers know it. */
export function measureOf(word: MeasureWord, distinct: readonly string[]): Measure {
  return isDistinct(word) ? { distinct: distinct.indexOf(word.slice("distinct.".length)) } : word;
}

const isDistinct = (word: MeasureWord): word is `distinct.${string}` => word.startsWith("distinct.");

function cutOff(rows: number, limit: number): string[] {
  return rows > limit ? [`${rows} rows, of which these are the first ${limit}`] : [];
}

function addedNames(targets: readonly (KnownSeries & { g: number })[], group_by: readonly GroupWord[]): string[] {
  if (byIdentity(group_by).length === 0) return [];
  const names = new Map<number, Set<string>>();
  for (const { g, service_name, metric_type, metric_name } of targets) {
    names.set(g, (names.get(g) ?? new Set()).add(`${service_name} ${metric_type} ${metric_name}`));
  }
  const most = Math.max(0, ...[...names.values()].map((set) => set.size));
  return most > 1 ? [`Up to ${most} different metrics are added in one row, as group_by asks`] : [];
}
