import { findSeries, type Found, type KnownSeries } from "../../db/metric_series.ts";
import type { MetricType, ServiceName } from "../../db/schema/enums.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import { cutWindow, type Window } from "./axis.ts";
import { choose } from "./choose.ts";
import { type GroupValues, measured, readGroups } from "./groups.ts";
import { dayOf, localDay } from "./local_time.ts";
import type { Dimensions, MetricKind } from "./schema.ts";

/** Which series is asked for. Without a name or unit the answer says which one it took. */
export type SeriesQuery = {
  service_name: ServiceName;
  metric_type: MetricType;
  metric_name?: string | undefined;
  metric_unit?: string | null | undefined;
  /** Only rows with all of these dimensions; read from the rows instead of the roll-ups. */
  dimensions?: Dimensions | undefined;
  /** Local days, both inclusive; without them everything that is recorded. */
  start_date?: string | undefined;
  end_date?: string | undefined;
  /** Whose days they are; the organisation's when absent, whose readings know their day. */
  timezone?: string | undefined;
};

/** What a day amounts to: a flow's sum, a sample's average, a gauge's level at the end of the day. */
export type Day = { date: string; value: number | null; n: number };

/** One series by local days, and which one it is. */
export type DailySeries = {
  /** Null when nothing is recorded. */
  metric_name: string | null;
  unit: string | null;
  kind: MetricKind;
  warnings: string[];
  /** Without gaps, from the first day with a row to the last: a day without rows is 0 for a flow and null for others. */
  days: Day[];
  /** The last local day with a row of the series, or null. */
  data_through: string | null;
};

/** The series that a question means, and the days of it that are recorded: what `readDays` reads. */
export type ChosenSeries = Omit<DailySeries, "days" | "data_through" | "metric_name"> & {
  metric_name: string;
  /** As the roll-ups know it, for its data version. */
  series: KnownSeries[];
  /** The last local day with a row of the series. */
  data_through: string;
  /** Local days, both inclusive; ends before it starts where nothing is recorded within the dates asked. */
  window: Window;
  now: number;
};

/** One value per local day of one series, at most 50 years of them. */
export async function dailySeries(ctx: Needs<"db" | "config">, query: SeriesQuery): Promise<DailySeries> {
  const { chosen, warnings } = await chooseSeries(ctx, query, await findSeries(ctx.db, query));
  if (chosen === null) return { ...NOTHING, warnings };
  const { metric_name, unit, kind, data_through } = chosen;
  return { metric_name, unit, kind, warnings, data_through, days: await readDays(ctx, chosen, query.dimensions) };
}

/** Settles which series a question means, among those that were found for it; null where there is none. */
export async function chooseSeries(
  ctx: Needs<"db" | "config">,
  query: Pick<SeriesQuery, "start_date" | "end_date" | "timezone">,
  found: Pick<Found, "now" | "series">,
): Promise<{ chosen: ChosenSeries | null; warnings: string[] }> {
  const now = Date.parse(found.now);
  const { series, warnings } = await choose(ctx.db, found.series, "nothing", localDay(ctx.config.ORG_TIMEZONE, now));
  const [head] = series;
  if (head === undefined) return { chosen: null, warnings };
  const timezone = query.timezone ?? ctx.config.ORG_TIMEZONE;
  const slack = timezone === ctx.config.ORG_TIMEZONE ? 0 : DATE_SLACK;
  const first = addDays(series.map((one) => one.first_day).reduce((a, b) => earlier(a, b)), -slack);
  const last = addDays(later(...series.map((one) => one.last_day)), slack);
  const data_through = slack === 0
    ? last
    : localDay(timezone, Math.max(...series.map((one) => Date.parse(one.last_at))));
  const window = {
    start_date: later(query.start_date ?? first, first, addDays(last, -MOST_DAYS)),
    end_date: earlier(query.end_date ?? last, last),
    timezone,
  };
  const { metric_name, metric_unit: unit, kind } = head;
  return { chosen: { metric_name, unit, kind, warnings, series, data_through, window, now }, warnings };
}

/** The days of a chosen series; with dimensions, only of the rows that have all of these. */
export async function readDays(
  ctx: Needs<"db" | "config">,
  { series, kind, window, now }: ChosenSeries,
  dimensions: Dimensions | undefined,
): Promise<Day[]> {
  if (window.end_date < window.start_date) return [];
  const cut = cutWindow(window, ["day"], ctx.config.ORG_TIMEZONE, { most: MOST_DAYS + 1 });
  const filters = Object.entries(dimensions ?? {}).map(([key, value]) => ({ key, values: [value] }));
  const { values } = await readGroups(ctx.db, {
    ...{ targets: series.map((one) => ({ ...one, g: 0 })), cut, now, filters },
    ...{ split: [], distinct: [], percentiles: false, most_rows: Infinity },
  });
  return withoutGaps(values, kind, cut.buckets.map(({ day }) => dayOf(day)));
}

const MOST_DAYS = 18_262;
/** Days between a reading's date and its day in any zone: the date is at most two from its timestamp in UTC. */
export const DATE_SLACK = 3;
const NOTHING: DailySeries = {
  metric_name: null,
  unit: null,
  kind: "flow",
  warnings: [],
  days: [],
  data_through: null,
};

const earlier = (a: string, b: string) => a < b ? a : b;
const later = (...days: string[]) => days.reduce((a, b) => a > b ? a : b);

const MEASURE = { flow: "sum", gauge: "last", sample: "avg" } as const;

/** The days from the first with a reading to the last. */
function withoutGaps(values: readonly GroupValues[], kind: MetricKind, days: readonly string[]): Day[] {
  const read = new Map(values.filter((value) => value.n > 0).map((value) => [value.b, value]));
  if (read.size === 0) return [];
  const [first, last] = [Math.min(...read.keys()), Math.max(...read.keys())];
  return days.slice(first, last + 1).map((date, i) => {
    const own = read.get(first + i);
    if (own === undefined) return { date, value: kind === "flow" ? 0 : null, n: 0 };
    return { date, value: measured(kind, MEASURE[kind], own), n: own.n };
  });
}
