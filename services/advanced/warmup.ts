import { storeForecast } from "../../db/forecast_cache.ts";
import { findSeries } from "../../db/metric_series.ts";
import type { Needs } from "../context.ts";
import { DomainError } from "../errors.ts";
import { refuseUnknownName } from "../metrics/known_name.ts";
import type { HandlerOutcome, RunContext } from "../ports/handlers.ts";
import { CarriedOn, carry, placeToCarryOn } from "./carry_on.ts";
import { heldAnswer } from "./kept.ts";
import { askedBy } from "./question.ts";
import type { ForecastWarmupConfig } from "./schema.ts";
import type { SeriesAsked } from "./series_schema.ts";

/** What became of the series: computed now, known already, without enough history, or not recorded at all. */
type Counts = { computed: number; known: number; insufficient: number; missing: string[] };

/**
 * Computes the day's forecasts, in a Worker, before anybody asks for them. Each commits by itself; a further attempt
 * finds those of the one before.
 */
export async function warmForecasts(
  ctx: Needs<"db" | "config" | "heavy">,
  run: RunContext,
  { series, prediction_days }: ForecastWarmupConfig,
): Promise<HandlerOutcome> {
  const asked = series ?? await recordedTypes(ctx);
  const counts: Counts = { computed: 0, known: 0, insufficient: 0, missing: [] };
  for (const one of asked) {
    run.signal.throwIfAborted();
    await warm(ctx, run, { asked: one, prediction_days }, counts);
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
  { asked, prediction_days }: { asked: SeriesAsked; prediction_days: number },
  counts: Counts,
): Promise<void> {
  const question = await askedBy(ctx, asked, "day");
  const place = await placeToCarryOn(ctx, question, prediction_days);
  if (place === null) return await note(ctx, run, asked, counts);
  if (await heldAnswer(ctx.db, CarriedOn, place) !== null) return void counts.known++;
  const answer = await carry(
    ctx,
    question,
    prediction_days,
    (input) => ctx.heavy.compute("study", input, run.signal),
  );
  counts[answer.found !== null ? "computed" : "insufficient"]++;
  const stored = { ...place, answer: JSON.stringify(answer), computed_at: question.now };
  await run.checkpoint((tx) => storeForecast(tx, stored), { ...counts });
}

/** A series that is asked for by a name that nobody has is a slip worth a line in the log; it fails nothing else. */
async function note(ctx: Needs<"db">, run: RunContext, asked: SeriesAsked, counts: Counts): Promise<void> {
  const { service_name, metric_type, metric_name } = asked;
  const name = [service_name, metric_type, metric_name].filter((part) => part !== undefined).join(" / ");
  counts.missing.push(name);
  const why = await refuseUnknownName(ctx.db, asked).then(() => "has no readings in the history", (error) => {
    if (error instanceof DomainError) return error.errors.map(({ detail }) => detail).join("; ");
    throw error;
  });
  run.log(`${name}: ${why}`, "warn");
}
