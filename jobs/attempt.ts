import type { Needs } from "../services/context.ts";
import { DatabaseUnavailable, DomainError, RowsLocked } from "../services/errors.ts";
import { backoffSeconds } from "../services/jobs/backoff.ts";
import { CANCELLED, endingOf, finishAlone, type Verdict } from "../services/jobs/endings.ts";
import { type ClaimedRun, fenced, keepProgress, LeaseLost, type NewRunLog } from "../services/jobs/ledger.ts";
import { storedJson, storedText } from "../services/jobs/stored_json.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Finisher } from "./finisher.ts";
import {
  type HandlerOutcome,
  type RunContext,
  type RunError,
  RunFailure,
  type RunHandler,
} from "../services/ports/handlers.ts";

/** The process is about to end: the run goes back to the ledger as if this attempt had not begun. */
export class Stopping extends Error {
  override name = "Stopping";
}

/** Somebody asked the run to end. */
export class Cancelled extends Error {
  override name = "Cancelled";
}

type Line = { level: NewRunLog["level"]; message: string; at_ms: number };

/** One attempt under way in this process. */
export type Attempt = {
  run: ClaimedRun;
  abort: AbortController;
  /** Log lines that wait to be stored, with the process clock's word on when they were written. */
  lines: Line[];
  /** Lines so far, stored ones too. */
  logged: number;
  /** Fenced transactions of this attempt: a heartbeat cannot see the row that one of them holds. */
  fences: { begun: number; ended: number };
};

type Parts = Needs<"db" | "clock" | "ids" | "log"> & { finisher: Finisher; deadlines: Deadlines };

/** How long an aborted handler may take to notice, before the runner goes on without it. The fence keeps it harmless. */
const GRACE_MS = 3_000;
const LINES_LIMIT = 1_000;
const MESSAGE_LIMIT = 2_000;

/** While the database is away, the end of an attempt is tried again: as long as a lease may last, not for ever. */
const SETTLE_TRIES = 30;
const SETTLE_PAUSE_MS = 500;

/**
 * Works on a claimed run and writes down how that ended. Never rejects: what cannot be written down is left to the rescue.
 */
export async function work(parts: Parts, attempt: Attempt, handler: RunHandler | undefined): Promise<void> {
  const { run } = attempt;
  let verdict = handler === undefined
    ? failure(run, 0, { code: "unknown_handler", message: `Nothing here handles ${run.job_type}` }, "never")
    : await verdictOf(parts, attempt, handler);
  for (let tries = 1; verdict !== null; tries++) {
    try {
      return await settle(parts, attempt, verdict, handler?.failed);
    } catch (error) {
      if (error instanceof LeaseLost) return;
      parts.log.error("the end of a run could not be written", { run_id: run.id, cause: error });
      if (tries === SETTLE_TRIES) return;
      if (passes(error)) await parts.clock.sleep(SETTLE_PAUSE_MS, attempt.abort.signal);
      // The handler's own commit failed, and with it the whole end: that is a failure of the attempt.
      else if (verdict.kind === "succeeded") verdict = judge(parts, run, error);
      else return;
      if (attempt.abort.signal.reason instanceof LeaseLost) return;
    }
  }
}

/** Ends that write nothing but themselves go together; a handler's own writes need a transaction of their own. */
function settle(parts: Parts, attempt: Attempt, verdict: Verdict, failed: RunHandler["failed"]): Promise<void> {
  const { run } = attempt;
  const writes = verdict.kind === "succeeded"
    ? verdict.commit !== undefined
    : (verdict.kind === "failed" || verdict.kind === "cancelled") && failed !== undefined;
  return storingLines(parts, attempt, async (lines) => {
    if (writes) return await finishAlone(parts, run, { verdict, lines, failed });
    if (!await parts.finisher.end(endingOf(run, verdict, lines))) throw new LeaseLost(run.id);
  });
}

/** Null when there is nothing to write, because the run is somebody else's. */
async function verdictOf(parts: Parts, attempt: Attempt, handler: RunHandler): Promise<Verdict | null> {
  const { run, abort } = attempt;
  if (abort.signal.aborted) return endedBy(parts, run, abort.signal.reason);
  const inTime = parts.deadlines.after(
    run.timeout_s * 1000,
    () => abort.abort(new RunFailure("timeout", `It took longer than ${run.timeout_s} s`)),
  );
  try {
    const outcome = await unlessDeaf(parts, abort.signal, () => handler.run(contextOf(parts, attempt)));
    return "skipped" in outcome
      ? { kind: "skipped", reason: storedText(outcome.skipped, 100), result: storedResult(outcome.result) }
      : { kind: "succeeded", result: storedResult(outcome.result), commit: outcome.commit };
  } catch (error) {
    return endedBy(parts, run, abort.signal.aborted ? abort.signal.reason : error);
  } finally {
    inTime();
  }
}

function endedBy(parts: Parts, run: ClaimedRun, reason: unknown): Verdict | null {
  if (reason instanceof LeaseLost) return null;
  if (reason instanceof Cancelled) return { kind: "cancelled", error: CANCELLED };
  return reason instanceof Stopping ? { kind: "handed_back" } : judge(parts, run, reason);
}

/** What the handler does, or the abortion where it does not hear of it within the grace. */
async function unlessDeaf(
  { deadlines }: Parts,
  signal: AbortSignal,
  handle: () => Promise<HandlerOutcome>,
): Promise<HandlerOutcome> {
  const { promise: deaf, reject } = Promise.withResolvers<never>();
  let heard = () => {};
  const wait = () => {
    heard = deadlines.after(GRACE_MS, () => reject(signal.reason));
  };
  signal.addEventListener("abort", wait);
  try {
    return await Promise.race([Promise.resolve().then(handle), deaf]);
  } finally {
    signal.removeEventListener("abort", wait);
    heard();
  }
}

function contextOf(parts: Parts, attempt: Attempt): RunContext {
  const { run, abort } = attempt;
  const context: RunContext = {
    id: run.id,
    job_id: run.job_id,
    author: run.author,
    attempt: run.attempt,
    scheduled_for: run.scheduled_for,
    window: run.covers_from === null ? null : { after: run.covers_from, until: run.scheduled_for },
    occurrences: run.occurrences,
    config: run.config,
    progress: run.progress,
    signal: abort.signal,
    log(message, level = "info") {
      if (++attempt.logged > LINES_LIMIT) return;
      const text = attempt.logged === LINES_LIMIT ? "The log is full" : storedText(message, MESSAGE_LIMIT);
      attempt.lines.push({ level, message: text, at_ms: parts.clock.monotonic() });
    },
    async checkpoint(write, progress) {
      abort.signal.throwIfAborted();
      const value = await storingLines(parts, attempt, (lines) =>
        fenced(parts, run, lines, async (tx) => {
          const done = await write(tx);
          if (progress !== undefined) await keepProgress(tx, run.id, storedJson(progress));
          return done;
        }));
      if (progress !== undefined) context.progress = progress;
      return value;
    },
  };
  return context;
}

/** Hands the waiting lines to a fenced transaction, dated by their age; they wait on where it fails. */
export async function storingLines<T>(
  { clock }: Needs<"clock">,
  attempt: Attempt,
  transaction: (lines: NewRunLog[]) => Promise<T>,
): Promise<T> {
  const now = clock.monotonic();
  const taken = attempt.lines.splice(0);
  attempt.fences.begun++;
  try {
    return await transaction(
      taken.map(({ level, message, at_ms }) => ({ level, message, age_s: (now - at_ms) / 1000 })),
    );
  } catch (error) {
    attempt.lines.unshift(...taken);
    if (error instanceof LeaseLost) attempt.abort.abort(error);
    throw error;
  } finally {
    attempt.fences.ended++;
  }
}

/** What a thrown value means for the run. Only messages that were written for the public are kept. */
function judge({ ids, log }: Needs<"ids" | "log">, run: ClaimedRun, thrown: unknown): Verdict {
  if (thrown instanceof RunFailure) {
    const { retry, detail } = thrown.more;
    const error = { code: thrown.code, message: thrown.message, ...(detail === undefined ? {} : { detail }) };
    return failure(run, ids.random(), error, retry);
  }
  if (thrown instanceof DomainError) {
    const detail = thrown.errors.length === 0 ? {} : { detail: thrown.errors };
    const passes = thrown.code === "unavailable" || thrown.code === "timeout" || thrown.code === "conflict";
    return failure(
      run,
      ids.random(),
      { code: thrown.code, message: thrown.message, ...detail },
      passes ? "again" : "never",
    );
  }
  log.error("a run failed", { run_id: run.id, job_id: run.job_id, attempt: run.attempt, cause: thrown });
  const error = passes(thrown)
    ? { code: "unavailable", message: "The database could not be reached" }
    : { code: "internal", message: "The handler failed; the service's log says why" };
  return failure(run, ids.random(), error, "again");
}

/** The database is away, or somebody frozen holds a row: neither says anything about the run. */
const passes = (error: unknown) => error instanceof DatabaseUnavailable || error instanceof RowsLocked;

function failure(run: ClaimedRun, random: number, error: RunError, retry: "again" | "never"): Verdict {
  const stored = storable(error);
  if (retry === "never" || run.attempt >= run.max_attempts) return { kind: "failed", error: stored };
  return { kind: "retrying", error: stored, delay_s: backoffSeconds(run.attempt, run.backoff_s, random) };
}

/** An error as the ledger can hold it; a detail that it cannot hold is left out. */
function storable({ code, message, detail }: RunError): RunError {
  const error = { code: storedText(code, 100), message: storedText(message, MESSAGE_LIMIT) };
  try {
    return detail === undefined ? error : { ...error, detail: JSON.parse(storedJson(detail)) };
  } catch {
    return error;
  }
}

function storedResult(result: unknown): string {
  try {
    return storedJson(result);
  } catch (cause) {
    const why = cause instanceof RangeError ? cause.message : "is not JSON";
    throw new RunFailure("invalid_result", `The handler's result ${why}`, { retry: "never", cause });
  }
}
