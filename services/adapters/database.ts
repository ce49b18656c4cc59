import type { Database, Surprises } from "../../db/client.ts";
import { openEmbedded } from "../../db/embedded.ts";
import { openPostgres } from "../../db/postgres.ts";
import type { Config } from "../config.ts";

const SNAPSHOT = new URL("../../db/snapshot.tgz", import.meta.url);

/** Opens Postgres where one is configured, else the embedded database in the data directory. */
export async function openDatabase(config: Config, surprises: Surprises): Promise<Database> {
  if (config.DATABASE_URL !== undefined) {
    return openPostgres(config.DATABASE_URL, { ...surprises, max: config.DATABASE_POOL });
  }
  return await openEmbedded(config.DATA_DIR, () => Deno.readFile(SNAPSHOT), surprises);
}

/** A migration or a recount may rewrite a large table. */
const PATIENT_MS = 6 * 3_600_000;

/** Runs work that may take hours: on Postgres over a connection of its own, whose statements have that long. */
export async function patiently<T>(
  db: Database,
  config: Config,
  surprises: Surprises,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  if (config.DATABASE_URL === undefined) return await work(db);
  const slow = openPostgres(config.DATABASE_URL, { ...surprises, max: 1, statement_timeout_ms: PATIENT_MS });
  try {
    return await work(slow);
  } finally {
    await slow.close();
  }
}
