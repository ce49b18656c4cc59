import { DatabaseUnavailable, type Db, violated } from "../../db/client.ts";
import {
  accountJobs,
  type ClaimedRun,
  claimRun,
  claimRuns,
  type DrawnAccount,
  holdRun,
  nextDelay,
  quarantineJob,
  type RenewedLease,
  renewLeases,
  storeProgress,
} from "../../db/ledger.ts";
import { findRun } from "../../db/job_runs.ts";
import { appendRunLogs, type NewRunLog } from "../../db/job_run_logs.ts";
import { activeJobs, type DueJob, dueJobs, type DuePlace, findJob } from "../../db/scheduled_jobs.ts";
import type { JobLane } from "../../db/schema/enums.ts";
import type { Needs } from "../context.ts";
import { accountDue } from "./account.ts";
import { CronError } from "./cron.ts";

/**
 * What a runner does with the ledger: account, claim, heartbeat and what fences an attempt's writes. How runs end stands
 * in `endings.ts`. Each is safe to do at any time, from any instance.
 * @module
 */

export type { ClaimedRun, NewRunLog, RenewedLease };
export { nextDelay, renewLeases };

/** This attempt owns its run no more; whatever it wanted to write is not written. */
export class LeaseLost extends Error {
  override name = "LeaseLost";

  constructor(id: string) {
    super(`The lease of run ${id} is lost`);
  }
}

/** What an account leaves to be done at once, or soon. */
export type Left = "all" | "more" | "held";

/** Jobs that are read at once, and rows that one statement inserts, give or take the last job's. */
const PAGE = 250;
const ROWS = 1_000;

/**
 * Accounts every job that is due. One that cannot be accounted affects no other.
 * @param accounted called after each page of due jobs, those too that another instance accounted first: their runs may be
 *   claimed while the next page is accounted
 * @returns `more` when a job still has occurrences left, because one account holds only so many rows; `held` when somebody
 *   else is at a job, whether he accounts it or not
 */
export async function accountDueJobs(
  ctx: Needs<"db" | "ids" | "log">,
  accounted: () => void,
): Promise<Left> {
  let after: DuePlace | null = null;
  let left: Left = "all";
  for (;;) {
    const jobs = await dueJobs(ctx.db, after, PAGE);
    for (const each of await accountPage(ctx, jobs)) if (left === "all" || each === "more") left = each;
    if (jobs.length > 0) accounted();
    const last = jobs.at(-1);
    if (jobs.length < PAGE || last === undefined || last.next_run_at === null) return left;
    after = { next_run_at: last.next_run_at, id: last.id };
  }
}

/**
 * Accounts every active job, due or not, and so computes its next occurrence anew: after a restored backup, an edit by
 * SQL, or new time zone rules.
 * @returns how many jobs there are, and of how many the next occurrence moved
 */
export async function accountAllJobs(ctx: Needs<"db" | "ids" | "log">): Promise<{ jobs: number; moved: number }> {
  const count = { jobs: 0, moved: 0 };
  for (let after: string | null = null;;) {
    const jobs: DueJob[] = await activeJobs(ctx.db, after, PAGE);
    await accountPage(ctx, jobs);
    for (const job of jobs) {
      count.jobs++;
      if ((await findJob(ctx.db, job.id))?.next_run_at !== job.next_run_at) count.moved++;
    }
    after = jobs.at(-1)?.id ?? null;
    if (after === null) return count;
  }
}

type DueAccount = DrawnAccount & { job: DueJob };

async function accountPage(ctx: Needs<"db" | "ids" | "log">, jobs: readonly DueJob[]): Promise<Left[]> {
  const drawn: DueAccount[] = [];
  for (const job of jobs) {
    try {
      drawn.push({ job, account: accountDue(job, job.now, ctx.ids.random) });
    } catch (cause) {
      ctx.log.error("a job could not be accounted", { job_id: job.id, cause });
      // Anything else may pass: the job stays due, and the next look tries again.
      if (cause instanceof CronError) {
        await quarantineJob(ctx.db, job, { code: "invalid_schedule", message: cause.message });
      }
    }
  }
  const left: Left[] = [];
  for (const batch of batches(drawn)) {
    const { moved, failed } = await storeAccounts(ctx, batch);
    for (const { job, account: { next_run_at } } of batch) {
      const more = next_run_at !== null && Date.parse(next_run_at) <= Date.parse(job.now);
      if (moved.has(job.id)) left.push(more ? "more" : "all");
      else left.push(failed.has(job.id) ? "all" : "held"); // what failed waits for the next look that comes anyway
    }
  }
  return left;
}

function* batches(drawn: readonly DueAccount[]): Generator<DueAccount[]> {
  let batch: DueAccount[] = [];
  let rows = 0;
  for (const each of drawn) {
    batch.push(each);
    rows += each.account.rows.length;
    if (rows < ROWS) continue;
    yield batch;
    [batch, rows] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** All in one statement; where that fails, each by itself, so that a poisoned one keeps nobody else from its run. */
async function storeAccounts(
  ctx: Needs<"db" | "log">,
  batch: readonly DueAccount[],
): Promise<{ moved: Set<string>; failed: Set<string> }> {
  try {
    return { moved: await accountJobs(ctx.db, batch), failed: new Set() };
  } catch (cause) {
    if (cause instanceof DatabaseUnavailable) throw cause;
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      ctx.log.error("a job could not be accounted", { job_id: only.job.id, cause });
      return { moved: new Set(), failed: new Set([only.job.id]) };
    }
    const each: { moved: Set<string>; failed: Set<string> }[] = [];
    for (const one of batch) each.push(await storeAccounts(ctx, [one]));
    const union = (of: "moved" | "failed") => new Set(each.flatMap((stored) => [...stored[of]]));
    return { moved: union("moved"), failed: union("failed") };
  }
}

const LOST_RACES = 3;

/** Which runs a worker wants: some of a lane, or the one of this id. */
export type Wanted = { lane: JobLane; limit: number } | { id: string };

/** Claims due runs. Two claims that met at one job look again. */
export async function claim(
  ctx: Needs<"db">,
  worker: string,
  lease_s: number,
  wanted: Wanted,
): Promise<ClaimedRun[]> {
  for (let race = 1;; race++) {
    try {
      if (!("id" in wanted)) return await claimRuns(ctx.db, worker, { lease_s, ...wanted });
      const run = await claimRun(ctx.db, worker, lease_s, wanted.id);
      return run === null ? [] : [run];
    } catch (error) {
      if (violated(error) !== "job_runs_one_live") throw error;
      if (race === LOST_RACES) return [];
    }
  }
}

/**
 * Runs `work` in a transaction that owns the run, with the log lines that wait.
 * @throws {LeaseLost} when the attempt is not the run's any more; then nothing is written
 */
export function fenced<T>(
  ctx: Needs<"db">,
  run: ClaimedRun,
  lines: readonly NewRunLog[],
  work: (tx: Db) => Promise<T>,
): Promise<T> {
  return ctx.db.transaction(async (tx) => {
    if (!await holdRun(tx, run)) throw new LeaseLost(run.id);
    await appendRunLogs(tx, run.id, lines);
    return await work(tx);
  });
}

/** Whether a run still waits or is under way. */
export async function isOpen(ctx: Needs<"db">, id: string): Promise<boolean> {
  return (await findRun(ctx.db, id))?.finished_at === null;
}

/** Keeps the progress of a run, under its fence. */
export const keepProgress = storeProgress;
