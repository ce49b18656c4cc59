/**
 * Retention: rows of metrics for three years and their roll-ups for ever; of each job its newest runs and, in its
 * totals, all that were.
 * @module
 */
import { deleteOldEvents } from "../../db/events.ts";
import { deleteOldForecasts } from "../../db/forecast_cache.ts";
import { purgeKeys } from "../../db/idempotency_keys.ts";
import { deleteOldOneOffRuns, deleteOldRuns, nextJobWithOldRuns } from "../../db/job_runs_retention.ts";
import type { Needs } from "../context.ts";
import type { HandlerOutcome, RunContext } from "../ports/handlers.ts";
import { deleteMetricsBelow, floorSettled, raiseFloor } from "./metrics.ts";
import { METRIC_DAYS, type RetentionConfig, RUN_DAYS } from "./schema.ts";
import { createSweep, type Sweep } from "./sweep.ts";

const FORECAST_DAYS = 2;
/** A run takes its log along, which may have a thousand lines. */
const RUNS_SHARE = 5;
/** Before every id. */
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/**
 * Deletes what is too old, in batches that each commit by themselves. A crash costs the batch under way; a further
 * attempt finds what is left, and adds to the counts of those before it.
 *
 * The floor moves first and metrics go last, so that the minute in between is put to use.
 */
export async function retain(
  ctx: Needs<"db" | "clock" | "config" | "engine">,
  run: RunContext,
  { metric_days = METRIC_DAYS, run_days = RUN_DAYS }: RetentionConfig,
): Promise<HandlerOutcome> {
  const sweep = createSweep(run, ctx.engine);
  const detail_floor = await raiseFloor(ctx, run, metric_days);
  await sweepRuns(ctx, sweep);
  await sweepOneOffRuns(sweep, run_days);
  await sweep.all("events", (tx, limit) => deleteOldEvents(tx, run_days, limit));
  await sweep.all("forecasts", (tx, limit) => deleteOldForecasts(tx, FORECAST_DAYS, limit));
  await sweep.all("idempotency_keys", async (tx, limit) => {
    const deleted = await purgeKeys(tx, limit);
    return { deleted, more: deleted === limit };
  });
  await floorSettled(ctx, run);
  await deleteMetricsBelow(ctx, sweep, detail_floor);
  return { result: { detail_floor, deleted: sweep.deleted } };
}

async function sweepOneOffRuns(sweep: Sweep, days: number): Promise<void> {
  for (let place: string | null = FIRST_ID; place !== null;) {
    const after: string = place;
    const batch = await sweep.once(
      "one_off_runs",
      (tx, limit) => deleteOldOneOffRuns(tx, days, { after, limit: shareOf(limit) }),
    );
    place = batch.next;
  }
}

/** Job after job, those that were deleted too: their runs stayed for as long as they said. */
async function sweepRuns(ctx: Needs<"db">, sweep: Sweep): Promise<void> {
  for (let job = await nextJobWithOldRuns(ctx.db, null); job !== null;) {
    const id: string = job;
    await sweep.all("runs", (tx, limit) => deleteOldRuns(tx, id, shareOf(limit)));
    job = await nextJobWithOldRuns(ctx.db, id);
  }
}

const shareOf = (limit: number) => Math.ceil(limit / RUNS_SHARE);
