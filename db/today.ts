import type { Db } from "./client.ts";

/** The local date in a time zone: today by the database's clock, or that of an instant. */
export async function localToday(db: Db, timezone: string, at: string | null = null): Promise<string> {
  const [row] = await db.query<{ day: string }>(
    "select (coalesce($2::timestamptz, ops.now()) at time zone $1::text)::date as day",
    [timezone, at],
  );
  if (row === undefined) throw new Error("The database did not tell the date");
  return row.day;
}
