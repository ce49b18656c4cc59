import { boolean, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { edits, id, instant, instantNow, jobStatus, jobType, type JsonObject } from "./columns.ts";

/** Schedules, and how far the ledger has accounted for their occurrences. */
export const scheduled_jobs = pgTable("scheduled_jobs", {
  id: id(),
  name: text().notNull(),
  job_type: jobType().notNull(),
  schedule: text().notNull(),
  is_active: boolean().notNull().default(true),
  last_run_at: instant(),
  next_run_at: instant(),
  last_status: jobStatus(),
  run_count: integer().notNull().default(0),
  success_count: integer().notNull().default(0),
  failure_count: integer().notNull().default(0),
  config: jsonb().$type<JsonObject>().notNull().default({}),
  timezone: text().notNull().default("UTC"),
  misfire: text({ enum: ["once", "skip", "all"] }).notNull().default("once"),
  catch_up_limit_s: integer(),
  overlap: text({ enum: ["skip", "queue", "allow"] }).notNull().default("skip"),
  jitter_s: integer().notNull().default(0),
  max_attempts: integer().notNull().default(3),
  backoff_s: integer().notNull().default(30),
  timeout_s: integer().notNull().default(600),
  pause_after_failures: integer(),
  revision: integer().notNull().default(1),
  cursor_at: instantNow(),
  schedule_since: instantNow(),
  created_by: uuid(),
  deleted_at: instant(),
  ...edits(),
});
