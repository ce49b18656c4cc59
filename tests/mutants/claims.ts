import { ledger, type Mutant, postgres, workers } from "./mutant.ts";

const RESCUED =
  "a silent worker's run is rescued once its lease has run out, and what it then wants to write is not written";

/** Bugs of claims, leases and the rescue: runs that begin too early, side by side, twice or never. */
export const claimMutants: Mutant[] = [
  {
    name: "a run that waits may overtake the one before it",
    file: "db/ledger.ts",
    find: "(o.run_at, o.id) < (r.run_at, r.id)",
    replace: "false",
    caughtBy: ledger("misfire all: every missed occurrence gets its own run, in order"),
  },
  {
    name: "a claim takes what must wait behind a run under way, and ends up with none",
    file: "db/ledger.ts",
    find: "o.exclusive and o.state in ('running', 'retrying')",
    replace: "o.exclusive and o.state in ('retrying')",
    caughtBy: ledger("a run that waits behind another keeps no other job from its run"),
  },
  {
    name: "a claim takes what must wait behind a retry, and ends up with none",
    file: "db/ledger.ts",
    find: "o.exclusive and o.state in ('running', 'retrying')",
    replace: "o.exclusive and o.state in ('running')",
    caughtBy: ledger("a run that waits for its next attempt keeps no other job from its run"),
  },
  {
    name: "two runs of a job that runs one at a time may be under way",
    file: "migrations/0009_job_runs.up.sql",
    find: "create unique index job_runs_one_live",
    replace: "create index job_runs_one_live",
    caughtBy: postgres("two runs of a job that runs one at a time cannot both be under way, whoever writes them"),
  },
  {
    name: "a run begins only after its instant",
    file: "db/ledger.ts",
    find: "r.run_at <= ops.now() and r.cancel_at is null",
    replace: "r.run_at < ops.now() and r.cancel_at is null",
    caughtBy: ledger("no run starts before its run_at"),
  },
  {
    name: "a run begins before its run_at",
    file: "db/ledger.ts",
    find: "r.run_at <= ops.now() and r.cancel_at is null",
    replace: "r.cancel_at is null",
    caughtBy: ledger("no run starts before its run_at"),
  },
  {
    name: "a claim takes a run that was asked to end",
    file: "db/ledger.ts",
    find: "r.run_at <= ops.now() and r.cancel_at is null",
    replace: "r.run_at <= ops.now()",
    caughtBy: ledger("a run that was asked to end while it waited never begins"),
  },
  {
    name: "the rescue takes runs of healthy workers",
    file: "db/ledger_ends.ts",
    find: "where state = 'running' and lease_until < ops.now() and attempt < max_attempts and cancel_at is null",
    replace: "where state = 'running' and attempt < max_attempts and cancel_at is null",
    caughtBy: ledger(RESCUED),
  },
  {
    name: "the rescue takes a run at the last instant of its lease",
    file: "db/ledger_ends.ts",
    find: "where state = 'running' and lease_until < ops.now() and attempt < max_attempts and cancel_at is null",
    replace: "where state = 'running' and lease_until <= ops.now() and attempt < max_attempts and cancel_at is null",
    caughtBy: ledger(RESCUED),
  },
  {
    name: "a run is rescued past its last attempt",
    file: "db/ledger_ends.ts",
    find: "where state = 'running' and lease_until < ops.now() and attempt < max_attempts and cancel_at is null",
    replace: "where state = 'running' and lease_until < ops.now() and cancel_at is null",
    caughtBy: ledger("a run whose worker fell silent in its last attempt has failed, and its handler hears of it"),
  },
  {
    name: "a cancelled run of a silent worker is tried again",
    file: "db/ledger_ends.ts",
    find: "where state = 'running' and lease_until < ops.now() and attempt < max_attempts and cancel_at is null",
    replace: "where state = 'running' and lease_until < ops.now() and attempt < max_attempts",
    caughtBy: ledger("a cancelled run whose worker fell silent ends as cancelled and is not tried again"),
  },
  {
    name: "a heartbeat renews nothing",
    file: "db/ledger.ts",
    find: "update ops.job_runs r set lease_until = ops.now() + make_interval(secs => $3) from mine",
    replace:
      "update ops.job_runs r set lease_until = least(r.lease_until, ops.now() + make_interval(secs => $3)) from mine",
    caughtBy: ledger("the lease is renewed while a handler works, and only then"),
  },
  {
    name: "a heartbeat renews the lease of another worker",
    file: "db/ledger.ts",
    find: "and state = 'running' and worker = $2\n",
    replace: "and state = 'running' and $2::text is not null\n",
    caughtBy: ledger("a heartbeat that finds the run in other hands aborts its handler"),
  },
  {
    name: "an attempt whose run is lost works on",
    file: "jobs/heart.ts",
    find: "if (!ours && visible && underway.has(attempt)) abort.abort(new LeaseLost(run.id));",
    replace: "",
    caughtBy: ledger("a heartbeat that finds the run in other hands aborts its handler"),
  },
  {
    name: "a heartbeat during a run's own transaction aborts its handler",
    file: "jobs/heart.ts",
    find: "const visible = fences.ended === begun && fences.begun === begun;",
    replace: "const visible = true;",
    caughtBy: workers("a heartbeat that meets a run's own transaction does not take the run for lost"),
  },
  {
    name: "a run that is asked to end is not told",
    file: "jobs/heart.ts",
    find: "if (ours && lease.cancelled) abort.abort(new Cancelled());",
    replace: "",
    caughtBy: ledger(
      "a handler that is done all the same when it is cancelled has succeeded: what it did is not denied",
    ),
  },
  {
    name: "a place that a run has left stays taken",
    file: "jobs/lanes.ts",
    find: "        taken--;\n",
    replace: "",
    caughtBy: ledger("with a healthy worker everything drains"),
  },
];
