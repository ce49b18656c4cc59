import type { Db } from "./client.ts";
import { textArray } from "./executor.ts";
import { runColumns, type RunErrorRow, type RunRow, type RunState } from "./job_runs.ts";
import { claimedColumns, type ClaimedRun, type Owned } from "./ledger.ts";

/** How runs end: by their workers, for silent ones, and because somebody asked. Statements 4 and 5 of the ledger. */

/** How an attempt ends: for good, or waiting for another one (`retrying`, `queued`). Result and error are JSON text. */
export type Ending = Owned & {
  state: Exclude<RunState, "running">;
  reason: string | null;
  result: string | null;
  error: string | null;
  /** Until the next attempt. */
  delay_s: number;
  /** The attempt does not count: its worker stops before it is done. */
  refunded: boolean;
  lines: readonly { level: string; message: string; age_s: number }[];
};

/**
 * Statement 4, finish: ends attempts and counts their runs in their jobs, all that this worker still owns, in one
 * statement. It fences each by id, attempt and worker, as `holdRun` does. Jobs are locked in the order of their ids, so
 * that two such statements never wait for each other in a ring.
 *
 * A job whose failures in a row reach `pause_after_failures` is paused in the same statement: an event says so, and its
 * runs that wait are skipped. What its calendar had due by then is accounted as part of the pause, when that ends.
 * @returns the ids of the runs that ended; the others belong to somebody else by now
 */
export async function endRuns(db: Db, endings: readonly Ending[]): Promise<Set<string>> {
  const text = (of: (ending: Ending) => string | null) => textArray(endings.map(of));
  const rows = await db.query<{ id: string }>(END_RUNS, [
    ...[text(({ id }) => id), text(({ attempt }) => String(attempt)), text(({ worker }) => worker)],
    ...[text(({ state }) => state), text(({ reason }) => reason), text(({ result }) => result)],
    ...[text(({ error }) => error), text(({ delay_s }) => String(delay_s)), text(({ refunded }) => String(refunded))],
    JSON.stringify(endings.flatMap(({ id, lines }) => lines.map((line, i) => ({ id, n: i + 1, ...line })))),
  ]);
  return new Set(rows.map(({ id }) => id));
}

const END_RUNS = `
  with asked as (
    select * from unnest($1::text::uuid[], $2::text::int[], $3::text::text[], $4::text::text[], $5::text::text[],
      $6::text::text[], $7::text::text[], $8::text::float8[], $9::text::bool[])
      as a(id, attempt, worker, state, reason, result, error, delay_s, refunded)),
  ended as (
    update ops.job_runs r set state = a.state, reason = a.reason, result = a.result::jsonb,
      error = case when a.refunded then r.error else a.error::jsonb end, attempt = r.attempt - a.refunded::int,
      lease_until = null,
      worker = case when a.state in ('queued', 'retrying') then null else r.worker end,
      run_at = case when a.state in ('queued', 'retrying') then ops.now() + make_interval(secs => a.delay_s) else r.run_at end,
      finished_at = case when a.state not in ('queued', 'retrying') then ops.now() end
    from asked a where r.id = a.id and r.attempt = a.attempt and r.worker = a.worker and r.state = 'running'
    returning r.id, r.job_id, r.state, r.started_at),
  logged as (
    insert into ops.job_run_logs (run_id, seq, at, level, message)
    select l.id, l.n + (select coalesce(max(seq), 0) from ops.job_run_logs where run_id = l.id),
      ops.now() - make_interval(secs => l.age_s), l.level, l.message
    from jsonb_to_recordset($10::text::jsonb) as l(id uuid, n int, age_s float8, level text, message text)
    join ended e on e.id = l.id),
  counted as (
    select job_id, count(*) filter (where state = 'succeeded')::int as good, count(*) filter (where state = 'failed')::int as bad,
      max(started_at) as started_at, (array_agg(state order by started_at desc, id desc))[1] as state
    from ended where job_id is not null and state in ('succeeded', 'failed') group by job_id),
  jobs as (
    select id, is_active, failures_in_a_row, pause_after_failures from scheduled_jobs
    where id in (select job_id from counted) order by id for no key update),
  judged as (
    select c.*, coalesce(j.is_active and c.good = 0 and j.failures_in_a_row + c.bad >= j.pause_after_failures, false) as tripped
    from counted c join jobs j on j.id = c.job_id),
  told as (
    update scheduled_jobs j set
      run_count = j.run_count + c.good + c.bad,
      success_count = j.success_count + c.good,
      failure_count = j.failure_count + c.bad,
      failures_in_a_row = case when c.good > 0 then 0 else j.failures_in_a_row + c.bad end,
      last_run_at = greatest(j.last_run_at, c.started_at),
      last_status = case when j.last_run_at > c.started_at then j.last_status
        when c.state = 'succeeded' then 'success' else 'failed' end::job_status,
      is_active = j.is_active and not c.tripped,
      next_run_at = case when not c.tripped then j.next_run_at end,
      revision = j.revision + c.tripped::int,
      version = j.version + c.tripped::int,
      updated_at = case when c.tripped then ops.now() else j.updated_at end
    from judged c where j.id = c.job_id),
  noted as (
    insert into ops.events (kind, subject_id, detail, created_at)
    select 'job_paused', c.job_id, jsonb_build_object('failures_in_a_row', j.failures_in_a_row + c.bad), ops.now()
    from judged c join jobs j on j.id = c.job_id where c.tripped),
  passed_over as (
    update ops.job_runs r set state = 'skipped', reason = 'paused', finished_at = ops.now()
    from judged c where c.tripped and r.job_id = c.job_id and r.state = 'queued' and r.attempt = 0 and r.fire_key like 's:%')
  select id from ended`;

/**
 * Statement 5, rescue: runs of silent workers that have attempts left wait for the next one, from now on.
 * @returns the database's time, and how many runs must be ended instead: silent ones without an
 *   attempt left, and those that wait and were asked to end
 */
export async function rescueRuns(
  db: Db,
  error: RunErrorRow,
): Promise<{ now: string; expired: number; cancelled: number }> {
  const [row] = await db.query<{ now: string; expired: number; cancelled: number }>(
    `with silent as (
       select id from ops.job_runs
       where state = 'running' and lease_until < ops.now() and attempt < max_attempts and cancel_at is null
       order by lease_until, id for no key update skip locked limit 100),
     rescued as (
       update ops.job_runs r set state = 'retrying', reason = $1, error = $2::text::jsonb, lease_until = null, worker = null,
         run_at = ops.now()
       from silent where r.id = silent.id)
     select ops.now() as now,
       (select count(*)::int from ops.job_runs
        where state = 'running' and lease_until < ops.now() and (attempt >= max_attempts or cancel_at is not null)) as expired,
       (select count(*)::int from ops.job_runs
        where cancel_at is not null and state in ('queued', 'retrying')) as cancelled`,
    [error.code, JSON.stringify(error)],
  );
  if (row === undefined) throw new Error("The rescue told nothing");
  return row;
}

/** Locks one run of a silent worker that gets no further attempt, so that it can be ended. */
export async function holdExpired(tx: Db): Promise<(ClaimedRun & Pick<RunRow, "cancel_at">) | null> {
  const [run] = await tx.query<ClaimedRun & Pick<RunRow, "cancel_at">>(
    `select ${claimedColumns("r")}, r.cancel_at, null as author from ops.job_runs r
     where state = 'running' and lease_until < ops.now() and (attempt >= max_attempts or cancel_at is not null)
     order by lease_until, id limit 1 for no key update skip locked`,
  );
  return run ?? null;
}

/** Locks one run that waits and was asked to end, the one named or any. */
export async function holdCancelled(tx: Db, id: string | null): Promise<RunRow | null> {
  const [run] = await tx.query<RunRow>(
    `select ${runColumns("r")} from ops.job_runs r
     where cancel_at is not null and state in ('queued', 'retrying') and ($1::uuid is null or id = $1)
     order by cancel_at, id limit 1 for no key update skip locked`,
    [id],
  );
  return run ?? null;
}

/** Ends a run that waits. Under `holdCancelled`; it never counts in its job. */
export async function endCancelled(tx: Db, id: string, error: RunErrorRow): Promise<void> {
  await tx.query(
    `update ops.job_runs set state = 'cancelled', reason = $2, error = $3::text::jsonb, finished_at = ops.now() where id = $1`,
    [id, error.code, JSON.stringify(error)],
  );
}
