import { integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { dataSyncServiceName, edits, id, instant, type JsonObject, syncStatus, syncType } from "./columns.ts";

/** Pulls of a service's metrics feed. */
export const data_syncs = pgTable("data_syncs", {
  id: id(),
  service_name: dataSyncServiceName().notNull(),
  sync_type: syncType().notNull(),
  status: syncStatus().notNull().default("pending"),
  started_at: instant(),
  completed_at: instant(),
  records_processed: integer().notNull().default(0),
  records_failed: integer().notNull().default(0),
  last_sync_timestamp: instant(),
  error_message: text(),
  metadata: jsonb().$type<JsonObject>().notNull().default({}),
  ...edits(),
});
