import type { Db } from "./client.ts";
import type { ServiceName, SyncStatus, SyncType } from "./schema/enums.ts";

/** How the pulls of one service stand. Instants are RFC 3339. */
export type SyncStatusRow = {
  service_name: ServiceName;
  now: string;
  last_success_at: string | null;
  watermark: string | null;
  /** Whole seconds from the watermark to now. */
  lag_s: number | null;
  next_run_at: string | null;
  last_id: string | null;
  last_sync_type: SyncType | null;
  last_status: SyncStatus | null;
  last_started_at: string | null;
  last_completed_at: string | null;
  last_processed: number | null;
  last_rejected: number | null;
  last_error_code: string | null;
};

/**
 * One row for each service: its latest completed pull, the open one or else the latest of all, and the next run of an
 * active job that names it. While a pull is open no other begins, so of a service's pulls the one written down last also
 * began last, and its watermark is the highest; the index (service_name, created_at) finds it without the history.
 */
export async function findSyncStatuses(db: Db): Promise<SyncStatusRow[]> {
  return await db.query<SyncStatusRow>(
    `select s.service_name, ops.now() as now, done.completed_at as last_success_at,
       done.last_sync_timestamp as watermark,
       floor(extract(epoch from ops.now() - done.last_sync_timestamp))::float8 as lag_s,
       (select min(j.next_run_at) from scheduled_jobs j
        where j.is_active and j.deleted_at is null and j.job_type = 'data_sync'
          and j.config -> 'services' ?| array['all', s.service_name::text]) as next_run_at,
       last.id as last_id, last.sync_type as last_sync_type, last.status as last_status,
       last.started_at as last_started_at, last.completed_at as last_completed_at,
       last.records_processed as last_processed, last.records_failed as last_rejected,
       last.metadata ->> 'error_code' as last_error_code
     from unnest(enum_range(null::data_sync_service_name)) as s (service_name)
     left join lateral (
       select d.* from data_syncs d where d.service_name = s.service_name and d.status = 'completed'
       order by d.created_at desc, d.id desc limit 1) done on true
     left join data_syncs last on last.id = coalesce(
       (select d.id from data_syncs d where d.service_name = s.service_name and d.status in ('pending', 'running')),
       (select d.id from data_syncs d where d.service_name = s.service_name
        order by d.created_at desc, d.id desc limit 1))
     order by s.service_name`,
  );
}
