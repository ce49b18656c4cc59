import type { Clock } from "../../services/ports/clock.ts";

/**
 * Schedules are minutes apart, so time is compressed: in the chaos database and in its workers one real second is a
 * domain minute. Leases, back-offs and polls shrink with it; Postgres' own time limits and the faults do not.
 */
export const SPEED = 60;

/** Domain seconds; a second and a half of real time, so that a frozen worker is robbed of its runs within a few. */
export const LEASE_S = 90;

/** The lease in real milliseconds. */
export const LEASE_MS = LEASE_S * 1_000 / SPEED;

/** When the chaos begins in domain time: Berlin's clocks go forward a quarter of an hour later. */
export const BEGIN = "2027-03-28T00:45:00Z";

/** SQL that makes domain time `BEGIN` now, and lets it run at `SPEED` from here on. */
export function scaledNow(origin: string): string {
  return `create or replace function chaos.domain(at timestamptz) returns timestamptz language sql immutable parallel safe as
      'select timestamptz ''${BEGIN}'' + (at - timestamptz ''${origin}'') * ${SPEED}';
    create or replace function ops.now() returns timestamptz language sql stable parallel safe as
      'select timestamptz ''${BEGIN}'' + (statement_timestamp() - timestamptz ''${origin}'') * ${SPEED}'`;
}

/** A process clock that runs as fast as the database's, and is wrong by `offset_ms`. */
export function skewedClock(offset_ms: number): Clock {
  return {
    now: () => Date.now() + offset_ms,
    monotonic: () => performance.now() * SPEED + offset_ms,
    sleep: (ms, signal) => pause(ms / SPEED, signal),
  };
}

/** Resolves after so many real milliseconds, or when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}
