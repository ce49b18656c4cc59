import { z } from "@hono/zod-openapi";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import { backtestMeasures, heldWithin, type OriginScore } from "../math/mod.ts";
import { refuseUnknownName } from "../metrics/known_name.ts";
import { date } from "../schema.ts";
import type { BacktestRequest, BacktestResponse, ModelBacktest } from "./backtests_schema.ts";
import { obtain } from "./kept.ts";
import { plural, TERMS } from "./periods.ts";
import { answered, metaOf } from "./present.ts";
import { askedBy, placeOf, type Question } from "./question.ts";
import { Facts, readSteps } from "./reading.ts";
import { MODELS } from "./series_schema.ts";
import { OriginScores } from "./stored_study.ts";

/** What is kept of a backtest. */
const Tested = z.strictObject({
  reason: z.string().nullable(),
  facts: Facts,
  /** The last day of each origin's history, by how many periods that is. */
  history_ends: z.record(z.string(), date),
  scores: z.record(z.enum(MODELS), OriginScores.nullable()).nullable(),
});
type Tested = z.infer<typeof Tested>;

/**
 * How the models would have done: each is fitted to what was known at origins in the past and compared with what came.
 * Computed in a Worker, and kept like predictions; one computation answers every level.
 * @throws {DomainError} `invalid` for a metric name that this service has none of, naming those it has
 */
export async function backtest(
  ctx: Needs<"db" | "config" | "log" | "heavy">,
  { period, horizon, origins, levels, ...asked }: BacktestRequest,
  signal?: AbortSignal,
): Promise<BacktestResponse> {
  const question = await askedBy(ctx, asked, period);
  const place = await placeOf(ctx, question, ["backtest", horizon, origins]);
  const known = await obtain(
    ctx,
    { schema: Tested, place, question },
    () => test(ctx, question, { horizon, origins }, signal),
  );
  const { reason, facts, scores, history_ends } = known.answer;
  if (facts.data_through === null) await refuseUnknownName(ctx.db, asked);
  const models = scores === null ? [] : MODELS.flatMap((model) => judged(model, scores[model], levels, history_ends));
  const [best] = [...models].sort((a, b) => a.mae - b.mae);
  return {
    ...answered(question),
    ...{ period, horizon, status: scores === null ? "insufficient_history" : "ok", reason },
    best: best?.model ?? null,
    models,
    history_periods: facts.history_periods,
    meta: metaOf(question, facts, known),
  };
}

async function test(
  ctx: Needs<"db" | "config" | "heavy">,
  question: Question,
  { horizon, origins }: Pick<BacktestRequest, "horizon" | "origins">,
  signal: AbortSignal | undefined,
): Promise<Tested> {
  const reading = await readSteps(ctx, question);
  const { facts } = reading;
  if (reading.reason !== null) return { reason: reading.reason, facts, history_ends: {}, scores: null };
  const { period } = question;
  const { frequency, season_length, fewest } = TERMS[period];
  const { kind, values, starts } = reading.steps;
  if (values.length < fewest + horizon) {
    const reason = `${plural(fewest + horizon, period)} are needed to look ${plural(horizon, period)} ahead of a ` +
      `history of ${fewest}, and ${reading.name} has ${values.length}`;
    return { reason, facts, history_ends: {}, scores: null };
  }
  const input = { values, frequency, season_length, persists: kind === "gauge", horizon, origins, fewest };
  const scores = await ctx.heavy.compute("backtest", input, signal);
  const tested = Object.values(scores).find((one) => one !== null) ?? [];
  const ends = tested.map(({ at }) => [String(at), addDays(starts[at] ?? question.today, -1)]);
  return { reason: null, facts, history_ends: Object.fromEntries(ends), scores };
}

function judged(
  model: typeof MODELS[number],
  scores: readonly OriginScore[] | null,
  levels: readonly number[],
  history_ends: Tested["history_ends"],
): ModelBacktest[] {
  const all = scores === null ? null : backtestMeasures(scores);
  if (scores === null || all === null) return [];
  const { origins: _origins, ...measures } = all;
  const coverage = levels.map((level) => {
    const numerator = heldWithin(scores, level);
    return { level, value: numerator / all.n, numerator, denominator: all.n };
  });
  const origins = scores.flatMap((score) => {
    const own = backtestMeasures([score]);
    if (own === null) return [];
    const { origins: _one, ...rest } = own;
    return [{ history_end: history_ends[score.at] ?? "", ...rest }];
  });
  return [{ model, ...measures, coverage, origins }];
}
