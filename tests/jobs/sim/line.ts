import type { Db } from "../../../db/client.ts";

/**
 * One connection that all simulated processes share: whoever comes waits for its turn, so a history has one order of
 * statements, the same each time. `quiet` resolves when nobody wants the database any more.
 */
export type Line = {
  db: Db;
  quiet(): Promise<void>;
  /** The connection itself, for who knows that nobody is on it. */
  connection: Db;
  /** Statements and transactions so far. */
  count(): number;
};

/** Over a transaction that is rolled back. A statement at the top that fails breaks it: in a history none may. */
export function lineOver(tx: Db): Line {
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let count = 0;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    waiting++;
    count++;
    const mine = turn.then(work).finally(() => waiting--);
    turn = mine.catch(() => {});
    return mine;
  };
  return {
    db: {
      query: (text, params) => inTurn(() => tx.query(text, params)),
      exec: (text) => inTurn(() => tx.exec(text)),
      transaction: (fn) => inTurn(() => tx.transaction(fn)),
    },
    connection: tx,
    count: () => count,
    async quiet() {
      do {
        await turn;
        await macrotask();
      } while (waiting > 0);
    },
  };
}

/** Everything that promises alone can do is done before the next macrotask. */
const macrotask = () => new Promise<void>((resolve) => setImmediate(resolve));
