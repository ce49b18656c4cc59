import { boolean, date, doublePrecision, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { edits, goalMetricType, goalStatus, id, instant, serviceName } from "./columns.ts";

/** Targets and how far they are reached. */
export const goals = pgTable("goals", {
  id: id(),
  name: text().notNull(),
  description: text(),
  metric_type: goalMetricType().notNull(),
  target_value: doublePrecision().notNull(),
  current_value: doublePrecision().notNull().default(0),
  unit: text().notNull(),
  start_date: date({ mode: "string" }).notNull(),
  end_date: date({ mode: "string" }).notNull(),
  status: goalStatus().notNull().default("active"),
  progress_percentage: doublePrecision().notNull().default(0),
  alert_threshold: doublePrecision(),
  alert_sent: boolean().notNull().default(false),
  forecast_value: doublePrecision(),
  forecast_updated_at: instant(),
  created_by: uuid().notNull(),
  service_name: serviceName(),
  metric_name: text(),
  dimensions: jsonb().$type<Record<string, string | number | boolean>>(),
  aggregation: text({ enum: ["sum", "count", "avg", "last"] }),
  direction: text({ enum: ["increase", "decrease", "maintain"] }).notNull().default("increase"),
  baseline_value: doublePrecision().notNull().default(0),
  timezone: text().notNull().default("UTC"),
  deleted_at: instant(),
  ...edits(),
});
