import { date, doublePrecision, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { instant, metricType, ops, serviceName } from "./columns.ts";

/** The last value of each series of a gauge on each day it was read; kept by triggers. */
export const gauge_series = ops.table("gauge_series", {
  service_name: serviceName().notNull(),
  metric_type: metricType().notNull(),
  metric_name: text().notNull(),
  metric_unit: text().notNull().default(""),
  series: text().notNull(),
  day: date({ mode: "string" }).notNull(),
  last: doublePrecision().notNull(),
  last_at: instant().notNull(),
  last_id: uuid().notNull(),
}, (t) => [
  primaryKey({ columns: [t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.series, t.day] }),
]);
