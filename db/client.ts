/**
 * The one executor of the whole service, the same over Postgres and the embedded PGlite.
 * `transaction` is the only door to several statements at once: it begins at the top and makes a savepoint below.
 * Inside it, use the handle it passes; the outer one would escape the transaction (Postgres) or never answer (PGlite).
 *
 * Rows come with dates as `YYYY-MM-DD`, instants as RFC 3339 in UTC with microseconds, int8 and numeric as text,
 * float8 and int4 as numbers, jsonb parsed. Arrays leave SQL through `to_jsonb` and enter it as `$1::text::int[]`;
 * jsonb enters as `$1::text::jsonb`. `undefined` and `Date` are refused.
 */
export interface Db {
  /** Rows of one prepared statement. */
  query<T>(text: string, params?: readonly Param[]): Promise<T[]>;
  /** Several statements without parameters, or one that must not be prepared. */
  exec(text: string): Promise<void>;
  /** Runs `fn` in a transaction; commits what it returns, rolls back what it throws. Deadlocks are retried at the top. */
  transaction<T>(fn: (tx: Db) => Promise<T>): Promise<T>;
}

/** What a statement may be given. */
export type Param = string | number | boolean | null | Uint8Array;

/** An opened database: the executor and what only its owner may do. */
export interface Database extends Db {
  readonly kind: "postgres" | "embedded";
  /**
   * The same database for the ledger's runner, over connections that requests cannot take from its heartbeats: for what a
   * look writes, which may commit without waiting for the disk, and for ends.
   */
  readonly ledger: { readonly looks: Db; readonly ends: Db };
  /**
   * Calls `heard` with what others notify on a channel, from soon on and until the database is closed. What is sent while
   * the connection is away is never heard.
   */
  listen(channel: string, heard: (payload: string) => void): void;
  /** Ends all connections; waits a bounded time for what is under way. */
  close(): Promise<void>;
}

/** What surprises are handed in: randomness for the jitter of a retry, and a way to wait. */
export type Surprises = { random: () => number; sleep: (ms: number) => Promise<void> };

/** The database cannot be reached, is starting, refuses writes, or did not answer in time. Worth a retry. */
export class DatabaseUnavailable extends Error {
  override name = "DatabaseUnavailable";
}

/** Somebody holds a row for longer than a statement of the ledger waits. Worth a retry. */
export class RowsLocked extends Error {
  override name = "RowsLocked";
}

/** One statement took longer than it may; the database itself is well. */
export class StatementTimeout extends Error {
  override name = "StatementTimeout";
}

/** SQLSTATE of a failed statement, or undefined where the failure is not the database's word. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Name of the constraint that a statement violated, on either engine. */
export function violated(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const name = "constraint_name" in error
    ? error.constraint_name
    : "constraint" in error
    ? error.constraint
    : undefined;
  return typeof name === "string" ? name : undefined;
}
