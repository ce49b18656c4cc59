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
