import { date, numeric, primaryKey, text } from "drizzle-orm/pg-core";
import { int8, metricType, ops, serviceName } from "./columns.ts";

/** What each person or project had on each day, for names that have one in their dimensions; kept by triggers. */
export const entity_days = ops.table("entity_days", {
  service_name: serviceName().notNull(),
  metric_type: metricType().notNull(),
  metric_name: text().notNull(),
  metric_unit: text().notNull().default(""),
  entity_id: text().notNull(),
  day: date({ mode: "string" }).notNull(),
  n: int8().notNull(),
  sum: numeric().notNull(),
}, (t) => [
  primaryKey({ columns: [t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.entity_id, t.day] }),
]);
