import { findJobStats, type JobStatsRow } from "../../db/job_stats.ts";
import { RUN_STATES } from "../../db/job_runs.ts";
import type { Needs } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { ScheduledJobStats } from "./schedule_schema.ts";

/** Runs that are read at most, so that the answer takes milliseconds however long the history is. */
export const MOST_READ = 2_000;

/**
 * How the runs of a job went: its counters, and what its newest runs in a window of days add up to. Also of a job that
 * was deleted, whose runs outlive it.
 * @throws {DomainError} `not_found` for a job that never was
 */
export async function jobStats(
  ctx: Needs<"db">,
  id: string,
  days: number,
  limit = MOST_READ,
): Promise<ScheduledJobStats> {
  const row = await findJobStats(ctx.db, id, days, limit);
  if (row === null) throw new DomainError("not_found", "There is no such job");
  return presented(id, row, limit);
}

function presented(job_id: string, row: JobStatsRow, limit: number): ScheduledJobStats {
  const { run_count, success_count, failure_count, failures_in_a_row, last_run_at, last_status, next_run_at } = row;
  const truncated = row.found > limit;
  const [d50, d95] = row.duration_s ?? [null, null];
  const [l50, l95] = row.lateness_s ?? [null, null];
  return {
    job_id,
    ...{ run_count, success_count, failure_count },
    success_rate: {
      value: run_count === 0 ? null : success_count / run_count,
      numerator: success_count,
      denominator: run_count,
    },
    ...{ failures_in_a_row, last_run_at, last_status, next_run_at },
    window: {
      from: truncated && row.oldest !== null ? row.oldest : row.window_from,
      until: row.window_until,
      runs_read: Math.min(row.found, limit),
      truncated,
    },
    runs_by_state: byState((state) => row.by_state[state] ?? 0),
    failures_by_code: row.by_code,
    duration_s: { p50: d50, p95: d95, average: row.average_s },
    lateness_s: { p50: l50, p95: l95, max: row.latest_s },
    removed: row.removed === null || row.removed_until === null ? null : { until: row.removed_until, ...row.removed },
  };
}

function byState(count: (state: typeof RUN_STATES[number]) => number): ScheduledJobStats["runs_by_state"] {
  const counts = RUN_STATES.map((state) => [state, count(state)]);
  return Object.fromEntries(counts) as ScheduledJobStats["runs_by_state"]; // one entry for each state
}
