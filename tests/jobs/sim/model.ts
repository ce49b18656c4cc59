import * as calendar from "./oracle/calendar.ts";
import type { Behaviour } from "./history.ts";
import type { Terms } from "./terms.ts";

/** What the ledger owes each job, from its terms and the oracle's calendar alone. Instants are epoch milliseconds. */

export type JobModel = {
  id: string;
  terms: Terms;
  active: boolean;
  deleted: boolean;
  /** Every occurrence up to here is accounted for; the next window begins here. */
  cursor: number;
  /** When the present terms began: they have no occurrences before. */
  since: number;
  revision: number;
  /** Runs that failed since the last success or edit. */
  failures: number;
  /** How its attempts go, one after the other, over and over. */
  script: Behaviour[];
  attempts: number;
  /** Occurrences that the calendar has had up to the cursor, over all its terms. */
  owed: number;
};

/** A row that accounting must write. `run` may still turn into a skip where an open run is in its way. */
export type Expected = { at: number; from: number; occurrences: number } & Kind;
type Reason = "misfire" | "outside_catch_up" | "paused" | "edited";
type Kind = { kind: "run" } | { kind: "skip"; reason: Reason };

/** An occurrence seen later than this was missed. */
const ON_TIME_MS = 60_000;
/** Rows that one account writes at most for a job that wants a run for each occurrence. */
const ROWS = 100;

/** Where the next occurrence is looked for. */
export const horizon = ({ cursor, since }: Pick<JobModel, "cursor" | "since">): number => Math.max(cursor, since);

/** The first occurrence that no row answers for yet. */
export const upcoming = (job: JobModel): number | null =>
  calendar.next(job.terms.schedule, job.terms.timezone, horizon(job));

/** The rows that one look at `now` owes an active job: none when nothing is due. */
export function due(job: JobModel, now: number): Expected[] {
  const page = pageOf(job);
  const { misfire, catch_up_limit_s: limit } = job.terms;
  if (limit !== null) page.skipBefore(Math.min(now, now - limit * 1000 - 1), "outside_catch_up");
  if (misfire === "all") page.runEach(now);
  else {
    if (misfire === "skip") {
      const last = page.last(now);
      const missed = last === null || now - last > ON_TIME_MS;
      page.skipBefore(missed ? now : last - 1, "misfire");
    }
    page.runOnce(now);
  }
  return page.rows;
}

/** The rows that an edit, a pause, a resume or a removal at `now` owes, before the new terms hold. */
export function settled(job: JobModel, now: number): Expected[] {
  if (!job.active) return skipped(job, now, "paused");
  const rows = due(job, now);
  return [...rows, ...skipped({ ...job, cursor: rows.at(-1)?.at ?? job.cursor }, now, "edited")];
}

function skipped(job: JobModel, now: number, reason: "paused" | "edited"): Expected[] {
  const page = pageOf(job);
  page.skipBefore(now, reason);
  return page.rows;
}

/** Rows whose windows touch, from the job's cursor on. */
function pageOf(job: JobModel) {
  const { schedule, timezone } = job.terms;
  const rows: Expected[] = [];
  let from = job.cursor;
  const start = () => Math.max(from, job.since);
  const last = (until: number) => calendar.last(schedule, timezone, start(), until);
  const write = (at: number, kind: Kind) => {
    const occurrences = calendar.count(schedule, timezone, start(), at);
    rows.push({ at, from, occurrences, ...kind });
    from = at;
  };
  return {
    rows,
    last,
    skipBefore(until: number, reason: Reason) {
      const at = last(until);
      if (at !== null) write(at, { kind: "skip", reason });
    },
    runOnce(until: number) {
      const at = last(until);
      if (at !== null) write(at, { kind: "run" });
    },
    runEach(until: number) {
      for (const { at } of calendar.occurrences(schedule, timezone, start(), until, ROWS)) write(at, { kind: "run" });
    },
  };
}
