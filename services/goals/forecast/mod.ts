import { findForecast, storeForecastLazily } from "../../../db/forecast_cache.ts";
import {
  confirmGoalForecast,
  findGoalForecast,
  findGoalsToForecast,
  listGoalForecastRows,
  storeGoalForecast,
} from "../../../db/goal_forecasts.ts";
import type { FedSeries } from "../../../db/goal_feeds.ts";
import { countGoals, findGoal, type GoalRow } from "../../../db/goals.ts";
import type { Caller } from "../../access.ts";
import type { Needs } from "../../context.ts";
import { ComputationFailed } from "../../ports/heavy.ts";
import { knownTotal, type Page, pageOf, placeOf } from "../../paging.ts";
import { type GoalForecastListQuery, type GoalForecastResponse, Outlook } from "../forecast_schema.ts";
import { isPoisoned } from "../poison.ts";
import { goalCursor } from "../schema.ts";
import { hidingKeys, visible } from "../visible.ts";
import { endedOutlook, legible, missing, present } from "./present.ts";
import { sharedServices, type Sight, sightOf } from "./sight.ts";

/**
 * How a goal is likely to end, from its history as it is now. Stores nothing about the goal; the answer is kept, and
 * given again while the day, the goal and its series stay as they are.
 * @throws {DomainError} `not_found`
 */
export async function getGoalForecast(
  ctx: Needs<"db" | "config" | "heavy" | "log">,
  caller: Caller,
  id: string,
): Promise<GoalForecastResponse> {
  const goal = visible(await findGoal(ctx.db, id), caller);
  if (goal.status !== "active" || goal.today > goal.end_date) return present(goal, endedOutlook(goal));
  const { now, stored } = await findGoalForecast(ctx.db, id);
  const sight = await sightOf(ctx, goal, sharedServices(ctx));
  const place = { key: `goal ${id}`, data_version: sight.inputs };
  const held = stored?.inputs === sight.inputs ? stored : await findForecast(ctx.db, place.key, place.data_version);
  const known = legible(held, { as_of: goal.today, data_version: sight.data_version });
  if (known !== null) return present(goal, known);
  const outlook = await outlookOf(ctx, sight);
  await storeForecastLazily(ctx.db, { ...place, answer: JSON.stringify(outlook), computed_at: now }).catch((cause) =>
    ctx.log.warn("a forecast could not be kept", { cause })
  );
  return present(goal, { outlook, as_of: goal.today, computed_at: now, data_version: sight.data_version });
}

/**
 * What the last update found out about every active goal that the caller may know of, newest first. Computes nothing.
 * @throws {DomainError} `invalid` for a cursor that is none of this list
 */
export async function getGoalForecasts(
  ctx: Needs<"db">,
  caller: Caller,
  asked: GoalForecastListQuery,
): Promise<Page<GoalForecastResponse>> {
  const place = placeOf(asked, goalCursor);
  const hiding_keys = hidingKeys(caller);
  const rows = await listGoalForecastRows(ctx.db, hiding_keys, { ...place, limit: place.limit + 1 });
  const total = knownTotal(rows.length, place) ??
    { total: await countGoals(ctx.db, { status: "active", hiding_keys }) };
  const page = pageOf(rows, place, total, (row) => [row.created_at, row.id]);
  return { ...page, items: page.items.map((row) => present(row, legible(row, row) ?? missing())) };
}

/** Which active goals to forecast: those named, those of a series, or all. */
export type ForecastSelection = { goal_ids?: readonly string[]; series?: FedSeries; signal?: AbortSignal };

/** What became of them: how many forecasts were stored, and how many could not be made; the log says why. */
export type GoalsForecast = { stored: number; errors: number };

/** Goals read at once. */
const BATCH = 100;

/**
 * Forecasts the active goals that have no forecast of today, or one of over an hour ago from other readings, and stores
 * it with the goal. Each goal commits by itself; one that changes meanwhile is left to the next update, and one that
 * cannot be forecast is counted under `errors`, which its caller must not take for a success.
 */
export async function forecastGoals(
  ctx: Needs<"db" | "config" | "heavy" | "log">,
  { goal_ids, series, signal }: ForecastSelection = {},
): Promise<GoalsForecast> {
  const which = { ids: goal_ids ?? null, series: series ?? null, limit: BATCH };
  const done: GoalsForecast = { stored: 0, errors: 0 };
  for (let after: string | null = null;;) {
    const batch: GoalRow[] = await findGoalsToForecast(ctx.db, { ...which, after });
    after = batch.at(-1)?.id ?? null;
    if (after === null) return done;
    const services = sharedServices(ctx);
    for (const goal of batch) {
      signal?.throwIfAborted();
      try {
        if (await forecastOne(ctx, goal, await sightOf(ctx, goal, services), signal)) done.stored++;
      } catch (cause) {
        if (signal?.aborted || !isPoisoned(cause)) throw cause;
        ctx.log.error("a goal could not be forecast", { goal_id: goal.id, cause });
        done.errors++;
      }
    }
  }
}

async function forecastOne(
  ctx: Needs<"db" | "heavy">,
  goal: GoalRow,
  sight: Sight,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { inputs, data_version } = sight;
  const { id, version, today: as_of } = goal;
  const { stored } = await findGoalForecast(ctx.db, id);
  if (stored?.inputs === inputs) {
    await confirmGoalForecast(ctx.db, id, inputs);
    return false;
  }
  const outlook = await outlookOf(ctx, sight, signal);
  const { forecast_value } = outlook;
  const kept = { goal_id: id, version, inputs, data_version, as_of, answer: JSON.stringify(outlook), forecast_value };
  return await storeGoalForecast(ctx.db, kept);
}

/** Reads the days and computes beside the event loop; its fields come out in one order, kept or new. */
async function outlookOf({ heavy }: Needs<"heavy">, sight: Sight, signal?: AbortSignal): Promise<Outlook> {
  const outlook = await heavy.compute("goal_outlook", await sight.read(), signal);
  const parsed = Outlook.safeParse({ ...outlook, warnings: [...sight.warnings, ...outlook.warnings] });
  if (parsed.success) return parsed.data;
  throw new ComputationFailed("The outlook holds what cannot be told", { cause: parsed.error });
}
