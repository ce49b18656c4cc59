import type { Aim } from "./history.ts";
import { horizon, upcoming } from "./model.ts";
import * as calendar from "./oracle/calendar.ts";
import { nextChange } from "./oracle/zone.ts";
import { isOpen } from "./snapshot.ts";
import type { World } from "./world.ts";

/** Where an aim leads from the present state, epoch ms; null where there is nothing to aim at, or it lies behind. */
export function resolve(world: World, { at, pick, slip_ms }: Aim): number | null {
  const goal = at === "later" ? world.now : chosen(goalsOf(world, at), pick);
  if (goal === null) return null;
  const target = bounded(world, Math.ceil(goal) + slip_ms);
  return target > world.now ? target : null;
}

function goalsOf(world: World, at: Exclude<Aim["at"], "later">): number[] {
  const open = [...world.before.runs.values()].filter(isOpen);
  const jobs = world.jobs.filter(({ active }) => active);
  const goals: Record<typeof at, () => (number | null)[]> = {
    occurrence: () => jobs.map(upcoming),
    lease: () => open.map(({ lease_until }) => lease_until),
    attempt: () => open.filter(({ state }) => state !== "running").map(({ run_at }) => run_at),
    timeout: () =>
      open.filter(({ state }) => state === "running").map(({ started_at, timeout_s }) =>
        started_at === null ? null : started_at + timeout_s * 1000
      ),
    change: () => jobs.map(({ terms }) => nextChange(terms.timezone, world.now)),
  };
  return goals[at]().filter((goal) => goal !== null);
}

const chosen = (goals: number[], pick: number): number | null => goals[pick % goals.length] ?? null;

/** A job that runs for each missed occurrence may have to catch up only so many, or a history would take minutes. */
function bounded(world: World, target: number): number {
  let until = target;
  for (const job of world.jobs) {
    const { misfire, schedule, timezone, catch_up_limit_s: limit } = job.terms;
    if (!job.active || misfire !== "all") continue;
    const kept = (to: number) => limit === null ? horizon(job) : Math.max(horizon(job), to - limit * 1000);
    while (until > world.now && calendar.count(schedule, timezone, kept(until), until) > world.history.backlog) {
      until = Math.floor((world.now + until) / 2);
    }
  }
  return until;
}
