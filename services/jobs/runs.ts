import {
  askToCancel,
  countRuns,
  findFiring,
  findRun,
  insertManualRun,
  listJobRuns as selectJobRuns,
  listRuns as selectRuns,
  type RunFilter,
  type RunRow,
} from "../../db/job_runs.ts";
import { listRunLogs } from "../../db/job_run_logs.ts";
import { findJob } from "../../db/scheduled_jobs.ts";
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { DomainError, invalid } from "../errors.ts";
import { knownTotal, type Page, pageOf, type Place, placeOf, type Total } from "../paging.ts";
import { overriddenConfig } from "./draft.ts";
import {
  idCursor,
  type JobRunDetail,
  type JobRunListQuery,
  type JobRunResponse,
  type JobTriggerRequest,
  type RunListQuery,
  timeCursor,
} from "./schema.ts";

/** Runs are counted to here; a longer list says that its total is a lower bound. */
const COUNT_LIMIT = 10_000;
const LOG_LINES = 2_000;

/**
 * Queues a run of a job now, paused or not. An override replaces fields of the configuration for this run alone.
 * @param key what makes it happen once: a second call with the same key answers with the same run
 * @throws {DomainError} `not_found`; `invalid` for an override that is not legal, or a key of another request
 */
export async function triggerJob(
  ctx: Needs<"db" | "ids">,
  caller: Caller,
  id: string,
  { override_config, key }: JobTriggerRequest & { key: string | null },
): Promise<JobRunResponse> {
  return await ctx.db.transaction(async (tx) => {
    const job = await findJob(tx, id);
    if (job === null || job.deleted_at !== null) throw new DomainError("not_found", "There is no such job");
    const config = overriddenConfig(job, override_config);
    const firing = { job_id: id, fire_key: `m:${key ?? ctx.ids.uuid()}`, config };
    const made = await insertManualRun(tx, { ...firing, id: ctx.ids.uuid() });
    if (made !== null) return shown(made, caller);
    const before = await findFiring(tx, firing);
    if (before === null) throw new DomainError("not_found", "There is no such job");
    if (!before.same) throw invalid("/header/idempotency-key", "has made another run of this job");
    const { same: _, ...run } = before;
    return shown(run, caller);
  });
}

/**
 * Runs that match: of all jobs and one-off work the newest first, of one job the latest scheduled.
 * @throws {DomainError} `invalid` for a cursor of another list
 */
export async function listRuns(
  ctx: Needs<"db">,
  caller: Caller,
  { job_id, job_type, state, ...paged }: RunListQuery,
): Promise<Page<JobRunResponse>> {
  const filter = { job_type, state };
  const totalOf = async (read: number, place: Place<unknown>) =>
    knownTotal(read, place) ?? await counted(ctx, job_id ?? null, filter);
  if (job_id === undefined) {
    const place = placeOf(paged, idCursor);
    const rows = await selectRuns(ctx.db, filter, { ...place, limit: place.limit + 1 });
    return pageOf(rows.map((row) => shown(row, caller)), place, await totalOf(rows.length, place), (run) => [run.id]);
  }
  const place = placeOf(paged, timeCursor);
  const rows = await selectJobRuns(ctx.db, job_id, filter, { ...place, limit: place.limit + 1 });
  const total = await totalOf(rows.length, place);
  return pageOf(rows.map((row) => shown(row, caller)), place, total, (run) => [run.scheduled_for, run.id]);
}

async function counted(ctx: Needs<"db">, jobId: string | null, filter: RunFilter): Promise<Total> {
  const total = await countRuns(ctx.db, jobId, filter, COUNT_LIMIT);
  return total < COUNT_LIMIT ? { total } : { total, total_is_lower_bound: true };
}

/**
 * The history of a job, which outlives it.
 * @throws {DomainError} `not_found` for a job that never was
 */
export async function listJobRuns(
  ctx: Needs<"db">,
  caller: Caller,
  jobId: string,
  asked: JobRunListQuery,
): Promise<Page<JobRunResponse>> {
  if (await findJob(ctx.db, jobId) === null) throw new DomainError("not_found", "There is no such job");
  return await listRuns(ctx, caller, { ...asked, job_id: jobId });
}

/** A run with its log. @throws {DomainError} `not_found` */
export async function getRun(ctx: Needs<"db">, caller: Caller, id: string): Promise<JobRunDetail> {
  const run = await findRun(ctx.db, id);
  if (run === null) throw new DomainError("not_found", "There is no such run");
  const log = caller.kind === "anonymous" ? null : await listRunLogs(ctx.db, id, LOG_LINES);
  return { ...shown(run, caller), log };
}

/**
 * Asks a run to end. One that waits is ended at once; the worker of one that is under way hears of it with its next
 * heartbeat, or sooner, and aborts it. What it committed stays. Asking again changes nothing.
 * @throws {DomainError} `not_found`; `invalid_state` for a run that has ended already
 */
export async function cancelRun(ctx: Needs<"db" | "runs">, caller: Caller, id: string): Promise<JobRunResponse> {
  const asked = await askToCancel(ctx.db, id);
  if (asked !== null) await ctx.runs.cancel(id);
  const run = await findRun(ctx.db, id);
  if (run === null) throw new DomainError("not_found", "There is no such run");
  if (asked === null) throw new DomainError("invalid_state", `The run has ended already (${run.state})`);
  return shown(run, caller);
}

/** A row as its caller may see it: the public sees what happened when, not with what. */
function shown(row: RunRow, caller: Caller): JobRunResponse {
  const { exclusive: _e, backoff_s: _b, timeout_s: _t, lease_until: _l, worker: _w, ...run } = row;
  if (caller.kind !== "anonymous") return run;
  return { ...run, fire_key: null, config: null, progress: null, result: null, error: null };
}
