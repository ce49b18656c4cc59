import type { Db } from "./client.ts";

/** Bytes of everything stored. */
export async function storedBytes(db: Db): Promise<number> {
  const [row] = await db.query<{ bytes: number }>(
    `select sum(pg_relation_size(c.oid))::float8 as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname in ('public', 'ops')`,
  );
  return row?.bytes ?? 0;
}

/** Clears dead rows and renews what the planner knows; not inside a transaction. */
export async function vacuum(db: Db): Promise<void> {
  await db.exec("vacuum analyze");
}
