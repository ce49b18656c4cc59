import { findSeries, type Found, stateOf } from "../../db/metric_series.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import { calendarOf, periodOf } from "../metrics/calendar.ts";
import { chooseSeries, type ChosenSeries } from "../metrics/mod.ts";
import { dayNumber, dayOf, localDay } from "../metrics/local_time.ts";
import { whyUnrecorded } from "../metrics/unrecorded.ts";
import { VERSION } from "../version.ts";
import { type Period, TERMS } from "./periods.ts";
import type { SeriesAsked } from "./series_schema.ts";

/** What is to be carried on: a series by a period, the day on which it is asked, and what the series turned out to be. */
export type Question = {
  asked: SeriesAsked;
  period: Period;
  timezone: string;
  /** The running local day, and the instant at which it was so. */
  today: string;
  now: string;
  /** The last complete days before today, from the start of a period on. */
  history: { start_date: string; end_date: string };
  /** Null where nothing like this is recorded. */
  chosen: ChosenSeries | null;
  /** Why nothing like this is recorded; null where something is. */
  unrecorded: string | null;
  /** What the choice of the series left to say. */
  warnings: string[];
  /** The last day of the history on which the service sent any reading. */
  heard: string | null;
  detail_floor: string | null;
};

/** Settles what is asked, in one look at the series of its service. */
export async function askedBy(ctx: Needs<"db" | "config">, asked: SeriesAsked, period: Period): Promise<Question> {
  const timezone = ctx.config.ORG_TIMEZONE;
  const found = await findSeries(ctx.db, { service_name: asked.service_name });
  const { now, detail_floor } = found;
  const today = localDay(timezone, Date.parse(now));
  const begin = dayNumber(addDays(today, -TERMS[period].history_days));
  const history = {
    start_date: dayOf(periodOf(period, begin, calendarOf(ctx.config))),
    end_date: addDays(today, -1),
  };
  const meant = found.series.filter((one) => isMeant(one, asked));
  const { chosen, warnings } = await chooseSeries(ctx, history, { now, series: meant });
  const last = found.series.map((one) => one.last_day).reduce((a, b) => a > b ? a : b, "");
  const heard = last === "" ? null : last < history.end_date ? last : history.end_date;
  const unrecorded = meant.length === 0 ? whyUnrecorded(found.series, asked) : null;
  return { asked, period, timezone, today, now, history, chosen, unrecorded, warnings, heard, detail_floor };
}

function isMeant(one: Found["series"][number], { metric_type, metric_name, metric_unit }: SeriesAsked): boolean {
  return one.metric_type === metric_type && (metric_name === undefined || one.metric_name === metric_name) &&
    (metric_unit === undefined || one.metric_unit === metric_unit);
}

/** Where an answer is kept, and which state of the series it holds for. */
export type Place = { key: string; data_version: string };

/**
 * The place of an answer; null where there is nothing to compute it from.
 *
 * The key holds whatever the answer is computed from but for the readings, and the version stands for those. It is read
 * before them: a write in between can make an answer better than its version says, never older.
 * @param terms what is computed of the series, as JSON
 */
export async function placeOf(
  ctx: Needs<"db" | "config">,
  { asked, period, timezone, today, chosen, heard, detail_floor }: Question,
  terms: readonly unknown[],
): Promise<Place | null> {
  if (chosen === null || chosen.window.end_date < chosen.window.start_date) return null;
  const { series, kind, window: { start_date, end_date } } = chosen;
  const { version } = await stateOf(ctx.db, series.map((one) => ({ ...one, g: 0 })), start_date, end_date);
  const { week_start, fiscal_start } = calendarOf(ctx.config);
  const told = [
    ...[VERSION, timezone, today, start_date, end_date, heard, detail_floor, kind, period, week_start, fiscal_start],
    series.map((one) => [one.service_name, one.metric_type, one.metric_name, one.metric_unit]),
    Object.entries(asked.dimensions ?? {}).sort(([a], [b]) => a < b ? -1 : 1),
    terms,
  ];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(told)));
  return { key: new Uint8Array(digest).toHex(), data_version: version };
}

/** The series in words, as it was asked for. */
export function nameOf(
  { asked: { service_name, metric_type, metric_name, metric_unit, dimensions } }: Question,
): string {
  const name = [service_name, metric_type, metric_name].filter((part) => part !== undefined).join(" / ");
  const unit = metric_unit === undefined ? "" : ` in ${metric_unit}`;
  return `${name}${unit}${dimensions === undefined ? "" : " with these dimensions"}`;
}
