import { z } from "@hono/zod-openapi";

export const Health = z.strictObject({
  status: z.literal("ok"),
  version: z.string(),
  uptime_s: z.number(),
  mode: z.strictObject({ database: z.enum(["postgres", "embedded"]), auth: z.enum(["open", "token"]) }),
}).openapi("Health");
export type Health = z.infer<typeof Health>;

const check = z.enum(["ok", "failed"]);

export const Readiness = z.strictObject({
  status: z.enum(["ready", "not_ready"]),
  checks: z.strictObject({
    accepting: check.describe("The process is not shutting down"),
    database: check.describe("The database answers"),
    migrations: check.describe("Every migration that the code knows is applied"),
    scheduler: check.describe("The ledger was looked at within the last two minutes"),
  }),
  scheduler_age_s: z.number().nullable().describe("Seconds since the scheduler last looked at the ledger"),
}).openapi("Readiness");
export type Readiness = z.infer<typeof Readiness>;
