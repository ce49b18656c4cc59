import type { Db, Param } from "./client.ts";
import type { JobStatus, JobType } from "./schema/enums.ts";

/** What becomes of occurrences that were missed: one run for all, none, or a run for each. */
export const MISFIRE_RULES = ["once", "skip", "all"] as const;
/** What becomes of an occurrence while an earlier run is still open: none, it waits, or both run. */
export const OVERLAP_RULES = ["skip", "queue", "allow"] as const;

/** What a job is, as its author says it. */
export type JobFields = {
  name: string;
  job_type: JobType;
  schedule: string;
  is_active: boolean;
  config: Record<string, unknown>;
  timezone: string;
  misfire: typeof MISFIRE_RULES[number];
  catch_up_limit_s: number | null;
  overlap: typeof OVERLAP_RULES[number];
  jitter_s: number;
  max_attempts: number;
  backoff_s: number;
  timeout_s: number;
  pause_after_failures: number | null;
  history_days: number;
};

/** A stored job. Instants are RFC 3339 with microseconds. */
export type JobRow = JobFields & {
  id: string;
  last_run_at: string | null;
  next_run_at: string | null;
  last_status: JobStatus | null;
  run_count: number;
  success_count: number;
  failure_count: number;
  failures_in_a_row: number;
  revision: number;
  cursor_at: string;
  schedule_since: string;
  created_by: string | null;
  deleted_at: string | null;
  version: number;
  created_at: string;
  updated_at: string;
};

/** A job with the instant at which it was read, which is "now" for whoever accounts it. */
export type JobAtNow = JobRow & { now: string };

const FIELDS =
  `name, job_type, schedule, is_active, config, timezone, misfire, catch_up_limit_s, overlap, jitter_s, max_attempts,
  backoff_s, timeout_s, pause_after_failures, history_days`;
const FIELD_VALUES = `$2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16`;
/** `last_status` is what the last counted run came to; as long as a run is open, readers are told of that one. */
const COLUMNS = `id, ${FIELDS}, last_run_at, next_run_at, coalesce((
    select case when bool_or(r.state = 'running') then 'running' else 'pending' end::job_status from ops.job_runs r
    where r.job_id = scheduled_jobs.id and r.state in ('queued', 'running', 'retrying') having count(*) > 0
  ), last_status) as last_status, run_count, success_count, failure_count, failures_in_a_row, revision,
  cursor_at, schedule_since, created_by, deleted_at, version, created_at, updated_at`;

const fieldParams = (id: string, job: JobFields): Param[] => [
  ...[id, job.name, job.job_type, job.schedule, job.is_active, JSON.stringify(job.config), job.timezone, job.misfire],
  ...[job.catch_up_limit_s, job.overlap, job.jitter_s, job.max_attempts, job.backoff_s, job.timeout_s],
  ...[job.pause_after_failures, job.history_days],
];

/** Domain time, as the database tells it. */
export async function domainNow(db: Db): Promise<string> {
  const [row] = await db.query<{ now: string }>("select ops.now() as now");
  if (row === undefined) throw new Error("The database did not tell the time");
  return row.now;
}

/** Stores a job whose first window begins at `now`. */
export async function insertJob(
  tx: Db,
  job: JobFields & { id: string; created_by: string; next_run_at: string | null; now: string },
): Promise<JobRow> {
  const [row] = await tx.query<JobRow>(
    `insert into scheduled_jobs (id, ${FIELDS}, created_by, next_run_at, cursor_at, schedule_since, created_at, updated_at)
     values ($1, ${FIELD_VALUES}, $17, $18, $19, $19, $19, $19) returning ${COLUMNS}`,
    [...fieldParams(job.id, job), job.created_by, job.next_run_at, job.now],
  );
  if (row === undefined) throw new Error("The insert returned no row");
  return row;
}

/** Stores a job anew under its next revision, whose occurrences begin at `now`. The caller has locked and settled it. */
export async function updateJobFields(
  tx: Db,
  id: string,
  job: JobFields & { next_run_at: string | null; now: string },
): Promise<JobRow> {
  const [row] = await tx.query<JobRow>(
    `update scheduled_jobs set (${FIELDS}) = row(${FIELD_VALUES}), next_run_at = $17, schedule_since = $18, updated_at = $18,
       failures_in_a_row = 0, revision = revision + 1, version = version + 1
     where id = $1 returning ${COLUMNS}`,
    [...fieldParams(id, job), job.next_run_at, job.now],
  );
  if (row === undefined) throw new Error("The job vanished while it was locked");
  return row;
}

/** Hides a job and stops its schedule; its runs stay. The caller has locked and settled it. */
export async function hideJob(tx: Db, id: string): Promise<void> {
  await tx.query(
    `update scheduled_jobs set is_active = false, next_run_at = null, deleted_at = ops.now(), updated_at = ops.now(),
       revision = revision + 1, version = version + 1
     where id = $1`,
    [id],
  );
}

/** A job, hidden ones too. */
export async function findJob(db: Db, id: string): Promise<JobRow | null> {
  const [row] = await db.query<JobRow>(`select ${COLUMNS} from scheduled_jobs where id = $1`, [id]);
  return row ?? null;
}

/** A job that is not hidden, locked against edits and accounting until the transaction ends. */
export async function lockJob(tx: Db, id: string): Promise<JobAtNow | null> {
  const [row] = await tx.query<JobAtNow>(
    `select ${COLUMNS}, ops.now() as now from scheduled_jobs where id = $1 and deleted_at is null for no key update`,
    [id],
  );
  return row ?? null;
}

export type JobFilter = { job_type?: JobType | undefined; is_active?: boolean | undefined };

/** Jobs that match, newest first, after a cursor. */
export async function listJobs(
  db: Db,
  filter: JobFilter,
  { limit, skip, after }: { limit: number; skip: number; after: [at: string, id: string] | null },
): Promise<JobRow[]> {
  return await db.query<JobRow>(
    `select ${COLUMNS} from scheduled_jobs where deleted_at is null
       and ($1::job_type is null or job_type = $1) and ($2::boolean is null or is_active = $2)
       and ($3::timestamptz is null or (created_at, id) < ($3, $4::uuid))
     order by created_at desc, id desc limit $5 offset $6`,
    [filter.job_type ?? null, filter.is_active ?? null, after?.[0] ?? null, after?.[1] ?? null, limit, skip],
  );
}

/** How many jobs match. */
export async function countJobs(db: Db, filter: JobFilter): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select count(*)::int as n from scheduled_jobs where deleted_at is null
       and ($1::job_type is null or job_type = $1) and ($2::boolean is null or is_active = $2)`,
    [filter.job_type ?? null, filter.is_active ?? null],
  );
  return row?.n ?? 0;
}

/** Where a pass over the due jobs stands, so that one which stays due cannot hold up those behind it. */
export type DuePlace = { next_run_at: string; id: string };

/** What accounting reads of a job, with the instant at which it was read, which is its "now". */
export type DueJob = Pick<
  JobAtNow,
  | "id"
  | "schedule"
  | "timezone"
  | "misfire"
  | "catch_up_limit_s"
  | "jitter_s"
  | "next_run_at"
  | "revision"
  | "cursor_at"
  | "schedule_since"
  | "now"
>;

const DUE =
  `id, schedule, timezone, misfire, catch_up_limit_s, jitter_s, next_run_at, revision, cursor_at, schedule_since,
  ops.now() as now`;

/** Active jobs whose next occurrence has come, the longest due first. */
export async function dueJobs(db: Db, after: DuePlace | null, limit: number): Promise<DueJob[]> {
  return await db.query<DueJob>(
    `select ${DUE} from scheduled_jobs
     where is_active and next_run_at <= ops.now() and ($1::timestamptz is null or (next_run_at, id) > ($1, $2::uuid))
     order by next_run_at, id limit $3`,
    [after?.next_run_at ?? null, after?.id ?? null, limit],
  );
}

/** Active jobs in order of their ids, for a look at every schedule. */
export async function activeJobs(db: Db, after: string | null, limit: number): Promise<DueJob[]> {
  return await db.query<DueJob>(
    `select ${DUE} from scheduled_jobs where is_active and ($1::uuid is null or id > $1) order by id limit $2`,
    [after, limit],
  );
}
