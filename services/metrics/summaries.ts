import { listMetrics as listRows } from "../../db/metrics.ts";
import { findSeries, type KnownSeries, recordedSince } from "../../db/metric_series.ts";
import type { MetricType, ServiceName } from "../../db/schema/enums.ts";
import type { Caller } from "../access.ts";
import { relativeChange } from "../analytics/figures.ts";
import { MOST_WINDOW_DAYS } from "../analytics/schema.ts";
import type { Needs } from "../context.ts";
import { daysBetween } from "../days.ts";
import { invalid } from "../errors.ts";
import { metaOf, nothingFound } from "./about.ts";
import { cutWindow, type Interval, periodName, type Window } from "./axis.ts";
import type { Calendar } from "./calendar.ts";
import { combined } from "./combined.ts";
import { type GroupValues, measured } from "./groups.ts";
import { dayNumber, localDay } from "./local_time.ts";
import { type Part, readPart, spanOf } from "./parts.ts";
import { shown } from "./stored.ts";
import {
  DEFAULT_LATEST,
  type MetricSummaries,
  MOST_POINTS,
  MOST_SUMMARIES,
  type SummaryQuery,
} from "./summary_schema.ts";

type Item = MetricSummaries["items"][number];

/** What is summed up: all metrics of a service, or of a type. */
export type Subject = { service_name: ServiceName } | { metric_type: MetricType };

/**
 * What each metric of a service or a type amounts to in a window and in the one before it, with its course and the latest
 * readings: from the roll-ups, in as many statements for one metric as for hundreds.
 * @throws {DomainError} `invalid` for a window of more than ten years, or one that ends before it starts
 */
export async function getSummaries(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  subject: Subject,
  { latest = DEFAULT_LATEST, ...asked }: SummaryQuery,
): Promise<MetricSummaries> {
  const found = await findSeries(ctx.db, subject);
  const span = spanOf(ctx.config, { ...asked, compare: "previous_period" }, found);
  const { window, before, calendar } = span;
  if (daysBetween(window.start_date, window.end_date) >= MOST_WINDOW_DAYS) {
    throw invalid("/query/start_date", `must be less than ${MOST_WINDOW_DAYS} days before end_date`);
  }
  const series = await mostRecorded(ctx, found.series, window);
  const interval = intervalOf(window, ctx.config.ORG_TIMEZONE, calendar);
  const targets = series.map((one, g) => ({ ...one, g }));
  const question = { targets, split: [], filters: [], distinct: [], percentiles: false };
  const part = await readPart(ctx, caller, span, window, { ...question, intervals: [interval] });
  const old = await readPart(ctx, caller, span, before ?? window, { ...question, intervals: [] });
  const { start_date, end_date } = window;
  const filter = { ...subject, start_date, end_date, dimensions: [] };
  const rows = latest === 0 ? [] : await listRows(ctx.db, filter, { skip: 0, rows: latest, after: null });
  const [own, earlier] = [part, old].map(({ values }) => Map.groupBy(values, (value) => value.g));
  const items = targets.map(({ g, ...one }) => summary(one, part, own?.get(g) ?? [], old, earlier?.get(g) ?? []));
  return {
    items,
    interval,
    periods: part.cut.buckets.map((bucket) => periodName(interval, bucket, window.timezone, calendar)),
    latest: rows.map((row) => shown(caller, row)),
    reason: items.some((item) => item.readings > 0) ? null : nothingFound(found.series, window),
    meta: metaOf(span, { parts: [part, old], series: found.series, floor: found.detail_floor }, [
      ...(series.length < found.series.length
        ? [`${found.series.length} metrics, of which these are the ${series.length} most recorded since ${start_date}`]
        : []),
    ]),
  };
}

/** The series of a summary; where they are too many, those with the most readings since the window began. */
async function mostRecorded(ctx: Needs<"db">, all: KnownSeries[], { start_date }: Window): Promise<KnownSeries[]> {
  if (all.length <= MOST_SUMMARIES) return all;
  const counts = await recordedSince(ctx.db, all, start_date);
  const ranked = all.map((one, i) => ({ one, n: counts[i] ?? 0 })).sort((a, b) => b.n - a.n).slice(0, MOST_SUMMARIES);
  const kept = new Set(ranked.map(({ one }) => one));
  return all.filter((one) => kept.has(one));
}

function intervalOf(window: Window, orgTimezone: string, calendar: Calendar): Interval {
  const fits = (interval: Interval) =>
    cutWindow(window, [interval], orgTimezone, { calendar }).buckets.length <= MOST_POINTS;
  return (["day", "week", "month", "quarter"] as const).find(fits) ?? "year";
}

const MEASURES = { flow: "total", gauge: "level", sample: "average" } as const;

function summary(
  one: KnownSeries,
  part: Part,
  own: readonly GroupValues[],
  old: Part,
  earlier: readonly GroupValues[],
): Item {
  const { service_name, metric_type, metric_name, metric_unit, kind, is_primary } = one;
  const [value, previous] = [amount(one, own, part.window), amount(one, earlier, old.window)];
  const byBucket = new Map(own.map((cell) => [cell.b, cell]));
  return {
    ...{ service_name, metric_type, metric_name, metric_unit, kind, is_primary },
    measure: MEASURES[kind],
    value,
    readings: own.reduce((n, cell) => n + cell.n, 0),
    previous,
    change: relativeChange(value, previous),
    sparkline: part.cut.buckets.map((bucket, b) => {
      const cell = byBucket.get(b);
      if (cell !== undefined) return valueOf(one, cell);
      const last = dayNumber(localDay(part.window.timezone, bucket.end - 1));
      const recorded = last >= dayNumber(one.first_day) && bucket.day <= dayNumber(one.last_day);
      return kind === "flow" && recorded ? 0 : null;
    }),
  };
}

const valueOf = ({ kind }: KnownSeries, cell: GroupValues) => measured(kind, kind === "sample" ? "avg" : "sum", cell);

/** The value of a window; a flow that was recorded before its end and not in it is 0. */
function amount(one: KnownSeries, cells: readonly GroupValues[], window: Window): number | null {
  if (cells.length > 0) return valueOf(one, combined(one.kind, cells));
  return one.kind === "flow" && one.first_day <= window.end_date ? 0 : null;
}
