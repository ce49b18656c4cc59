import type { Db } from "./client.ts";
import { textArray } from "./executor.ts";
import type { RunErrorRow, RunRow } from "./job_runs.ts";
import type { JobRow } from "./scheduled_jobs.ts";
import { JOB_LANES, type JobLane } from "./schema/enums.ts";

/** A row that accounting wants: a run, or a stretch of occurrences that get none, and why. Instants are RFC 3339. */
export type AccountedRow = {
  scheduled_for: string;
  covers_from: string;
  occurrences: number;
  state: "queued" | "skipped";
  reason: string | null;
  run_at: string;
};

/** Which state of a job an account was drawn up from; of any other it changes nothing. */
type Drawn = Pick<JobRow, "id" | "revision" | "cursor_at">;

/** What becomes of a job's cursor, and the rows that say so. */
export type DrawnAccount = {
  job: Drawn;
  account: { rows: readonly AccountedRow[]; cursor_at: string; next_run_at: string | null };
};

/**
 * Statement 1, account: moves the cursors of some jobs and inserts their rows, for each job both or neither. A job that
 * somebody else accounted or edited first keeps what it has. An open run of a job that skips overlaps turns what would be
 * queued into `skipped`; a backfill does not count as one, or it would cost the schedule its runs.
 *
 * Passes over a job whose row somebody holds: a transaction that an instance froze in would hold up all the others.
 * @returns the ids of the jobs that moved
 */
export async function accountJobs(db: Db, accounts: readonly DrawnAccount[]): Promise<Set<string>> {
  const drawn = accounts.map(({ job: { id, revision, cursor_at }, account }) => ({
    ...{ id, revision, cursor_at },
    ...{ cursor_to: account.cursor_at, next_run_at: account.next_run_at, rows: account.rows },
  }));
  const rows = await db.query<{ id: string }>(
    `with drawn as (
       select * from jsonb_to_recordset($1::text::jsonb) as d(id uuid, revision int, cursor_at timestamptz,
         cursor_to timestamptz, next_run_at timestamptz, rows jsonb)),
     held as (
       select j.id from scheduled_jobs j join drawn d on j.id = d.id and j.revision = d.revision and j.cursor_at = d.cursor_at
       where j.deleted_at is null order by j.id for no key update of j skip locked),
     moved as (
       update scheduled_jobs j set cursor_at = d.cursor_to, next_run_at = d.next_run_at
       from held join drawn d on d.id = held.id
       where j.id = held.id and j.revision = d.revision and j.cursor_at = d.cursor_at
       returning j.id, j.job_type, j.overlap, j.max_attempts, j.backoff_s, j.timeout_s, j.config, d.rows),
     judged as (
       select m.*, x.*, x.state = 'queued' and m.overlap = 'skip' and exists (
           select from ops.job_runs o where o.job_id = m.id and o.exclusive and o.fire_key not like 'b:%'
             and o.state in ('queued', 'running', 'retrying')) as blocked
       from moved m, jsonb_to_recordset(m.rows) as x(scheduled_for timestamptz, covers_from timestamptz,
         occurrences int, state text, reason text, run_at timestamptz)),
     inserted as (
       insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, covers_from, occurrences, state, reason,
         exclusive, max_attempts, backoff_s, timeout_s, run_at, config, finished_at, created_at)
       select id, job_type, 's:' || extract(epoch from scheduled_for)::bigint, scheduled_for, covers_from, occurrences,
         case when blocked then 'skipped' else state end, case when blocked then 'overlap' else reason end,
         overlap <> 'allow', max_attempts, backoff_s, timeout_s, run_at, config,
         case when blocked or state = 'skipped' then ops.now() end, ops.now()
       from judged order by run_at, scheduled_for
       on conflict (job_id, fire_key) where job_id is not null do nothing)
     select id from moved`,
    [JSON.stringify(drawn)],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Takes a job whose schedule cannot be read off the calendar, and leaves a failed run that says why. */
export async function quarantineJob(db: Db, job: Drawn, error: RunErrorRow): Promise<void> {
  await db.query(
    `with moved as (
       update scheduled_jobs j set next_run_at = null, run_count = j.run_count + 1, failure_count = j.failure_count + 1,
         failures_in_a_row = j.failures_in_a_row + 1, last_status = 'failed', last_run_at = ops.now()
       from (select id, next_run_at from scheduled_jobs where id = $1) before
       where j.id = before.id and j.revision = $2 and j.cursor_at = $3 and j.deleted_at is null
         and before.next_run_at is not null
       returning j.id, j.job_type, j.overlap, j.max_attempts, j.config, before.next_run_at)
     insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, state, reason, exclusive, max_attempts, run_at,
       config, error, started_at, finished_at, created_at)
     select id, job_type, 's:' || extract(epoch from next_run_at)::bigint, next_run_at, 'failed', $4, overlap <> 'allow',
       max_attempts, next_run_at, config, $5::text::jsonb, ops.now(), ops.now(), ops.now()
     from moved on conflict (job_id, fire_key) where job_id is not null do nothing`,
    [job.id, job.revision, job.cursor_at, error.code, JSON.stringify(error)],
  );
}

/** A run as its worker needs it: the three that fence it are id, attempt and worker. */
export type ClaimedRun =
  & Pick<RunRow, "id" | "job_id" | "job_type" | "scheduled_for" | "covers_from" | "occurrences" | "attempt">
  & Pick<RunRow, "max_attempts" | "backoff_s" | "timeout_s" | "config" | "progress">
  & { worker: string; author: string | null };

const CLAIMED = ["id", "job_id", "job_type", "scheduled_for", "covers_from", "occurrences", "attempt", "max_attempts"]
  .concat(["backoff_s", "timeout_s", "config", "progress", "worker"]);
/** The columns of a `ClaimedRun` but its author, of the table or alias given. */
export const claimedColumns = (of: string) => CLAIMED.map((name) => `${of}.${name}`).join(", ");

/**
 * Only the head of the line of a job that runs one at a time: nothing of it is under way or retrying, and nothing else
 * of it has waited longer. Two claims can still meet at a run that was inserted between their looks; then the unique
 * index `job_runs_one_live` refuses one, which looks again.
 *
 * Each part is worded so that one partial index alone can answer it, whatever the statistics of a queue that is empty
 * most of the time say: the ready index of the lane in its order, `job_runs_one_live`, and `job_runs_open`, which knows
 * the job. "Neither running nor retrying" is queued, said so that the ready indexes, which do not know the job, are out of
 * it. The array keeps the planner from taking the guessed number of a limit for rows of the table.
 */
const claim = (which: string) =>
  `with ready as (
     select r.id from ops.job_runs r
     where r.state in ('queued', 'retrying') and r.run_at <= ops.now() and r.cancel_at is null and ${which}
       and (not r.exclusive or r.job_id is null or not exists (
           select from ops.job_runs o where o.job_id = r.job_id and o.exclusive and o.state in ('running', 'retrying')
             and o.id <> r.id)
         and (r.state = 'retrying' or not exists (
           select from ops.job_runs o where o.job_id = r.job_id and o.exclusive
             and o.state in ('queued', 'running', 'retrying') and o.state <> 'running' and o.state <> 'retrying'
             and (o.run_at, o.id) < (r.run_at, r.id))))
     order by r.run_at, r.id for no key update of r skip locked limit $3),
   claimed as (
     update ops.job_runs r set state = 'running', attempt = r.attempt + 1, worker = $1, reason = null,
       lease_until = ops.now() + make_interval(secs => $2), started_at = coalesce(r.started_at, ops.now())
     where r.id = any (array(select id from ready)) returning ${claimedColumns("r")}, r.run_at)
   select ${claimedColumns("c")}, j.created_by as author from claimed c left join scheduled_jobs j on j.id = c.job_id
   order by c.run_at, c.id`;
const ofLane = (lane: JobLane) => claim(`r.job_type in (${JOB_LANES[lane].map((type) => `'${type}'`).join(", ")})`);
const CLAIM: Record<JobLane, string> = { light: ofLane("light"), heavy: ofLane("heavy") };
const CLAIM_ONE = claim("r.id = $4");

/** Statement 2, claim: at most `limit` due runs of a lane become this worker's, for as long as the lease. */
export async function claimRuns(
  db: Db,
  worker: string,
  { lease_s, limit, lane }: { lease_s: number; limit: number; lane: JobLane },
): Promise<ClaimedRun[]> {
  return await db.query<ClaimedRun>(CLAIM[lane], [worker, lease_s, limit]);
}

/** Claims one run, if it is due and free. */
export async function claimRun(db: Db, worker: string, lease_s: number, id: string): Promise<ClaimedRun | null> {
  const [run] = await db.query<ClaimedRun>(CLAIM_ONE, [worker, lease_s, 1, id]);
  return run ?? null;
}

/** What fences an attempt. */
export type Owned = Pick<ClaimedRun, "id" | "attempt" | "worker">;

/** A run that its worker still owns, and whether somebody asked it to end. */
export type RenewedLease = { id: string; attempt: number; cancelled: boolean };

/**
 * Statement 3, heartbeat: renews the leases of a worker's runs and tells which it still owns. Skips what is locked, which
 * includes runs whose own checkpoint or finish is under way.
 */
export async function renewLeases(
  db: Db,
  worker: string,
  ids: readonly string[],
  lease_s: number,
): Promise<RenewedLease[]> {
  return await db.query(
    `with mine as (
       select id from ops.job_runs where id = any($1::text::uuid[]) and state = 'running' and worker = $2
       for no key update skip locked)
     update ops.job_runs r set lease_until = ops.now() + make_interval(secs => $3) from mine where r.id = mine.id
     returning r.id, r.attempt, r.cancel_at is not null as cancelled`,
    [textArray(ids), worker, lease_s],
  );
}

/** Locks a run for the transaction if this attempt still owns it: what fences every write of an attempt. */
export async function holdRun(tx: Db, { id, attempt, worker }: Owned): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from ops.job_runs where id = $1 and attempt = $2 and worker = $3 and state = 'running' for no key update`,
    [id, attempt, worker],
  );
  return rows.length === 1;
}

/** Keeps what a checkpoint wants to find again. Under `holdRun`. */
export async function storeProgress(tx: Db, id: string, progress: string): Promise<void> {
  await tx.query("update ops.job_runs set progress = $2::text::jsonb where id = $1", [id, progress]);
}

/**
 * Milliseconds until the ledger needs a look again, as the database counts them, or null when nothing is in sight: the
 * earliest occurrence, waiting run or foreign lease after `seen`, the instant of the last look. What was due by then is
 * under way, waits behind another run, or waits for a free place here, and its end will wake us.
 */
export async function nextDelay(db: Db, seen: string, worker: string): Promise<number | null> {
  const [row] = await db.query<{ delay_ms: number | null }>(
    `select (extract(epoch from least(
       (select min(next_run_at) from scheduled_jobs where is_active and next_run_at > $1),
       (select min(run_at) from ops.job_runs
        where state in ('queued', 'retrying') and run_at > $1 and job_type in ('goal_update', 'custom')),
       (select min(run_at) from ops.job_runs
        where state in ('queued', 'retrying') and run_at > $1 and job_type in ('data_sync', 'report_generation')),
       (select min(lease_until) from ops.job_runs where state = 'running' and worker <> $2 and lease_until >= $1)
     ) - ops.now()) * 1000)::float8 as delay_ms`,
    [seen, worker],
  );
  return row?.delay_ms ?? null;
}
