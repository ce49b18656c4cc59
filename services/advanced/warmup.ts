import { storeForecast } from "../../db/forecast_cache.ts";
import { findSeries } from "../../db/metric_series.ts";
import type { Needs } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { HandlerOutcome, RunContext } from "../ports/handlers.ts";
import { heldForecast, makeForecast, storable } from "./forecast.ts";
import { checkName } from "./predictions.ts";
import { askedBy, placeOf } from "./question.ts";
import type { ForecastWarmupConfig, PredictionRequest } from "./schema.ts";

/** What became of the series: computed now, known already, without enough history, or not recorded at all. */
type Counts = { computed: number; known: number; insufficient: number; missing: string[] };

/**
 * Computes the day's forecasts, in a Worker, before anybody asks for them. Each commits by itself; a further attempt
 * finds those of the one before.
 */
export async function warmForecasts(
  ctx: Needs<"db" | "config" | "heavy">,
  run: RunContext,
  { series, prediction_days, confidence_level }: ForecastWarmupConfig,
): Promise<HandlerOutcome> {
  const asked = series ?? await recordedTypes(ctx);
  const counts: Counts = { computed: 0, known: 0, insufficient: 0, missing: [] };
  for (const one of asked) {
    run.signal.throwIfAborted();
    await warm(ctx, run, { ...one, prediction_days, confidence_level }, counts);
  }
  return { result: { series: asked.length, ...counts } };
}

/** Every service and type that has readings: of each, a prediction takes the primary metric. */
async function recordedTypes(ctx: Needs<"db">) {
  const { series } = await findSeries(ctx.db, {});
  const types = new Map(
    series.map(({ service_name, metric_type }) =>
      [`${service_name} ${metric_type}`, { service_name, metric_type }] as const
    ),
  );
  return [...types.values()];
}

async function warm(
  ctx: Needs<"db" | "config" | "heavy">,
  run: RunContext,
  request: PredictionRequest,
  counts: Counts,
): Promise<void> {
  const question = await askedBy(ctx, request);
  const place = await placeOf(ctx, question);
  if (place === null) return await note(ctx, run, request, counts);
  if (await heldForecast(ctx, place) !== null) return void counts.known++;
  const forecast = await makeForecast(ctx, question, (input) => ctx.heavy.compute("predict", input, run.signal));
  counts[forecast.status === "ok" ? "computed" : "insufficient"]++;
  const known = { forecast, data_version: place.data_version, computed_at: question.now };
  await run.checkpoint((tx) => storeForecast(tx, storable(place, known)), { ...counts });
}

/** A series that is asked for by a name that nobody has is a slip worth a line in the log; it fails nothing else. */
async function note(ctx: Needs<"db">, run: RunContext, request: PredictionRequest, counts: Counts): Promise<void> {
  const { service_name, metric_type, metric_name } = request;
  const name = [service_name, metric_type, metric_name].filter((part) => part !== undefined).join(" / ");
  counts.missing.push(name);
  const why = await checkName(ctx, request).then(() => "has no readings in the history", (error) => {
    if (error instanceof DomainError) return error.errors.map(({ detail }) => detail).join("; ");
    throw error;
  });
  run.log(`${name}: ${why}`, "warn");
}
