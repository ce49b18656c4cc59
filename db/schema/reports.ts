import { sql } from "drizzle-orm";
import { boolean, date, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { edits, id, instant, type JsonObject, reportFormat, reportStatus, reportType } from "./columns.ts";

/** Reports asked for, with the receipt of what was made. */
export const reports = pgTable("reports", {
  id: id(),
  name: text().notNull(),
  report_type: reportType().notNull(),
  format: reportFormat().notNull(),
  status: reportStatus().notNull().default("pending"),
  parameters: jsonb().$type<JsonObject>().notNull().default({}),
  file_path: text(),
  file_size: integer(),
  generated_at: instant(),
  scheduled: boolean().notNull().default(false),
  schedule_config: jsonb().$type<JsonObject>(),
  email_recipients: text().array().notNull().default(sql`'{}'`),
  created_by: uuid().notNull(),
  error_code: text(),
  error_message: text(),
  period_start: date({ mode: "string" }),
  period_end: date({ mode: "string" }),
  data_version: text(),
  content_sha256: text(),
  row_count: integer(),
  template_id: uuid(),
  deleted_at: instant(),
  ...edits(),
});
