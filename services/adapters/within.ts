import type { Clock } from "../ports/clock.ts";
import { OutboundFailure } from "../ports/outbound.ts";

/**
 * Does work that hears by its signal when the caller gives up, or when its time is over.
 * @throws {OutboundFailure} `timeout`; the caller's own reason when it gave up
 */
export async function within<T>(
  clock: Clock,
  limit_ms: number,
  caller: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const late = new AbortController();
  const timer = clock.sleep(limit_ms, over.signal).then(() => {
    if (!over.signal.aborted) late.abort();
  });
  try {
    return await work(AbortSignal.any([caller, late.signal]));
  } catch (cause) {
    caller.throwIfAborted();
    if (late.signal.aborted) throw new OutboundFailure("timeout", `did not answer within ${limit_ms / 1000} s`);
    throw cause;
  } finally {
    over.abort();
    await timer;
  }
}

/** What work comes to that knows no signal, unless the signal aborts first. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}
