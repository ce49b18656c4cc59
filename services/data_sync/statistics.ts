import { findSyncStats, type SyncStatsRow } from "../../db/data_sync_stats.ts";
import { domainNow } from "../../db/scheduled_jobs.ts";
import { SERVICE_NAMES } from "../../db/schema/enums.ts";
import { MOST_WINDOW_DAYS } from "../analytics/schema.ts";
import { resolveWindow } from "../analytics/window.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import { localDay } from "../metrics/local_time.ts";
import { type SyncFigures, type SyncStatistics, type SyncStatisticsQuery } from "./statistics_schema.ts";

/**
 * How the syncs of a window went, by service and in all. What broke today is what its reader wants to know, so unlike an
 * analytical window this one ends with today where nothing else is asked for.
 * @throws {DomainError} `invalid` for a window of more than ten years, or one that ends before it starts
 */
export async function syncStatistics(
  ctx: Needs<"db" | "config">,
  { service_name, ...asked }: SyncStatisticsQuery,
): Promise<SyncStatistics> {
  const { complete, ...window } = settledWindow(asked, ctx.config.ORG_TIMEZONE, await domainNow(ctx.db));
  const rows = await findSyncStats(ctx.db, window, service_name ?? null);
  const of = (service: string | null) => rows.find((row) => row.service_name === service);
  const services = service_name === undefined ? SERVICE_NAMES : [service_name];
  const total = figures(of(null));
  return {
    total,
    services: services.map((name) => ({ service_name: name, ...figures(of(name)) })),
    reason: total.syncs > 0 ? null : "Nothing was asked to sync in this period",
    meta: {
      period: { ...window, complete },
      data_through: of(null)?.latest ?? null,
      warnings: complete ? [] : ["The period is not over"],
    },
  };
}

/** Days before today in the default window. */
const DAYS_BEFORE = 30;

function settledWindow(asked: Omit<SyncStatisticsQuery, "service_name">, orgTimezone: string, now: string) {
  const today = localDay(asked.timezone ?? orgTimezone, Date.parse(now));
  return resolveWindow(
    {
      timezone: asked.timezone,
      start_date: asked.start_date ?? (asked.end_date === undefined ? addDays(today, -DAYS_BEFORE) : undefined),
      end_date: asked.end_date ??
        (asked.start_date !== undefined && asked.start_date > today ? asked.start_date : today),
    },
    orgTimezone,
    now,
    MOST_WINDOW_DAYS,
  );
}

const NONE: Omit<SyncStatsRow, "service_name" | "latest"> = {
  by_status: { pending: 0, running: 0, completed: 0, failed: 0 },
  ...{ processed: 0, rejected: 0, duration_ms: null, failures_by_code: [] },
};

const whole = (ms: number | null) => ms === null ? null : Math.round(ms);

function figures(row: typeof NONE = NONE): SyncFigures {
  const { by_status, duration_ms } = row;
  const ended = by_status.completed + by_status.failed;
  const [p50, p95] = duration_ms ?? [null, null];
  return {
    syncs: ended + by_status.pending + by_status.running,
    by_status,
    success_rate: {
      value: ended === 0 ? null : by_status.completed / ended,
      numerator: by_status.completed,
      denominator: ended,
    },
    duration_ms: { p50: whole(p50), p95: whole(p95) },
    records_processed: row.processed,
    records_failed: row.rejected,
    failures_by_code: row.failures_by_code,
  };
}
