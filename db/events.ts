import type { Db } from "./client.ts";

/** Deletes the oldest events, as far as they are more than `days` old. Their ids grow with time, so the oldest lead. */
export async function deleteOldEvents(
  tx: Db,
  days: number,
  limit: number,
): Promise<{ deleted: number; more: boolean }> {
  const rows = await tx.query(
    `with oldest as (select id, created_at from ops.events order by id limit $2::int)
     delete from ops.events e using oldest
     where e.id = oldest.id and oldest.created_at < ops.now() - make_interval(days => $1::int) returning 1`,
    [days, limit],
  );
  return { deleted: rows.length, more: rows.length === limit };
}
