import { PGlite } from "@electric-sql/pglite";
import type { Database, Db, Param, Surprises } from "./client.ts";
import { checked, type Executor, instant, retrying, savepoints, wallTime } from "./executor.ts";

const same = (text: string) => text;
const PARSERS = { 1082: same, 1114: wallTime, 1184: instant, 1700: same, 20: same };

/** Reads the gzipped tar of a migrated database; asked only where there is no database yet. */
export type Snapshot = () => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Opens the embedded database: Postgres in WebAssembly, in this process, with one connection.
 * @param dir the directory that keeps it, or null for one in memory
 * @param snapshot reads a gzipped tar of a migrated database, which spares the first start its initdb
 * @throws {Error} when another process has the directory open: two would lose data without a word
 */
export async function openEmbedded(
  dir: string | null,
  snapshot: Snapshot | undefined,
  surprises: Surprises,
): Promise<Database> {
  const release = dir === null ? () => {} : await takeDirectory(dir);
  try {
    const pg = dir === null ? await create(undefined, snapshot) : await openDirectory(dir, snapshot);
    return handle(pg, release, surprises);
  } catch (error) {
    release();
    throw error;
  }
}

/** The gzipped tar of a new database after `prepare`, for the first starts of others. */
export async function makeSnapshot(
  prepare: (db: Database) => Promise<void>,
  surprises: Surprises,
): Promise<Uint8Array> {
  const pg = await create(undefined);
  await prepare(handle(pg, () => {}, surprises));
  await pg.exec("checkpoint");
  const archive = await pg.dumpDataDir("gzip");
  await pg.close();
  return new Uint8Array(await archive.arrayBuffer());
}

/** Holds the lock file of a data directory until the returned function is called or the process ends, however it ends. */
async function takeDirectory(dir: string): Promise<() => void> {
  await Deno.mkdir(dir, { recursive: true });
  const file = await Deno.open(`${dir}/lock`, { create: true, write: true });
  if (await file.tryLock(true)) return () => file.close();
  file.close();
  throw new Error(`Another process has the embedded database in ${dir} open. Stop it, or choose another DATA_DIR.`);
}

/** A first start that was cut off leaves no marker, so the next one begins afresh: nothing was acknowledged yet. */
async function openDirectory(dir: string, snapshot: Snapshot | undefined): Promise<PGlite> {
  const [data, marker] = [`${dir}/db`, `${dir}/db.complete`];
  if (await exists(marker)) return create(data);
  if (await exists(data)) await Deno.remove(data, { recursive: true });
  const pg = await create(data, snapshot);
  await Deno.writeTextFile(marker, "");
  return pg;
}

async function create(dataDir: string | undefined, snapshot?: Snapshot): Promise<PGlite> {
  const pg = await PGlite.create({
    parsers: PARSERS,
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(snapshot === undefined ? {} : { loadDataDir: new Blob([await snapshot()]) }),
  });
  await pg.exec("set random_page_cost = 1.1"); // as on Postgres
  return pg;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function handle(pg: PGlite, release: () => void, surprises: Surprises): Database {
  const executor = (on: Pick<PGlite, "query" | "exec">): Executor => ({
    query: async <T>(text: string, params: readonly Param[] = []) => (await on.query<T>(text, checked(params))).rows,
    exec: async (text: string) => {
      await on.exec(text);
    },
  });
  const db: Db = {
    ...executor(pg),
    transaction: <T>(fn: (tx: Db) => Promise<T>) =>
      retrying(() => pg.transaction((tx) => fn(savepoints(executor(tx)))), surprises),
  };
  return {
    ...db,
    kind: "embedded",
    ledger: { looks: db, ends: db },
    listen: (channel, heard) => void pg.listen(channel, heard),
    async close() {
      await pg.close();
      release();
    },
  };
}
