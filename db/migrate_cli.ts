/** `deno task migrate`, `migrate:down [n]`, `migrate:redo`, `migrate:status`: on DATABASE_URL, else in DATA_DIR. */
import { openDatabase } from "../services/adapters/database.ts";
import { environmentConfig } from "../services/adapters/environment.ts";
import { randomIds } from "../services/adapters/random_ids.ts";
import { systemClock } from "../services/adapters/system_clock.ts";
import { runCommand, terminal } from "../services/adapters/terminal.ts";
import type { Database, Db } from "./client.ts";
import { loadMigrations, migrateDown, migrateRedo, migrateUp, type Migration, migrationStatus } from "./migrate.ts";
import { openPostgres } from "./postgres.ts";

const USAGE = `Usage:
  deno task migrate            applies what is missing
  deno task migrate:down [n]   takes back the newest migration, or the newest n
  deno task migrate:redo       takes the newest back and applies it again
  deno task migrate:status     lists them`;

/** A migration may rewrite a large table. */
const STATEMENT_TIMEOUT_MS = 6 * 3_600_000;

/** What was asked for on the command line. */
export type MigrateCommand = { verb: "up" | "redo" | "status" } | { verb: "down"; count: number };

/**
 * Understands the arguments of the command.
 * @throws {Error} that says how to use it
 */
export function parseMigrateCommand([verb = "up", count, ...rest]: string[]): MigrateCommand {
  if (rest.length === 0) {
    if (count === undefined && (verb === "up" || verb === "redo" || verb === "status")) return { verb };
    if (verb === "down" && /^[1-9]\d{0,3}$/.test(count ?? "1")) return { verb, count: Number(count ?? 1) };
  }
  throw new Error(USAGE);
}

/** Does what was asked, and returns the lines to print. */
export async function performMigrateCommand(
  db: Db,
  migrations: readonly Migration[],
  command: MigrateCommand,
): Promise<string[]> {
  switch (command.verb) {
    case "up":
      return told("applied", await migrateUp(db, migrations), "The database is up to date.");
    case "down":
      return told("taken back", await migrateDown(db, migrations, command.count), "No migration is applied.");
    case "redo":
      return told("redone", [await migrateRedo(db, migrations) ?? []].flat(), "No migration is applied.");
    case "status":
      return (await migrationStatus(db, migrations)).map(({ name, state, applied_at }) =>
        `${state.padEnd(8)}${applied_at?.slice(0, 19) ?? " ".repeat(19)}  ${name}`
      );
  }
}

function told(done: string, names: readonly string[], nothing: string): string[] {
  return names.length === 0 ? [nothing] : names.map((name) => `${done}: ${name}`);
}

function open(): Promise<Database> | Database {
  const config = environmentConfig();
  const surprises = { random: randomIds(systemClock).random, sleep: systemClock.sleep };
  if (config.DATABASE_URL === undefined) return openDatabase(config, surprises);
  return openPostgres(config.DATABASE_URL, { ...surprises, max: 1, statement_timeout_ms: STATEMENT_TIMEOUT_MS });
}

if (import.meta.main) {
  await runCommand(async () => {
    const command = parseMigrateCommand(Deno.args);
    const migrations = await loadMigrations();
    const db = await open();
    try {
      for (const line of await performMigrateCommand(db, migrations, command)) terminal.print(line);
    } finally {
      await db.close();
    }
  });
}
