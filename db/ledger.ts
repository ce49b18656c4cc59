import type { Db } from "./client.ts";
import { textArray } from "./executor.ts";
import { runColumns, type RunErrorRow, type RunRow, type RunState } from "./job_runs.ts";
import type { JobRow } from "./scheduled_jobs.ts";

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

/**
 * Statement 1, account: moves the cursor of one job and inserts its rows, both or neither; false when somebody else
 * accounted or edited the job first. An open run of a job that skips overlaps turns what would be queued into `skipped`.
 */
export async function accountJob(
  db: Db,
  job: Drawn,
  account: { rows: readonly AccountedRow[]; cursor_at: string; next_run_at: string | null },
): Promise<boolean> {
  const [row] = await db.query<{ moved: boolean }>(
    `with moved as (
       update scheduled_jobs set cursor_at = $4, next_run_at = $5
       where id = $1 and revision = $2 and cursor_at = $3 and deleted_at is null
       returning id, job_type, overlap, max_attempts, backoff_s, timeout_s, config),
     busy as (
       select exists (select 1 from ops.job_runs where job_id = $1 and exclusive
         and state in ('queued', 'running', 'retrying')) as busy),
     judged as (
       select x.scheduled_for, x.covers_from, x.occurrences, x.run_at, x.state as wanted, x.reason as given,
         x.state = 'queued' and j.overlap = 'skip' and busy as blocked, j.*
       from moved j, busy, jsonb_to_recordset($6::text::jsonb) as x(scheduled_for timestamptz, covers_from timestamptz,
         occurrences int, state text, reason text, run_at timestamptz)),
     inserted as (
       insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, covers_from, occurrences, state, reason,
         exclusive, max_attempts, backoff_s, timeout_s, run_at, config, finished_at, created_at)
       select id, job_type, 's:' || extract(epoch from scheduled_for)::bigint, scheduled_for, covers_from, occurrences,
         case when blocked then 'skipped' else wanted end, case when blocked then 'overlap' else given end,
         overlap <> 'allow', max_attempts, backoff_s, timeout_s, run_at, config,
         case when blocked or wanted = 'skipped' then ops.now() end, ops.now()
       from judged order by scheduled_for
       on conflict (job_id, fire_key) do nothing)
     select exists (select 1 from moved) as moved`,
    [job.id, job.revision, job.cursor_at, account.cursor_at, account.next_run_at, JSON.stringify(account.rows)],
  );
  return row?.moved === true;
}

/** Takes a job whose schedule cannot be read off the calendar, and leaves a failed run that says why. */
export async function quarantineJob(db: Db, job: Drawn, error: RunErrorRow): Promise<void> {
  await db.query(
    `with moved as (
       update scheduled_jobs j set next_run_at = null, run_count = j.run_count + 1, failure_count = j.failure_count + 1,
         last_status = 'failed'
       from (select id, next_run_at from scheduled_jobs where id = $1) before
       where j.id = before.id and j.revision = $2 and j.cursor_at = $3 and j.deleted_at is null
         and before.next_run_at is not null
       returning j.id, j.job_type, j.overlap, j.max_attempts, j.config, before.next_run_at)
     insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, state, reason, exclusive, max_attempts, run_at,
       config, error, finished_at, created_at)
     select id, job_type, 's:' || extract(epoch from next_run_at)::bigint, next_run_at, 'failed', $4, overlap <> 'allow',
       max_attempts, next_run_at, config, $5::text::jsonb, ops.now(), ops.now()
     from moved on conflict (job_id, fire_key) do nothing`,
    [job.id, job.revision, job.cursor_at, error.code, JSON.stringify(error)],
  );
}

/** A run as claimed: the three that fence it are id, attempt and worker. */
export type ClaimedRun = RunRow & { worker: string; author: string | null };

/**
 * Only the head of the line of a job that runs one at a time: nothing of it is under way or retrying, and nothing else
 * of it has waited longer. Two claims can still meet at a run that was inserted between their looks; then the unique
 * index `job_runs_one_live` refuses one, which looks again.
 */
const claim = (which: string) =>
  `with ready as (
     select r.id from ops.job_runs r
     where r.state in ('queued', 'retrying') and r.run_at <= ops.now() and ${which}
       and (not r.exclusive or r.job_id is null or not exists (
         select 1 from ops.job_runs o where o.job_id = r.job_id and o.exclusive and o.id <> r.id
           and (o.state in ('running', 'retrying')
             or (o.state = 'queued' and r.state = 'queued' and (o.run_at, o.id) < (r.run_at, r.id)))))
     order by r.run_at, r.id for no key update of r skip locked limit $3),
   claimed as (
     update ops.job_runs r set state = 'running', attempt = r.attempt + 1, worker = $1, reason = null,
       lease_until = ops.now() + make_interval(secs => $2), started_at = coalesce(r.started_at, ops.now())
     from ready where r.id = ready.id returning ${runColumns("r")}),
   idle as (
     select id from scheduled_jobs where id in (select job_id from claimed) for no key update skip locked),
   marked as (
     update scheduled_jobs j set last_status = 'running' from idle where j.id = idle.id)
   select c.*, j.created_by as author from claimed c left join scheduled_jobs j on j.id = c.job_id
   order by c.run_at, c.id`;
const CLAIM = claim("true");
const CLAIM_ONE = claim("r.id = $4");

/** Statement 2, claim: at most `limit` runs that are due become this worker's, for as long as the lease. */
export async function claimRuns(db: Db, worker: string, lease_s: number, limit: number): Promise<ClaimedRun[]> {
  return await db.query<ClaimedRun>(CLAIM, [worker, lease_s, limit]);
}

/** Claims one run, if it is due and free. */
export async function claimRun(db: Db, worker: string, lease_s: number, id: string): Promise<ClaimedRun | null> {
  const [run] = await db.query<ClaimedRun>(CLAIM_ONE, [worker, lease_s, 1, id]);
  return run ?? null;
}

type Owned = Pick<ClaimedRun, "id" | "attempt" | "worker">;

/**
 * Statement 3, heartbeat: renews the leases of a worker's runs and tells which it still owns. Skips what is locked, which
 * includes runs whose own checkpoint or finish is under way.
 */
export async function renewLeases(
  db: Db,
  worker: string,
  ids: readonly string[],
  lease_s: number,
): Promise<{ id: string; attempt: number }[]> {
  return await db.query(
    `with mine as (
       select id from ops.job_runs where id = any($1::text::uuid[]) and state = 'running' and worker = $2
       for no key update skip locked)
     update ops.job_runs r set lease_until = ops.now() + make_interval(secs => $3) from mine where r.id = mine.id
     returning r.id, r.attempt`,
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

/** How a run ends; result and error as JSON text. */
export type Ending = {
  state: Extract<RunState, "succeeded" | "failed" | "skipped">;
  reason: string | null;
  result: string | null;
  error: string | null;
};

/** Statement 4, finish: ends a run and counts it in its job, in one statement. Under `holdRun` or `holdExpired`. */
export async function endRun(tx: Db, id: string, ending: Ending): Promise<void> {
  await tx.query(
    `with ended as (
       update ops.job_runs set state = $2, reason = $3, result = $4::text::jsonb, error = $5::text::jsonb,
         finished_at = ops.now(), lease_until = null
       where id = $1 returning job_id, state, started_at)
     update scheduled_jobs j set
       run_count = j.run_count + (e.state in ('succeeded', 'failed'))::int,
       success_count = j.success_count + (e.state = 'succeeded')::int,
       failure_count = j.failure_count + (e.state = 'failed')::int,
       last_run_at = case when e.state in ('succeeded', 'failed') then e.started_at else j.last_run_at end,
       last_status = case e.state when 'succeeded' then 'success' when 'failed' then 'failed' else (
         select case r.state when 'succeeded' then 'success' else 'failed' end from ops.job_runs r
         where r.job_id = j.id and r.state in ('succeeded', 'failed') order by r.scheduled_for desc, r.id desc limit 1
       ) end::job_status
     from ended e where j.id = e.job_id`,
    [id, ending.state, ending.reason, ending.result, ending.error],
  );
}

/** Statement 4, the other end of an attempt: the run waits for the next one. Under `holdRun`. */
export async function retryRun(tx: Db, id: string, delay_s: number, error: RunErrorRow): Promise<void> {
  await tx.query(
    `with waiting as (
       update ops.job_runs set state = 'retrying', reason = $3, error = $4::text::jsonb, lease_until = null, worker = null,
         run_at = ops.now() + make_interval(secs => $2)
       where id = $1 returning job_id)
     update scheduled_jobs j set last_status = 'pending' from waiting w where j.id = w.job_id`,
    [id, delay_s, error.code, JSON.stringify(error)],
  );
}

/** Gives a run back as if its attempt had not begun, because this worker stops. Under `holdRun`. */
export async function handBackRun(tx: Db, id: string): Promise<void> {
  await tx.query(
    `with waiting as (
       update ops.job_runs set state = case when attempt = 1 then 'queued' else 'retrying' end, attempt = attempt - 1,
         run_at = ops.now(), lease_until = null, worker = null
       where id = $1 returning job_id)
     update scheduled_jobs j set last_status = 'pending' from waiting w where j.id = w.job_id`,
    [id],
  );
}

/**
 * Statement 5, rescue: runs of silent workers that have attempts left wait for the next one, from now on.
 * @returns the database's time, how many were rescued, and how many are left that have no attempt
 */
export async function rescueRuns(
  db: Db,
  error: RunErrorRow,
): Promise<{ now: string; rescued: number; exhausted: number }> {
  const [row] = await db.query<{ now: string; rescued: number; exhausted: number }>(
    `with silent as (
       select id from ops.job_runs where state = 'running' and lease_until < ops.now() and attempt < max_attempts
       order by lease_until, id for no key update skip locked limit 100),
     rescued as (
       update ops.job_runs r set state = 'retrying', reason = $1, error = $2::text::jsonb, lease_until = null, worker = null,
         run_at = ops.now()
       from silent where r.id = silent.id returning r.job_id),
     theirs as (
       select id from scheduled_jobs where id in (select job_id from rescued) order by id for no key update),
     shown as (
       update scheduled_jobs j set last_status = 'pending' from theirs where j.id = theirs.id)
     select ops.now() as now, (select count(*)::int from rescued) as rescued,
       (select count(*)::int from ops.job_runs
        where state = 'running' and lease_until < ops.now() and attempt >= max_attempts) as exhausted`,
    [error.code, JSON.stringify(error)],
  );
  if (row === undefined) throw new Error("The rescue told nothing");
  return row;
}

/** Locks one run of a silent worker that has no attempt left, so that it can be ended as failed. */
export async function holdExpired(tx: Db): Promise<RunRow | null> {
  const [row] = await tx.query<RunRow>(
    `select ${runColumns("r")} from ops.job_runs r
     where state = 'running' and lease_until < ops.now() and attempt >= max_attempts
     order by lease_until, id limit 1 for no key update skip locked`,
  );
  return row ?? null;
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
       (select min(run_at) from ops.job_runs where state in ('queued', 'retrying') and run_at > $1),
       (select min(lease_until) from ops.job_runs where state = 'running' and worker <> $2 and lease_until > $1)
     ) - ops.now()) * 1000)::float8 as delay_ms`,
    [seen, worker],
  );
  return row?.delay_ms ?? null;
}
