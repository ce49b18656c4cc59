import type { Clock } from "../../../services/ports/clock.ts";

/** The clock of one simulated process: waits end when the simulation says that their time has passed. */
export type SimClock = Clock & {
  /** Lets time pass; every wait that it covers ends, in the order of their times. */
  pass(ms: number): void;
};

/** @param wrong_ms what its word on the time of day is off by, which must change nothing */
export function simClock(start: number, wrong_ms: number): SimClock {
  let elapsed = 0;
  const waits = new Set<{ until: number; end: () => void }>();
  return {
    now: () => start + elapsed + wrong_ms,
    monotonic: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wait = { until: elapsed + ms, end: () => (waits.delete(wait), resolve()) };
        waits.add(wait);
        signal?.addEventListener("abort", wait.end, { once: true });
      }),
    pass(ms) {
      elapsed += ms;
      for (const wait of [...waits].sort((a, b) => a.until - b.until)) if (wait.until <= elapsed) wait.end();
    },
  };
}

/** A small repeatable source of numbers in [0, 1) (mulberry32, Ettinger 2017), with a liking for both ends. */
export function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = state + 0x6d2b79f5 >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    const drawn = ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
    return drawn < 0.1 ? 0 : drawn > 0.9 ? 1 - 2 ** -32 : drawn;
  };
}
