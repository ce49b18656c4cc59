import type { Db } from "./client.ts";

/** A pull or a report that is still open asks the run that it belongs to how things stand: that run stays. */
const REFERRED = `referred as materialized (
       select metadata ->> 'run_id' as id from data_syncs where status in ('pending', 'running')
       union all
       select id::text from reports where status in ('pending', 'generating'))`;

/** A job after a place in the order of their ids that has ended runs older than it keeps, or null. */
export async function nextJobWithOldRuns(db: Db, after: string | null): Promise<string | null> {
  const [row] = await db.query<{ id: string }>(
    `select j.id from scheduled_jobs j, lateral (select ops.now() - make_interval(days => j.history_days) as limit) old
     where ($1::uuid is null or j.id > $1) and exists (
       select from ops.job_runs r where r.job_id = j.id and r.scheduled_for < old.limit and r.finished_at < old.limit)
     order by j.id limit 1`,
    [after],
  );
  return row?.id ?? null;
}

/**
 * Deletes the oldest runs of a job with their logs, as far as they ended longer ago than it keeps them, and adds them to
 * its totals in the same statement: counters = totals + rows, always.
 *
 * Schedule rows go as a prefix of their order, so the windows of those that stay touch. What nobody scheduled (by hand,
 * backfilled) has no window in that chain and may stay in between. The newest ended run stays, however old.
 * @returns how many were deleted, and whether there may be more
 */
export async function deleteOldRuns(tx: Db, jobId: string, limit: number): Promise<{ deleted: number; more: boolean }> {
  const [row] = await tx.query<{ deleted: number; seen: number }>(
    `with ${REFERRED}, job as (
       select ops.now() - make_interval(days => history_days) as limit from scheduled_jobs where id = $1),
     newest as (
       select id from ops.job_runs where job_id = $1 and finished_at is not null
       order by scheduled_for desc, id desc limit 1),
     head as materialized (
       select r.id, r.scheduled_for, r.fire_key like 's:%' as scheduled,
         coalesce(r.finished_at < job.limit, false) and r.id <> (select id from newest)
           and not exists (select from referred where referred.id = r.id::text) as old
       from ops.job_runs r, job where r.job_id = $1 order by r.scheduled_for, r.id limit $2::int),
     ranked as (
       select id, old, bool_or(scheduled and not old) over (order by scheduled_for, id) as behind from head),
     gone as (
       delete from ops.job_runs r using ranked where r.id = ranked.id and ranked.old and not ranked.behind
       returning r.state, r.occurrences, r.scheduled_for),
     counted as (
       insert into ops.job_run_totals as t (job_id, until, succeeded, failed, skipped, cancelled, occurrences)
       select $1, max(scheduled_for), count(*) filter (where state = 'succeeded'), count(*) filter (where state = 'failed'),
         count(*) filter (where state = 'skipped'), count(*) filter (where state = 'cancelled'), sum(occurrences)
       from gone having count(*) > 0
       on conflict (job_id) do update set until = greatest(t.until, excluded.until),
         succeeded = t.succeeded + excluded.succeeded, failed = t.failed + excluded.failed,
         skipped = t.skipped + excluded.skipped, cancelled = t.cancelled + excluded.cancelled,
         occurrences = t.occurrences + excluded.occurrences)
     select (select count(*) from gone)::int as deleted, (select count(*) from head)::int as seen`,
    [jobId, limit],
  );
  const { deleted, seen } = row ?? { deleted: 0, seen: 0 };
  return { deleted, more: deleted > 0 && seen === limit };
}

/**
 * Deletes one-off runs that ended more than `days` ago, with their logs; no job counts them. It walks by their ids, which
 * grow with time, past those of jobs that keep theirs for longer.
 * @param limit rows that are looked at
 * @returns how many were deleted, and the place to go on from; null at the end
 */
export async function deleteOldOneOffRuns(
  tx: Db,
  days: number,
  { after, limit }: { after: string; limit: number },
): Promise<{ deleted: number; next: string | null }> {
  const [row] = await tx.query<{ deleted: number; seen: number; last: string | null; older: boolean }>(
    `with ${REFERRED}, old as (select ops.now() - make_interval(days => $1::int) as limit),
     head as materialized (
       select id, job_id, created_at, finished_at from ops.job_runs where id > $2::text::uuid order by id limit $3::int),
     gone as (
       delete from ops.job_runs r using head, old
       where r.id = head.id and head.job_id is null and head.finished_at < old.limit
         and not exists (select from referred where referred.id = r.id::text)
       returning 1)
     select (select count(*) from gone)::int as deleted, count(*)::int as seen, max(head.id::text) as last,
       coalesce(max(head.created_at) < max(old.limit), false) as older
     from head, old`,
    [days, after, limit],
  );
  if (row === undefined) return { deleted: 0, next: null };
  return { deleted: row.deleted, next: row.seen < limit || !row.older ? null : row.last };
}
