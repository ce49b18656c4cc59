import { metricNames } from "../../db/metric_names.ts";
import { findSeries } from "../../db/metric_series.ts";
import { localToday } from "../../db/today.ts";
import type { Needs } from "../context.ts";
import { addDays, daysBetween } from "../days.ts";
import { invalid } from "../errors.ts";
import { type DailySeries, dailySeries } from "../metrics/mod.ts";
import { nearest } from "../schema.ts";
import { dailyHistory, type History } from "./history.ts";
import { nothing, predict } from "./predict.ts";
import type { PredictionRequest, PredictionResponse } from "./schema.ts";

/** Complete local days of history that a line is fitted to, at most. */
const HISTORY_DAYS = 730;

/**
 * Carries the straight line through the last 730 complete local days on, from today, with intervals for single days.
 *
 * Without enough history the answer says what is missing, and never a number. After the last reading, a day on which the
 * service sent others belongs to the history; beyond those nothing is known, and the line is carried over with a warning.
 * @throws {DomainError} `invalid` for a metric name that this service has none of, naming those it has
 */
export async function getPredictions(
  ctx: Needs<"db" | "config">,
  request: PredictionRequest,
): Promise<PredictionResponse> {
  const { prediction_days, confidence_level, ...asked } = request;
  const timezone = ctx.config.ORG_TIMEZONE;
  const today = await localToday(ctx.db, timezone);
  const window = { start_date: addDays(today, -HISTORY_DAYS), end_date: addDays(today, -1) };
  const series = await dailySeries(ctx, { ...asked, ...window });
  const last = series.days.at(-1)?.date ?? null;
  if (last === null) await checkName(ctx, request);
  const history = await historyOf(ctx, request, { series, last, end: window.end_date });
  const name = series.metric_name ?? asked.metric_name ?? null;
  const { points, ...outcome } = last === null
    ? nothing(`There is no reading of ${nameOf(request)} in the last ${HISTORY_DAYS} days`)
    : predict(history, { horizon: prediction_days, level: confidence_level }, name ?? nameOf(request));
  return {
    ...{ service_name: asked.service_name, metric_type: asked.metric_type, metric_name: name, unit: series.unit },
    ...{ dimensions: asked.dimensions ?? null, prediction_days, confidence_level },
    ...outcome,
    model: "linear_trend",
    predictions: points.map(({ mean, lower, upper }, i) => ({
      date: addDays(today, i),
      ...{ predicted_value: mean, lower_bound: lower, upper_bound: upper },
    })),
    meta: {
      period: { start_date: series.days[0]?.date ?? window.start_date, end_date: window.end_date, timezone },
      data_through: last,
      complete: last !== null && history.silent_days === 0,
      warnings: [...series.warnings, ...warningsOf(history)],
    },
  };
}

type Read = { series: DailySeries; last: string | null; end: string };

/** The daily values up to the last complete day, as far as they are known. */
async function historyOf(
  ctx: Needs<"db">,
  { service_name }: PredictionRequest,
  { series: { kind, days }, last, end }: Read,
): Promise<History> {
  const after = last === null ? 0 : daysBetween(last, end);
  if (last === null || after === 0) return dailyHistory({ kind, days, quiet_days: 0, silent_days: 0 });
  const { series } = await findSeries(ctx.db, { service_name });
  const heard = series.map((one) => one.last_day).reduce((a, b) => a > b ? a : b, last);
  const quiet_days = Math.min(after, daysBetween(last, heard));
  return dailyHistory({ kind, days, quiet_days, silent_days: after - quiet_days });
}

function warningsOf({ kind, values, readings, silent_days }: History): string[] {
  const warnings: string[] = [];
  const filled = values.length - readings;
  if (kind === "sample" && filled > 0) {
    warnings.push(`${plural(filled)} without a reading filled in between neighbours`);
  }
  if (silent_days > 0) warnings.push(`${plural(silent_days)} before today without a reading: the line is carried over`);
  return warnings;
}

const plural = (days: number) => days === 1 ? "1 day" : `${days} days`;

function nameOf({ service_name, metric_type, metric_name, metric_unit, dimensions }: PredictionRequest): string {
  const name = [service_name, metric_type, metric_name].filter((part) => part !== undefined).join(" / ");
  const unit = metric_unit === undefined ? "" : ` in ${metric_unit}`;
  return `${name}${unit}${dimensions === undefined ? "" : " with these dimensions"}`;
}

/** A name that a service has nothing of is a slip, if it has others; without any, there is just no history yet. */
async function checkName(
  ctx: Needs<"db">,
  { service_name, metric_type, metric_name }: PredictionRequest,
): Promise<void> {
  if (metric_name === undefined) return;
  const names = await metricNames(ctx.db, service_name, metric_type);
  if (names.length === 0 || names.includes(metric_name)) return;
  const close = nearest(metric_name, names);
  const hint = close === null ? "." : `; did you mean ${JSON.stringify(close)}?`;
  const known = names.slice(0, 10).join(", ");
  throw invalid("/metric_name", `is not a metric of ${service_name} / ${metric_type}${hint} Known: ${known}`);
}
