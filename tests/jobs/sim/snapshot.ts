import type { Db } from "../../../db/client.ts";

/** What the tables say between two events, with instants as epoch milliseconds. */
export type Snapshot = { jobs: Map<string, JobLine>; runs: Map<string, RunLine> };

export type JobLine = {
  id: string;
  is_active: boolean;
  gone: boolean;
  revision: number;
  cursor_at: number;
  schedule_since: number;
  next_run_at: number | null;
  run_count: number;
  success_count: number;
  failure_count: number;
  failures_in_a_row: number;
  last_status: string | null;
  last_run_at: number | null;
};

export type RunLine = {
  id: string;
  job_id: string;
  fire_key: string;
  scheduled_for: number;
  covers_from: number | null;
  occurrences: number;
  state: "queued" | "running" | "retrying" | "succeeded" | "failed" | "skipped" | "cancelled";
  reason: string | null;
  code: string | null;
  exclusive: boolean;
  attempt: number;
  max_attempts: number;
  backoff_s: number;
  timeout_s: number;
  run_at: number;
  lease_until: number | null;
  worker: string | null;
  started_at: number | null;
  asked: boolean;
  /** The row as Postgres writes it, every column of it. */
  whole: string;
};

const OPEN = ["queued", "running", "retrying"];
export const isOpen = ({ state }: Pick<RunLine, "state">): boolean => OPEN.includes(state);

/** An instant of the simulation, which knows of nothing below a millisecond. */
const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8 as ${column}`;

const JOBS = `select id, is_active, deleted_at is not null as gone, revision, ${ms("cursor_at")}, ${
  ms("schedule_since")
},
  ${ms("next_run_at")}, run_count, success_count, failure_count, failures_in_a_row, last_status::text, ${
  ms("last_run_at")
}
  from scheduled_jobs order by id`;
const RUNS = `select id, job_id, fire_key, ${ms("scheduled_for")}, ${ms("covers_from")}, occurrences, state, reason,
  error->>'code' as code, exclusive, attempt, max_attempts, backoff_s, timeout_s, ${ms("run_at")}, ${ms("lease_until")},
  worker, ${ms("started_at")}, cancel_at is not null as asked, r::text as whole
  from ops.job_runs r order by scheduled_for, id`;

/** Reads every job and every run. */
export async function snapshotOf(db: Db): Promise<Snapshot> {
  const [jobs, runs] = await Promise.all([db.query<JobLine>(JOBS), db.query<RunLine>(RUNS)]);
  return { jobs: new Map(jobs.map((job) => [job.id, job])), runs: new Map(runs.map((run) => [run.id, run])) };
}

export const nothing: Snapshot = { jobs: new Map(), runs: new Map() };
