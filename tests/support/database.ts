import "./idle_timer.ts";
import type { Database, Db } from "../../db/client.ts";
import { openEmbedded, type Snapshot } from "../../db/embedded.ts";
import { openPostgres } from "../../db/postgres.ts";

/** Retries in tests do not wait, and their jitter is fixed. */
export const calm = { random: () => 0.5, sleep: () => Promise.resolve() };

/** An engine with every migration applied and a clock that tests set; opened once for a file of tests. */
export type Fixture = { db: Database; url: string | null; close(): Promise<void> };

/** When every test begins, unless it sets another time. */
export const START = "2025-12-24T12:00:00Z";

/** The embedded engine in memory. */
export async function embeddedFixture(): Promise<Fixture> {
  const db = await openEmbedded(null, snapshot(), calm);
  await prepare(db);
  return { db, url: null, close: () => db.close() };
}

/** A database of its own on the server of `DATABASE_URL`, dropped at the end. */
export async function postgresFixture(serverUrl: string, name: string): Promise<Fixture> {
  const admin = openPostgres(serverUrl, { ...calm, max: 1 });
  await admin.exec(`drop database if exists ${name} with (force)`);
  await admin.exec(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const db = openPostgres(url.href, { ...calm, max: 1 });
  await prepare(db);
  return {
    db,
    url: url.href,
    async close() {
      await db.close();
      await admin.exec(`drop database ${name} with (force)`);
      await admin.close();
    },
  };
}

/** The committed snapshot, where it exists, spares PGlite its initdb. */
function snapshot(): Snapshot | undefined {
  const file = new URL("../../db/snapshot.tgz", import.meta.url);
  try {
    Deno.statSync(file);
    return () => Deno.readFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function prepare(db: Db): Promise<void> {
  const [known] = await db.query<{ known: boolean }>("select to_regclass('public.metrics') is not null as known");
  if (known?.known !== true) {
    const dir = new URL("../../migrations/", import.meta.url);
    const files = [...Deno.readDirSync(dir)].map((entry) => entry.name).filter((name) => name.endsWith(".up.sql"))
      .sort();
    for (const file of files) await db.exec(await Deno.readTextFile(new URL(file, dir)));
  }
  await db.exec(`
    create table ops.test_clock (at timestamptz not null);
    insert into ops.test_clock values ('${START}');
    create or replace function ops.now() returns timestamptz language sql stable as 'select at from ops.test_clock'`);
}

const DONE = new Error("rolled back");

/** Runs a test inside one transaction and rolls it back. Concurrent verbs take turns, each in its own savepoint. */
export function rolledBack(db: Db, test: (tx: Db) => Promise<void>): Promise<void> {
  return db.transaction(async (tx): Promise<void> => {
    await test(serialised(tx));
    throw DONE;
  }).catch((error) => {
    if (error !== DONE) throw error;
  });
}

/**
 * One connection shared by concurrent verbs: interleaved savepoints would lose rows in silence, so each statement or
 * transaction at the top waits for its turn; what is nested in a transaction has the turn already.
 */
function serialised(tx: Db): Db {
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: (own: Db) => Promise<T>): Promise<T> => {
    const mine = turn.then(() => tx.transaction(work));
    turn = mine.catch(() => {});
    return mine;
  };
  return {
    query: (text, params) => inTurn((own) => own.query(text, params)),
    exec: (text) => inTurn((own) => own.exec(text)),
    transaction: inTurn,
  };
}
