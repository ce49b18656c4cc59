import { findSyncStatuses, type SyncStatusRow } from "../../db/data_sync_status.ts";
import type { Needs } from "../context.ts";
import type { SOURCE_STATES, SyncStatusReport } from "./schema.ts";
import { feedUrlOf } from "./sources.ts";

/** How each of the services stands now: what was synced, when next, and whether its metrics have grown old. */
export async function currentSyncStatus(ctx: Needs<"db" | "config">): Promise<SyncStatusReport> {
  const rows = await findSyncStatuses(ctx.db);
  const stale_after_s = ctx.config.SYNC_STALE_AFTER_S;
  const [first] = rows;
  if (first === undefined) throw new Error("The database knows no services");
  return {
    services: rows.map((row) => presented(row, feedUrlOf(ctx.config, row.service_name) !== undefined, stale_after_s)),
    meta: { as_of: first.now, stale_after_s },
  };
}

function presented(
  row: SyncStatusRow,
  configured: boolean,
  stale_after_s: number,
): SyncStatusReport["services"][number] {
  const { service_name, last_success_at, watermark, lag_s, next_run_at } = row;
  return {
    service_name,
    configured,
    status: stateOf(row, configured),
    last_success_at,
    last_attempt: lastAttempt(row),
    ...{ watermark, lag_s, next_run_at },
    stale: configured && (lag_s === null || lag_s > stale_after_s),
  };
}

function stateOf({ last_status }: SyncStatusRow, configured: boolean): typeof SOURCE_STATES[number] {
  if (!configured) return "not_configured";
  switch (last_status) {
    case null:
      return "never_synced";
    case "pending":
    case "running":
      return "syncing";
    case "completed":
      return "ok";
    case "failed":
      return "failing";
  }
}

function lastAttempt(row: SyncStatusRow): SyncStatusReport["services"][number]["last_attempt"] {
  const { last_id, last_sync_type, last_status } = row;
  if (last_id === null || last_sync_type === null || last_status === null) return null;
  return {
    id: last_id,
    sync_type: last_sync_type,
    status: last_status,
    started_at: row.last_started_at,
    completed_at: row.last_completed_at,
    records_processed: row.last_processed ?? 0,
    records_failed: row.last_rejected ?? 0,
    error_code: row.last_error_code,
  };
}
