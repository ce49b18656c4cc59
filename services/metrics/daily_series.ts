import { findSeries } from "../../db/metric_series.ts";
import type { MetricType, ServiceName } from "../../db/schema/enums.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import { cutWindow } from "./axis.ts";
import { choose } from "./choose.ts";
import { type GroupValues, measured, readGroups } from "./groups.ts";
import { localDay } from "./local_time.ts";
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

/** One value per local day of one series, at most 50 years of them. */
export async function dailySeries(ctx: Needs<"db" | "config">, query: SeriesQuery): Promise<DailySeries> {
  const org = ctx.config.ORG_TIMEZONE;
  const found = await findSeries(ctx.db, query);
  const now = Date.parse(found.now);
  const { series, warnings } = await choose(ctx.db, found.series, "nothing", localDay(org, now));
  const [head] = series;
  if (head === undefined) return { ...NOTHING, warnings };
  const first = series.map((one) => one.first_day).reduce((a, b) => earlier(a, b));
  const data_through = later(...series.map((one) => one.last_day));
  const filters = Object.entries(query.dimensions ?? {}).map(([key, value]) => ({ key, values: [value] }));
  const window = {
    start_date: later(query.start_date ?? first, first, addDays(data_through, -MOST_DAYS)),
    end_date: earlier(query.end_date ?? data_through, data_through),
    timezone: org,
  };
  const { metric_name, metric_unit: unit, kind } = head;
  const answer = { metric_name, unit, kind, warnings, data_through };
  if (window.end_date < window.start_date) return { ...answer, days: [] };
  const cut = cutWindow(window, ["day"], org, MOST_DAYS + 1);
  const { values } = await readGroups(ctx.db, {
    ...{ targets: series.map((one) => ({ ...one, g: 0 })), cut, now, filters },
    ...{ split: [], distinct: [], percentiles: false },
  });
  return { ...answer, days: withoutGaps(values, kind, cut.cuts) };
}

const MOST_DAYS = 18_262;
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
