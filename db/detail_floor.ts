import type { Db } from "./client.ts";

/** The first local day whose rows are kept, and how long ingest statements may still run that do not know it. */
export type DetailFloor = { floor: string; unsettled_ms: number };

/**
 * Moves the floor forward to a day; it never goes back, for what lies before it may be deleted already.
 *
 * Why a row cannot be counted twice: each ingest statement reads the floor in the snapshot in which it also looks for
 * known external ids. One that began before this commit may still store rows from below the floor, but it sees the
 * stored ones and counts nothing twice; one that began after it refuses them. Rows may therefore be deleted as soon as
 * no statement of the first kind is left: a minute later, where a statement may take 10 seconds.
 */
export async function moveDetailFloor(tx: Db, day: string): Promise<void> {
  await tx.query(
    `insert into ops.settings as s (key, value, updated_at) values ('detail_floor', $1, ops.now())
     on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at
     where s.value::date < excluded.value::date`,
    [day],
  );
}

/** The floor as it is, or null before retention has ever run. */
export async function findDetailFloor(db: Db): Promise<DetailFloor | null> {
  const [row] = await db.query<DetailFloor>(
    `select value as floor, greatest(0, ceil(extract(epoch from updated_at + interval '1 minute' - ops.now()) * 1000))::int
       as unsettled_ms
     from ops.settings where key = 'detail_floor'`,
  );
  return row ?? null;
}
