import "../support/idle_timer.ts";
import type { Database, Db } from "../../db/client.ts";
import { openEmbedded } from "../../db/embedded.ts";
import { loadMigrations, migrateUp } from "../../db/migrate.ts";
import { openPostgres } from "../../db/postgres.ts";
import { calm, rolledBack } from "../support/database.ts";

/** An engine as these tests need it: empty or migrated, and without the tests' clock, which the golden schema lacks. */
export type Engine = {
  kind: Database["kind"];
  /** Runs a test on an empty database; `another` opens a second pool on it (embedded: the same handle, there is but one). */
  onEmpty(test: (db: Database, another: () => Database) => Promise<void>): Promise<void>;
  /** Runs a test in a transaction on a migrated database, and rolls it back. */
  onMigrated(test: (tx: Db) => Promise<void>): Promise<void>;
  close(): Promise<void>;
};

/** A server on which a test may open an empty database in its own way. */
export type ServerEngine = Engine & { withUrl(test: (url: string) => Promise<void>): Promise<void> };

/** What a file of cases holds: sentences and what proves them. */
export type Cases = Record<string, (engine: Engine) => Promise<void>>;

/** Registers cases as tests of an engine. */
export function register(engine: Engine, cases: Cases): void {
  for (const [name, run] of Object.entries(cases)) Deno.test(`${name} (${engine.kind})`, () => run(engine));
}

/** One PGlite for all: made empty again for each test that asks for it. */
export async function embeddedEngine(): Promise<Engine> {
  const [empty, migrated] = await Promise.all([
    openEmbedded(null, undefined, calm),
    openEmbedded(null, undefined, calm),
  ]);
  await migrateUp(migrated, await loadMigrations());
  return {
    kind: "embedded",
    async onEmpty(test) {
      await empty.exec(
        `drop schema if exists ops, migrations cascade; drop schema public cascade; create schema public`,
      );
      await test(empty, () => empty);
    },
    onMigrated: (test) => rolledBack(migrated, (tx) => tx.transaction(test)),
    async close() {
      await empty.close();
      await migrated.close();
    },
  };
}

/** A database for each empty one, and one migrated for all, on the server of an URL; dropped at the end. */
export async function postgresEngine(serverUrl: string): Promise<ServerEngine> {
  const admin = openPostgres(serverUrl, { ...calm, max: 1 });
  const url = (name: string) => Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  const create = async (name: string) => {
    await admin.exec(`drop database if exists ${name} with (force)`);
    await admin.exec(`create database ${name}`);
    return openPostgres(url(name), { ...calm, max: 2 });
  };
  const drop = (name: string) => admin.exec(`drop database ${name} with (force)`);
  const migrated = await create(MIGRATED);
  await migrateUp(migrated, await loadMigrations());
  let count = 0;
  return {
    kind: "postgres",
    async withUrl(test) {
      const name = "analytics_test_url";
      await (await create(name)).close();
      try {
        await test(url(name));
      } finally {
        await drop(name);
      }
    },
    async onEmpty(test) {
      const name = `analytics_test_empty_${++count}`;
      const opened = [await create(name)];
      const another = () => {
        const db = openPostgres(url(name), calm);
        opened.push(db);
        return db;
      };
      try {
        await test(opened[0] ?? another(), another);
      } finally {
        await Promise.all(opened.map((db) => db.close()));
        await drop(name);
      }
    },
    onMigrated: (test) => rolledBack(migrated, (tx) => tx.transaction(test)),
    async close() {
      await migrated.close();
      await drop(MIGRATED);
      await admin.close();
    },
  };
}

const MIGRATED = "analytics_test_migrated";
