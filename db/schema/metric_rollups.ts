import { sql } from "drizzle-orm";
import { doublePrecision, numeric, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { instant, int8, letter, metricType, ops, serviceName } from "./columns.ts";

/** Readings summed by day (`d`, their date) and by hour (`h`, in UTC); kept by triggers. */
export const metric_rollups = ops.table("metric_rollups", {
  service_name: serviceName().notNull(),
  metric_type: metricType().notNull(),
  metric_name: text().notNull(),
  metric_unit: text().notNull().default(""),
  grain: letter().notNull(),
  bucket: timestamp({ mode: "string" }).notNull(),
  n: int8().notNull(),
  sum: numeric().notNull(),
  sumsq: numeric().notNull(),
  min: doublePrecision().notNull(),
  max: doublePrecision().notNull(),
  last: doublePrecision().notNull(),
  last_at: instant().notNull(),
  last_id: uuid().notNull(),
  changed: int8().notNull().default(sql`nextval('ops.change')`),
}, (t) => [
  primaryKey({ columns: [t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.grain, t.bucket] }),
]);
