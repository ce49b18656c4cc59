import type { Db, Param } from "./client.ts";
import type { JobType } from "./schema/enums.ts";

export const RUN_STATES = ["queued", "running", "retrying", "succeeded", "failed", "skipped", "cancelled"] as const;
export type RunState = typeof RUN_STATES[number];

/** What is kept of a failure. */
export type RunErrorRow = { code: string; message: string; detail?: unknown };

/** A row of the ledger. Instants are RFC 3339 with microseconds. */
export type RunRow = {
  id: string;
  job_id: string | null;
  job_type: JobType;
  fire_key: string;
  scheduled_for: string;
  covers_from: string | null;
  occurrences: number;
  state: RunState;
  reason: string | null;
  exclusive: boolean;
  attempt: number;
  max_attempts: number;
  backoff_s: number;
  timeout_s: number;
  run_at: string;
  lease_until: string | null;
  worker: string | null;
  /** When somebody asked it to end. */
  cancel_at: string | null;
  config: Record<string, unknown>;
  progress: unknown;
  result: unknown;
  error: RunErrorRow | null;
  started_at: string | null;
  finished_at: string | null;
  created_at: string;
};

const NAMES = [
  ...["id", "job_id", "job_type", "fire_key", "scheduled_for", "covers_from", "occurrences", "state", "reason"],
  ...["exclusive", "attempt", "max_attempts", "backoff_s", "timeout_s", "run_at", "lease_until", "worker"],
  ...["cancel_at", "config", "progress", "result", "error", "started_at", "finished_at", "created_at"],
];

/** The columns of a `RunRow`, of the table or alias given. */
export const runColumns = (of: string) => NAMES.map((name) => `${of}.${name}`).join(", ");

/** Work that no schedule asked for. */
export type NewRun = {
  id: string;
  job_type: JobType;
  config: Record<string, unknown>;
  max_attempts: number;
  backoff_s: number;
  timeout_s: number;
};

/** Queues one-off work, due now. Its key is its id, so that one id makes one run. */
export async function insertRun(tx: Db, run: NewRun): Promise<RunRow> {
  const [row] = await tx.query<RunRow>(
    `insert into ops.job_runs as r (id, job_type, fire_key, config, max_attempts, backoff_s, timeout_s, exclusive,
       scheduled_for, run_at, created_at)
     values ($1, $2, 'o:' || $1::uuid, $3::text::jsonb, $4, $5, $6, false, ops.now(), ops.now(), ops.now())
     returning ${runColumns("r")}`,
    [run.id, run.job_type, JSON.stringify(run.config), run.max_attempts, run.backoff_s, run.timeout_s],
  );
  if (row === undefined) throw new Error("The insert returned no row");
  return row;
}

/** Queues a run of a job, due now; null when the job has a run under this key already. */
export async function insertManualRun(
  tx: Db,
  run: { id: string; job_id: string; fire_key: string; config: Record<string, unknown> },
): Promise<RunRow | null> {
  const [row] = await tx.query<RunRow>(
    `insert into ops.job_runs as r (id, job_id, job_type, fire_key, config, max_attempts, backoff_s, timeout_s, exclusive,
       scheduled_for, run_at, created_at)
     select $1, id, job_type, $3, $4::text::jsonb, max_attempts, backoff_s, timeout_s, overlap <> 'allow',
       ops.now(), ops.now(), ops.now()
     from scheduled_jobs where id = $2 and deleted_at is null
     on conflict (job_id, fire_key) where job_id is not null do nothing returning ${runColumns("r")}`,
    [run.id, run.job_id, run.fire_key, JSON.stringify(run.config)],
  );
  return row ?? null;
}

export async function findRun(db: Db, id: string): Promise<RunRow | null> {
  const [row] = await db.query<RunRow>(`select ${runColumns("r")} from ops.job_runs r where id = $1`, [id]);
  return row ?? null;
}

/** The run of a job under a fire key, and whether its configuration is the one given. */
export async function findFiring(
  db: Db,
  { job_id, fire_key, config }: { job_id: string; fire_key: string; config: Record<string, unknown> },
): Promise<(RunRow & { same: boolean }) | null> {
  const [row] = await db.query<RunRow & { same: boolean }>(
    `select ${
      runColumns("r")
    }, r.config = $3::text::jsonb as same from ops.job_runs r where job_id = $1 and fire_key = $2`,
    [job_id, fire_key, JSON.stringify(config)],
  );
  return row ?? null;
}

/** What a backfill asks for: the occurrences of a job once more, in the order of their time. */
export type NewBackfill = {
  job_id: string;
  /** Names the range, so that the same one again makes nothing new. */
  range: string;
  runs: readonly { scheduled_for: string; covers_from: string }[];
  config: Record<string, unknown>;
};

/**
 * Queues the runs of a backfill, in line behind each other from now on; answers how many were not there before. They
 * stand for no occurrences of the calendar: those have rows of their own.
 */
export async function insertBackfill(tx: Db, { job_id, range, runs, config }: NewBackfill): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `with inserted as (
       insert into ops.job_runs (job_id, job_type, fire_key, config, max_attempts, backoff_s, timeout_s, exclusive,
         scheduled_for, covers_from, run_at, created_at)
       select j.id, job_type, 'b:' || $2::text || ':' || extract(epoch from x.scheduled_for)::bigint, $4::text::jsonb,
         max_attempts, backoff_s, timeout_s, overlap <> 'allow', x.scheduled_for, x.covers_from,
         ops.now() + make_interval(secs => (row_number() over (order by x.scheduled_for) - 1) / 1e6), ops.now()
       from scheduled_jobs j, jsonb_to_recordset($3::text::jsonb) as x(scheduled_for timestamptz, covers_from timestamptz)
       where j.id = $1 and deleted_at is null order by x.scheduled_for
       on conflict (job_id, fire_key) where job_id is not null do nothing returning 1)
     select count(*)::int as n from inserted`,
    [job_id, range, JSON.stringify(runs), JSON.stringify(config)],
  );
  return row?.n ?? 0;
}

/** Asks an open run to end; null when it is not open. Asking again changes nothing. */
export async function askToCancel(tx: Db, id: string): Promise<RunRow | null> {
  const [row] = await tx.query<RunRow>(
    `update ops.job_runs r set cancel_at = coalesce(cancel_at, ops.now())
     where id = $1 and state in ('queued', 'running', 'retrying') returning ${runColumns("r")}`,
    [id],
  );
  return row ?? null;
}

/** Ends the runs of a job that never began, because the job is gone; those that wait for another attempt are asked to. */
export async function cancelWaiting(tx: Db, jobId: string, reason: string): Promise<void> {
  await tx.query(
    `with waiting as (
       select id from ops.job_runs where job_id = $1 and state in ('queued', 'retrying') for no key update skip locked),
     asked as (
       update ops.job_runs r set cancel_at = coalesce(cancel_at, ops.now())
       from waiting where r.id = waiting.id and started_at is not null)
     update ops.job_runs r set state = 'cancelled', reason = $2, finished_at = ops.now()
     from waiting where r.id = waiting.id and started_at is null`,
    [jobId, reason],
  );
}

export type RunFilter = { job_type?: JobType | undefined; state?: RunState | undefined };
type Asked<Cursor> = { limit: number; skip: number; after: Cursor | null };

const MATCHES = `($1::job_type is null or job_type = $1) and ($2::text is null or state = $2)`;
const filterParams = ({ job_type, state }: RunFilter): Param[] => [job_type ?? null, state ?? null];

/** Runs of all jobs and one-off work that match, the newest first: their ids grow with time. */
export async function listRuns(
  db: Db,
  filter: RunFilter,
  { limit, skip, after }: Asked<[id: string]>,
): Promise<RunRow[]> {
  return await db.query<RunRow>(
    `select ${runColumns("r")} from ops.job_runs r where ${MATCHES} and ($3::uuid is null or id < $3)
     order by id desc limit $4 offset $5`,
    [...filterParams(filter), after?.[0] ?? null, limit, skip],
  );
}

/** Runs of a job that match, the latest scheduled first. */
export async function listJobRuns(
  db: Db,
  jobId: string,
  filter: RunFilter,
  { limit, skip, after }: Asked<[at: string, id: string]>,
): Promise<RunRow[]> {
  return await db.query<RunRow>(
    `select ${runColumns("r")} from ops.job_runs r where ${MATCHES} and job_id = $3
       and ($4::timestamptz is null or (scheduled_for, id) < ($4, $5::uuid))
     order by scheduled_for desc, id desc limit $6 offset $7`,
    [...filterParams(filter), jobId, after?.[0] ?? null, after?.[1] ?? null, limit, skip],
  );
}

/** How many runs match, of a job or of all, counted to `limit`. */
export async function countRuns(db: Db, jobId: string | null, filter: RunFilter, limit: number): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select count(*)::int as n from (
       select 1 from ops.job_runs where ${MATCHES} and ($3::uuid is null or job_id = $3) limit $4) counted`,
    [...filterParams(filter), jobId, limit],
  );
  return row?.n ?? 0;
}
