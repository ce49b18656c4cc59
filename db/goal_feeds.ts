import type { Db } from "./client.ts";
import type { MetricType, ServiceName } from "./schema/enums.ts";

/** The metrics that feed goals: any unit, any dimensions. */
export type FedSeries = { service_name: ServiceName; metric_type: MetricType; metric_name: string };

/**
 * Lets nobody write metrics of a series until the transaction ends, and waits for those who are at it. A goal that is made
 * or moved meanwhile misses none: they are committed when its series is read, or find the goal to be fed.
 */
export async function holdSeries(tx: Db, { service_name, metric_type, metric_name }: FedSeries): Promise<void> {
  await tx.query("select ops.lock_series(array[$1::text], array[$2::text], array[$3::text])", [
    ...[service_name, metric_type, metric_name],
  ]);
}

/**
 * Queues the update of one goal that is new, was read by hand or became another one: its forecast is there before
 * anybody waits an hour.
 */
export async function queueGoalUpdate(tx: Db, goal_id: string): Promise<void> {
  await tx.query(
    `insert into ops.job_runs (id, job_type, fire_key, config, exclusive, scheduled_for, run_at)
     select id, 'goal_update', 'o:' || id, jsonb_build_object('goal_ids', jsonb_build_array($1::uuid)), false, ops.now(),
       ops.now()
     from (select ops.uuid7() as id) as run`,
    [goal_id],
  );
}

/**
 * Whether another run of the same series will see all that this one would: it waits and is due, or was claimed together
 * with this one and stands for later metrics. Where nobody ran anything for hours, one run is left of one for each minute.
 */
export async function isSuperseded(db: Db, runId: string): Promise<boolean> {
  const rows = await db.query(
    `select from ops.job_runs me
     where me.id = $1 and (
       exists (
         select from ops.job_runs o
         where o.state = 'queued' and o.job_type = 'goal_update' and o.run_at <= ops.now() and o.cancel_at is null
           and o.job_id is null and o.config -> 'series' = me.config -> 'series')
       or exists (
         select from ops.job_runs o
         where o.state = 'running' and o.job_type = 'goal_update' and (o.worker, o.started_at) = (me.worker, me.started_at)
           and o.run_at > me.run_at and o.job_id is null and o.config -> 'series' = me.config -> 'series'))`,
    [runId],
  );
  return rows.length > 0;
}
