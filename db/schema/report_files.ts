import { text, uuid } from "drizzle-orm/pg-core";
import { bytea, instantNow, ops } from "./columns.ts";

/** The default report store. */
export const report_files = ops.table("report_files", {
  key: text().primaryKey(),
  report_id: uuid().notNull(),
  bytes: bytea().notNull(),
  created_at: instantNow(),
});
