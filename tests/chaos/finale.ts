import type { Db } from "../../db/client.ts";
import type { Controller } from "./controller.ts";
import type { Fleet } from "./fleet.ts";
import { LEASE_MS, pause } from "./time.ts";

const [RUNS, UNDERWAY] = [10, 8];

/**
 * One clean blow when all else is well: every process but one is killed in the middle of its work, and the one that is
 * left must have begun all of it again a lease and a second later.
 * @returns when it fell
 */
export async function killAllButOne(watch: Db, controller: Controller, fleet: Fleet): Promise<number> {
  const job = await controller.burst(RUNS);
  for (let tries = 0; tries < 100; tries++) {
    const [row] = await watch.query<{ n: number }>(
      "select count(*)::int as n from ops.job_runs where job_id = $1 and state = 'running'",
      [job],
    );
    if ((row?.n ?? 0) >= UNDERWAY) break;
    await pause(20);
  }
  const from = Date.now();
  for (const place of fleet.alive().slice(1)) fleet.kill(place, 10 * LEASE_MS);
  return from;
}

/** Waits until no job is overdue by more than a real second; answers how long that took. */
export async function caughtUp(watch: Db): Promise<number> {
  const began = performance.now();
  for (let tries = 0; tries < 150; tries++) {
    const [row] = await watch.query<{ late: boolean }>(
      `select exists (select from scheduled_jobs where is_active and next_run_at < ops.now() - interval '1 minute') as late`,
    );
    if (row?.late === false) break;
    await pause(50);
  }
  return performance.now() - began;
}
