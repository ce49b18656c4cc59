import type { Db } from "./client.ts";
import { textArray } from "./executor.ts";

/** What a wake-up of its own needs to know of a job. */
export type WakeupRow = { id: string; revision: number; schedule: string; timezone: string };

/** Active jobs in one of the zones, given in lower case, in the order of their next occurrences. */
export async function soonestJobs(db: Db, zones: readonly string[], limit: number): Promise<WakeupRow[]> {
  return await db.query<WakeupRow>(
    `select id, revision, schedule, timezone from scheduled_jobs
     where is_active and next_run_at is not null and lower(timezone) = any($1::text::text[])
     order by next_run_at, id limit $2`,
    [textArray(zones), limit],
  );
}
