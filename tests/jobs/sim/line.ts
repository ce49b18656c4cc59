import type { Db } from "../../../db/client.ts";

/**
 * One connection that all simulated processes share. Who wants it waits, and luck chooses who is next, as on a pool whose
 * connections are fast and slow: so statements of processes, and of one process, meet in every order.
 */
export type Line = {
  db: Db;
  /** Resolves when nobody wants the database any more. */
  quiet(): Promise<void>;
  /** The connection itself, for who knows that nobody is on it. */
  connection: Db;
  /** Statements and transactions so far. */
  count(): number;
  /** What broke the transaction, if something did: everything after it fails, for no reason of its own. */
  broken(): string | null;
};

/**
 * Over a transaction that is rolled back. A statement at the top that fails breaks it: in a history none may.
 * @param luck uniform in [0, 1), the same each time
 */
export function lineOver(tx: Db, luck: () => number): Line {
  const waiting: (() => Promise<unknown>)[] = [];
  let moving: Promise<void> | null = null;
  let count = 0;
  let broken: string | null = null;

  const move = async () => {
    await macrotask();
    while (waiting.length > 0) {
      const [next] = waiting.splice(Math.floor(luck() * waiting.length), 1);
      await next?.();
      await macrotask();
    }
    moving = null;
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      count++;
      waiting.push(() => work().then(resolve, reject));
      moving ??= move();
    });
  return {
    db: {
      query: (text, params) =>
        inTurn(() => tx.query<never>(text, params)).catch((error) => {
          broken ??= `${error instanceof Error ? error.message : error} in ${text}`;
          throw error;
        }),
      exec: (text) => inTurn(() => tx.exec(text)),
      transaction: (fn) => inTurn(() => tx.transaction(fn)),
    },
    connection: tx,
    count: () => count,
    broken: () => broken,
    async quiet() {
      do {
        await moving;
        await macrotask();
      } while (moving !== null);
    },
  };
}

/** Everything that promises alone can do is done before the next macrotask. */
const macrotask = () => new Promise<void>((resolve) => setImmediate(resolve));
