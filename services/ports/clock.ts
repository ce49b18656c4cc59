/**
 * The clock of this process. It measures durations, waits, and stamps log lines and ids.
 * Domain time (today, due, created_at) is `ops.now()`, read in the statement that uses it.
 */
export interface Clock {
  /** Milliseconds since 1970, for ids and log lines. */
  now(): number;
  /** Milliseconds from an arbitrary start, for durations; never goes back. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
