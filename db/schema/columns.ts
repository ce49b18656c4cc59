import { sql } from "drizzle-orm";
import { customType, integer, pgEnum, pgSchema, timestamp, uuid } from "drizzle-orm/pg-core";
import {
  DASHBOARD_TYPES,
  GOAL_STATUSES,
  JOB_STATUSES,
  JOB_TYPES,
  METRIC_TYPES,
  REPORT_FORMATS,
  REPORT_STATUSES,
  REPORT_TYPES,
  SERVICE_NAMES,
  SYNC_STATUSES,
  SYNC_TYPES,
} from "./enums.ts";

/** What jsonb holds, parsed. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A jsonb object. */
export type JsonObject = { [key: string]: Json };

/** The machinery's schema; the six tables of the service live in public. */
export const ops = pgSchema("ops");

/** Enum types as the database names them; the two twins differ in name alone. */
export const serviceName = pgEnum("service_name", SERVICE_NAMES);
export const metricType = pgEnum("metric_type", METRIC_TYPES);
export const dashboardType = pgEnum("dashboard_type", DASHBOARD_TYPES);
export const dataSyncServiceName = pgEnum("data_sync_service_name", SERVICE_NAMES);
export const syncType = pgEnum("sync_type", SYNC_TYPES);
export const syncStatus = pgEnum("sync_status", SYNC_STATUSES);
export const reportType = pgEnum("report_type", REPORT_TYPES);
export const reportFormat = pgEnum("report_format", REPORT_FORMATS);
export const reportStatus = pgEnum("report_status", REPORT_STATUSES);
export const goalMetricType = pgEnum("goal_metric_type", METRIC_TYPES);
export const goalStatus = pgEnum("goal_status", GOAL_STATUSES);
export const jobType = pgEnum("job_type", JOB_TYPES);
export const jobStatus = pgEnum("job_status", JOB_STATUSES);

/** An instant, as RFC 3339 in UTC with microseconds. */
export const instant = () => timestamp({ withTimezone: true, mode: "string" });

/** An instant that the database sets to its now. */
export const instantNow = () => instant().notNull().default(sql`ops.now()`);

/** A whole number of 64 bits, as text. */
export const int8 = customType<{ data: string }>({ dataType: () => "bigint" });

/** One byte of text, as Postgres itself uses for kinds. */
export const letter = customType<{ data: string }>({ dataType: () => '"char"' });

/** Bytes. */
export const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

/** A primary key that grows with time. */
export const id = () => uuid().primaryKey().default(sql`ops.uuid7()`);

/** What every mutable table has: the number of its edits for ETags, and when it was made and edited. */
export const edits = () => ({
  version: integer().notNull().default(1),
  created_at: instantNow(),
  updated_at: instantNow(),
});
