import type { Needs } from "../context.ts";
import type { Vitals } from "../ports/vitals.ts";
import { VERSION } from "../version.ts";
import type { Health, Readiness } from "./schema.ts";

const OLDEST_TICK_S = 120;

/** Liveness: this process answers. Asks nobody else, so that it stays true when the database is away. */
export function health(ctx: Needs<"config" | "engine">, vitals: Vitals): Health {
  return {
    status: "ok",
    version: VERSION,
    uptime_s: Math.round(vitals.uptimeSeconds() * 10) / 10,
    mode: { database: ctx.engine, auth: ctx.config.AUTH_MODE },
  };
}

/** Readiness: whether this instance should get traffic, and if not, why. Never throws. */
export async function readiness(ctx: Needs<"log">, vitals: Vitals): Promise<Readiness> {
  const pending = await vitals.pendingMigrations().catch((cause) => {
    ctx.log.warn("readiness: the database does not answer", { cause });
    return null;
  });
  const age = vitals.secondsSinceTick();
  const checks = {
    accepting: word(!vitals.draining()),
    database: word(pending !== null),
    migrations: word(pending === 0),
    scheduler: word(age !== null && age <= OLDEST_TICK_S),
  };
  const ready = Object.values(checks).every((check) => check === "ok");
  return { status: ready ? "ready" : "not_ready", checks, scheduler_age_s: age };
}

const word = (good: boolean) => good ? "ok" as const : "failed" as const;
