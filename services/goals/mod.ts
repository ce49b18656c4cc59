import { insertGoalEvents } from "../../db/goal_events.ts";
import { holdSeries, queueGoalUpdate } from "../../db/goal_feeds.ts";
import { dropGoalForecast } from "../../db/goal_forecasts.ts";
import { insertGoalReadings, manualDays } from "../../db/goal_readings.ts";
import {
  countGoals,
  findGoal,
  type GoalRow,
  hideGoal,
  insertGoal,
  listGoalRows,
  lockGoal,
  updateGoalFields,
} from "../../db/goals.ts";
import { author, type Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { DomainError } from "../errors.ts";
import { seesAll } from "../metrics/personal.ts";
import { knownTotal, type Page, pageOf, placeOf } from "../paging.ts";
import { draftGoal, editedGoal } from "./draft.ts";
import { fromHands, measure, type Measured, type Reading, sharedSeries } from "./measure.ts";
import { shown } from "./present.ts";
import {
  type GoalCreate,
  goalCursor,
  type GoalListQuery,
  type GoalProgressUpdate,
  type GoalResponse,
  type GoalUpdate,
} from "./schema.ts";
import { settle, type Settlement } from "./settle.ts";
import { hidingKeys, visible } from "./visible.ts";

export { tellGoalEvent } from "./alerts.ts";
export { goalHistory } from "./history.ts";
export { getGoalProgress } from "./standing.ts";
export { evaluateGoals, feedGoals, type GoalSelection, type GoalsUpdated, updateGoals } from "./update.ts";

/**
 * Makes a goal and, where a series feeds it, computes it at once. Goal, first reading, alert and the run that forecasts it
 * commit together.
 * A window that is over already is legal, and has no forecast: the goal is active, and takes readings by hand, until
 * the hourly evaluation or new metrics close it.
 * @throws {DomainError} `invalid` for terms that cannot be met or a series that cannot be told
 */
export async function createGoal(
  ctx: Needs<"db" | "ids" | "config">,
  caller: Caller,
  { created_by, ...said }: GoalCreate,
): Promise<GoalResponse> {
  const by = author(caller, created_by);
  return await ctx.db.transaction(async (tx) => {
    const draft = await draftGoal({ ...ctx, db: tx }, ctx.ids.uuid(), said);
    const reading = await firstReading({ ...ctx, db: tx }, draft);
    const settled = settle(draft, reading, { today: draft.today, closing: false });
    const row = await insertGoal(tx, { ...draft, ...settled, created_by: by });
    await record(tx, { before: draft, row, settled });
    await queueForecast(tx, row);
    return shown(row, caller);
  });
}

/** @throws {DomainError} `not_found`, also for a goal that was deleted, and without a token for one about a person */
export async function getGoal(ctx: Needs<"db">, caller: Caller, id: string): Promise<GoalResponse> {
  return shown(visible(await findGoal(ctx.db, id), caller), caller);
}

/**
 * Goals that match and that the caller may know of, newest first.
 * @throws {DomainError} `invalid` for a cursor that is none of this list; `forbidden` where somebody who may not see who
 * made a goal asks for those of one person
 */
export async function listGoals(ctx: Needs<"db">, caller: Caller, asked: GoalListQuery): Promise<Page<GoalResponse>> {
  const { metric_type, status, created_by, ...paged } = asked;
  if (created_by !== undefined && !seesAll(caller)) {
    throw new DomainError("forbidden", "Who made a goal is not public; asking by created_by needs a token");
  }
  const filter = { metric_type, status, created_by, hiding_keys: hidingKeys(caller) };
  const place = placeOf(paged, goalCursor);
  const rows = await listGoalRows(ctx.db, filter, { ...place, limit: place.limit + 1 });
  const total = knownTotal(rows.length, place) ?? { total: await countGoals(ctx.db, filter) };
  return pageOf(rows.map((row) => shown(row, caller)), place, total, (goal) => [goal.created_at, goal.id]);
}

/**
 * Changes what is given and leaves the rest. Other terms mean another goal: its value is computed anew, its alert arms
 * again, and one that had ended is active until it is evaluated by the new terms. Changing nothing stores nothing.
 * @param expected the version that the caller has seen, or null where that does not matter
 * @throws {DomainError} `not_found`; `precondition_failed` when it changed in the meantime; `invalid` as when it is made;
 * `invalid_state` where an ended goal is to be active on the terms it ended on
 */
export async function updateGoal(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  id: string,
  { version, ...changes }: GoalUpdate,
  expected: number | null = null,
): Promise<GoalResponse> {
  return await ctx.db.transaction(async (tx) => {
    const before = known(await lockGoal(tx, id));
    checkVersion(before, expected);
    checkVersion(before, version ?? null);
    const edited = await editedGoal({ ...ctx, db: tx }, before, changes);
    const reading = await firstReading({ ...ctx, db: tx }, edited);
    const settled = settle(edited, reading, { today: edited.today, closing: false });
    const { events: _, ...findings } = settled;
    const after = { ...edited, ...findings };
    if (JSON.stringify(after) === JSON.stringify(before)) return shown(before, caller);
    await dropGoalForecast(tx, id);
    const row = await updateGoalFields(tx, id, after);
    await record(tx, { before, row, settled });
    await queueForecast(tx, row);
    return shown(row, caller);
  });
}

/**
 * Cancels and hides a goal; its row and its readings stay.
 * @throws {DomainError} `not_found`; `precondition_failed` when it changed in the meantime
 */
export async function deleteGoal(ctx: Needs<"db">, id: string, expected: number | null = null): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    checkVersion(known(await lockGoal(tx, id)), expected);
    await hideGoal(tx, id);
  });
}

/**
 * Records a reading that somebody took by hand; reading, alert, status and the run that forecasts the goal anew commit
 * together. A goal that failed takes late readings, and becomes achieved if they make it so.
 * @throws {DomainError} `not_found`; `invalid_state` for a goal that a series feeds, or that is achieved or cancelled
 */
export async function updateGoalProgress(
  ctx: Needs<"db">,
  caller: Caller,
  id: string,
  { current_value, recorded_by }: GoalProgressUpdate,
): Promise<GoalResponse> {
  const by = author(caller, recorded_by);
  return await ctx.db.transaction(async (tx) => {
    const before = known(await lockGoal(tx, id));
    checkTakesReadings(before);
    const earlier = (await manualDays(tx, before)).filter((day) => day.date < before.today);
    const days = [...earlier, { date: before.today, value: current_value, n: 1 }];
    const settled = settle(before, fromHands({ ...before, current_value }, days), {
      today: before.today,
      closing: false,
    });
    if (before.status === "active") await dropGoalForecast(tx, id);
    const row = await updateGoalFields(tx, id, { ...before, ...settled });
    await record(tx, { before, row, settled, by });
    await queueForecast(tx, row);
    return shown(row, caller);
  });
}

function checkTakesReadings({ status, service_name, metric_name }: GoalRow): void {
  if (metric_name !== null) {
    const detail = `This goal is computed from ${service_name}/${metric_name}. ` +
      `To feed it by hand, first PUT {"tracking": "manual"}`;
    throw new DomainError("invalid_state", detail);
  }
  if (status === "achieved" || status === "cancelled") {
    throw new DomainError("invalid_state", `This goal is ${status} and takes no more readings`);
  }
}

/** Where a goal stands that is about to be stored, with no metrics on their way that would neither count nor feed it. */
async function firstReading(ctx: Needs<"db" | "config">, goal: Measured): Promise<Reading> {
  const { service_name, metric_type, metric_name } = goal;
  if (service_name !== null && metric_name !== null) {
    await holdSeries(ctx.db, { service_name, metric_type, metric_name });
  }
  return await measure(ctx, goal, sharedSeries(ctx));
}

type Change = { before: { current_value: number }; row: GoalRow; settled: Settlement; by?: string };

/** Appends the reading, if it is one, and what happened with it. */
async function record(tx: Needs<"db">["db"], { before, row, settled, by }: Change): Promise<void> {
  const { id, current_value, progress_percentage } = row;
  const reading = { goal_id: id, value: current_value, progress_percentage };
  if (by !== undefined) await insertGoalReadings(tx, [{ ...reading, source: "manual", recorded_by: by }]);
  else if (row.metric_name !== null && before.current_value !== current_value) {
    await insertGoalReadings(tx, [{ ...reading, source: "metrics", recorded_by: null }]);
  }
  await insertGoalEvents(tx, settled.events.map((event) => ({ ...event, goal_id: id })));
}

/** Queues the update that forecasts a goal; not where its window is over, which an update would close at once. */
async function queueForecast(tx: Needs<"db">["db"], { id, status, end_date, today }: GoalRow): Promise<void> {
  if (status === "active" && end_date >= today) await queueGoalUpdate(tx, id);
}

function known(row: GoalRow | null): GoalRow {
  if (row === null) throw new DomainError("not_found", "There is no such goal");
  return row;
}

function checkVersion({ version }: GoalRow, expected: number | null): void {
  if (expected === null || expected === version) return;
  throw new DomainError("precondition_failed", `The goal changed in the meantime: it is at version ${version}`);
}
