import { uuid } from "drizzle-orm/pg-core";
import { instant, int8, ops } from "./columns.ts";

const count = () => int8().notNull().default("0");

/** What retention has removed of each job's history. */
export const job_run_totals = ops.table("job_run_totals", {
  job_id: uuid().primaryKey(),
  until: instant().notNull(),
  succeeded: count(),
  failed: count(),
  skipped: count(),
  cancelled: count(),
  occurrences: count(),
});
