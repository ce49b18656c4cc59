import type { Db } from "../../../db/client.ts";

/** What can befall a process at a statement of its own, counted from when the fault is armed. */
export type Fault = { fault: "crash" | "freeze" | "stall"; when: "before" | "after"; statement: number };

/** The power switch of one simulated process, and its way to the database, which goes dead or stands still with it. */
export type Power = {
  db: Db;
  state(): "on" | "frozen" | "dead";
  /** Statements and transactions that have not reached the database, while the process goes on. */
  stalled(): number;
  crash(): void;
  freeze(): void;
  thaw(): void;
  /** Lets what is stalled reach the database. */
  unstall(): void;
  /** The next fault; one that was armed before is forgotten. */
  arm(fault: Fault | null): void;
};

const never = <T>() => new Promise<T>(() => {});

class Crashed extends Error {}

/** @param froze called whenever it freezes by a fault */
export function powerOver(db: Db, froze: () => void): Power {
  let state: ReturnType<Power["state"]> = "on";
  let armed: Fault | null = null;
  let thawed = Promise.withResolvers<void>();
  let stalled = 0;
  let moved = Promise.withResolvers<void>();

  const freeze = () => {
    if (state !== "on") return;
    state = "frozen";
    froze();
  };
  const strikes = (when: Fault["when"]): Fault["fault"] | null => {
    if (armed === null || armed.when !== when || armed.statement > 0) return null;
    const { fault } = armed;
    armed = null;
    return fault;
  };
  /** At the top: what dies never hears of its answer, what freezes hears of it late. */
  const strike = (when: Fault["when"]) => {
    const fault = strikes(when);
    if (fault === "crash") state = "dead";
    if (fault === "freeze") freeze();
    return fault;
  };
  const awake = async () => {
    while (state === "frozen") await thawed.promise;
    if (state === "dead") await never();
  };
  const atTop = async <T>(work: () => Promise<T>): Promise<T> => {
    await awake();
    if (strike("before") === "stall") {
      stalled++;
      await moved.promise;
    }
    await awake();
    try {
      const value = await work();
      if (armed !== null) armed.statement--;
      strike("after");
      await awake();
      return value;
    } catch (error) {
      if (error instanceof Crashed) return await never();
      await awake();
      throw error;
    }
  };
  /** Inside a transaction: a crash rolls it back; a process that froze there would hold its locks, so it goes on. */
  const inside = (tx: Db): Db => {
    const within = async <T>(work: () => Promise<T>): Promise<T> => {
      if (state === "dead" || armed?.fault === "crash" && strikes("before") !== null) dies();
      const value = await work();
      if (armed !== null && armed.statement > 0) armed.statement--;
      return value;
    };
    return {
      query: (text, params) => within(() => tx.query(text, params)),
      exec: (text) => within(() => tx.exec(text)),
      transaction: (fn) => tx.transaction((own) => fn(inside(own))),
    };
  };
  const dies = (): never => {
    state = "dead";
    throw new Crashed();
  };
  return {
    db: {
      query: (text, params) => atTop(() => db.query(text, params)),
      exec: (text) => atTop(() => db.exec(text)),
      transaction: (fn) =>
        atTop(() =>
          db.transaction(async (tx) => {
            const value = await fn(inside(tx));
            if (state === "dead") dies(); // its code may have caught what was thrown when it died
            return value;
          })
        ),
    },
    state: () => state,
    stalled: () => stalled,
    crash: () => void (state = "dead"),
    freeze,
    thaw() {
      if (state !== "frozen") return;
      state = "on";
      thawed.resolve();
      thawed = Promise.withResolvers();
    },
    unstall() {
      stalled = 0;
      moved.resolve();
      moved = Promise.withResolvers();
    },
    arm: (fault) => void (armed = fault === null ? null : { ...fault }),
  };
}
