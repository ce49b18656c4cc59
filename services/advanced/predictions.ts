import { storeForecastLazily } from "../../db/forecast_cache.ts";
import { metricNames } from "../../db/metric_names.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import { invalid } from "../errors.ts";
import { nearest } from "../schema.ts";
import { heldForecast, type Known, makeForecast, storable } from "./forecast.ts";
import { predict } from "./predict.ts";
import { askedBy, placeOf, type Question } from "./question.ts";
import type { PredictionRequest, PredictionResponse } from "./schema.ts";

/**
 * Carries the straight line through the last 730 complete local days on, from today, with intervals for single days.
 *
 * Without enough history the answer says what is missing, and never a number. After the last reading, a day on which the
 * service sent others belongs to the history; beyond those nothing is known, and the line is carried over with a warning.
 * An answer is kept, and given again while the day and the series stay as they are; a write to the series ends that.
 * @throws {DomainError} `invalid` for a metric name that this service has none of, naming those it has
 */
export async function getPredictions(
  ctx: Needs<"db" | "config" | "log">,
  request: PredictionRequest,
): Promise<PredictionResponse> {
  const question = await askedBy(ctx, request);
  const place = await placeOf(ctx, question);
  const held = place === null ? null : await heldForecast(ctx, place);
  if (held !== null) return answer(question, held);
  const forecast = await makeForecast(ctx, question, predict);
  if (forecast.data_through === null) await checkName(ctx, request);
  const known = { forecast, data_version: place?.data_version ?? null, computed_at: question.now };
  if (place !== null) {
    await storeForecastLazily(ctx.db, storable(place, known)).catch((cause) =>
      ctx.log.warn("a forecast could not be kept", { cause })
    );
  }
  return answer(question, known);
}

/** The answer in one order of its fields, whether its forecast was kept or is new. */
function answer(question: Question, { forecast, data_version, computed_at }: Known): PredictionResponse {
  const { request, today, history, timezone, chosen } = question;
  const { points, first_day, data_through, complete, warnings, ...outcome } = forecast;
  return {
    ...{ service_name: request.service_name, metric_type: request.metric_type },
    metric_name: chosen?.metric_name ?? request.metric_name ?? null,
    unit: chosen?.unit ?? null,
    dimensions: request.dimensions ?? null,
    prediction_days: request.prediction_days,
    confidence_level: request.confidence_level,
    ...outcome,
    model: "linear_trend",
    predictions: points.map(({ mean, lower, upper }, i) => ({
      date: addDays(today, i),
      ...{ predicted_value: mean, lower_bound: lower, upper_bound: upper },
    })),
    meta: {
      period: { start_date: first_day ?? history.start_date, end_date: history.end_date, timezone },
      ...{ data_through, complete, warnings: [...question.warnings, ...warnings], data_version, computed_at },
    },
  };
}

/** A name that a service has nothing of is a slip, if it has others; without any, there is just no history yet. */
export async function checkName(
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
