import { DatabaseUnavailable, type Db, sqlState } from "../../db/client.ts";
import type { NewRunLog } from "../../db/job_run_logs.ts";
import { type ClaimedRun, holdRun } from "../../db/ledger.ts";
import { endCancelled, type Ending, endRuns, holdCancelled, holdExpired, rescueRuns } from "../../db/ledger_ends.ts";
import type { Needs } from "../context.ts";
import type { RunError, RunHandler } from "../ports/handlers.ts";
import { LeaseLost } from "./ledger.ts";

export type { Ending };

/** How an attempt ends: for good, or to wait for the next one. */
export type Verdict =
  | { kind: "succeeded"; result: string; commit: ((tx: Db) => Promise<void>) | undefined }
  | { kind: "skipped"; reason: string; result: string }
  | { kind: "failed" | "cancelled"; error: RunError }
  | { kind: "retrying"; error: RunError; delay_s: number }
  | { kind: "handed_back" };

/** What the ledger writes for a verdict. */
export function endingOf(run: ClaimedRun, verdict: Verdict, lines: readonly NewRunLog[]): Ending {
  const { id, attempt, worker } = run;
  const common = { id, attempt, worker, lines, reason: null, result: null, error: null, delay_s: 0, refunded: false };
  switch (verdict.kind) {
    case "succeeded":
      return { ...common, state: "succeeded", result: verdict.result };
    case "skipped":
      return { ...common, state: "skipped", reason: verdict.reason, result: verdict.result };
    case "failed":
    case "cancelled":
      return { ...common, state: verdict.kind, reason: verdict.error.code, error: JSON.stringify(verdict.error) };
    case "retrying": {
      const { error, delay_s } = verdict;
      return { ...common, state: "retrying", reason: error.code, error: JSON.stringify(error), delay_s };
    }
    case "handed_back":
      return { ...common, state: attempt === 1 ? "queued" : "retrying", refunded: true };
  }
}

/** Ends attempts whose ends write nothing else, in one commit; answers which of them still were their runs'. */
export function finishTogether(ctx: Needs<"db">, endings: readonly Ending[]): Promise<Set<string>> {
  return endRuns(ctx.db, endings);
}

/**
 * Ends one attempt together with what its handler wants to write: fence, those writes, the run, its log and the job's
 * counters, all in one transaction.
 * @throws {LeaseLost} when somebody else has the run; then nothing is written
 */
export function finishAlone(
  ctx: Needs<"db" | "log">,
  run: ClaimedRun,
  { verdict, lines, failed }: { verdict: Verdict; lines: readonly NewRunLog[]; failed: RunHandler["failed"] },
): Promise<void> {
  return ctx.db.transaction(async (tx) => {
    if (!await holdRun(tx, run)) throw new LeaseLost(run.id);
    if (verdict.kind === "succeeded") await verdict.commit?.(tx);
    if (verdict.kind === "failed" || verdict.kind === "cancelled") {
      await tellHandler({ ...ctx, db: tx }, run, verdict.error, failed);
    }
    if ((await endRuns(tx, [endingOf(run, verdict, lines)])).size === 0) throw new LeaseLost(run.id);
  });
}

/** Deadlock and serialization failure: the whole transaction is tried again. */
const CONFLICTS = new Set<string | undefined>(["40P01", "40001"]);

/** The end of a run commits even where what its handler wants to write about it cannot be written. */
async function tellHandler(
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
}

const SILENT: RunError = { code: "lease_expired", message: "The worker of this run fell silent" };

/** What stands on a run that somebody ended. */
export const CANCELLED: RunError = { code: "cancelled", message: "Somebody asked this run to end" };

type FailedOf = (jobType: ClaimedRun["job_type"]) => RunHandler["failed"];

/**
 * Takes the runs of silent workers: those with attempts left wait for the next one, the others have failed. Also ends
 * runs that wait and were asked to.
 * @returns the database's time
 */
export async function rescueExpired(ctx: Needs<"db" | "log">, failedOf: FailedOf): Promise<string> {
  const { now, expired, cancelled } = await rescueRuns(ctx.db, SILENT);
  for (let left = expired; left > 0; left--) await endExpired(ctx, failedOf);
  for (let left = cancelled; left > 0; left--) await endAsked(ctx, null, failedOf);
  return now;
}

function endExpired(ctx: Needs<"db" | "log">, failedOf: FailedOf): Promise<void> {
  return ctx.db.transaction(async (tx) => {
    const run = await holdExpired(tx);
    if (run === null) return;
    const [kind, error] = run.cancel_at === null ? ["failed" as const, SILENT] : ["cancelled" as const, CANCELLED];
    await tellHandler({ ...ctx, db: tx }, run, error, failedOf(run.job_type));
    await endRuns(tx, [endingOf(run, { kind, error }, [])]);
  });
}

/** Ends a run that waits and was asked to end, the one named or any; there may be none. */
export function endAsked(ctx: Needs<"db" | "log">, id: string | null, failedOf: FailedOf): Promise<void> {
  return ctx.db.transaction(async (tx) => {
    const run = await holdCancelled(tx, id);
    if (run === null) return;
    await tellHandler({ ...ctx, db: tx }, run, CANCELLED, failedOf(run.job_type));
    await endCancelled(tx, run.id, CANCELLED);
  });
}
