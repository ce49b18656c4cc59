import type { Db } from "./client.ts";
import { sqlState } from "./client.ts";

/** One step of the schema: the pair `NNNN_<noun>.up.sql` and `.down.sql`. */
export type Migration = { name: string; up: string; down: string; sha256: string };

/** What the database and the files say of one migration; the last two stop every other verb. */
export type MigrationState = "applied" | "pending" | "edited" | "missing";

/** The history cannot be continued, or a migration failed; the message names the file. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

type Applied = { name: string; sha256: string; applied_at: string };

const DIRECTORY = new URL("../migrations/", import.meta.url);
const FILE = /^(\d{4}_[a-z0-9_]+)\.(up|down)\.sql$/;

/** Serialises the instances that start at once; held until the end of each migration's transaction. */
const LOCK = "select pg_advisory_xact_lock(7000, 1)";

const HISTORY = `
  create schema if not exists migrations;
  create table if not exists migrations.applied (
    name text primary key,
    sha256 text not null, -- of the up file
    applied_at timestamptz not null default statement_timestamp()
  )`;

/**
 * Reads the migrations of a directory in order.
 * @throws {MigrationError} for a stray file, a number used twice, or half a pair
 */
export async function loadMigrations(dir: URL = DIRECTORY): Promise<Migration[]> {
  const files = (await Array.fromAsync(Deno.readDir(dir))).map((entry) => entry.name).sort();
  const stray = files.find((file) => !FILE.test(file));
  if (stray !== undefined) throw new MigrationError(`${stray} is not named NNNN_<noun>.up.sql or .down.sql`);
  const names = [...new Set(files.map((file) => file.replace(FILE, "$1")))];
  const twin = names.find((name, i) => i > 0 && names[i - 1]?.slice(0, 4) === name.slice(0, 4));
  if (twin !== undefined) throw new MigrationError(`${twin} has a number that another migration has too`);
  return await Promise.all(names.map(async (name) => {
    const [up, down] = await Promise.all(["up", "down"].map((half) => readHalf(dir, `${name}.${half}.sql`)));
    return { name, up: up ?? "", down: down ?? "", sha256: await sha256(up ?? "") };
  }));
}

async function readHalf(dir: URL, file: string): Promise<string> {
  try {
    return await Deno.readTextFile(new URL(file, dir));
  } catch (cause) {
    throw new MigrationError(`${file} cannot be read; migrations come in pairs`, { cause });
  }
}

async function sha256(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toHex();
}

/**
 * Applies what is missing, one transaction a file; instances that start at once take turns. Up to date costs one query.
 * @returns the names applied by this call
 * @throws {MigrationError} when applied history was edited or is missing here, or a migration fails
 */
export async function migrateUp(db: Db, migrations: readonly Migration[]): Promise<string[]> {
  const done: string[] = [];
  let next = nextPending(await appliedMigrations(db), migrations);
  while (next !== undefined) {
    const applied = await inTurn(db, async (tx) => {
      const due = nextPending(await appliedMigrations(tx), migrations); // another instance may have been quicker
      if (due !== undefined) await apply(tx, due);
      return due;
    });
    if (applied === undefined) break;
    done.push(applied.name);
    next = migrations[migrations.indexOf(applied) + 1];
  }
  return done;
}

/**
 * Takes back the newest migrations, one transaction each.
 * @param count how many; fewer if no more are applied
 * @returns the names taken back, newest first
 */
export async function migrateDown(db: Db, migrations: readonly Migration[], count = 1): Promise<string[]> {
  const done: string[] = [];
  while (done.length < count) {
    const reverted = await inTurn(db, (tx) => revertNewest(tx, migrations));
    if (reverted === undefined) break;
    done.push(reverted.name);
  }
  return done;
}

/**
 * Takes the newest migration back and applies it again, in one transaction; its file may have changed in between.
 * @returns its name, or undefined when none is applied
 */
export async function migrateRedo(db: Db, migrations: readonly Migration[]): Promise<string | undefined> {
  return await inTurn(db, async (tx) => {
    const reverted = await revertNewest(tx, migrations);
    if (reverted !== undefined) await apply(tx, reverted);
    return reverted?.name;
  });
}

/** Every migration that the files or the database know, in order. */
export async function migrationStatus(
  db: Db,
  migrations: readonly Migration[],
): Promise<{ name: string; state: MigrationState; applied_at: string | null }[]> {
  const applied = new Map((await appliedMigrations(db)).map((row) => [row.name, row]));
  const files = new Map(migrations.map((migration) => [migration.name, migration]));
  return [...new Set([...applied.keys(), ...files.keys()])].sort().map((name) => {
    const [row, file] = [applied.get(name), files.get(name)];
    const state = row === undefined
      ? "pending"
      : file === undefined
      ? "missing"
      : file.sha256 === row.sha256
      ? "applied"
      : "edited";
    return { name, state, applied_at: row?.applied_at ?? null };
  });
}

/** How many migrations the files have and the database lacks. */
export async function pendingMigrations(db: Db, migrations: readonly Migration[]): Promise<number> {
  return (await migrationStatus(db, migrations)).filter(({ state }) => state === "pending").length;
}

async function inTurn<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  return await db.transaction(async (tx) => {
    await tx.query(LOCK);
    await tx.exec(HISTORY);
    return await work(tx);
  });
}

/** What was applied, oldest first; nothing where no migration ever ran. */
async function appliedMigrations(db: Db): Promise<Applied[]> {
  try {
    return await db.query<Applied>("select name, sha256, applied_at from migrations.applied order by name");
  } catch (error) {
    if (sqlState(error) === "42P01") return [];
    throw error;
  }
}

/** The migration to apply next, once what is applied proves to be the beginning of the files, unchanged. */
function nextPending(applied: readonly Applied[], migrations: readonly Migration[]): Migration | undefined {
  for (const [i, row] of applied.entries()) {
    const file = migrations.find(({ name }) => name === row.name);
    if (file === undefined) {
      throw new MigrationError(`${row.name} was applied to this database but is missing here: is this code too old?`);
    }
    if (file.sha256 !== row.sha256) {
      throw new MigrationError(
        `${row.name}.up.sql was edited after it was applied; restore it and add a new migration`,
      );
    }
    const skipped = migrations[i];
    if (skipped !== undefined && skipped.name < row.name) {
      throw new MigrationError(`${skipped.name} is new but comes before ${row.name}, which is applied; number it last`);
    }
  }
  return migrations[applied.length];
}

async function apply(tx: Db, { name, up, sha256 }: Migration): Promise<void> {
  await run(tx, `${name}.up.sql`, up);
  await tx.query("insert into migrations.applied (name, sha256) values ($1, $2)", [name, sha256]);
}

/** Takes back the newest applied migration by its file as it is now; its up file may have been edited, for redo. */
async function revertNewest(tx: Db, migrations: readonly Migration[]): Promise<Migration | undefined> {
  const newest = (await appliedMigrations(tx)).at(-1);
  if (newest === undefined) return undefined;
  const file = migrations.find(({ name }) => name === newest.name);
  if (file === undefined) throw new MigrationError(`${newest.name} is applied but its files are missing here`);
  await run(tx, `${file.name}.down.sql`, file.down);
  await tx.query("delete from migrations.applied where name = $1", [file.name]);
  return file;
}

async function run(tx: Db, file: string, sql: string): Promise<void> {
  try {
    await tx.exec(sql);
  } catch (cause) {
    if (sqlState(cause)?.startsWith("40")) throw cause; // a deadlock with live traffic: the transaction is run again
    throw new MigrationError(`${file} failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
