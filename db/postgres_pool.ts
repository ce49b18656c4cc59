import postgres from "postgres";
import type { Db, Param, Surprises } from "./client.ts";
import { DatabaseUnavailable, RowsLocked, sqlState, StatementTimeout } from "./client.ts";
import { checked, type Executor, instant, retrying, savepoints, wallTime } from "./executor.ts";

export type PoolOptions = Surprises & {
  /** Connections in the pool. */
  max?: number;
  /** What one statement may take on the server. */
  statement_timeout_ms?: number;
  /** Settings of each connection, beside those of all. */
  settings?: Record<string, string | number>;
  /** What measures deadlines; the process's own timers unless a test moves the time. */
  timer?: Timer;
};

/** Monotonic milliseconds, and a function called again and again until cancelled. */
export type Timer = { now(): number; every(ms: number, fn: () => void): () => void };

const processTimer: Timer = {
  now: () => performance.now(),
  every(ms, fn) {
    const id = setInterval(fn, ms);
    Deno.unrefTimer(id);
    return () => clearInterval(id);
  },
};

const asText = (oids: number[], parse: (text: string) => string) => ({
  to: oids[0] as number,
  from: oids,
  serialize: (value: unknown) => String(value),
  parse,
});
const TYPES = {
  date: asText([1082], (text) => text),
  timestamp: asText([1114], wallTime),
  timestamptz: asText([1184], instant),
  numeric: asText([1700], (text) => text),
  int8: asText([20], (text) => text),
};

type Pool = { sql: postgres.Sql; underway: Set<Wait>; gone: Error | null };
const PREPARED = { prepare: true };

type Connection = { lost: Error | null };
type Wait = { deadline: number; reject: (error: Error) => void };

/** How long after the server's own limit a statement counts as lost with its connection. */
const GRACE_MS = 1_000;
const SWEEP_MS = 100;

/** A pool, and its end. */
export type Pooled = Db & { close(): Promise<void> };

/**
 * Opens a pool on Postgres. It connects when first used, so a server that is away is an error of the query, not of the start.
 *
 * postgres.js has neither an acquire timeout nor a deadline: a query on a frozen connection never settles. Here every
 * statement and transaction waits under a deadline; when one passes it, the pool is given up, all that wait on it fail
 * with `DatabaseUnavailable`, and the next statement opens a new one. So the service heals by itself.
 */
export function openPool(url: string, options: PoolOptions): Pooled {
  const { max = 10, statement_timeout_ms = 10_000, settings = {}, timer = processTimer } = options;
  let current: { pool: Pool; run: Executor } | undefined;
  let closed = false;

  let now = timer.now(); // as of the last sweep: to ask the time for every statement would cost more than the deadline
  const deadline = () => now + statement_timeout_ms + GRACE_MS;
  const open = () => {
    if (closed) throw new DatabaseUnavailable("The database is closed");
    if (current !== undefined) return current;
    const pool: Pool = {
      sql: connect(url, max, { statement_timeout: statement_timeout_ms, ...settings }),
      underway: new Set(),
      gone: null,
    };
    return current = { pool, run: executor(pool, pool.sql) };
  };
  const giveUp = (gone: Pool, why: Error) => {
    if (current?.pool === gone) current = undefined;
    gone.gone = why;
    for (const wait of gone.underway) wait.reject(why);
    gone.underway.clear();
    gone.sql.end({ timeout: 0 }).catch(() => {}); // its connections are lost already
  };
  const stopSweeping = timer.every(SWEEP_MS, () => {
    const pool = current?.pool;
    now = timer.now();
    if (pool !== undefined && [...pool.underway].some((wait) => wait.deadline < now)) {
      giveUp(pool, new DatabaseUnavailable("The database did not answer in time"));
    }
  });

  /** Waits for a promise of this pool until it settles, passes its deadline, or the pool is given up. */
  const bounded = <T>(pool: Pool, work: PromiseLike<T>, lost: (error: Error) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      const wait: Wait = { deadline: deadline(), reject };
      pool.underway.add(wait);
      work.then((value) => {
        pool.underway.delete(wait);
        resolve(value);
      }, (error) => {
        pool.underway.delete(wait);
        const told = translate(error);
        if (told instanceof DatabaseUnavailable) lost(told);
        reject(told);
        if (isRefused(error)) giveUp(pool, told);
      });
    });

  /**
   * Statements on the pool, or on the one connection of a transaction. postgres.js crashes the process when a statement
   * is sent on a connection that has closed, so a transaction that lost its connection sends nothing any more.
   */
  const executor = (pool: Pool, sql: postgres.Sql | postgres.TransactionSql, connection?: Connection): Executor => {
    const lost = (error: Error) => {
      if (connection !== undefined) connection.lost = error;
    };
    const alive = () => {
      const gone = pool.gone ?? connection?.lost ?? null;
      if (gone !== null) throw gone;
    };
    return {
      async query<T>(text: string, params: readonly Param[] = []) {
        alive();
        const rows = await bounded(pool, sql.unsafe(text, checked(params), PREPARED), lost);
        return rows.slice() as unknown as T[]; // a plain array instead of the driver's own
      },
      async exec(text: string) {
        alive();
        await bounded(pool, sql.unsafe(text).simple(), lost);
      },
    };
  };

  const begin = async <T>(fn: (tx: Db) => Promise<T>): Promise<T> => {
    const { pool } = open();
    const connection: Connection = { lost: null };
    let outcome: { value: T } | undefined;
    await new Promise<void>((resolve, reject) => {
      const wait: Wait = { deadline: deadline(), reject };
      pool.underway.add(wait);
      const whole = pool.sql.begin(async (sql) => {
        wait.deadline = Infinity; // the transaction as a whole has no deadline, each of its statements has
        try {
          outcome = { value: await fn(savepoints(executor(pool, sql, connection))) };
        } catch (error) {
          if (connection.lost === null) throw error;
          await new Promise(() => {}); // to throw would make postgres.js send a rollback where nobody listens
        }
        wait.deadline = deadline(); // what is left is the commit
      });
      whole.then(() => resolve(), (error) => {
        const told = translate(error);
        connection.lost ??= told;
        reject(told);
      }).finally(() => pool.underway.delete(wait));
    });
    if (outcome === undefined) throw new DatabaseUnavailable("The transaction ended without an outcome");
    return outcome.value;
  };

  /** Without an async function of its own, which every query would pay for. */
  const reach = <T>(call: (run: Executor) => Promise<T>): Promise<T> => {
    try {
      return call(open().run);
    } catch (error) {
      return Promise.reject(error);
    }
  };

  return {
    query: <T>(text: string, params?: readonly Param[]) => reach((run) => run.query<T>(text, params)),
    exec: (text) => reach((run) => run.exec(text)),
    transaction: (fn) => retrying(() => begin(fn), options),
    async close() {
      closed = true;
      stopSweeping();
      // `end` waits for connections that are lost already, so with nothing under way it gets little time
      await current?.pool.sql.end({ timeout: current.pool.underway.size === 0 ? 0.5 : 2 });
    },
  };
}

/** The driver's own pool, with our types and settings. */
export function connect(url: string, max: number, settings: Record<string, string | number>): postgres.Sql {
  return postgres(url, {
    max,
    types: TYPES,
    prepare: true,
    fetch_types: false,
    connect_timeout: 5,
    backoff: (attempt: number) => Math.min(0.02 * 2 ** attempt, 0.5),
    onnotice: () => {},
    connection: {
      TimeZone: "UTC",
      application_name: "analytics",
      idle_in_transaction_session_timeout: 10_000, // inside a transaction there is nothing but SQL: who waits is frozen
      random_page_cost: 1.1, // what is asked often is in memory, and no disk of today seeks; with 4, an empty queue is sorted
      jit: "off", // compiling costs more than any of our statements saves: 1.6 s of a recount of 0.76 million rows
      ...settings,
    },
  }) as unknown as postgres.Sql; // our type parsers do not show in what `unsafe` returns
}

const AWAY = new Set([
  ...["CONNECTION_CLOSED", "CONNECTION_ENDED", "CONNECTION_DESTROYED", "CONNECT_TIMEOUT", "ECONNREFUSED", "ECONNRESET"],
  ...["EPIPE", "ENOTFOUND", "57P01", "57P02", "57P03", "53300", "25006", "08006", "08001", "08003"],
]);

function isRefused(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ECONNREFUSED" || code === "CONNECT_TIMEOUT";
}

function translate(error: unknown): Error {
  if (!(error instanceof Error)) return new DatabaseUnavailable("The database failed", { cause: error });
  if (error instanceof DatabaseUnavailable) return error;
  const code = "code" in error ? String(error.code) : "";
  if (AWAY.has(code)) return new DatabaseUnavailable("The database cannot be reached", { cause: error });
  if (sqlState(error) === "55P03") return new RowsLocked("Somebody holds what a statement needs", { cause: error });
  if (sqlState(error) === "57014") return new StatementTimeout("A statement took too long", { cause: error });
  return error;
}
