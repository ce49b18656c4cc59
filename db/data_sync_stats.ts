import type { Db } from "./client.ts";
import type { ServiceName, SyncStatus } from "./schema/enums.ts";

/** What the pulls of a window add up to. */
export type SyncStatsRow = {
  /** Null for all services together. */
  service_name: ServiceName | null;
  by_status: Record<SyncStatus, number>;
  processed: number;
  rejected: number;
  /** Null without a completed pull. */
  duration_ms: [p50: number, p95: number] | null;
  failures_by_code: { code: string; count: number }[];
  /** When the latest of them was asked for. */
  latest: string | null;
};

/** Codes that are told of a service. */
export const MOST_CODES = 20;

/**
 * The pulls that were asked for on local days from `start_date` to `end_date`: all together first, then by service, those
 * only that have some. `percentile_cont` is type 7 of Hyndman and Fan (1996).
 */
export async function findSyncStats(
  db: Db,
  window: { start_date: string; end_date: string; timezone: string },
  service: ServiceName | null,
): Promise<SyncStatsRow[]> {
  return await db.query<SyncStatsRow>(STATS, [window.start_date, window.end_date, window.timezone, service]);
}

const STATS = `
  with asked as materialized (
    select service_name, status, records_processed, records_failed, created_at,
      case when status = 'completed' then (extract(epoch from completed_at - started_at) * 1000)::float8 end as took_ms,
      case when status = 'failed' then coalesce(metadata ->> 'error_code', 'unknown') end as code
    from data_syncs
    where created_at >= $1::date::timestamp at time zone $3::text
      and created_at < ($2::date + 1)::timestamp at time zone $3::text
      and ($4::data_sync_service_name is null or service_name = $4)),
  codes as (
    select service_name, code, count(*)::int as n,
      row_number() over (partition by service_name order by count(*) desc, code) as place
    from asked where code is not null group by grouping sets ((service_name, code), (code)))
  select a.service_name,
    json_build_object('pending', count(*) filter (where status = 'pending'),
      'running', count(*) filter (where status = 'running'), 'completed', count(*) filter (where status = 'completed'),
      'failed', count(*) filter (where status = 'failed')) as by_status,
    coalesce(sum(records_processed), 0)::float8 as processed, coalesce(sum(records_failed), 0)::float8 as rejected,
    to_json(percentile_cont(array[0.5, 0.95]) within group (order by took_ms)) as duration_ms,
    coalesce((
      select json_agg(json_build_object('code', c.code, 'count', c.n) order by c.place) from codes c
      where c.service_name is not distinct from a.service_name and c.place <= ${MOST_CODES}), '[]') as failures_by_code,
    max(a.created_at) as latest
  from asked a group by grouping sets ((), (a.service_name))
  order by grouping(a.service_name) desc, a.service_name`;
