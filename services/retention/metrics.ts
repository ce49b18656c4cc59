import { findDetailFloor, moveDetailFloor } from "../../db/detail_floor.ts";
import { BEFORE_ALL, deleteBelow, groupsBelow, type OldPlace } from "../../db/metrics_retention.ts";
import { localToday } from "../../db/today.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import type { RunContext } from "../ports/handlers.ts";
import type { Sweep } from "./sweep.ts";

/** Moves the floor so that `days` complete local days and today are kept, and says where it stands: it never goes back. */
export async function raiseFloor(ctx: Needs<"db" | "config">, run: RunContext, days: number): Promise<string> {
  return await run.checkpoint(async (tx) => {
    const wanted = addDays(await localToday(tx, ctx.config.ORG_TIMEZONE), -days);
    await moveDetailFloor(tx, wanted);
    return (await findDetailFloor(tx))?.floor ?? wanted;
  });
}

/**
 * Waits until no statement can be under way that does not know the floor: a minute after it moved. The embedded database
 * runs one statement at a time, so there none is.
 */
export async function floorSettled(ctx: Needs<"db" | "clock" | "engine">, run: RunContext): Promise<void> {
  while (ctx.engine === "postgres") {
    const left = (await findDetailFloor(ctx.db))?.unsettled_ms ?? 0;
    if (left === 0) return;
    await ctx.clock.sleep(left, run.signal);
    run.signal.throwIfAborted();
  }
}

/** Deletes the rows dated before the floor; their roll-ups stay. */
export async function deleteMetricsBelow(ctx: Needs<"db">, sweep: Sweep, floor: string): Promise<void> {
  for (const group of await groupsBelow(ctx.db, floor)) {
    for (let place: OldPlace | null = BEFORE_ALL; place !== null;) {
      const after: OldPlace = place;
      const batch = await sweep.once("metrics", (tx, limit) => deleteBelow(tx, group, floor, { after, limit }));
      place = batch.next;
    }
  }
}
