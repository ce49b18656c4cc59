import { findSetting, storeSetting } from "../../db/settings.ts";
import { storedBytes, vacuum } from "../../db/upkeep.ts";
import type { Needs } from "../context.ts";

const TIDIED_BYTES = "tidied_bytes";
const GROWTH = 1.2;
const SLACK_BYTES = 256 * 1024;
const LOOK_MS = 600_000;

/**
 * The embedded database has no autovacuum: without statistics the planner takes tables for empty, and a gauge over two
 * years takes ten times as long. So it is vacuumed and analysed whenever it has grown by a fifth.
 * @returns whether there was something to do
 */
export async function tidy(ctx: Needs<"db" | "engine">): Promise<boolean> {
  if (ctx.engine === "postgres") return false;
  const before = Number(await findSetting(ctx.db, TIDIED_BYTES) ?? 0);
  const bytes = await storedBytes(ctx.db);
  if (bytes <= before * GROWTH + SLACK_BYTES) return false;
  await vacuum(ctx.db);
  await storeSetting(ctx.db, TIDIED_BYTES, String(bytes));
  return true;
}

/** Tidies now and every ten minutes, until the signal. It holds the event loop for as long as it takes. */
export async function keepTidy(ctx: Needs<"db" | "engine" | "clock" | "log">, signal: AbortSignal): Promise<void> {
  while (ctx.engine === "embedded" && !signal.aborted) {
    await tidy(ctx).catch((cause) => ctx.log.warn("the embedded database could not be tidied", { cause }));
    await ctx.clock.sleep(LOOK_MS, signal);
  }
}
