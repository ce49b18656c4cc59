import type { Chance } from "./chance.ts";
import type { Cluster } from "./cluster.ts";
import type { Fleet } from "./fleet.ts";
import { LEASE_MS, pause } from "./time.ts";

type Fault = (fleet: Fleet, cluster: Cluster | null, chance: Chance) => Promise<void> | void;

const kill: Fault = (fleet, _cluster, chance) => fleet.kill(anyOf(fleet, chance), chance.between(100, 600));
const nap: Fault = (fleet, _cluster, chance) => fleet.freeze(anyOf(fleet, chance), chance.between(50, 0.7 * LEASE_MS));
/** Long enough for the others to take its runs over, which it does not know when it wakes. */
const coma: Fault = (fleet, _cluster, chance) =>
  fleet.freeze(anyOf(fleet, chance), chance.between(1.1 * LEASE_MS, 2.2 * LEASE_MS));

/** One hand of faults, dealt again and again in another order. */
const HAND: Fault[] = [
  ...[kill, kill, kill, kill, kill, nap, nap, coma, coma, coma, coma],
  (_fleet, cluster) => cluster?.restart("fast"),
  (_fleet, cluster) => cluster?.restart("immediate"),
  (_fleet, cluster, chance) => cluster?.freeze("backends", chance.between(100, LEASE_MS)),
  (_fleet, cluster, chance) => cluster?.freeze("server", chance.between(100, 1.3 * LEASE_MS)),
];

/** Something breaks about once a second, until the signal aborts. Postgres breaks in one way at a time. */
export async function breakThings(
  fleet: Fleet,
  cluster: Cluster | null,
  chance: Chance,
  end: AbortSignal,
): Promise<void> {
  let hand: Fault[] = [];
  while (!end.aborted) {
    await pause(chance.between(300, 1_000), end);
    if (end.aborted) return;
    if (hand.length === 0) hand = chance.shuffled(HAND);
    await hand.pop()?.(fleet, cluster, chance);
  }
}

function anyOf(fleet: Fleet, chance: Chance): number {
  const alive = fleet.alive();
  return alive.length === 0 ? -1 : chance.pick(alive);
}
