import type { Db } from "../../db/client.ts";

/** The stretch of time that a run answers for: (after, until], RFC 3339. The windows of one job touch without gap. */
export type RunWindow = { after: string; until: string };

/** What a handler is given: one attempt at one run. */
export type RunContext = {
  id: string;
  /** Null for one-off work. */
  job_id: string | null;
  /** Who made the job; null for one-off work, whose config knows better. */
  author: string | null;
  /** 1 for the first. */
  attempt: number;
  /** The instant that the schedule, or the person who triggered it, asked for. */
  scheduled_for: string;
  /** Null where no schedule asked for the run. */
  window: RunWindow | null;
  /** Wall times of the calendar that this run stands for; 0 where no schedule asked for it. */
  occurrences: number;
  /** The job's configuration with the override of this run, as stored: parse it with `configOf`. */
  config: unknown;
  /** What the latest checkpoint of this run kept, in this attempt or an earlier one; null before. */
  progress: unknown;
  /** Aborts when the time is up, the lease is lost or the process stops: end soon, what you throw then is ignored. */
  signal: AbortSignal;
  /** Adds a line to the run's log. It is stored with the next checkpoint, heartbeat or finish. */
  log(message: string, level?: "info" | "warn" | "error"): void;
  /**
   * Commits `work` and, if given, `progress`, in one short transaction, if this attempt still owns the run.
   * No I/O but SQL inside; at most 500 rows or about 100 ms on the embedded database.
   * @throws {Error} when the lease is lost: let it fly
   */
  checkpoint<T>(work: (tx: Db) => Promise<T>, progress?: unknown): Promise<T>;
};

/** How an attempt ended well: done, with writes that commit together with the finish; or nothing to do, and why. */
export type HandlerOutcome =
  | { result: unknown; commit?: (tx: Db) => Promise<void> }
  | { skipped: string; result?: unknown };

/**
 * Works on one run, outside any transaction. It may run again after a crash: what it does outside of Postgres happens
 * at least once, what it does in a checkpoint once per checkpoint, and in `commit` exactly once per success.
 * It fails by throwing; a `RunFailure` says whether trying again is of use, anything else is tried again.
 */
export type Handler = (run: RunContext) => Promise<HandlerOutcome>;

/** Why a run failed for good, as stored on it. */
export type RunError = { code: string; message: string; detail?: unknown };

/** A handler, and what must be written when a run fails for good, whatever the cause, a crash included. */
export type RunHandler = {
  run: Handler;
  /** Runs in the transaction of the final failure; only short SQL. */
  failed?: (tx: Db, run: { id: string; config: unknown }, error: RunError) => Promise<void>;
};

/** A failure whose message is public. `never` ends the run at once; `again` leaves it to its remaining attempts. */
export class RunFailure extends Error {
  override name = "RunFailure";

  constructor(
    readonly code: string,
    message: string,
    readonly more: { retry: "again" | "never"; detail?: unknown; cause?: unknown } = { retry: "again" },
  ) {
    super(message, "cause" in more ? { cause: more.cause } : undefined);
  }
}
