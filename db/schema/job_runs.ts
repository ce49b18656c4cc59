import { boolean, integer, jsonb, text, uuid } from "drizzle-orm/pg-core";
import { id, instant, instantNow, jobType, type Json, type JsonObject, ops } from "./columns.ts";

/** The ledger: everything that must happen later or again. */
export const job_runs = ops.table("job_runs", {
  id: id(),
  job_id: uuid(),
  job_type: jobType().notNull(),
  fire_key: text().notNull(),
  scheduled_for: instant().notNull(),
  covers_from: instant(),
  occurrences: integer().notNull().default(0),
  state: text({ enum: ["queued", "running", "retrying", "succeeded", "failed", "skipped", "cancelled"] }).notNull()
    .default("queued"),
  reason: text(),
  exclusive: boolean().notNull().default(true),
  attempt: integer().notNull().default(0),
  max_attempts: integer().notNull().default(3),
  backoff_s: integer().notNull().default(30),
  timeout_s: integer().notNull().default(600),
  run_at: instant().notNull(),
  lease_until: instant(),
  worker: text(),
  cancel_at: instant(),
  config: jsonb().$type<JsonObject>().notNull().default({}),
  progress: jsonb().$type<Json>(),
  result: jsonb().$type<Json>(),
  error: jsonb().$type<Json>(),
  started_at: instant(),
  finished_at: instant(),
  created_at: instantNow(),
});
