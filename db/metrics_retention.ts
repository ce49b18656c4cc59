import type { Db } from "./client.ts";
import type { MetricType, ServiceName } from "./schema/enums.ts";

/** The metrics of one service and type. */
export type MetricGroup = { service_name: ServiceName; metric_type: MetricType };

/** Where a walk through the metrics of a group stands. */
export type OldPlace = { timestamp: string; id: string };

/** Before the first metric of a group. */
export const BEFORE_ALL: OldPlace = { timestamp: "-infinity", id: "00000000-0000-0000-0000-000000000000" };

/** A date is at most two days from its timestamp in UTC, which has the better index. */
const BELOW = (floor: string) =>
  `m.date < ${floor}::text::date and m."timestamp" < (${floor}::text::date + 2)::timestamp at time zone 'UTC'`;

/** The groups that have rows dated before the floor. */
export async function groupsBelow(db: Db, floor: string): Promise<MetricGroup[]> {
  return await db.query<MetricGroup>(
    `select s as service_name, t as metric_type
     from unnest(enum_range(null::service_name)) s cross join unnest(enum_range(null::metric_type)) t
     where exists (select from metrics m where m.service_name = s and m.metric_type = t and ${BELOW("$1")})
     order by s, t`,
    [floor],
  );
}

/**
 * Deletes some rows of a group that are dated before the floor, and leaves the roll-ups as they are.
 *
 * The walk goes on behind the place where the last batch ended, because what that deleted still lies in the index. A row
 * that a correction moves above the floor meanwhile is looked at again by the delete, and stays.
 * @returns how many were deleted, and where to go on; null at the end
 */
export async function deleteBelow(
  tx: Db,
  { service_name, metric_type }: MetricGroup,
  floor: string,
  { after, limit }: { after: OldPlace; limit: number },
): Promise<{ deleted: number; next: OldPlace | null }> {
  await tx.exec("select set_config('ops.keep_rollups', 'on', true)");
  const [row] = await tx.query<{ deleted: number; seen: number } & OldPlace>(
    `with old as materialized (
       select m.id, m."timestamp" from metrics m
       where m.service_name = $2 and m.metric_type = $3 and ${BELOW("$1")}
         and (m."timestamp", m.id) > ($4::text::timestamptz, $5::text::uuid)
       order by m."timestamp", m.id limit $6::int),
     gone as (delete from metrics m using old where m.id = old.id and m.date < $1::text::date returning 1)
     select (select count(*) from gone)::int as deleted, count(*) over ()::int as seen, "timestamp", id
     from old order by "timestamp" desc, id desc limit 1`,
    [floor, service_name, metric_type, after.timestamp, after.id, limit],
  );
  await tx.exec("select set_config('ops.keep_rollups', '', true)"); // a transaction around this one would keep it
  if (row === undefined) return { deleted: 0, next: null };
  return { deleted: row.deleted, next: row.seen < limit ? null : { timestamp: row.timestamp, id: row.id } };
}
