import { createRunner, type Runner } from "../../../jobs/runner.ts";
import type { Registry } from "../../../jobs/registry.ts";
import { readConfig } from "../../../services/config.ts";
import type { Needs } from "../../../services/context.ts";
import type { Ids } from "../../../services/ports/ids.ts";
import type { Log } from "../../../services/ports/log.ts";
import type { RunHandler } from "../../../services/ports/handlers.ts";
import { drawing, type SimClock, simClock } from "./clock.ts";
import { writeEffect } from "./effects.ts";
import { handlerOf, type Held } from "./handlers.ts";
import type { History } from "./history.ts";
import type { Line } from "./line.ts";
import type { JobModel } from "./model.ts";
import { type Power, powerOver } from "./power.ts";
import { nothing, type Snapshot } from "./snapshot.ts";

/** One process of a history, from its start to its end. */
export type Instance = {
  name: string;
  power: Power;
  clock: SimClock;
  runner: Runner;
  /** Whether it only looks when it is told to, or goes on by itself from its first look on. */
  ways: "ticks" | "loops";
  looping: boolean;
  stopping: boolean;
  /** Time that its own clock has yet to notice. */
  lag_ms: number;
  /** Handlers of it that have begun and not ended. */
  underway: number;
};

/** Everything a history knows while it is played. */
export type World = {
  line: Line;
  history: History;
  /** The database's clock. */
  now: number;
  slots: (Instance | null)[];
  instances: Instance[];
  jobs: JobModel[];
  held: Held[];
  /** When instances froze that may still act on what they read then. */
  stale: Set<number>;
  /** Manual runs by job and key. */
  manual: Map<string, { id: string; config: string }>;
  /** Backfilled runs, by job and fire key. */
  backfills: Set<string>;
  /** Manual runs asked for so far. */
  triggers: number;
  /** Attempts without an effect, as `run attempt`. */
  without: Set<string>;
  /** Jobs that their failures have paused. */
  trips: number;
  /** At the end: nothing hangs any more. */
  draining: boolean;
  before: Snapshot;
  /** Statements before the last audit: where there were none since, nothing has changed. */
  counted: number;
  /** What went wrong beside the tables. */
  problems: string[];
  trace: string[];
};

/** @param history whose first event is about to happen */
export function createWorld(line: Line, history: History): World {
  return {
    ...{ line, history, now: history.start, slots: history.skews_ms.map(() => null), instances: [], jobs: [] },
    ...{
      held: [],
      stale: new Set(),
      manual: new Map(),
      backfills: new Set(),
      triggers: 0,
      without: new Set(),
      trips: 0,
      draining: false,
      before: nothing,
      counted: 0,
      problems: [],
      trace: [],
    },
  };
}

/** Sets the database's clock. */
export async function setNow(world: World, now: number): Promise<void> {
  world.now = now;
  await world.line.connection.query("update ops.test_clock set at = $1::timestamptz", [new Date(now).toISOString()]);
}

/** What the service's verbs need, in a process that nothing befalls. */
export function consoleOf(world: World): Needs<"db" | "ids" | "config"> {
  return { db: world.line.db, ids: idsOf("0".repeat(8), world.history.luck), config };
}

/** A new process, which looks at nothing by itself. */
export function boot(world: World, wrong_ms: number, ways: Instance["ways"] = "ticks"): Instance {
  const name = (world.instances.length + 1).toString(16).padStart(8, "0");
  const power = powerOver(world.line.db, () => world.stale.add(world.now));
  const clock = simClock(world.now, wrong_ms);
  const ids = idsOf(name, world.history.luck + world.instances.length + 1);
  const log = logOf(name, (line) => void (power.state() === "dead" || world.problems.push(line)));
  const handler = handlerOf(world, () => instance);
  const failed: RunHandler["failed"] = (tx, { id }) => writeEffect(tx, { id, attempt: 0, kind: "failed", worker: "" });
  const registry: Registry = { goal_update: { run: handler, failed } };
  const runner = createRunner({ db: power.db, clock, ids, log, config }, registry);
  const instance: Instance = {
    name,
    power,
    clock,
    runner,
    ways,
    looping: false,
    stopping: false,
    lag_ms: 0,
    underway: 0,
  };
  world.instances.push(instance);
  return instance;
}

/** A pass over the ledger begins; one that ticks may take until a handler that hangs has ended. */
export function look(world: World, instance: Instance): void {
  const { name, power, runner, ways } = instance;
  if (ways === "loops") {
    if (instance.looping) return runner.wake();
    instance.looping = true;
    return runner.start();
  }
  runner.tick().catch((error) => {
    if (power.state() === "on") world.problems.push(`a look of ${name} failed: ${String(error)}`);
  });
}

/** Lets time pass for a process, with all that it slept through. */
export function pass(instance: Instance, ms: number): void {
  const slept = instance.lag_ms;
  instance.lag_ms = 0;
  instance.clock.pass(slept + ms);
}

const config = readConfig({});
/** Failures that handlers of a history are made to have. */
const EXPECTED = /^(a run failed|the end of a run could not be written)$/;

function logOf(name: string, tell: (problem: string) => void): Log {
  const error: Log["error"] = (message, fields) => {
    if (!EXPECTED.test(message)) tell(`${name}: ${message}: ${String(fields?.["cause"])}`);
  };
  return { info() {}, warn() {}, error, request() {} };
}

/** Ids that count, so that a history repeats to the last bit. */
function idsOf(name: string, luck: number): Ids {
  let count = 0;
  return {
    uuid: () => `${name}-0000-7000-8000-${(++count).toString(16).padStart(12, "0")}`,
    bytes: (length) => new Uint8Array(length),
    random: drawing(luck),
  };
}
