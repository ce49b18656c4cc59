import { integer, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { instantNow, ops } from "./columns.ts";

/** What a run said, in order. */
export const job_run_logs = ops.table("job_run_logs", {
  run_id: uuid().notNull(),
  seq: integer().notNull(),
  at: instantNow(),
  level: text({ enum: ["info", "warn", "error"] }).notNull(),
  message: text().notNull(),
}, (t) => [primaryKey({ columns: [t.run_id, t.seq] })]);
