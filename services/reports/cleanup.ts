import { z } from "zod";
import { deleteOldReports } from "../../db/reports.ts";
import type { HandlerOutcome, RunContext } from "../ports/handlers.ts";
import type { ReportCleanupConfig } from "./schema.ts";

/** Reports of a checkpoint; each takes a file along. */
const ROWS = 100;

const Progress = z.object({ deleted: z.int() });

/**
 * Deletes completed reports as DELETE does, once they are old enough: the file goes, the tombstone stays, and a download
 * answers `gone`. Each batch commits by itself; a further attempt finds what is left.
 */
export async function cleanUpReports(
  run: RunContext,
  { older_than_days }: ReportCleanupConfig,
): Promise<HandlerOutcome> {
  const before = Progress.safeParse(run.progress);
  const progress = { deleted: before.success ? before.data.deleted : 0 };
  for (let last = ROWS; last === ROWS;) {
    const sum = progress.deleted;
    last = await run.checkpoint(async (tx) => {
      const deleted = await deleteOldReports(tx, older_than_days, ROWS);
      progress.deleted = sum + deleted; // stored after this, in the same transaction
      return deleted;
    }, progress);
  }
  return { result: progress };
}
