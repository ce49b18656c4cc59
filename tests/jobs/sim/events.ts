import { resolve } from "./aim.ts";
import type { Step } from "./audit.ts";
import { backfill, cancel, change, create, remove, trigger } from "./console.ts";
import type { Event } from "./history.ts";
import { isOpen } from "./snapshot.ts";
import { Violation } from "./violation.ts";
import { boot, type Instance, look, pass, setNow, type World } from "./world.ts";

/** Longer than the runner waits for a handler that does not hear of its end. */
const GRACE_MS = 4_000;

/** An event of which nothing must follow. */
export const quietStep: Step = { change: null, looked: [], stopped: false };

/** Lets one event happen, and everything that follows from it at this instant. */
export async function perform(world: World, event: Event): Promise<Step> {
  switch (event.kind) {
    case "advance": {
      const target = resolve(world, event.to);
      const woken = target === null ? [] : await advance(world, target, event.timers);
      const step = await looking(world, event.looks);
      return { ...step, looked: [...new Set([...step.looked, ...woken])] };
    }
    case "back":
      await setNow(world, world.now - event.ms);
      return quietStep;
    case "look":
      return await looking(world, event.looks);
    case "fault":
      return await faulty(world, event);
    case "release":
      world.held[event.pick % world.held.length]?.release();
      return await looking(world, event.looks);
    case "crash":
    case "freeze":
    case "thaw":
    case "stop":
      return await befall(world, event);
    case "unstall":
      return await unstall(world);
    case "create":
      await create(world, event);
      return quietStep;
    case "cancel":
      return await cancelling(world, event);
    default:
      return await onJob(world, event);
  }
}

async function onJob(world: World, event: Extract<Event, { job: number }>): Promise<Step> {
  const job = world.jobs[event.job % world.jobs.length];
  if (job === undefined) return quietStep;
  switch (event.kind) {
    case "edit":
      return { ...quietStep, change: await change(world, job, event.changes) };
    case "pause":
    case "resume":
      return { ...quietStep, change: await change(world, job, { is_active: event.kind === "resume" }) };
    case "remove":
      return { ...quietStep, change: await remove(world, job) };
    case "trigger":
      await trigger(world, job, event);
      return quietStep;
    case "backfill":
      await backfill(world, job, event);
      return quietStep;
  }
}

/**
 * Moves the database's clock forward, and with it those of the processes, or leaves them behind for a while.
 * @returns who must have looked by itself, because so much time has passed for it
 */
export async function advance(world: World, target: number, timers: "fire" | "lag"): Promise<Instance[]> {
  const ms = target - world.now;
  await setNow(world, target);
  const woken: Instance[] = [];
  for (const instance of world.instances) {
    if (timers === "fire" && instance.power.state() === "on") {
      if (instance.looping && isWell(instance) && instance.lag_ms + ms >= POLL_MS) woken.push(instance);
      pass(instance, ms);
    } else instance.lag_ms += ms;
  }
  await world.line.quiet();
  return woken;
}

/** The longest that a process goes without a look. */
const POLL_MS = 15_000;

/** The processes of the slots whose bits are set look at the ledger, all at once. */
export async function looking(world: World, looks: number): Promise<Step> {
  const instances = world.slots.map((_, slot) => looks >> slot & 1 ? present(world, slot) : null)
    .filter((instance) => instance !== null);
  for (const instance of instances) look(world, instance);
  await world.line.quiet();
  // What one has begun and not ended is left to the next look of the others, within 15 seconds.
  const disturbed = instances.some((instance) => !isWell(instance));
  return { ...quietStep, looked: disturbed ? [] : instances };
}

/** Whether nothing keeps a process from its work. */
const isWell = ({ power, stopping }: Instance): boolean => power.state() === "on" && power.stalled() === 0 && !stopping;

/** Who is in a slot, started if need be; null while it is frozen. */
function present(world: World, slot: number): Instance | null {
  const there = world.slots[slot];
  if (there?.power.state() === "on") return there;
  if (there?.power.state() === "frozen") return null;
  return world.slots[slot] = boot(world, world.history.skews_ms[slot] ?? 0, slot % 2 === 0 ? "ticks" : "loops");
}

async function faulty(world: World, event: Extract<Event, { kind: "fault" }>): Promise<Step> {
  const slot = event.slot % world.slots.length;
  const instance = present(world, slot);
  instance?.power.arm(event);
  // What stalls is a handler's write, where there is one, else something of its look.
  const held = event.fault === "stall" ? world.held.find((each) => each.instance === instance) : undefined;
  held?.release();
  const step = await looking(world, held === undefined ? event.looks | 1 << slot : event.looks & ~(1 << slot));
  if ((instance?.power.stalled() ?? 0) > 0) world.stale.add(world.now);
  instance?.power.arm(null);
  return instance === null || isWell(instance) ? step : { ...step, looked: [] };
}

/** Through the process of a slot, which may be the run's own, or through one that is there for nothing else. */
async function cancelling(world: World, { pick, slot }: Extract<Event, { kind: "cancel" }>): Promise<Step> {
  const runs = [...world.before.runs.values()];
  const open = runs.filter(isOpen);
  const chosen = open.length > 0 ? open : runs;
  const run = chosen[pick % chosen.length];
  if (run === undefined) return quietStep;
  const there = present(world, slot % world.slots.length);
  const { runner } = there !== null && isWell(there) ? there : boot(world, 0);
  await cancel(world, run, runner);
  await world.line.quiet();
  return quietStep;
}

async function befall(
  world: World,
  { kind, slot }: Extract<Event, { slot: number; kind: "crash" | "freeze" | "thaw" | "stop" }>,
) {
  const instance = world.slots[slot % world.slots.length] ?? null;
  if (instance === null) return quietStep;
  if (kind === "stop") return instance.power.state() === "on" ? await stop(world, instance) : quietStep;
  if (kind === "thaw" && instance.power.state() === "frozen") {
    instance.power.thaw();
    pass(instance, 0);
    await world.line.quiet();
  } else if (kind === "freeze") {
    instance.power.freeze();
    world.stale.add(world.now);
  } else if (kind === "crash") instance.power.crash();
  return quietStep;
}

/** Whatever is on its way to the database arrives, runs that were handed back among it. */
async function unstall(world: World): Promise<Step> {
  for (const { power } of world.instances) power.unstall();
  await world.line.quiet();
  for (const { power, stopping } of world.instances) if (stopping) power.crash();
  return { ...quietStep, stopped: true };
}

/** A process ends in good order: within its grace, whatever its handlers do. */
async function stop(world: World, instance: Instance): Promise<Step> {
  let ended = false;
  instance.stopping = true;
  instance.runner.stop().then(() => ended = true);
  await world.line.quiet();
  pass(instance, GRACE_MS);
  await world.line.quiet();
  world.slots[world.slots.indexOf(instance)] = null;
  if (instance.power.stalled() === 0) { // else it lingers until that has come through
    if (!ended) throw new Violation(`${instance.name} did not stop`);
    instance.power.crash();
  }
  return { ...quietStep, stopped: true };
}
