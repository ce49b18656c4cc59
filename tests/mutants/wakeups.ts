import { ledger, type Mutant, unit, workers } from "./mutant.ts";

const NEVER_USED = "after any edits the wake-ups are those of the soonest jobs, each under a name that was never used";
const NOTIFIED = "whoever listens hears of new jobs, of edits, of runs that wait, and of cancellations";

/** Bugs of wake-ups: crons that fire twice or stop all others, and work that nobody hears of. */
export const wakeupMutants: Mutant[] = [
  {
    name: "a cron name is used again",
    file: "services/jobs/wakeups.ts",
    find: "`job-${id}-r${revision}-${next++}`",
    replace: "`job-${id}-r${revision}-${next}`",
    caughtBy: unit("wakeups", NEVER_USED),
  },
  {
    name: "an edited job keeps the wake-up of its old schedule",
    file: "services/jobs/wakeups.ts",
    find: "close: registered.filter((each) => !kept.has(each))",
    replace: "close: []",
    caughtBy: unit("wakeups", NEVER_USED),
  },
  {
    name: "a name that Deno.cron refused is tried again",
    file: "jobs/scheduler.ts",
    find: "      next = plan.next; // also where one is refused: its name may be used up\n",
    replace: "",
    caughtBy: unit(
      "follow_jobs",
      "a table that cannot be read, or a cron that takes no more, is said once a look and tried again",
    ),
  },
  {
    name: "Deno.cron tries a wake-up again that failed",
    file: "jobs/scheduler.ts",
    find: '"* * * * *", { backoffSchedule: [] }, quietly(wake)',
    replace: '"* * * * *", {}, quietly(wake)',
    caughtBy: unit(
      "scheduler",
      "the scheduler asks for a wake-up every minute, once, without retries, and its handler never throws",
    ),
  },
  {
    name: "the loop sleeps through the time of an occurrence",
    file: "db/ledger.ts",
    find: "where is_active and next_run_at > $1",
    replace: "where is_active and next_run_at < $1",
    caughtBy: ledger("the loop waits as long as the database says, and not longer"),
  },
  {
    name: "the loop sleeps through the time of a retry",
    file: "db/ledger.ts",
    find: "where state in ('queued', 'retrying') and run_at > $1 and job_type in ('goal_update', 'custom')",
    replace: "where state in ('queued') and run_at > $1 and job_type in ('goal_update', 'custom')",
    caughtBy: ledger("the loop is awake when a retry is due"),
  },
  {
    name: "the loop sleeps through the end of another worker's lease",
    file: "db/ledger.ts",
    find: "where state = 'running' and worker <> $2 and lease_until >= $1",
    replace: "where state = 'running' and worker = $2 and lease_until >= $1",
    caughtBy: ledger("the loop is awake when the lease of another worker has run out"),
  },
  {
    name: "nobody hears of a run that waits",
    file: "migrations/0011_scheduling.up.sql",
    find: "create trigger job_runs_queued after insert on ops.job_runs referencing new table as new_rows\n" +
      "  for each statement execute function ops.wake_for_queued();",
    replace: "",
    caughtBy: workers(NOTIFIED),
  },
  {
    name: "nobody hears of an edit",
    file: "migrations/0011_scheduling.up.sql",
    find: "when (old.revision <> new.revision) execute",
    replace: "when (old.revision > new.revision) execute",
    caughtBy: workers(NOTIFIED),
  },
  {
    name: "nobody hears of a cancellation",
    file: "migrations/0011_scheduling.up.sql",
    find: "when (old.cancel_at is null and new.cancel_at is not null) execute",
    replace: "when (old.cancel_at is not null and new.cancel_at is not null) execute",
    caughtBy: workers(NOTIFIED),
  },
];
