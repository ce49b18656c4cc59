import { date, doublePrecision, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { edits, id, instantNow, type JsonObject, metricType, serviceName } from "./columns.ts";

/** Readings as they were sent; the roll-ups are kept from them. */
export const metrics = pgTable("metrics", {
  id: id(),
  service_name: serviceName().notNull(),
  metric_type: metricType().notNull(),
  metric_name: text().notNull(),
  metric_value: doublePrecision().notNull(),
  metric_unit: text(),
  dimensions: jsonb().$type<Record<string, string | number | boolean>>().notNull().default({}),
  timestamp: instantNow(),
  date: date({ mode: "string" }).notNull(),
  external_id: text(),
  metadata: jsonb().$type<JsonObject>().notNull().default({}),
  ...edits(),
});
