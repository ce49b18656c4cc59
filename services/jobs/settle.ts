import type { Db } from "../../db/client.ts";
import { accountJobs } from "../../db/ledger.ts";
import type { JobAtNow } from "../../db/scheduled_jobs.ts";
import { type Account, accountDue, accountSkipped } from "./account.ts";
import { CronError } from "./cron.ts";

/**
 * Accounts a locked job up to now by the terms that are about to change, so that no occurrence is lost to an edit: what
 * is due gets its run, what fell into a pause a skipped row, and so does what one account cannot hold.
 */
export async function settleJob(tx: Db, job: JobAtNow, random: () => number): Promise<void> {
  const first = legible(() =>
    job.is_active ? accountDue(job, job.now, random) : accountSkipped(job, job.now, "paused")
  );
  if (first === null) return;
  await accountJobs(tx, [{ job, account: first }]);
  if (first.next_run_at === null || Date.parse(first.next_run_at) > Date.parse(job.now)) return;
  const rest = accountSkipped({ ...job, cursor_at: first.cursor_at }, job.now, "edited");
  await accountJobs(tx, [{ job: { ...job, cursor_at: first.cursor_at }, account: rest }]);
}

/** A schedule that is not legal has no occurrences that could be lost. */
function legible(draw: () => Account): Account | null {
  try {
    return draw();
  } catch (error) {
    if (error instanceof CronError) return null;
    throw error;
  }
}
