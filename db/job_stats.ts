import type { Db } from "./client.ts";
import type { RunState } from "./job_runs.ts";
import type { JobStatus } from "./schema/enums.ts";

/** The counters of a job, what its newest runs add up to, and what retention has removed. */
export type JobStatsRow = {
  run_count: number;
  success_count: number;
  failure_count: number;
  failures_in_a_row: number;
  last_run_at: string | null;
  last_status: JobStatus | null;
  next_run_at: string | null;
  window_from: string;
  window_until: string;
  /** Runs of the window, counted to one more than may be read. */
  found: number;
  oldest: string | null;
  by_state: Partial<Record<RunState, number>>;
  by_code: { code: string; count: number }[];
  duration_s: [p50: number, p95: number] | null;
  average_s: number | null;
  lateness_s: [p50: number, p95: number] | null;
  latest_s: number | null;
  removed_until: string | null;
  removed: { succeeded: number; failed: number; skipped: number; cancelled: number } | null;
};

/**
 * Reads the newest runs of a job by the index of its history, at most `limit`, and adds them up; null for no such job.
 * Hidden jobs too. `percentile_cont` is type 7 of Hyndman and Fan (1996).
 *
 * The window ends with the running minute, so that the answer stands still for as long as nothing runs.
 */
export async function findJobStats(db: Db, id: string, days: number, limit: number): Promise<JobStatsRow | null> {
  const [row] = await db.query<JobStatsRow>(STATS, [id, days, limit]);
  return row ?? null;
}

/**
 * The window's start stands in the condition as an expression, because the planner can estimate that: behind a subquery
 * it expected few rows, and read a month of 43,200 runs in order to sort it for the newest.
 */
const UNTIL = `date_trunc('minute', ops.now()) + interval '1 minute'`;
const SINCE = `${UNTIL} - make_interval(hours => 24 * $2::int)`;
const STATS = `
  with found as materialized (
    select r.state, r.reason, r.scheduled_for, row_number() over (order by r.scheduled_for desc, r.id desc) as place,
      case when r.state in ('succeeded', 'failed') then extract(epoch from r.finished_at - r.started_at)::float8 end as took,
      case when r.fire_key not like 'b:%' then extract(epoch from r.started_at - r.scheduled_for)::float8 end as late
    from ops.job_runs r where r.job_id = $1 and r.scheduled_for >= ${SINCE}
    order by r.scheduled_for desc, r.id desc limit $3::int + 1),
  read as (select * from found where place <= $3),
  added as (
    select min(scheduled_for) as oldest, avg(took) as average_s, max(late) as latest_s,
      to_json(percentile_cont(array[0.5, 0.95]) within group (order by took)) as duration_s,
      to_json(percentile_cont(array[0.5, 0.95]) within group (order by late)) as lateness_s
    from read),
  states as (select state, count(*) as n from read group by state),
  codes as (
    select coalesce(reason, 'unknown') as code, count(*) as n from read where state = 'failed'
    group by 1 order by n desc, 1 limit 20)
  select j.run_count, j.success_count, j.failure_count, j.failures_in_a_row, j.last_run_at, j.last_status, j.next_run_at,
    ${SINCE} as window_from, ${UNTIL} as window_until, (select count(*)::int from found) as found,
    (select coalesce(json_object_agg(state, n), '{}') from states) as by_state,
    (select coalesce(json_agg(json_build_object('code', code, 'count', n)), '[]') from codes) as by_code,
    added.*, t.until as removed_until,
    case when t.until is not null then json_build_object('succeeded', t.succeeded, 'failed', t.failed,
      'skipped', t.skipped, 'cancelled', t.cancelled) end as removed
  from scheduled_jobs j cross join added left join ops.job_run_totals t on t.job_id = j.id
  where j.id = $1`;
