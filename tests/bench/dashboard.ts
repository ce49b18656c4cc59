import type { Db, Param } from "../../db/client.ts";
import type { Caller } from "../../services/access.ts";
import { systemClock } from "../../services/adapters/system_clock.ts";
import { readConfig } from "../../services/config.ts";
import { executiveConfig } from "../../services/dashboards/executive.ts";
import { resolveWidgets } from "../../services/dashboards/resolve.ts";
import type { DashboardConfig } from "../../services/dashboards/widgets.ts";
import type { Log } from "../../services/ports/log.ts";
import { atMost, type Bar, median } from "./bar.ts";
import { costOf } from "./scale/plans.ts";

const ROUNDS = 5;
/** The last but one day of the rows that the stage begins with. */
const NOON = "2025-05-29T12:00:00Z";
const NUMBERS = ["stat", "line", "area"];

/** What Postgres spends on all stat and series widgets of the shipped executive dashboard. */
export const executivePage: Bar = {
  name: "executive dashboard, stat and series widgets, Postgres time",
  unit: "ms",
  thresholds: atMost(50, 10),
  async run({ database: { db } }) {
    const page = pageOf(numbersOf(executiveConfig([])), NOON);
    const values: number[] = [];
    const { statements, buffers } = await costOf(db, page); // the first one finds nothing in memory and does not count
    for (let round = 0; round < ROUNDS; round++) values.push((await costOf(db, page)).ms);
    return {
      yardstick: "",
      ours: `${statements} statements, ${buffers} pages, ${median(values).toFixed(2)} ms`,
      values,
    };
  },
};

/** The stat and series widgets of a dashboard. */
export function numbersOf({ widgets }: DashboardConfig): DashboardConfig {
  return { widgets: widgets.filter(({ type }) => NUMBERS.includes(type)) };
}

/**
 * One page of a dashboard, as a question to a database.
 * @param as_of the instant that the page takes for now; the database's own when absent
 */
export function pageOf({ widgets }: DashboardConfig, as_of?: string): (db: Db) => Promise<unknown> {
  const parts = { config: readConfig({ DATABASE_URL: "postgres://127.0.0.1/bench" }), clock: systemClock, log };
  return async (db) => {
    const page = await resolveWidgets({ ...parts, db: as_of === undefined ? db : at(db, as_of) }, caller, widgets, {});
    const failed = page.widgets.filter(({ status }) => status === "error");
    if (failed.length > 0) throw new Error(`Widgets failed: ${JSON.stringify(failed)}`);
    return { items: page.widgets.filter(({ status }) => status === "ok") };
  };
}

const caller: Caller = { kind: "local" };
const silent = () => {};
const log: Log = {
  request: silent,
  info: silent,
  warn: silent,
  error: (message, fields) => console.error(message, fields),
};

/** A database whose rows say that it is now some instant. */
function at(db: Db, now: string): Db {
  return {
    ...db,
    query: async <T>(text: string, params: readonly Param[] = []) =>
      (await db.query<T & { now?: string }>(text, params)).map((row) => row.now === undefined ? row : { ...row, now }),
  };
}
