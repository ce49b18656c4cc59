import type { AccountedRow } from "../../db/ledger.ts";
import type { JobRow } from "../../db/scheduled_jobs.ts";
import { countBetween, type CronExpression, nextOccurrence, occurrencesBetween, parseCron } from "./cron.ts";
import { lastOccurrence } from "./last_occurrence.ts";

/** What accounting reads of a job. */
export type Accountable = Pick<
  JobRow,
  "schedule" | "timezone" | "misfire" | "catch_up_limit_s" | "jitter_s" | "cursor_at" | "schedule_since"
>;

/** The rows of one account, where the cursor stands after it, and the next occurrence. Their windows touch. */
export type Account = { rows: AccountedRow[]; cursor_at: string; next_run_at: string | null };

/** Why occurrences got no run. */
export type SkipReason = "misfire" | "outside_catch_up" | "paused" | "edited";

/** An occurrence that the ledger sees later than this was missed: the wake-ups come once a minute at worst. */
export const ON_TIME_MS = 60_000;
/** Rows of one account; a job that runs for every missed occurrence takes several to catch up. */
export const ROWS_LIMIT = 100;

/**
 * What is due of a job: the occurrences in (cursor, now], as its misfire rule and catch-up limit want them.
 * @param random uniform in [0, 1), for the jitter
 * @throws {CronError} when the schedule or zone in the row is not legal
 */
export function accountDue(job: Accountable, now: string, random: () => number): Account {
  const book = openBook(job, now);
  if (job.catch_up_limit_s !== null) {
    book.skip("outside_catch_up", Math.min(book.now, book.now - job.catch_up_limit_s * 1000 - 1));
  }
  switch (job.misfire) {
    case "once":
      book.run(1, random);
      break;
    case "skip": {
      const last = lastOccurrence(book.cron, job.timezone, book.from(), book.now);
      const late = last === null || book.now - last.at > ON_TIME_MS;
      book.skip("misfire", late ? book.now : last.at - 1);
      book.run(1, random);
      break;
    }
    case "all":
      book.run(ROWS_LIMIT, random);
  }
  return book.close();
}

/** The same for a job that was paused up to now, or is edited with too much undone: one skipped row for all. */
export function accountSkipped(job: Accountable, now: string, reason: SkipReason): Account {
  const book = openBook(job, now);
  book.skip(reason, book.now);
  return book.close();
}

/** The first occurrence after an instant, RFC 3339; null for never. */
export function nextRunAt(schedule: string, timezone: string, after: string): string | null {
  const next = nextOccurrence(parseCron(schedule), timezone, Date.parse(after));
  return next === null ? null : text(next.at);
}

type Book = {
  cron: CronExpression;
  now: number;
  /** Occurrences up to here are written down. */
  from(): number;
  skip(reason: SkipReason, until: number): void;
  /** Runs for what is due: one for all of it, or one for each of the first occurrences. */
  run(most: number, random: () => number): void;
  close(): Account;
};

/** Microseconds do not matter to occurrences, which fall on whole minutes; to the windows, which must touch, they do. */
function openBook(job: Accountable, at: string): Book {
  const cron = parseCron(job.schedule);
  const now = Date.parse(at);
  const rows: AccountedRow[] = [];
  let cursor_at = job.cursor_at;
  const from = () => Math.max(Date.parse(cursor_at), Date.parse(job.schedule_since));

  const write = (until: number, occurrences: number, row: Pick<AccountedRow, "state" | "reason">, delay_ms: number) => {
    const scheduled_for = text(until);
    rows.push({ scheduled_for, covers_from: cursor_at, occurrences, ...row, run_at: text(until + delay_ms) });
    cursor_at = scheduled_for;
  };
  return {
    cron,
    now,
    from,
    skip(reason, until) {
      const last = lastOccurrence(cron, job.timezone, from(), until);
      if (last === null) return;
      write(last.at, countBetween(cron, job.timezone, from(), last.at), { state: "skipped", reason }, 0);
    },
    run(most, random) {
      const last = most === 1 ? lastOccurrence(cron, job.timezone, from(), now) : null;
      const due = most === 1
        ? last === null ? [] : [{ at: last.at, occurrences: countBetween(cron, job.timezone, from(), last.at) }]
        : occurrencesBetween(cron, job.timezone, from(), now, most);
      for (const { at, occurrences } of due) {
        write(at, occurrences, { state: "queued", reason: null }, Math.floor(random() * job.jitter_s * 1000));
      }
    },
    close() {
      const next = nextOccurrence(cron, job.timezone, from());
      return { rows, cursor_at, next_run_at: next === null ? null : text(next.at) };
    },
  };
}

const text = (ms: number) => new Date(ms).toISOString();
