import { insertGoalEvents } from "../../db/goal_events.ts";
import { type FedSeries, isSuperseded } from "../../db/goal_feeds.ts";
import { insertGoalReadings, lockUnchanged, storeFindings } from "../../db/goal_readings.ts";
import { findGoalsByIds, findGoalsToUpdate, type GoalRow } from "../../db/goals.ts";
import type { Needs } from "../context.ts";
import { measure, type ReadSeries, sharedSeries } from "./measure.ts";
import { isPoisoned } from "./poison.ts";
import { type GoalEvent, settle, type Settlement } from "./settle.ts";

/** Which goals to update: those named, or all that it concerns. The signal ends the work between two transactions. */
export type GoalSelection = { goal_ids?: readonly string[]; signal?: AbortSignal };

/** What an update did. */
export type GoalsUpdated = {
  /** Goals whose value was computed. */
  checked: number;
  /** Goals of which something changed. */
  updated: number;
  alerted: number;
  achieved: number;
  failed: number;
  /** Goals that could not be computed or stored; the log says why. */
  errors: number;
};

/** Goals of one transaction. */
const BATCH = 200;
const ATTEMPTS = 3;

/**
 * Computes goals anew from what the metrics say now: active ones, and failed ones that late readings may still turn
 * into achieved; closes those whose window is over. Called by the job type goal_update.
 *
 * Each batch commits by itself, so a crash loses nothing that was stored, and running it again changes nothing more.
 * A goal that somebody else changes meanwhile is computed again, at most three times, and then left to the next run.
 * One that cannot be computed or stored is counted under `errors`, which its caller must not take for a success.
 */
export async function updateGoals(
  ctx: Needs<"db" | "config" | "log">,
  { goal_ids, signal }: GoalSelection = {},
): Promise<GoalsUpdated> {
  return await updateAll(ctx, { ...EVERY, ids: goal_ids ?? null }, signal);
}

/** What new metrics of a series queued: its run, and the series. */
type Feed = { run_id: string; series: FedSeries; signal: AbortSignal };

/**
 * Computes anew the goals that are fed from a series, as `updateGoals` does. Skipped where another run of the series will see
 * all that this one would.
 */
export async function feedGoals(
  ctx: Needs<"db" | "config" | "log">,
  { run_id, series, signal }: Feed,
): Promise<{ skipped: string } | { result: GoalsUpdated }> {
  if (await isSuperseded(ctx.db, run_id)) return { skipped: "superseded" };
  return { result: await updateAll(ctx, { ...EVERY, series }, signal) };
}

/** Closes the active goals whose window ended before today in their zone, on what the metrics say now. */
export async function evaluateGoals(
  ctx: Needs<"db" | "config" | "log">,
  { signal }: Pick<GoalSelection, "signal"> = {},
): Promise<GoalsUpdated> {
  return await updateAll(ctx, { ...EVERY, ended: true }, signal);
}

type Which = { ids: readonly string[] | null; series: FedSeries | null; ended: boolean };
const EVERY: Which = { ids: null, series: null, ended: false };

async function updateAll(
  ctx: Needs<"db" | "config" | "log">,
  which: Which,
  signal: AbortSignal | undefined,
): Promise<GoalsUpdated> {
  const done: GoalsUpdated = { checked: 0, updated: 0, alerted: 0, achieved: 0, failed: 0, errors: 0 };
  for (let after: string | null = null;;) {
    signal?.throwIfAborted();
    const batch: GoalRow[] = await findGoalsToUpdate(ctx.db, { ...which, after, limit: BATCH });
    after = batch.at(-1)?.id ?? null;
    if (after === null) return done;
    done.checked += batch.length;
    await updateBatch(ctx, batch, done, signal);
  }
}

/** All in one transaction; where that fails, each by itself, so that one poisoned goal keeps no other from its value. */
async function updateBatch(
  ctx: Needs<"db" | "config" | "log">,
  batch: readonly GoalRow[],
  done: GoalsUpdated,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await updateTogether(ctx, batch, done);
  } catch (cause) {
    if (!isPoisoned(cause)) throw cause;
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      ctx.log.error("a goal could not be updated", { goal_id: only.id, cause });
      done.errors++;
      return;
    }
    for (const one of batch) {
      signal?.throwIfAborted();
      await updateBatch(ctx, [one], done, signal);
    }
  }
}

function count(done: GoalsUpdated, kind: GoalEvent["kind"]): void {
  switch (kind) {
    case "goal_alert":
      done.alerted++;
      break;
    case "goal_failed":
      done.failed++;
      break;
    case "goal_achieved":
    case "goal_achieved_late":
      done.achieved++;
  }
}

type Found = { goal: GoalRow; settled: Settlement };

/** Reads outside, writes inside a short transaction, tries again what changed in between, and counts each commit. */
async function updateTogether(
  ctx: Needs<"db" | "config">,
  batch: readonly GoalRow[],
  done: GoalsUpdated,
): Promise<void> {
  let open = batch;
  for (let attempt = 1; attempt <= ATTEMPTS && open.length > 0; attempt++) {
    const read = sharedSeries(ctx);
    const found: Found[] = [];
    for (const goal of open) {
      const settled = await settleAnew(ctx, goal, read);
      if (isNews(goal, settled)) found.push({ goal, settled });
    }
    const kept = await ctx.db.transaction((tx) => store(tx, found));
    done.updated += kept.size;
    for (const { goal, settled } of found) {
      if (kept.has(goal.id)) settled.events.forEach(({ kind }) => count(done, kind));
    }
    const missed = found.filter(({ goal }) => !kept.has(goal.id)).map(({ goal }) => goal.id);
    open = missed.length === 0 ? [] : await findGoalsByIds(ctx.db, missed);
  }
}

async function settleAnew(ctx: Needs<"db">, goal: GoalRow, read: ReadSeries): Promise<Settlement> {
  const told = goal.metric_name === null && goal.direction !== "maintain";
  const reading = told ? { value: goal.current_value, band: null } : await measure(ctx, goal, read);
  return settle(goal, reading, { today: goal.today, closing: true });
}

function isNews(goal: GoalRow, settled: Settlement): boolean {
  return goal.current_value !== settled.current_value || goal.progress_percentage !== settled.progress_percentage ||
    goal.status !== settled.status || goal.alert_sent !== settled.alert_sent;
}

/** Stores what was found out about the goals that are still as they were read; answers which. */
async function store(tx: Needs<"db">["db"], found: readonly Found[]): Promise<Set<string>> {
  if (found.length === 0) return new Set();
  const kept = await lockUnchanged(tx, found.map(({ goal }) => goal));
  const news = found.filter(({ goal }) => kept.has(goal.id));
  await storeFindings(tx, news.map(({ goal, settled: { events: _, ...findings } }) => ({ id: goal.id, ...findings })));
  const values = news.filter(({ goal, settled }) => goal.current_value !== settled.current_value);
  await insertGoalReadings(
    tx,
    values.map(({ goal, settled }) => ({
      goal_id: goal.id,
      value: settled.current_value,
      progress_percentage: settled.progress_percentage,
      source: "metrics",
      recorded_by: null,
    })),
  );
  await insertGoalEvents(
    tx,
    news.flatMap(({ goal, settled }) => settled.events.map((event) => ({ ...event, goal_id: goal.id }))),
  );
  return kept;
}
