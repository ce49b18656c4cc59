import { insertBackfill } from "../../db/job_runs.ts";
import { domainNow, findJob } from "../../db/scheduled_jobs.ts";
import type { Needs } from "../context.ts";
import { DomainError, invalid } from "../errors.ts";
import type { BackfillRequest, BackfillResponse } from "./backfill_schema.ts";
import { countBetween, occurrencesBetween, parseCron } from "./cron.ts";
import { overriddenConfig } from "./draft.ts";
import { lastOccurrence } from "./last_occurrence.ts";

/** Occurrences that one request may run again. */
export const BACKFILL_LIMIT = 1_000;
const SHOWN = 20;
/** No schedule waits longer for its next occurrence: 29 February, around a year such as 1900. */
const LONGEST_WAIT_MS = 9 * 366 * 86_400_000;

/**
 * Queues a run for each occurrence of a job's schedule in [start, end], as it stands now, paused or not. They wait in
 * line behind each other unless the job allows overlap. The same range again makes only what is missing, so asking twice
 * costs nothing; nothing is made where `preview` is asked for.
 * @throws {DomainError} `not_found`; `invalid` for a range that is empty, in the future, or holds too many occurrences
 */
export async function backfillJob(
  ctx: Needs<"db">,
  id: string,
  { start, end, preview = false, override_config }: BackfillRequest,
): Promise<BackfillResponse> {
  return await ctx.db.transaction(async (tx) => {
    const job = await findJob(tx, id);
    if (job === null || job.deleted_at !== null) throw new DomainError("not_found", "There is no such job");
    const [from, until] = legalRange(start, end, await domainNow(tx));
    const config = overriddenConfig(job, override_config);
    const cron = parseCron(job.schedule);
    const count = countBetween(cron, job.timezone, from - 1, until);
    if (count > BACKFILL_LIMIT && !preview) {
      throw invalid("/end", `holds ${count} occurrences; the limit is ${BACKFILL_LIMIT} for each request`);
    }
    const occurrences = occurrencesBetween(cron, job.timezone, from - 1, until, BACKFILL_LIMIT);
    const instants = occurrences.map(({ at }) => text(at));
    const before = text(lastOccurrence(cron, job.timezone, from - LONGEST_WAIT_MS, from - 1)?.at ?? from);
    const runs = instants.map((scheduled_for, i) => ({ scheduled_for, covers_from: instants[i - 1] ?? before }));
    const range = `${from / 1000}-${until / 1000}`;
    const created = preview ? 0 : await insertBackfill(tx, { job_id: id, range, runs, config });
    return {
      ...{ preview, count, limit: BACKFILL_LIMIT, created, existing: preview ? 0 : runs.length - created },
      ...{ first: instants[0] ?? null, last: instants.at(-1) ?? null, occurrences: instants.slice(0, SHOWN) },
    };
  });
}

function legalRange(start: string, end: string, now: string): [from: number, until: number] {
  const [from, until] = [Date.parse(start), Date.parse(end)];
  if (from > until) throw invalid("/start", "must not be after end");
  if (until > Date.parse(now)) throw invalid("/end", `must not be in the future; it is ${now} now`);
  return [from, until];
}

const text = (ms: number) => new Date(ms).toISOString();
