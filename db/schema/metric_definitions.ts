import { sql } from "drizzle-orm";
import { boolean, primaryKey, text } from "drizzle-orm/pg-core";
import { edits, metricType, ops, serviceName } from "./columns.ts";

/** What a metric name means: whether it sums, is a level or a distribution, and by which dimensions. */
export const metric_definitions = ops.table("metric_definitions", {
  service_name: serviceName().notNull(),
  metric_type: metricType().notNull(),
  metric_name: text().notNull(),
  kind: text({ enum: ["flow", "gauge", "sample"] }).notNull(),
  unit: text(),
  good_direction: text({ enum: ["up", "down", "none"] }).notNull().default("up"),
  is_primary: boolean().notNull().default(false),
  series_key: text().array().notNull().default(sql`'{}'`),
  entity_key: text(),
  description: text().notNull().default(""),
  ...edits(),
}, (t) => [primaryKey({ columns: [t.service_name, t.metric_type, t.metric_name] })]);
