import { findSetting, hasMetrics, moveTimeZone, storeSetting } from "../../db/settings.ts";
import type { Needs } from "../context.ts";

const ORG_TIMEZONE = "org_timezone";

/**
 * Makes sure that the stored metrics were dated in the configured time zone; an empty database simply takes it.
 * @throws {Error} when they were dated in another zone, with the command that moves them
 */
export async function settleTimeZone(ctx: Needs<"db" | "config">): Promise<void> {
  const wanted = ctx.config.ORG_TIMEZONE;
  const stored = await findSetting(ctx.db, ORG_TIMEZONE);
  if (stored === wanted) return;
  if (stored !== null && await hasMetrics(ctx.db)) {
    throw new Error(
      `The metrics are dated in ${stored}, and ORG_TIMEZONE is ${wanted}. ` +
        `Set it back, or move them: deno task rebuild-rollups`,
    );
  }
  await storeSetting(ctx.db, ORG_TIMEZONE, wanted);
}

/** Dates the stored metrics in the configured zone and recounts every roll-up. Stop the service before. */
export async function rebuildRollups(ctx: Needs<"db" | "config">): Promise<{ from: string; to: string }> {
  const to = ctx.config.ORG_TIMEZONE;
  const from = await findSetting(ctx.db, ORG_TIMEZONE) ?? to;
  await moveTimeZone(ctx.db, from, to);
  return { from, to };
}

/** What the service says when it has started: where it is, what it stands on, and what to do with an empty database. */
export async function banner(ctx: Needs<"db" | "config" | "engine">, origin: string): Promise<string> {
  const where = ctx.engine === "postgres" ? "Postgres" : `embedded in ${ctx.config.DATA_DIR}`;
  const lines = [
    `Analytics service at ${origin}`,
    `  reference  ${origin}/docs`,
    `  database   ${where}`,
    `  access     ${ctx.config.AUTH_MODE === "open" ? "open, to this machine alone" : "by token"}`,
  ];
  if (ctx.engine === "embedded" && !await hasMetrics(ctx.db)) {
    lines.push("  It is empty. For two years of a charity's metrics: stop it, deno task demo, and start it again.");
  }
  return lines.join("\n");
}
