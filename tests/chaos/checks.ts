import type { Db } from "../../db/client.ts";

/** What must not be, and a statement that finds every case of it: the id of a run, a job, or a word. */
export type Check = { name: string; sql: string };

/** What SQL alone can see over the whole history. */
export const CHECKS: Check[] = [
  {
    name: "gaps: windows of a job that do not touch",
    sql: `select id from (
      select r.id, r.covers_from,
        coalesce(lag(r.scheduled_for) over (partition by r.job_id order by r.scheduled_for), j.created_at) as edge
      from ops.job_runs r join scheduled_jobs j on j.id = r.job_id where r.fire_key like 's:%') w where covers_from <> edge`,
  },
  {
    name: "doubles: fire keys with two rows",
    sql: `select job_id from ops.job_runs group by job_id, fire_key having count(*) > 1`,
  },
  {
    name: "overlaps: attempts of an exclusive job while another one lives",
    sql: `select run_id from (
      select run_id, from_at < max(coalesce(until_at, 'infinity')) over (partition by job_id order by from_at, seq
        rows between unbounded preceding and 1 preceding) as crossed
      from chaos.attempts where exclusive and job_id is not null) o where crossed`,
  },
  {
    name: "successes without exactly one committed effect",
    sql: `select id from ops.job_runs r where state = 'succeeded'
      and (select count(*) from chaos.effects e where e.run_id = r.id and kind = 'commit') <> 1`,
  },
  {
    name: "committed effects of runs that did not succeed",
    sql: `select r.id from chaos.effects e join ops.job_runs r on r.id = e.run_id
      where kind = 'commit' and state <> 'succeeded'`,
  },
  {
    name: "checkpoints whose effects are not their progress",
    sql: `select id from ops.job_runs r left join lateral (
        select count(*) as steps, count(distinct step) as different from chaos.effects e
        where e.run_id = r.id and kind = 'checkpoint') e on true
      where (steps, different) is distinct from (coalesce(progress::text::bigint, 0), coalesce(progress::text::bigint, 0))`,
  },
  {
    name: "failures and cancellations without exactly one effect of theirs, or the other way round",
    // A run that never began and whose job is deleted ends without its handler.
    sql: `select id from ops.job_runs r where (state = 'failed' or state = 'cancelled' and reason = 'cancelled')::int
      <> (select count(*) from chaos.effects e where e.run_id = r.id and kind = 'failed')`,
  },
  {
    name: "effects of an attempt before its claim or after its end",
    sql: `select run_id from chaos.effects e where kind <> 'failed' and not exists (
      select from chaos.attempts a where a.run_id = e.run_id and a.attempt = e.attempt
        and e.at between a.from_at and coalesce(a.until_at, 'infinity'))`,
  },
  {
    name: "runs begun before their time",
    sql: `select run_id from chaos.attempts where run_at > chaos.domain(from_at)`,
  },
  {
    name: "terminal rows that changed",
    sql: `select r.id from ops.job_runs r left join chaos.turns t on t.run_id = r.id and t.digest is not null
      where r.finished_at is not null and md5(r::text) is distinct from t.digest`,
  },
  {
    name: "jobs whose counters are not their history",
    sql: `select j.id from scheduled_jobs j left join ops.job_run_totals t on t.job_id = j.id left join lateral (
        select count(*) filter (where state = 'succeeded') as good, count(*) filter (where state = 'failed') as bad
        from ops.job_runs r where r.job_id = j.id) h on true
      where (run_count, success_count, failure_count) is distinct from
        (good + bad + coalesce(t.succeeded + t.failed, 0), good + coalesce(t.succeeded, 0), bad + coalesce(t.failed, 0))`,
  },
  { name: "roll-ups that are not their recount", sql: `select d::text from ops.rollup_differences() d` },
  {
    name: "successes that the metrics and their roll-up do not count",
    sql: `select format('%s runs, %s metrics, %s in the roll-up', runs, rows, n) from
      (select count(*) as runs from ops.job_runs where state = 'succeeded') a,
      (select count(*) as rows from metrics) b,
      (select coalesce(sum(n), 0) as n from ops.metric_rollups where grain = 'd' and metric_name = 'chaos') c
      where runs <> rows or rows <> n`,
  },
  {
    name: "runs still open when everything should have drained",
    sql: `select id from ops.job_runs where finished_at is null`,
  },
];

/** Every case. */
export async function cases(watch: Db, { sql }: Check): Promise<string[]> {
  const rows = await watch.query<{ found: string }>(`select found::text from (${sql}) f(found)`);
  return rows.map(({ found }) => found);
}
