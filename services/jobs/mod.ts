/**
 * The verbs of scheduled jobs and their runs. What is written here commits at once; the runner of some process sees it,
 * woken or not. The ledger's own verbs, which only runners use, are in `ledger.ts`.
 * @module
 */
import { cancelWaiting } from "../../db/job_runs.ts";
import {
  countJobs,
  domainNow,
  findJob,
  hideJob,
  insertJob,
  type JobAtNow,
  type JobFields,
  type JobRow,
  listJobs as selectJobs,
  lockJob,
  updateJobFields,
} from "../../db/scheduled_jobs.ts";
import { author, type Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { DomainError } from "../errors.ts";
import { knownTotal, type Page, pageOf, placeOf } from "../paging.ts";
import { nextRunAt } from "./account.ts";
import { draftJob, editedJob } from "./draft.ts";
import {
  type ScheduledJobCreate,
  type ScheduledJobListQuery,
  type ScheduledJobResponse,
  type ScheduledJobUpdate,
  timeCursor,
} from "./schema.ts";
import { settleJob } from "./settle.ts";

export { backfillJob } from "./backfill.ts";
export { cancelRun, getRun, listJobRuns, listRuns, triggerJob } from "./runs.ts";

/**
 * Makes a job. Its first window begins now: an occurrence that is due from this instant on is never lost.
 * @throws {DomainError} `invalid` for a schedule, zone or configuration that is not legal
 */
export async function createJob(
  ctx: Needs<"db" | "ids" | "config">,
  caller: Caller,
  input: ScheduledJobCreate,
): Promise<ScheduledJobResponse> {
  const created_by = author(caller, input.created_by);
  const fields = draftJob(input, ctx.config);
  return await ctx.db.transaction(async (tx) => {
    const now = await domainNow(tx);
    const next_run_at = nextOf(fields, now);
    return shown(await insertJob(tx, { ...fields, id: ctx.ids.uuid(), created_by, next_run_at, now }), caller);
  });
}

/** @throws {DomainError} `not_found`, also for a job that was deleted */
export async function getJob(ctx: Needs<"db">, caller: Caller, id: string): Promise<ScheduledJobResponse> {
  const job = await findJob(ctx.db, id);
  if (job === null || job.deleted_at !== null) throw unknown();
  return shown(job, caller);
}

/** Jobs that match, newest first. @throws {DomainError} `invalid` for a cursor of another list */
export async function listJobs(
  ctx: Needs<"db">,
  caller: Caller,
  { job_type, is_active, ...paged }: ScheduledJobListQuery,
): Promise<Page<ScheduledJobResponse>> {
  const filter = { job_type, is_active };
  const place = placeOf(paged, timeCursor);
  const rows = await selectJobs(ctx.db, filter, { ...place, limit: place.limit + 1 });
  const total = knownTotal(rows.length, place) ?? { total: await countJobs(ctx.db, filter) };
  return pageOf(rows.map((row) => shown(row, caller)), place, total, (job) => [job.created_at, job.id]);
}

/**
 * Changes a job. What is due by its old terms is accounted first, in the same transaction; the new ones hold from now
 * on, on every instance, since none can account by a revision that is past. Waiting runs keep their configuration.
 * @param expected the version that the caller has seen, or null where that does not matter
 * @throws {DomainError} `not_found`, `precondition_failed`, `invalid`
 */
export async function updateJob(
  ctx: Needs<"db" | "ids">,
  caller: Caller,
  id: string,
  { changes, expected }: { changes: ScheduledJobUpdate; expected: number | null },
): Promise<ScheduledJobResponse> {
  return await ctx.db.transaction(async (tx) => {
    const before = await locked(tx, id, [expected, changes.version ?? null]);
    const fields = editedJob(fieldsOf(before), changes);
    await settleJob(tx, before, ctx.ids.random);
    // Where the clock went back, what is accounted for already does not come again.
    const from = Date.parse(before.cursor_at) > Date.parse(before.now) ? before.cursor_at : before.now;
    const next_run_at = nextOf(fields, from);
    return shown(await updateJobFields(tx, id, { ...fields, next_run_at, now: before.now }), caller);
  });
}

/**
 * Hides a job and ends its waiting runs as cancelled, at once where they never began; one that is under way goes on to
 * its end. All runs stay.
 * @throws {DomainError} `not_found`, `precondition_failed`
 */
export async function deleteJob(ctx: Needs<"db" | "ids">, id: string, expected: number | null): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const job = await locked(tx, id, [expected]);
    await settleJob(tx, job, ctx.ids.random);
    await hideJob(tx, id);
    await cancelWaiting(tx, id, "job_deleted");
  });
}

async function locked(tx: Needs<"db">["db"], id: string, expected: (number | null)[]): Promise<JobAtNow> {
  const job = await lockJob(tx, id);
  if (job === null) throw unknown();
  if (expected.every((version) => version === null || version === job.version)) return job;
  throw new DomainError("precondition_failed", `The job changed in the meantime: it is at version ${job.version}`);
}

const unknown = () => new DomainError("not_found", "There is no such job");

const nextOf = ({ is_active, schedule, timezone }: JobFields, now: string) =>
  is_active ? nextRunAt(schedule, timezone, now) : null;

function fieldsOf(row: JobRow): JobFields {
  const { name, job_type, schedule, is_active, config, timezone, misfire, catch_up_limit_s, overlap } = row;
  const { jitter_s, max_attempts, backoff_s, timeout_s, pause_after_failures, history_days } = row;
  return {
    ...{ name, job_type, schedule, is_active, config, timezone, misfire, catch_up_limit_s, overlap },
    ...{ jitter_s, max_attempts, backoff_s, timeout_s, pause_after_failures, history_days },
  };
}

/** A row as its caller may see it: the public sees neither configuration nor author. */
function shown(row: JobRow, caller: Caller): ScheduledJobResponse {
  const { deleted_at: _d, cursor_at: _c, schedule_since: _s, config, created_by, ...rest } = row;
  const open = caller.kind !== "anonymous";
  return { ...rest, config: open ? config : null, created_by: open ? created_by : null };
}
