import type { Database } from "../../db/client.ts";
import { type Migration, pendingMigrations } from "../../db/migrate.ts";
import type { Clock } from "../ports/clock.ts";
import type { Vitals } from "../ports/vitals.ts";

/**
 * What this process knows about itself, from now on.
 * @param drain aborts when it wants no more traffic
 */
export function vitalsOf(
  { db, clock, runs }: { db: Database; clock: Clock; runs: { secondsSinceLook(): number | null } },
  migrations: readonly Migration[],
  drain: AbortSignal,
): Vitals {
  const began = clock.monotonic();
  return {
    uptimeSeconds: () => (clock.monotonic() - began) / 1000,
    draining: () => drain.aborted,
    secondsSinceTick: () => runs.secondsSinceLook(),
    pendingMigrations: () => pendingMigrations(db, migrations),
  };
}
