import { DatabaseUnavailable, type Db, sqlState, violated } from "../../db/client.ts";
import { appendRunLogs, type NewRunLog } from "../../db/job_run_logs.ts";
import {
  accountJob,
  type ClaimedRun,
  claimRun,
  claimRuns,
  type Ending,
  endRun,
  handBackRun,
  holdExpired,
  holdRun,
  nextDelay,
  quarantineJob,
  renewLeases,
  rescueRuns,
  retryRun,
  storeProgress,
} from "../../db/ledger.ts";
import { activeJobs, dueJobs, type DuePlace, findJob, type JobAtNow } from "../../db/scheduled_jobs.ts";
import type { Needs } from "../context.ts";
import type { RunError, RunHandler } from "../ports/handlers.ts";
import { accountDue } from "./account.ts";
import { CronError } from "./cron.ts";

/** What the runner does with the ledger: the five statements, each safe to run at any time, from any instance. */

export type { ClaimedRun, Ending, NewRunLog };
export { nextDelay, renewLeases };

/** This attempt owns its run no more; whatever it wanted to write is not written. */
export class LeaseLost extends Error {
  override name = "LeaseLost";

  constructor(id: string) {
    super(`The lease of run ${id} is lost`);
  }
}

const PAGE = 100;

/**
 * Accounts every job that is due, each by itself: one that cannot be accounted affects no other.
 * @returns whether a job still has occurrences left, because one account holds only so many rows
 */
export async function accountDueJobs(ctx: Needs<"db" | "ids" | "log">): Promise<"all" | "more"> {
  let after: DuePlace | null = null;
  let done: "all" | "more" = "all";
  for (;;) {
    const jobs = await dueJobs(ctx.db, after, PAGE);
    for (const job of jobs) {
      if (await accountOne(ctx, job) === "more") done = "more";
      if (job.next_run_at !== null) after = { next_run_at: job.next_run_at, id: job.id };
    }
    if (jobs.length < PAGE) return done;
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
    const jobs: JobAtNow[] = await activeJobs(ctx.db, after, PAGE);
    for (const job of jobs) {
      await accountOne(ctx, job);
      const next = (await findJob(ctx.db, job.id))?.next_run_at ?? null;
      count.jobs++;
      if (next !== job.next_run_at) count.moved++;
    }
    after = jobs.at(-1)?.id ?? null;
    if (after === null) return count;
  }
}

async function accountOne(ctx: Needs<"db" | "ids" | "log">, job: JobAtNow): Promise<"all" | "more"> {
  try {
    const account = accountDue(job, job.now, ctx.ids.random);
    const moved = await accountJob(ctx.db, job, account);
    const left = account.next_run_at !== null && Date.parse(account.next_run_at) <= Date.parse(job.now);
    return moved && left ? "more" : "all";
  } catch (cause) {
    if (cause instanceof DatabaseUnavailable) throw cause;
    ctx.log.error("a job could not be accounted", { job_id: job.id, cause });
    // Anything else may pass: the job stays due, and the next look tries again.
    if (cause instanceof CronError) {
      await quarantineJob(ctx.db, job, { code: "invalid_schedule", message: cause.message });
    }
    return "all";
  }
}

const LOST_RACES = 3;

/** Claims due runs. Two claims that met at one job look again. */
export async function claim(
  ctx: Needs<"db">,
  worker: string,
  { lease_s, limit, id }: { lease_s: number; limit: number; id?: string },
): Promise<ClaimedRun[]> {
  for (let race = 1;; race++) {
    try {
      if (id === undefined) return await claimRuns(ctx.db, worker, lease_s, limit);
      const run = await claimRun(ctx.db, worker, lease_s, id);
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

/** How an attempt ends: for good, or to wait for the next one. */
export type Verdict =
  | { kind: "succeeded"; result: string; commit: ((tx: Db) => Promise<void>) | undefined }
  | { kind: "skipped"; reason: string; result: string }
  | { kind: "failed"; error: RunError }
  | { kind: "retrying"; error: RunError; delay_s: number }
  | { kind: "handed_back" };

/**
 * Ends an attempt: fence, log, the handler's own writes, the run and the job's counters, all in one transaction.
 * @throws {LeaseLost} when somebody else has the run; then nothing is written
 */
export function finish(
  ctx: Needs<"db" | "log">,
  run: ClaimedRun,
  { verdict, lines, failed }: { verdict: Verdict; lines: readonly NewRunLog[]; failed: RunHandler["failed"] },
): Promise<void> {
  return fenced(ctx, run, lines, async (tx) => {
    switch (verdict.kind) {
      case "succeeded":
        await verdict.commit?.(tx);
        return await endRun(tx, run.id, { state: "succeeded", reason: null, result: verdict.result, error: null });
      case "skipped":
        return await endRun(tx, run.id, {
          state: "skipped",
          reason: verdict.reason,
          result: verdict.result,
          error: null,
        });
      case "failed":
        return await fail({ ...ctx, db: tx }, run, verdict.error, failed);
      case "retrying":
        return await retryRun(tx, run.id, verdict.delay_s, verdict.error);
      case "handed_back":
        return await handBackRun(tx, run.id);
    }
  });
}

/** Deadlock and serialization failure: the whole transaction is tried again. */
const CONFLICTS = new Set<string | undefined>(["40P01", "40001"]);

/** The failure of a run commits even where what its handler wants to write about it cannot be written. */
async function fail(
  ctx: Needs<"db" | "log">,
  run: { id: string; config: unknown },
  error: RunError,
  failed: RunHandler["failed"],
): Promise<void> {
  try {
    await ctx.db.transaction(async (tx) => await failed?.(tx, run, error));
  } catch (cause) {
    if (cause instanceof DatabaseUnavailable || CONFLICTS.has(sqlState(cause))) throw cause;
    ctx.log.error("what follows a failed run could not be written", { run_id: run.id, cause });
  }
  await endRun(ctx.db, run.id, { state: "failed", reason: error.code, result: null, error: JSON.stringify(error) });
}

/** Keeps the progress of a run, under its fence. */
export const keepProgress = storeProgress;

const SILENT: RunError = { code: "lease_expired", message: "The worker of this run fell silent" };

/**
 * Takes the runs of silent workers: those with attempts left wait for the next one, the others have failed.
 * @returns the database's time
 */
export async function rescueExpired(
  ctx: Needs<"db" | "log">,
  failedOf: (jobType: ClaimedRun["job_type"]) => RunHandler["failed"],
): Promise<string> {
  const { now, exhausted } = await rescueRuns(ctx.db, SILENT);
  for (let left = exhausted; left > 0; left--) {
    await ctx.db.transaction(async (tx) => {
      const run = await holdExpired(tx);
      if (run !== null) await fail({ ...ctx, db: tx }, run, SILENT, failedOf(run.job_type));
    });
  }
  return now;
}
