import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import type { Db } from "../../../db/client.ts";
import { schemaText } from "../../../db/introspect.ts";
import {
  loadMigrations,
  migrateDown,
  migrateRedo,
  migrateUp,
  type Migration,
  migrationStatus,
  pendingMigrations,
} from "../../../db/migrate.ts";
import { parseMigrateCommand, performMigrateCommand } from "../../../db/migrate_cli.ts";
import type { Cases, Engine } from "../engine.ts";

const ALL = await loadMigrations();
const GOLDEN = await Deno.readTextFile(new URL("../../golden/schema.sql", import.meta.url));
const NAMES = ALL.map(({ name }) => name);

/** A small migration of the tests' own. */
function migration(name: string, up: string, down = ""): Migration {
  return { name, up, down, sha256: name + up };
}

const PAIR = [
  migration("0001_wells", "create table public.wells (depth int)", "drop table public.wells"),
  migration("0002_pumps", "create table public.pumps (power int)", "drop table public.pumps"),
];

async function states(db: Db, migrations: readonly Migration[]): Promise<string[]> {
  return (await migrationStatus(db, migrations)).map(({ name, state }) => `${name} ${state}`);
}

/** Counts what reaches the database. */
function counting(db: Db): { db: Db; statements: string[] } {
  const statements: string[] = [];
  const counted = (inner: Db): Db => ({
    query: (text, params) => (statements.push(text), inner.query(text, params)),
    exec: (text) => (statements.push(text), inner.exec(text)),
    transaction: (fn) => inner.transaction((tx) => fn(counted(tx))),
  });
  return { db: counted(db), statements };
}

/** The runner and the migrations themselves, on one engine. */
export const migrationCases: Cases = {
  "up, down and up again give the golden schema": ({ onEmpty }) =>
    onEmpty(async (db) => {
      equal(await migrateUp(db, ALL), NAMES);
      const text = await schemaText(db);
      ok(text === GOLDEN, "tests/golden/schema.sql is not what the migrations make; run: deno task golden");
      equal(await migrateDown(db, ALL, ALL.length + 1), NAMES.toReversed());
      equal((await schemaText(db)).trim(), "");
      equal(await migrateUp(db, ALL), NAMES);
      ok(await schemaText(db) === GOLDEN, "a down file leaves something behind that its up file does not make");
    }),

  "each migration can be redone where it is the newest": ({ onEmpty }) =>
    onEmpty(async (db) => {
      for (const i of ALL.keys()) {
        const files = ALL.slice(0, i + 1);
        await migrateUp(db, files);
        const before = await schemaText(db);
        equal(await migrateRedo(db, files), NAMES[i]);
        ok(await schemaText(db) === before, `${NAMES[i]} leaves another schema when it is redone`);
      }
    }),

  "redo applies a file that was edited, and an up file that fails leaves what was there": ({ onEmpty }) =>
    onEmpty(async (db) => {
      await migrateUp(db, PAIR);
      const [wells, pumps] = PAIR as [Migration, Migration];
      const broken = { ...pumps, up: "select 1 / 0", sha256: "broken" };
      await rejects(migrateRedo(db, [wells, broken]), /0002_pumps\.up\.sql failed: division by zero/);
      equal(await db.query("select * from public.pumps"), []);
      const edited = { ...pumps, up: "create table public.pumps (litres int)", sha256: "edited" };
      equal(await migrateRedo(db, [wells, edited]), "0002_pumps");
      equal(await states(db, [wells, edited]), ["0001_wells applied", "0002_pumps applied"]);
      equal(await db.query("select litres from public.pumps"), []);
    }),

  "a database that is up to date costs one query": ({ onEmpty }) =>
    onEmpty(async (db) => {
      await migrateUp(db, PAIR);
      const seen = counting(db);
      equal(await migrateUp(seen.db, PAIR), []);
      equal(seen.statements.length, 1);
    }),

  "edited, missing and late-numbered history is refused, and nothing runs": ({ onEmpty }) =>
    onEmpty(async (db) => {
      await migrateUp(db, PAIR);
      const [wells, pumps] = PAIR as [Migration, Migration];
      const next = migration("0003_pipes", "create table public.pipes (width int)");
      const edited = { ...wells, sha256: "another" };
      await rejects(migrateUp(db, [edited, pumps, next]), /0001_wells\.up\.sql was edited after it was applied/);
      await rejects(migrateUp(db, [wells, next]), /0002_pumps was applied to this database but is missing here/);
      const late = migration("0001_wares", "create table public.wares (price int)");
      await rejects(migrateUp(db, [late, wells, pumps]), /0001_wares is new but comes before 0001_wells/);
      equal(await states(db, [edited, next]), ["0001_wells edited", "0002_pumps missing", "0003_pipes pending"]);
      equal(await db.query("select to_regclass('public.pipes')::text as at, to_regclass('public.wares')::text as it"), [
        { at: null, it: null },
      ]);
    }),

  "a migration that fails leaves nothing of itself, and what came before it stays": ({ onEmpty }) =>
    onEmpty(async (db) => {
      const [wells] = PAIR as [Migration, Migration];
      const broken = migration(
        "0002_broken",
        "create table public.half (a int); insert into public.half values (1 / 0)",
      );
      await rejects(migrateUp(db, [wells, broken]), /0002_broken\.up\.sql failed: division by zero/);
      equal(await states(db, [wells, broken]), ["0001_wells applied", "0002_broken pending"]);
      equal(await db.query("select to_regclass('public.half')::text as half"), [{ half: null }]);
      equal(await migrateUp(db, PAIR), ["0002_pumps"]);
    }),

  "two runners at once apply each migration once, and both end well": ({ onEmpty }) =>
    onEmpty(async (db, another) => {
      const [one, two] = await Promise.all([migrateUp(db, ALL), migrateUp(another(), ALL)]);
      equal([...one, ...two].sort(), NAMES);
      equal(await pendingMigrations(db, ALL), 0);
      ok(await schemaText(db) === GOLDEN, "the schema is not the golden one");
    }),

  "the command migrates, lists, redoes and takes back": ({ onEmpty }) =>
    onEmpty(async (db) => {
      const perform = (...args: string[]) => performMigrateCommand(db, PAIR, parseMigrateCommand(args));
      equal(await perform("down"), ["No migration is applied."]);
      equal(await perform("redo"), ["No migration is applied."]);
      equal(await perform(), ["applied: 0001_wells", "applied: 0002_pumps"]);
      equal(await perform("up"), ["The database is up to date."]);
      equal(await perform("redo"), ["redone: 0002_pumps"]);
      equal(await perform("down"), ["taken back: 0002_pumps"]);
      const [first = "", second = ""] = await perform("status");
      ok(/^applied \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d {2}0001_wells$/.test(first), first);
      ok(/^pending {22}0002_pumps$/.test(second), second);
      equal(await perform("down", "9"), ["taken back: 0001_wells"]);
      for (const wrong of [["sideways"], ["down", "0"], ["down", "all"], ["up", "1"], ["down", "1", "2"]]) {
        await rejects(async () => await perform(...wrong), /deno task migrate:down \[n\]/);
      }
    }),

  "stray files, twin numbers and halves of pairs are refused": async () => {
    const dir = await Deno.makeTempDir();
    const at = new URL(`file://${dir}/`);
    const write = (file: string) => Deno.writeTextFile(new URL(file, at), "select 1");
    try {
      for (const file of ["0001_wells.up.sql", "0001_wells.down.sql", "0002_pumps.up.sql"]) await write(file);
      await rejects(loadMigrations(at), /0002_pumps\.down\.sql cannot be read; migrations come in pairs/);
      await write("0002_pumps.down.sql");
      equal((await loadMigrations(at)).map(({ name }) => name), ["0001_wells", "0002_pumps"]);
      for (const half of ["up", "down"]) await write(`0002_pipes.${half}.sql`);
      await rejects(loadMigrations(at), /0002_pumps has a number that another migration has too/);
      await write("notes.sql");
      await rejects(loadMigrations(at), /notes\.sql is not named/);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
};

/** What needs a server: a runner that is killed. */
export async function killedRunner({ onEmpty }: Engine): Promise<void> {
  await onEmpty(async (db, another) => {
    const [wells, pumps] = PAIR as [Migration, Migration];
    const slow = { ...pumps, up: `${pumps.up}; select pg_sleep(30)` };
    const killed = rejects(migrateUp(another(), [wells, slow]));
    let pid: number | undefined;
    while (pid === undefined) {
      const [asleep] = await db.query<{ pid: number }>("select pid from pg_stat_activity where wait_event = 'PgSleep'");
      pid = asleep?.pid;
    }
    await db.query("select pg_terminate_backend($1)", [pid]);
    await killed;
    equal(await states(db, PAIR), ["0001_wells applied", "0002_pumps pending"]);
    equal(await migrateUp(db, PAIR), ["0002_pumps"]);
  });
}
