import type { Db, Param, Surprises } from "./client.ts";
import { sqlState } from "./client.ts";

/** The two calls an engine offers on one connection. */
export type Executor = Pick<Db, "query" | "exec">;

/** A transaction handle over one connection: what is nested becomes a savepoint. */
export function savepoints(connection: Executor): Db {
  let depth = 0;
  const tx: Db = {
    query: connection.query,
    exec: connection.exec,
    async transaction(fn) {
      const point = `point_${++depth}`;
      await connection.exec(`savepoint ${point}`);
      try {
        const value = await fn(tx);
        await connection.exec(`release ${point}`);
        return value;
      } catch (error) {
        await connection.exec(`rollback to ${point}; release ${point}`);
        throw error;
      } finally {
        depth--;
      }
    },
  };
  return tx;
}

const DEADLOCK = "40P01";
const SERIALIZATION_FAILURE = "40001";
const RETRIES = 3;

/** Runs a whole transaction again, at most three times, where the database chose it as the victim of a conflict. */
export async function retrying<T>(run: () => Promise<T>, { random, sleep }: Surprises): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await run();
    } catch (error) {
      const state = sqlState(error);
      if (attempt > RETRIES || (state !== DEADLOCK && state !== SERIALIZATION_FAILURE)) throw error;
      await sleep(2 ** attempt * 5 * (0.5 + random()));
    }
  }
}

/** Refuses what the drivers would turn into something else without a word. */
export function checked(params: readonly Param[]): Param[] {
  for (const value of params) {
    const kind = typeof value;
    if (kind === "string" || kind === "number" || kind === "boolean" || value === null || value instanceof Uint8Array) {
      continue;
    }
    throw new TypeError(`A statement was given a parameter of type ${kind === "object" ? "object" : kind}`);
  }
  return params as Param[]; // the drivers never write to it
}

/** `2025-12-24 17:55:00.5+00`, as Postgres writes it in UTC, as RFC 3339. */
export function instant(text: string): string {
  return text.endsWith("+00") ? `${text.slice(0, 10)}T${text.slice(11, -3)}Z` : text;
}

/** A timestamp without zone, with the `T` of ISO 8601. */
export function wallTime(text: string): string {
  return text.replace(" ", "T");
}

/** A text array as Postgres writes it, to be cast with `$1::text::text[]`; nulls stay null. */
export function textArray(values: readonly (string | null)[]): string {
  let out = "{";
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (i > 0) out += ",";
    if (value === null || value === undefined) out += "NULL";
    else if (value.includes('"') || value.includes("\\")) out += `"${value.replace(/["\\]/g, "\\$&")}"`;
    else out += `"${value}"`;
  }
  return out + "}";
}
