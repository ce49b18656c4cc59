import { goodDirections } from "../../db/dashboards.ts";
import { findSeries, type Found } from "../../db/metric_series.ts";
import { MOST_WINDOW_DAYS } from "../analytics/schema.ts";
import { resolveWindow } from "../analytics/window.ts";
import type { Needs } from "../context.ts";
import { addDays, daysBetween } from "../days.ts";
import { invalid } from "../errors.ts";
import type { Window } from "../metrics/axis.ts";
import { calendarOf } from "../metrics/calendar.ts";
import { refuseUnknownName } from "../metrics/known_name.ts";
import { whyUnrecorded } from "../metrics/unrecorded.ts";
import { localDay } from "../metrics/local_time.ts";
import { isMeant, type Meant, meantSeries } from "./meant_series.ts";
import type { Terms } from "./observed.ts";
import { defaultStart, hull, type Period, periodsOf } from "./period_plan.ts";
import { type ComparisonRequest, DEFAULT_PERIODS } from "./schema.ts";

/** A comparison, settled: which days and series, and how they become numbers. */
export type Question = {
  request: ComparisonRequest;
  window: Window & { complete: boolean };
  /** Of a comparison of periods; else none. */
  periods: Period[];
  now: number;
  today: string;
  calendar: ReturnType<typeof calendarOf>;
  meant: Meant;
  /** Why no series is meant; null where one is. */
  unrecorded: string | null;
  terms: Terms;
  /** The last day on which each service sent anything, today at the latest. */
  heard: ReadonlyMap<string, string>;
  /** Rows dated before it are no longer kept; null where all are. */
  floor: string | null;
};

/**
 * Settles what a request means.
 * @throws {DomainError} `invalid` for a window that is not possible, for a metric name that a service has none of, and for
 *   an aggregation that its kind does not have
 */
export async function settled(ctx: Needs<"db" | "config">, request: ComparisonRequest): Promise<Question> {
  const found = await findSeries(ctx.db, {});
  const now = Date.parse(found.now);
  const asked = askedWindow(ctx, request, found.now);
  const today = localDay(asked.timezone, now);
  const recorded = found.series.filter((one) => isMeant(one, request));
  if (recorded.length === 0 && request.service_name !== undefined) {
    await refuseUnknownName(ctx.db, { ...request, service_name: request.service_name });
  }
  const meant = await meantSeries(ctx.db, recorded, request, today);
  const heard = heardOf(found, today);
  const [head] = meant.groups.flat();
  const through = throughOf(heard, head?.service_name, today);
  const periods = periodsOf(ctx, request, asked, { through, today });
  const window = request.periods === undefined ? asked : { ...asked, ...hull(periods.map((one) => one.window)) };
  if (daysBetween(window.start_date, window.end_date) >= MOST_WINDOW_DAYS) {
    throw invalid("/periods", `must lie within ${MOST_WINDOW_DAYS} days`);
  }
  return {
    ...{ request, window: { ...window, complete: window.end_date < today }, periods, now, today, meant, heard },
    calendar: calendarOf(ctx.config),
    unrecorded: recorded.length === 0 ? whyUnrecorded(found.series, request) : null,
    terms: termsOf(request, meant, await betterOf(ctx, meant)),
    floor: found.detail_floor,
  };
}

/** The last day that counts of a service: yesterday, for today is not over, or the last before on which it sent anything. */
export function throughOf(heard: Question["heard"], service: string | undefined, today: string): string {
  const yesterday = addDays(today, -1);
  const last = heard.get(service ?? "") ?? yesterday;
  return last < yesterday ? last : yesterday;
}

function askedWindow(ctx: Needs<"config">, request: ComparisonRequest, now: string): Window {
  const { period, start_date, end_date, timezone = ctx.config.ORG_TIMEZONE } = request;
  if (period !== undefined && start_date === undefined) {
    const end = end_date ?? addDays(localDay(timezone, Date.parse(now)), -1);
    return { start_date: defaultStart(ctx, period, DEFAULT_PERIODS[period], end), end_date: end, timezone };
  }
  const { complete: _complete, ...window } = resolveWindow(request, ctx.config.ORG_TIMEZONE, now, MOST_WINDOW_DAYS);
  return window;
}

function heardOf({ series }: Found, today: string): Map<string, string> {
  const services = Map.groupBy(series, (one) => one.service_name);
  return new Map([...services].map(([service, own]) => {
    const last = own.map((one) => one.last_day).reduce((a, b) => a > b ? a : b);
    return [service, last < today ? last : today];
  }));
}

const BY_KIND = { flow: "sum", gauge: "last", sample: "avg" } as const;

function termsOf(request: ComparisonRequest, { groups }: Meant, better: Terms["better"]): Terms {
  const [head, ...more] = groups.flat();
  const { comparison_type, interval, periods } = request;
  const kind = head?.kind ?? "flow";
  const aggregation = request.aggregation ?? BY_KIND[kind];
  if (aggregation === "sum" && kind !== "flow") {
    throw invalid(
      "/aggregation",
      `${head?.metric_name} is a ${kind}, which does not add up over time: use ${BY_KIND[kind]}`,
    );
  }
  const one_metric = more.every(({ metric_name }) => metric_name === head?.metric_name);
  return { comparison_type, kind, aggregation, interval, better, one_metric, named_periods: periods !== undefined };
}

/** Which way is good, as the definitions say of all metrics alike; up where there is none. */
async function betterOf(ctx: Needs<"db">, { groups }: Meant): Promise<Terms["better"]> {
  const series = groups.flat();
  const known = await goodDirections(ctx.db, series);
  const directions = new Set(
    series.map((one) =>
      known.find((own) =>
        own.service_name === one.service_name && own.metric_type === one.metric_type &&
        own.metric_name === one.metric_name
      )?.good_direction ?? "up"
    ),
  );
  if (directions.size !== 1) return null;
  return directions.has("up") ? "higher" : directions.has("down") ? "lower" : null;
}
