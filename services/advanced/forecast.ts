import { z } from "@hono/zod-openapi";
import { findForecast, type NewForecast } from "../../db/forecast_cache.ts";
import type { Needs } from "../context.ts";
import { daysBetween } from "../days.ts";
import { readDays } from "../metrics/mod.ts";
import { date } from "../schema.ts";
import { dailyHistory, type History } from "./history.ts";
import { nothing, type Outcome, type PredictInput } from "./predict.ts";
import { HISTORY_DAYS, type Question } from "./question.ts";
import { PredictionResponse } from "./schema.ts";

const { status, reason, trend, slope_per_day, model_accuracy, backtest } = PredictionResponse.shape;

/** What a series says about the days to come: what is kept of an answer. Its fields come out in this order. */
const Forecast = z.strictObject({
  ...{ status, reason, trend, slope_per_day, model_accuracy, backtest },
  points: z.array(z.object({ mean: z.number(), lower: z.number(), upper: z.number() })),
  /** First and last day of the history with a reading. */
  first_day: date.nullable(),
  data_through: date.nullable(),
  complete: z.boolean(),
  warnings: z.array(z.string()),
});
export type Forecast = z.infer<typeof Forecast>;

/** A forecast, and which state of the series it came from, when. */
export type Known = { forecast: Forecast; data_version: string | null; computed_at: string };

/** Where a forecast is kept. */
export type Place = { key: string; data_version: string };

/** The forecast that was computed for this state of the series before, if any. One that is not legible is none. */
export async function heldForecast(ctx: Needs<"db">, { key, data_version }: Place): Promise<Known | null> {
  const held = await findForecast(ctx.db, key, data_version);
  const parsed = Forecast.safeParse(held?.answer);
  return held === null || !parsed.success
    ? null
    : { forecast: parsed.data, data_version, computed_at: held.computed_at };
}

/** A forecast as the store takes it. */
export function storable(place: Place, { forecast, computed_at }: Known): NewForecast {
  return { ...place, answer: JSON.stringify(forecast), computed_at };
}

/** Reads the series and computes its forecast; `predict` is the pure part, here or in a Worker. */
export async function makeForecast(
  ctx: Needs<"db" | "config">,
  question: Question,
  predict: (input: PredictInput) => Outcome | Promise<Outcome>,
): Promise<Forecast> {
  const { request, chosen } = question;
  const days = chosen === null ? [] : await readDays(ctx, chosen, request.dimensions);
  const [first_day, data_through] = [days[0]?.date ?? null, days.at(-1)?.date ?? null];
  if (chosen === null || data_through === null) {
    const reason = `There is no reading of ${nameOf(question)} in the last ${HISTORY_DAYS} days`;
    return Forecast.parse({ ...nothing(reason), first_day, data_through, complete: false, warnings: [] });
  }
  const history = dailyHistory({ kind: chosen.kind, days, ...silenceAfter(data_through, question) });
  const asked = { horizon: request.prediction_days, level: request.confidence_level };
  const outcome = await predict({ history, question: asked, name: chosen.metric_name });
  const complete = history.silent_days === 0;
  return Forecast.parse({ ...outcome, first_day, data_through, complete, warnings: warningsOf(history) });
}

/** The days after the last reading: those on which the service sent other readings, and those beyond. */
function silenceAfter(last: string, { history: { end_date }, heard }: Question) {
  const after = daysBetween(last, end_date);
  const quiet_days = Math.min(after, Math.max(0, daysBetween(last, heard ?? last)));
  return { quiet_days, silent_days: after - quiet_days };
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

function nameOf({ request: { service_name, metric_type, metric_name, metric_unit, dimensions } }: Question): string {
  const name = [service_name, metric_type, metric_name].filter((part) => part !== undefined).join(" / ");
  const unit = metric_unit === undefined ? "" : ` in ${metric_unit}`;
  return `${name}${unit}${dimensions === undefined ? "" : " with these dimensions"}`;
}
