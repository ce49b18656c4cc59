import { ledger, type Mutant, postgres, workers } from "./mutant.ts";

/** Bugs of fences and ends: writes of who owns the run no more, and counters that history does not bear out. */
export const endingMutants: Mutant[] = [
  {
    name: "a checkpoint is not fenced",
    file: "services/jobs/ledger.ts",
    find: "    if (!await holdRun(tx, run)) throw new LeaseLost(run.id);\n",
    replace: "",
    caughtBy: ledger(
      "a silent worker's run is rescued once its lease has run out, and what it then wants to write is not written",
    ),
  },
  {
    name: "the fence of an attempt's writes does not know which attempt",
    file: "db/ledger.ts",
    find: "where id = $1 and attempt = $2 and worker = $3 and state = 'running' for no key update",
    replace: "where id = $1 and $2::int > 0 and worker = $3 and state = 'running' for no key update",
    caughtBy: ledger("a worker that lost a run and claimed it anew cannot write by the attempt before"),
  },
  {
    name: "the fence of an attempt's writes does not know whose",
    file: "db/ledger.ts",
    find: "where id = $1 and attempt = $2 and worker = $3 and state = 'running' for no key update",
    replace: "where id = $1 and attempt = $2 and $3::text is not null and state = 'running' for no key update",
    caughtBy: ledger(
      "a run that was handed back is begun under the same attempt, and the worker before cannot write",
    ),
  },
  {
    name: "the fence of ends does not know which attempt",
    file: "db/ledger_ends.ts",
    find: "from asked a where r.id = a.id and r.attempt = a.attempt and r.worker = a.worker",
    replace: "from asked a where r.id = a.id and r.worker = a.worker",
    caughtBy: ledger("a worker that lost a run and claimed it anew cannot end it by the attempt before"),
  },
  {
    name: "the fence of ends does not know whose",
    file: "db/ledger_ends.ts",
    find: "from asked a where r.id = a.id and r.attempt = a.attempt and r.worker = a.worker",
    replace: "from asked a where r.id = a.id and r.attempt = a.attempt",
    caughtBy: ledger(
      "a run that was handed back is begun under the same attempt, and the worker before cannot end it",
    ),
  },
  {
    name: "what a handler commits is written outside the fenced transaction",
    file: "services/jobs/endings.ts",
    find: "await verdict.commit?.(tx);",
    replace: "await verdict.commit?.(ctx.db);",
    caughtBy: workers("a commit that breaks leaves nothing of what it wrote"),
  },
  {
    name: "ended runs change",
    file: "migrations/0009_job_runs.up.sql",
    find: "create trigger job_runs_terminal before update on ops.job_runs for each row\n" +
      "  when (old.state in ('succeeded', 'failed', 'skipped', 'cancelled')) execute function ops.job_runs_immutable();",
    replace: "",
    caughtBy: postgres("terminal rows never change"),
  },
  {
    name: "failed runs do not count",
    file: "db/ledger_ends.ts",
    find: "count(*) filter (where state = 'failed')::int as bad",
    replace: "count(*) filter (where state = 'retrying')::int as bad",
    caughtBy: ledger("a failure is tried again after a growing pause, and fails for good after the last attempt"),
  },
  {
    name: "a cancelled run counts as a failure",
    file: "db/ledger_ends.ts",
    find: "count(*) filter (where state = 'failed')::int as bad",
    replace: "count(*) filter (where state in ('failed', 'cancelled'))::int as bad",
    also: [{
      file: "db/ledger_ends.ts",
      find: "job_id is not null and state in ('succeeded', 'failed') group by job_id",
      replace: "job_id is not null and state in ('succeeded', 'failed', 'cancelled') group by job_id",
    }],
    caughtBy: ledger(
      "a run under way is aborted when its worker hears that it was cancelled, and its job does not count it",
    ),
  },
  {
    name: "a skipped run counts as a success",
    file: "db/ledger_ends.ts",
    find: "count(*) filter (where state = 'succeeded')::int as good",
    replace: "count(*) filter (where state in ('succeeded', 'skipped'))::int as good",
    also: [{
      file: "db/ledger_ends.ts",
      find: "job_id is not null and state in ('succeeded', 'failed') group by job_id",
      replace: "job_id is not null and state in ('succeeded', 'failed', 'skipped') group by job_id",
    }],
    caughtBy: ledger("an outcome of nothing to do is skipped with its reason, and does not count"),
  },
  {
    name: "a run that is handed back has lost an attempt",
    file: "db/ledger_ends.ts",
    find: "attempt = r.attempt - a.refunded::int",
    replace: "attempt = r.attempt",
    caughtBy: ledger("stopping hands the run back with its attempt refunded, and claims nothing more"),
  },
  {
    name: "a retry does not wait",
    file: "db/ledger_ends.ts",
    find: "then ops.now() + make_interval(secs => a.delay_s) else r.run_at end",
    replace: "then ops.now() else r.run_at end",
    caughtBy: ledger("a failure is tried again after a growing pause, and fails for good after the last attempt"),
  },
  {
    name: "a run gets one attempt too many",
    file: "jobs/attempt.ts",
    find: "run.attempt >= run.max_attempts",
    replace: "run.attempt > run.max_attempts",
    caughtBy: ledger("a failure is tried again after a growing pause, and fails for good after the last attempt"),
  },
  {
    name: "a job is paused one failure late",
    file: "db/ledger_ends.ts",
    find: "j.failures_in_a_row + c.bad >= j.pause_after_failures",
    replace: "j.failures_in_a_row + c.bad > j.pause_after_failures",
    caughtBy: ledger("so many failures in a row pause a job with an event, and skip what waits"),
  },
  {
    name: "what waits runs on after failures paused its job",
    file: "db/ledger_ends.ts",
    find: "from judged c where c.tripped and r.job_id = c.job_id and r.state = 'queued'",
    replace: "from judged c where false and r.job_id = c.job_id and r.state = 'queued'",
    caughtBy: ledger("so many failures in a row pause a job with an event, and skip what waits"),
  },
  {
    name: "a success does not end a row of failures",
    file: "db/ledger_ends.ts",
    find: "failures_in_a_row = case when c.good > 0 then 0 else j.failures_in_a_row + c.bad end,",
    replace: "failures_in_a_row = j.failures_in_a_row + c.bad,",
    caughtBy: ledger("a success between failures keeps a job from being paused"),
  },
  {
    name: "the second trigger with one key makes a second run",
    file: "services/jobs/runs.ts",
    find: "fire_key: `m:${key ?? ctx.ids.uuid()}`",
    replace: "fire_key: `m:${ctx.ids.uuid()}`",
    caughtBy: {
      file: "tests/api/embedded_test.ts",
      test: "the same Idempotency-Key triggers one run, for ever (embedded)",
    },
  },
  {
    name: "a deletion leaves what waits in the line",
    file: "services/jobs/mod.ts",
    find: '    await cancelWaiting(tx, id, "job_deleted");\n',
    replace: "",
    caughtBy: ledger("deleting a job ends what waits as cancelled, and leaves its history"),
  },
  {
    name: "one end that cannot be written keeps others from theirs",
    file: "jobs/finisher.ts",
    find: "if (batch.length === 1 || error instanceof DatabaseUnavailable) {",
    replace: "if (batch.length > 0 || error instanceof DatabaseUnavailable) {",
    caughtBy: ledger("an end that cannot be written keeps no other from its end, though they commit together"),
  },
  {
    name: "a runner that has stopped still begins what it is asked for",
    file: "jobs/runner.ts",
    find: "      if (stopping) return;\n",
    replace: "",
    caughtBy: ledger("a runner that has stopped executes nothing, whoever asks"),
  },
];
