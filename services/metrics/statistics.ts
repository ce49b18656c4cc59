import { findSeries } from "../../db/metric_series.ts";
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { metaOf, nothingFound } from "./about.ts";
import type { MetricStatistics } from "./answers.ts";
import { combines } from "./combined.ts";
import { grouped } from "./groups.ts";
import { orderOf } from "./ordering.ts";
import { readPart, spanOf } from "./parts.ts";
import { refusePersonal } from "./personal.ts";
import { dimensionFilters, type MeasureWord, type StatisticsQuery } from "./queries.ts";
import { itemOf, restOf } from "./statistic_items.ts";
import { groupKey, type Head, headsOf, intervalOf, type Row, rowsOf } from "./statistic_rows.ts";

const DEFAULT_LIMIT = 1_000;
const DEFAULT_MEASURES: readonly MeasureWord[] = ["count", "sum", "avg", "min", "max"];

/**
 * Adds up metrics over a window. Each row is of one service, type, name and unit, unless `group_by` names some of these:
 * then of those alone. Units and kinds are never mixed. What the limit leaves out is added up in `other`.
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
  const span = spanOf(ctx.config, query, found);
  const targets = grouped(found.series, (one) => groupKey(one, group_by));
  const percentiles = measures.includes("median") || measures.includes("p95");
  const question = { targets, split, filters, distinct, percentiles, intervals: group_by.flatMap(intervalOf) };
  const part = await readPart(ctx, caller, span, span.window, question);
  const old = span.before && await readPart(ctx, caller, span, span.before, question);

  const heads = headsOf(targets, group_by);
  const telling = { group_by, measures, distinct, compared: old !== null };
  const compared = rowsOf(part, old, { heads, group_by, split, calendar: span.calendar });
  const rows = compared.rows.map((row) => ({ row, item: itemOf(row, telling), keys: keysOf(row) })).sort(order);
  const rest = rows.slice(limit).map((entry) => entry.row);
  const grounds = { parts: old === null ? [part] : [part, old], series: found.series, floor: found.detail_floor };
  return {
    items: rows.slice(0, limit).map((entry) => entry.item),
    other: restOf(rest, telling),
    total: rows.length,
    reason: part.values.length > 0 ? null : nothingFound(found.series, span.window),
    meta: metaOf(span, grounds, [
      ...cutOff(rest, rows.length, measures),
      ...addedNames(heads),
      ...misplacedGroups(compared.misplaced),
    ]),
  };
}

const keysOf = ({ places, head }: Row) => [...places.map((place) => place.order), ...head.order];

function cutOff(rest: readonly Row[], rows: number, measures: readonly MeasureWord[]): string[] {
  if (rest.length === 0) return [];
  const kinds = new Set(rest.map((row) => row.head.kind));
  const lost = measures.filter((word) => [...kinds].some((kind) => !combines(kind, word)));
  return [
    `${rows} rows, of which these are the first ${rows - rest.length}; other adds up the rest`,
    ...(lost.length > 0
      ? [`${lost.join(", ")} of several rows cannot be told from that of each, so other lacks it`]
      : []),
  ];
}

function misplacedGroups(groups: number): string[] {
  if (groups === 0) return [];
  return [`Groups of the window before for which this one has no place (such as a sixth week): ${groups}`];
}

function addedNames(heads: readonly Head[]): string[] {
  const most = Math.max(0, ...heads.map((head) => head.names.size));
  return most > 1 ? [`Up to ${most} different metrics are added in one row, as group_by asks`] : [];
}
