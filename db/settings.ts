import type { Db } from "./client.ts";

/** A setting that belongs to the stored metrics rather than to a process, or null. */
export async function findSetting(db: Db, key: string): Promise<string | null> {
  const [row] = await db.query<{ value: string }>("select value from ops.settings where key = $1", [key]);
  return row?.value ?? null;
}

/** Stores a setting. */
export async function storeSetting(db: Db, key: string, value: string): Promise<void> {
  await db.query(
    `insert into ops.settings (key, value, updated_at) values ($1, $2, ops.now())
     on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at`,
    [key, value],
  );
}

/** Stores a setting that nobody has stored yet; false where somebody has. */
export async function takeSetting(db: Db, key: string, value: string): Promise<boolean> {
  const rows = await db.query(
    `insert into ops.settings (key, value, updated_at) values ($1, $2, ops.now()) on conflict (key) do nothing returning 1`,
    [key, value],
  );
  return rows.length === 1;
}

/** Whether any metric is stored. */
export async function hasMetrics(db: Db): Promise<boolean> {
  const [row] = await db.query<{ some: boolean }>("select exists (select from metrics) as some");
  return row?.some === true;
}

/**
 * Moves every metric from the days of one zone to those of another and recounts the roll-ups.
 * A row that stands exactly at midnight of the old zone was sent with a date alone: it keeps its date, and its
 * timestamp moves to the new midnight. Every other row gets the local day of its timestamp.
 */
export async function moveTimeZone(db: Db, from: string, to: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.exec("select set_config('ops.keep_rollups', 'on', true)");
    await tx.query(
      `update metrics set
         "timestamp" = case when "timestamp" = date::timestamp at time zone $1::text
                            then date::timestamp at time zone $2::text else "timestamp" end,
         date = case when "timestamp" = date::timestamp at time zone $1::text
                     then date else ("timestamp" at time zone $2::text)::date end`,
      [from, to],
    );
    await tx.exec("select set_config('ops.keep_rollups', '', true)");
    await tx.exec("select ops.rebuild_rollups()");
    await storeSetting(tx, "org_timezone", to);
  });
}
