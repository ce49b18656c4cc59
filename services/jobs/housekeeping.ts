import { takeSetting } from "../../db/settings.ts";
import type { Needs } from "../context.ts";
import { createJob } from "./mod.ts";
import type { ScheduledJobCreate } from "./schema.ts";

/** What every organisation wants done, at quiet minutes of the hour. */
const JOBS: ScheduledJobCreate[] = [
  { name: "Goal evaluation", job_type: "custom", schedule: "7 * * * *", config: { handler: "goal_evaluation" } },
  { name: "Retention", job_type: "custom", schedule: "17 3 * * *", config: { handler: "retention" } },
];

/**
 * Makes the jobs that keep the service in order, once in the life of a database: goals are closed the day after their
 * end, and history stays within its bounds. They are jobs like any other; edited or deleted, they stay so.
 * @returns whether they were made now
 */
export function ensureHousekeeping(ctx: Needs<"db" | "ids" | "config">): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    if (!await takeSetting(tx, "housekeeping_jobs", "made")) return false; // another instance, or an earlier start
    for (const job of JOBS) await createJob({ ...ctx, db: tx }, { kind: "local" }, job);
    return true;
  });
}
