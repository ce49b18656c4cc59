import type { Database } from "../../db/client.ts";
import { loadMigrations, migrateUp } from "../../db/migrate.ts";
import { openPostgres } from "../../db/postgres.ts";
import { calm } from "../support/database.ts";
import { scaledNow } from "./time.ts";

/** The database that the chaos is about, and the connection that only watches it. */
export type ChaosDatabase = {
  url: string;
  watch: Database;
  drop(): Promise<void>;
};

/** Makes a migrated database with the fast clock and the witnesses in place. */
export async function createChaosDatabase(serverUrl: string): Promise<ChaosDatabase> {
  const name = `chaos_${Deno.pid}`;
  const admin = openPostgres(serverUrl, { ...calm, max: 1 });
  await admin.exec(`drop database if exists ${name} with (force)`);
  await admin.exec(`create database ${name}`);
  // A server for tests may run without: then a restart would take back what was acknowledged.
  await admin.exec(`alter database ${name} set synchronous_commit = on`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const watch = openPostgres(url.href, { ...calm, max: 2, statement_timeout_ms: 20_000 });
  await migrateUp(watch, await loadMigrations());
  await watch.exec(await Deno.readTextFile(new URL("witness.sql", import.meta.url)));
  const [row] = await watch.query<{ now: string }>("select clock_timestamp() as now");
  if (row === undefined) throw new Error("Postgres did not tell the time");
  await watch.exec(scaledNow(row.now));
  return {
    url: url.href,
    watch,
    async drop() {
      await watch.close();
      await admin.exec(`drop database if exists ${name} with (force)`).finally(() => admin.close());
    },
  };
}
