import { type GoodDirection, goodDirections } from "../../db/dashboards.ts";
import { findSeries, type KnownSeries } from "../../db/metric_series.ts";
import type { Caller } from "../access.ts";
import { MOST_WINDOW_DAYS } from "../analytics/schema.ts";
import { resolveWindow } from "../analytics/window.ts";
import type { Needs } from "../context.ts";
import { daysBetween } from "../days.ts";
import { invalid } from "../errors.ts";
import type { Window } from "../metrics/axis.ts";
import { type Calendar, calendarOf } from "../metrics/calendar.ts";
import { localDay } from "../metrics/local_time.ts";
import type { Span } from "../metrics/parts.ts";
import { mostRowsRead } from "../metrics/row_reads.ts";
import type { DashboardDataQuery } from "./schema.ts";
import { type Through, throughOf } from "./through.ts";
import type { Widget, WidgetWindow } from "./widgets.ts";
import { DEFAULT_WINDOW, relativeWindow } from "./windows.ts";

/** What all widgets of one page share: who asks, when, and everything that is recorded. */
export type Page = {
  caller: Caller;
  /** The organisation's zone. */
  org: string;
  calendar: Calendar;
  /** The database's now: RFC 3339, and milliseconds since 1970. */
  as_of: string;
  now: number;
  series: readonly KnownSeries[];
  /** How far each series is known. */
  through: readonly Through[];
  /** Rows dated before it are no longer kept; null where all are. */
  floor: string | null;
  directions: ReadonlyMap<string, GoodDirection>;
  /** Rows that one widget may read. */
  most_rows: number;
  /** What the query puts in place of the widgets' own windows and zones. */
  period: Pick<Window, "start_date" | "end_date"> | null;
  timezone: string | null;
};

/**
 * Reads once for a page what every widget needs: the recorded series, and which way those of its stats get better.
 * @throws {DomainError} `invalid` for a period that ends before it starts, or of more than ten years
 */
export async function openPage(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  widgets: readonly Widget[],
  query: DashboardDataQuery,
): Promise<Page> {
  const stats = widgets.flatMap((widget) => widget.type === "stat" ? [widget.metric] : []);
  const [found, directions] = await Promise.all([findSeries(ctx.db, {}), goodDirections(ctx.db, stats)]);
  const org = ctx.config.ORG_TIMEZONE;
  return {
    ...{ caller, org, calendar: calendarOf(ctx.config) },
    ...{ as_of: found.now, now: Date.parse(found.now), series: found.series, floor: found.detail_floor },
    through: await throughOf(ctx, found.series, found.now),
    directions: new Map(directions.map((one) => [metricKey(one), one.good_direction])),
    most_rows: mostRowsRead(ctx.config),
    period: askedPeriod(query, org, found.now),
    timezone: query.timezone ?? null,
  };
}

/** A metric by the three names that the dictionary knows it by. */
export function metricKey({ service_name, metric_type, metric_name }: Omit<MetricName, "metric_unit">): string {
  return `${service_name} ${metric_type} ${metric_name}`;
}
type MetricName = Pick<KnownSeries, "service_name" | "metric_type" | "metric_name" | "metric_unit">;

function askedPeriod(query: DashboardDataQuery, org: string, now: string): Page["period"] {
  if (query.start_date === undefined && query.end_date === undefined) return null;
  const { start_date, end_date } = resolveWindow(query, org, now);
  if (daysBetween(start_date, end_date) >= MOST_WINDOW_DAYS) {
    throw invalid("/query/start_date", `must be less than ${MOST_WINDOW_DAYS} days before end_date`);
  }
  return { start_date, end_date };
}

/** A widget's own days and zone, where it has any. */
type Days = { window?: WidgetWindow | undefined; timezone?: string | undefined };

/** When a widget is about: the query's period, else its own, in the query's zone, else its own, else the organisation's. */
export function spanFor(page: Page, widget: Days): Span {
  const { now, calendar } = page;
  const timezone = page.timezone ?? widget.timezone ?? page.org;
  const today = localDay(timezone, now);
  const own = widget.window ?? { relative: DEFAULT_WINDOW };
  const days = "relative" in own ? page.period ?? relativeWindow(own.relative, today, calendar) : own;
  const { start_date, end_date } = days;
  const window = { start_date, end_date, timezone, complete: end_date < today };
  return { window, before: null, now, calendar, running: !window.complete && start_date <= today, byMonth: false };
}
