import { sqlState } from "../../db/client.ts";
import type { Caller } from "../access.ts";
import { readArguments } from "../adapters/arguments.ts";
import { openDatabase } from "../adapters/database.ts";
import { environmentConfig } from "../adapters/environment.ts";
import { randomIds } from "../adapters/random_ids.ts";
import { systemClock } from "../adapters/system_clock.ts";
import { runCommand, terminal } from "../adapters/terminal.ts";
import type { Needs } from "../context.ts";
import { DomainError } from "../errors.ts";
import { MOST_ITEMS } from "../paging.ts";
import { createKey, listKeys, revokeKey } from "./mod.ts";
import { ApiKeyCreate, type ApiKeyResponse, keyId } from "./schema.ts";

const USAGE = `Usage:
  deno task keys create --name NAME --caller UUID [--scopes read,write] [--expires 2027-01-01]
  deno task keys list
  deno task keys revoke ID`;

/** What was asked for on the command line. */
export type KeysCommand =
  | { verb: "create"; key: ApiKeyCreate }
  | { verb: "list" }
  | { verb: "revoke"; id: string };

/** Whoever can run commands here holds the database, and so every scope. */
const OPERATOR: Caller = { kind: "local" };

/**
 * Understands the arguments of `deno task keys`. A date to expire on means the start of that day in UTC.
 * @throws {Error} that says what is wrong and how to use the command
 */
export function parseKeysCommand(args: string[]): KeysCommand {
  const { words: [verb, id, ...rest], options } = usable(() => readArguments(args, OPTIONS));
  const bare = Object.keys(options).length === 0 && rest.length === 0;
  if (verb === "create" && id === undefined) return { verb, key: newKey(options) };
  if (verb === "list" && id === undefined && bare) return { verb };
  if (verb === "revoke" && bare && keyId.safeParse(id).success && id !== undefined) return { verb, id };
  throw new Error(USAGE);
}

const OPTIONS = ["name", "caller", "scopes", "expires"] as const;
type Options = Partial<Record<typeof OPTIONS[number], string>>;

function newKey({ name, caller, scopes, expires }: Options): ApiKeyCreate {
  if (caller === undefined) throw new Error(`--caller is missing\n${USAGE}`);
  const parsed = ApiKeyCreate.safeParse({
    name,
    caller_id: caller,
    scopes: scopes?.split(","),
    expires_at: expires !== undefined && /^\d{4}-\d\d-\d\d$/.test(expires) ? `${expires}T00:00:00Z` : expires,
  });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${OPTION[String(path[0])] ?? ""}: ${message}`);
  throw new Error(`${wrong.join("\n")}\n${USAGE}`);
}

const OPTION: Record<string, string> = {
  name: "--name",
  caller_id: "--caller",
  scopes: "--scopes",
  expires_at: "--expires",
};

function usable<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

/** Does what was asked, and returns the lines to print. A new key is among them, this once. */
export async function performKeysCommand(ctx: Needs<"db" | "ids">, command: KeysCommand): Promise<string[]> {
  switch (command.verb) {
    case "create": {
      const made = await createKey(ctx, OPERATOR, command.key);
      return [made.key, `Keep it now: it is not shown again. To end it: deno task keys revoke ${made.id}`];
    }
    case "revoke":
      await revokeKey(ctx, OPERATOR, command.id);
      return [`Revoked ${command.id}; every instance refuses it within a second.`];
    case "list": {
      const { items, total } = await listKeys(ctx, OPERATOR, { limit: MOST_ITEMS });
      if (total === 0) return ["There are no API keys."];
      const more = total > items.length ? [`These are the newest ${items.length} of ${total}.`] : [];
      return [...items.map(line), ...more];
    }
  }
}

function line(key: ApiKeyResponse): string {
  const state = key.revoked_at !== null
    ? `revoked ${key.revoked_at}`
    : key.expires_at !== null
    ? `expires ${key.expires_at}`
    : "does not expire";
  const used = key.last_used_at === null ? "never used" : `used ${key.last_used_at}`;
  return [key.id, JSON.stringify(key.name), key.caller_id, key.scopes.join(","), state, used].join("  ");
}

/** The sentence for the person at the terminal, where an error has a better one than its own. */
function explained(error: unknown): unknown {
  if (sqlState(error) === "42P01") return new Error("The database is not migrated; run: deno task migrate");
  if (!(error instanceof DomainError) || error.errors.length === 0) return error;
  return new Error(error.errors.map(({ pointer, detail }) => `${OPTION[pointer.slice(1)]}: ${detail}`).join("\n"));
}

if (import.meta.main) {
  await runCommand(async () => {
    const command = parseKeysCommand(Deno.args);
    const ids = randomIds(systemClock);
    const db = await openDatabase(environmentConfig(), { random: ids.random, sleep: systemClock.sleep });
    try {
      for (const text of await performKeysCommand({ db, ids }, command)) terminal.print(text);
    } catch (error) {
      throw explained(error);
    } finally {
      await db.close();
    }
  });
}
