import type { Db } from "./client.ts";

/** A line of a run's log. */
export type RunLogRow = { seq: number; at: string; level: "info" | "warn" | "error"; message: string };

/** A line that waits to be stored, with its age. */
export type NewRunLog = Pick<RunLogRow, "level" | "message"> & { age_s: number };

/** Appends lines to a run's log. Only under the run's lock: the numbers go on from the greatest. */
export async function appendRunLogs(tx: Db, runId: string, lines: readonly NewRunLog[]): Promise<void> {
  if (lines.length === 0) return;
  await tx.query(
    `insert into ops.job_run_logs (run_id, seq, at, level, message)
     select $1, (select coalesce(max(seq), 0) from ops.job_run_logs where run_id = $1) + line.n,
       ops.now() - make_interval(secs => (line.it ->> 'age_s')::float8), line.it ->> 'level', line.it ->> 'message'
     from jsonb_array_elements($2::text::jsonb) with ordinality as line(it, n)`,
    [runId, JSON.stringify(lines)],
  );
}

/** A run's log from its beginning. */
export async function listRunLogs(db: Db, runId: string, limit: number): Promise<RunLogRow[]> {
  return await db.query<RunLogRow>(
    `select seq, at, level, message from ops.job_run_logs where run_id = $1 order by seq limit $2`,
    [runId, limit],
  );
}
