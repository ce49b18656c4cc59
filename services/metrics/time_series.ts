import { findSeries, type KnownSeries } from "../../db/metric_series.ts";
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { invalid } from "../errors.ts";
import { metaOf, nothingFound } from "./about.ts";
import type { MetricTimeSeries } from "./answers.ts";
import { choose } from "./choose.ts";
import { grouped } from "./groups.ts";
import { localDay } from "./local_time.ts";
import { readPart, spanOf } from "./parts.ts";
import { refusePersonal } from "./personal.ts";
import { dimensionFilters, type TimeSeriesQuery } from "./queries.ts";
import { DEFAULT_MEASURE, type Line, linesOf } from "./series_lines.ts";
import { type Drawing, pointsOf, unmatched } from "./series_points.ts";

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
  const { interval = "day", fill = "none", cumulative = false, rolling = null, split_by, measure } = query;
  if (cumulative && rolling !== null) throw invalid("/query/rolling", "cannot stand beside cumulative");
  const filters = dimensionFilters(query);
  const split = split_by?.startsWith("dimension.") ? [split_by.slice("dimension.".length)] : [];
  const distinct = measure?.startsWith("distinct.") ? [measure.slice("distinct.".length)] : [];
  refusePersonal(caller, [...filters.map((one) => one.key), ...split, ...distinct]);

  const found = await findSeries(ctx.db, query);
  const span = spanOf(ctx.config, query, found);
  const varying = split_by === "service_name" || split_by === "metric_name" ? split_by : "nothing";
  const chosen = await choose(ctx.db, found.series, varying, localDay(ctx.config.ORG_TIMEZONE, span.now));
  const targets = grouped(chosen.series, keyOf);
  if (cumulative) checkCumulative(targets, query);
  const percentiles = measure === "median" || measure === "p95";
  const question = { targets, split, filters, distinct, percentiles, intervals: [interval] };
  const part = await readPart(ctx, caller, span, span.window, question);
  const old = span.before && await readPart(ctx, caller, span, span.before, question);

  const lines = linesOf(targets, { own: part.values, before: old?.values ?? [] }, query);
  const drawing = { interval, fill, cumulative, rolling, distinct, span, part, old };
  const series = lines.slice(0, MOST_SERIES).map((line) => drawn(line, drawing));
  const grounds = { parts: old === null ? [part] : [part, old], series: chosen.series, floor: found.detail_floor };
  return {
    interval,
    series: series.length > 0 || split_by !== undefined ? series : [nothing(query)],
    reason: series.every(isEmpty) ? nothingFound(found.series, span.window) : null,
    meta: metaOf(span, grounds, [
      ...chosen.warnings,
      ...cutOff(lines),
      ...unshown(lines, drawing),
    ]),
  };
}

const keyOf = ({ service_name, metric_type, metric_name, metric_unit, kind }: KnownSeries) =>
  JSON.stringify([service_name, metric_type, metric_name, metric_unit, kind]);

function drawn(line: Line, drawing: Drawing): OneSeries {
  const { service_name, metric_type, metric_name, metric_unit, kind } = line.head;
  const { split, measure } = line;
  return { service_name, metric_type, metric_name, metric_unit, kind, split, measure, points: pointsOf(line, drawing) };
}

/** Whether a series has nothing to show of its own window. */
function isEmpty({ points }: OneSeries): boolean {
  return points.every((point) => point.n === 0 && (point.value ?? 0) === 0 && point.suppressed === undefined);
}

function cutOff(lines: readonly Line[]): string[] {
  if (lines.length <= MOST_SERIES) return [];
  return [`${lines.length} series, of which these are the ${MOST_SERIES} with the most readings`];
}

function unshown(lines: readonly Line[], drawing: Drawing): string[] {
  const periods = Math.max(0, ...lines.map((line) => unmatched(line, drawing)));
  if (periods === 0) return [];
  return [`The window before has up to ${periods} more periods with readings, which have no place in this one`];
}

function checkCumulative(targets: readonly KnownSeries[], { measure }: TimeSeriesQuery): void {
  const adds = measure === undefined || measure === "sum" || measure === "count";
  if (!adds) throw invalid("/query/cumulative", `${measure} does not add up over time; only sum and count do`);
  const other = targets.find((one) => one.kind !== "flow" && measure !== "count");
  if (other) {
    throw invalid("/query/cumulative", `${other.metric_name} is a ${other.kind}, which does not add up over time`);
  }
}

/** The one series of an answer without any. */
function nothing(query: TimeSeriesQuery): OneSeries {
  const { service_name = null, metric_type = null, metric_name = null, metric_unit = null } = query;
  const measure = query.measure ?? DEFAULT_MEASURE.flow;
  return { service_name, metric_type, metric_name, metric_unit, kind: "flow", split: null, measure, points: [] };
}
