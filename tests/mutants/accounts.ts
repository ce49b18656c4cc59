import { ledger, type Mutant, postgres, unit, workers } from "./mutant.ts";

const WINDOWS = "the windows of successive rows touch, and all occurrences are accounted for, across edits and pauses";

/** Bugs of accounting: occurrences that get two rows, none, or the wrong one. */
export const accountMutants: Mutant[] = [
  {
    name: "an account moves a cursor that somebody else has moved already",
    file: "db/ledger.ts",
    find: "join drawn d on j.id = d.id and j.revision = d.revision and j.cursor_at = d.cursor_at",
    replace: "join drawn d on j.id = d.id and j.revision = d.revision",
    also: [{
      file: "db/ledger.ts",
      find: "where j.id = held.id and j.revision = d.revision and j.cursor_at = d.cursor_at",
      replace: "where j.id = held.id and j.revision = d.revision",
    }],
    caughtBy: workers("one occurrence that two instances account at once is accounted once"),
  },
  {
    name: "an account by terms that were edited since is written",
    file: "db/ledger.ts",
    find: "join drawn d on j.id = d.id and j.revision = d.revision and j.cursor_at = d.cursor_at",
    replace: "join drawn d on j.id = d.id and j.cursor_at = d.cursor_at",
    also: [{
      file: "db/ledger.ts",
      find: "where j.id = held.id and j.revision = d.revision and j.cursor_at = d.cursor_at",
      replace: "where j.id = held.id and j.cursor_at = d.cursor_at",
    }],
    caughtBy: ledger(
      "an account by terms that were edited since changes nothing, though nothing was due at the edit",
    ),
  },
  {
    name: "a fire key may have two runs",
    file: "migrations/0011_scheduling.up.sql",
    find: "create unique index job_runs_fire on ops.job_runs (job_id, fire_key) where job_id is not null;",
    replace: "create index job_runs_fire on ops.job_runs (job_id, fire_key);",
    also: [{
      file: "db/job_runs.ts",
      find:
        "where j.id = $1 and deleted_at is null order by x.scheduled_for\n       on conflict (job_id, fire_key) where job_id is not null do nothing",
      replace: "where j.id = $1 and deleted_at is null order by x.scheduled_for",
    }],
    caughtBy: postgres(
      "a backfill makes a run for each occurrence, in order and one at a time, with the windows of the calendar",
    ),
  },
  {
    name: "an occurrence that has a row already breaks the account",
    file: "db/ledger.ts",
    find:
      "from judged order by run_at, scheduled_for\n       on conflict (job_id, fire_key) where job_id is not null do nothing)",
    replace: "from judged order by run_at, scheduled_for)",
    caughtBy: ledger("a schedule that is mended by SQL goes on, and the failed run of its occurrence stands"),
  },
  {
    name: "overlap skip fires while a run is open",
    file: "db/ledger.ts",
    find: "and o.state in ('queued', 'running', 'retrying')) as blocked",
    replace: "and o.state in ('queued', 'retrying')) as blocked",
    caughtBy: ledger("overlap skip: an occurrence that comes while a run is open is skipped, with its reason"),
  },
  {
    name: "overlap queue skips what should wait",
    file: "db/ledger.ts",
    find: "x.state = 'queued' and m.overlap = 'skip' and exists",
    replace: "x.state = 'queued' and m.overlap <> 'allow' and exists",
    caughtBy: ledger("overlap queue: runs of a job wait in line, and one at a time is under way"),
  },
  {
    name: "a backfill counts as a run that is open, and costs the schedule its own",
    file: "db/ledger.ts",
    find: "o.job_id = m.id and o.exclusive and o.fire_key not like 'b:%'",
    replace: "o.job_id = m.id and o.exclusive",
    caughtBy: ledger("a backfill that is open costs the schedule no occurrence"),
  },
  {
    name: "a job is due only after its instant",
    file: "db/scheduled_jobs.ts",
    find: "where is_active and next_run_at <= ops.now()",
    replace: "where is_active and next_run_at < ops.now()",
    caughtBy: ledger("an occurrence gets one run, and looking again gets no other"),
  },
  {
    name: "an occurrence at this very instant is not due yet",
    file: "services/jobs/last_occurrence.ts",
    find: "first.at > until",
    replace: "first.at >= until",
    also: [{ file: "services/jobs/last_occurrence.ts", find: "next.at <= until", replace: "next.at < until" }],
    caughtBy: unit(
      "account",
      "an occurrence is due at its very instant, and its window begins where the last one ended",
    ),
  },
  {
    name: "misfire skip runs what is late",
    file: "services/jobs/account.ts",
    find: "const late = last === null || book.now - last.at > ON_TIME_MS;",
    replace: "const late = last === null;",
    caughtBy: unit("account", "misfire skip: what was missed gets no run, the occurrence of this minute does"),
  },
  {
    name: "the catch-up limit is ignored",
    file: "services/jobs/account.ts",
    find: "if (job.catch_up_limit_s !== null) {",
    replace: "if (job.catch_up_limit_s === 0) {",
    caughtBy: unit("account", "what lies outside the catch-up limit is skipped, the rest runs"),
  },
  {
    name: "jitter starts a run before its time",
    file: "services/jobs/account.ts",
    find: "Math.floor(random() * job.jitter_s * 1000)",
    replace: "Math.floor((random() - 0.5) * job.jitter_s * 1000)",
    caughtBy: ledger("no run starts before its run_at"),
  },
  {
    name: "a window begins at its own end, so that windows no longer touch",
    file: "services/jobs/account.ts",
    find: "rows.push({ scheduled_for, covers_from: cursor_at,",
    replace: "rows.push({ scheduled_for, covers_from: scheduled_for,",
    caughtBy: unit(
      "account",
      "whenever it is looked at, the windows touch and the occurrences add up to the calendar's",
    ),
  },
  {
    name: "a new schedule fires for the time before it was made",
    file: "services/jobs/account.ts",
    find: "Math.max(Date.parse(cursor_at), Date.parse(job.schedule_since))",
    replace: "Date.parse(cursor_at)",
    caughtBy: unit(
      "account",
      "a new schedule has no occurrences before it was made, but its first window reaches back to the last row",
    ),
  },
  {
    name: "what fell into a pause gets no row",
    file: "services/jobs/settle.ts",
    find: 'job.is_active ? accountDue(job, job.now, random) : accountSkipped(job, job.now, "paused")',
    replace: "job.is_active ? accountDue(job, job.now, random) : null",
    caughtBy: ledger(WINDOWS),
  },
  {
    name: "an edit loses what was due",
    file: "services/jobs/mod.ts",
    find: "    await settleJob(tx, before, ctx.ids.random);\n",
    replace: "",
    caughtBy: ledger(WINDOWS),
  },
  {
    name: "an edit loses what one account could not hold",
    file: "services/jobs/settle.ts",
    find: "Date.parse(first.next_run_at) > Date.parse(job.now)) return;",
    replace: "Date.parse(first.next_run_at) > 0) return;",
    caughtBy: ledger("an edit with more undone than one account holds writes down the rest as one skipped row"),
  },
  {
    name: "a deletion loses what was due",
    file: "services/jobs/mod.ts",
    find: "    await settleJob(tx, job, ctx.ids.random);\n",
    replace: "",
    caughtBy: ledger("deleting a job ends what waits as cancelled, and leaves its history"),
  },
  {
    name: "an edit after the clock went back announces what was accounted already",
    file: "services/jobs/mod.ts",
    find: "Date.parse(before.cursor_at) > Date.parse(before.now) ? before.cursor_at : before.now",
    replace: "before.now",
    caughtBy: ledger("an edit after the clock went back tells the next occurrence that will fire"),
  },
  {
    name: "a schedule that cannot be read is tried for ever",
    file: "services/jobs/ledger.ts",
    find: "if (cause instanceof CronError) {",
    replace: "if (cause instanceof RangeError) {",
    caughtBy: ledger("a poisoned job leaves a failed run with its reason, and the others run"),
  },
  {
    name: "one account that cannot be stored takes the others with it",
    file: "services/jobs/ledger.ts",
    find: "for (const one of batch) each.push(await storeAccounts(ctx, [one]));",
    replace: "",
    caughtBy: ledger("a job whose account cannot be stored keeps no other from its run"),
  },
  {
    name: "a backfill leaves out the occurrence at its start",
    file: "services/jobs/backfill.ts",
    find: "countBetween(cron, job.timezone, from - 1, until)",
    replace: "countBetween(cron, job.timezone, from, until)",
    also: [{
      file: "services/jobs/backfill.ts",
      find: "occurrencesBetween(cron, job.timezone, from - 1, until, BACKFILL_LIMIT)",
      replace: "occurrencesBetween(cron, job.timezone, from, until, BACKFILL_LIMIT)",
    }],
    caughtBy: ledger("a backfill includes both its ends"),
  },
];
