import { findSeries, type Found, stateOf } from "../../db/metric_series.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import { chooseSeries, type ChosenSeries } from "../metrics/mod.ts";
import { localDay } from "../metrics/local_time.ts";
import { VERSION } from "../version.ts";
import type { PredictionRequest } from "./schema.ts";

/** Complete local days of history that a line is fitted to, at most. */
export const HISTORY_DAYS = 730;

/** What is to be predicted: a request, the day on which it is asked, and the series that it turned out to mean. */
export type Question = {
  request: PredictionRequest;
  timezone: string;
  /** The running local day, and the instant at which it was so. */
  today: string;
  now: string;
  /** The last complete days before today. */
  history: { start_date: string; end_date: string };
  /** Null where nothing like this is recorded. */
  chosen: ChosenSeries | null;
  /** What the choice of the series left to say. */
  warnings: string[];
  /** The last day of the history on which the service sent any reading. */
  heard: string | null;
  detail_floor: string | null;
};

/** Settles what a request means, in one look at the series of its service. */
export async function askedBy(ctx: Needs<"db" | "config">, request: PredictionRequest): Promise<Question> {
  const timezone = ctx.config.ORG_TIMEZONE;
  const found = await findSeries(ctx.db, { service_name: request.service_name });
  const { now, detail_floor } = found;
  const today = localDay(timezone, Date.parse(now));
  const history = { start_date: addDays(today, -HISTORY_DAYS), end_date: addDays(today, -1) };
  const meant = found.series.filter((one) => isMeant(one, request));
  const { chosen, warnings } = await chooseSeries(ctx, history, { now, series: meant });
  const last = found.series.map((one) => one.last_day).reduce((a, b) => a > b ? a : b, "");
  const heard = last === "" ? null : last < history.end_date ? last : history.end_date;
  return { request, timezone, today, now, history, chosen, warnings, heard, detail_floor };
}

function isMeant(one: Found["series"][number], { metric_type, metric_name, metric_unit }: PredictionRequest): boolean {
  return one.metric_type === metric_type && (metric_name === undefined || one.metric_name === metric_name) &&
    (metric_unit === undefined || one.metric_unit === metric_unit);
}

/**
 * What a forecast is kept under, and which state of the series it holds for; null where there is nothing to forecast.
 *
 * The key holds whatever the forecast is computed from but for the readings, and the version stands for those. It is
 * read before them: a write in between can make a forecast better than its version says, never older.
 */
export async function placeOf(
  ctx: Needs<"db">,
  { request, timezone, today, chosen, heard, detail_floor }: Question,
): Promise<{ key: string; data_version: string } | null> {
  if (chosen === null || chosen.window.end_date < chosen.window.start_date) return null;
  const { series, kind, window: { start_date, end_date } } = chosen;
  const { version } = await stateOf(ctx.db, series.map((one) => ({ ...one, g: 0 })), start_date, end_date);
  const { prediction_days, confidence_level, dimensions = {} } = request;
  const told = [
    ...[VERSION, timezone, today, start_date, end_date, heard, detail_floor, kind, prediction_days, confidence_level],
    series.map((one) => [one.service_name, one.metric_type, one.metric_name, one.metric_unit]),
    Object.entries(dimensions).sort(([a], [b]) => a < b ? -1 : 1),
  ];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(told)));
  return { key: new Uint8Array(digest).toHex(), data_version: version };
}
