import { boolean, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { dashboardType, edits, id, type JsonObject } from "./columns.ts";

/** Arrangements of widgets. */
export const dashboards = pgTable("dashboards", {
  id: id(),
  name: text().notNull(),
  dashboard_type: dashboardType().notNull(),
  description: text(),
  config: jsonb().$type<JsonObject>().notNull().default({}),
  is_default: boolean().notNull().default(false),
  is_public: boolean().notNull().default(true),
  created_by: uuid().notNull(),
  ...edits(),
});
