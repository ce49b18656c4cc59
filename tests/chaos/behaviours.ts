import type { Db } from "../../db/client.ts";
import { type HandlerOutcome, type RunContext, RunFailure } from "../../services/ports/handlers.ts";
import type { Chance } from "./chance.ts";
import { LEASE_MS, pause } from "./time.ts";

/** How a job's handler behaves: the first word of the job's name. */
export const BEHAVIOURS = ["instant", "nap", "steps", "shaky", "deaf", "long", "stuck"] as const;
export type Behaviour = typeof BEHAVIOURS[number];

/** Checkpoints of a run in steps. */
export const STEPS = 4;

type Act = (run: RunContext, chance: Chance) => Promise<HandlerOutcome>;

/** What each of them does; all write one effect with their success. */
export const ACTS: Record<Behaviour, Act> = {
  instant: (run) => Promise.resolve(success(run)),
  async nap(run, chance) {
    await pause(chance.between(20, 150), run.signal);
    return success(run);
  },
  steps: (run) => inSteps(run, 80),
  async shaky(run, chance) {
    const luck = chance.random();
    await pause(30, run.signal);
    if (luck < 0.1) throw new RunFailure("hopeless", "It will never work", { retry: "never" });
    if (luck < 0.3) throw new RunFailure("unlucky", "It may work next time");
    if (luck < 0.4) throw new Error("A mistake of the handler");
    if (luck < 0.5) return { skipped: "nothing_to_do" };
    return success(run, luck < 0.6 ? "fails" : "holds");
  },
  /** Hears no signal. */
  async deaf(run) {
    await pause(0.8 * LEASE_MS);
    if (run.progress === null) await step(run, 1);
    return success(run);
  },
  /** Lives from its heartbeats. */
  long: (run) => inSteps(run, 1.3 * LEASE_MS / STEPS),
  /** Holds its whole process up for longer than the lease, so that no heart beats; then goes on as if nothing had been. */
  async stuck(run) {
    if (run.attempt === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1.4 * LEASE_MS);
    if (run.progress === null) await step(run, 1);
    return success(run);
  },
};

/** Goes on where the last checkpoint ended, in whichever attempt that was. */
async function inSteps(run: RunContext, ms: number): Promise<HandlerOutcome> {
  const done = typeof run.progress === "number" ? run.progress : 0;
  for (let next = done + 1; next <= STEPS; next++) {
    await pause(ms, run.signal);
    run.signal.throwIfAborted();
    await step(run, next);
    run.log(`step ${next}`);
  }
  return success(run);
}

function step(run: RunContext, number: number): Promise<void> {
  return run.checkpoint((tx) => effect(tx, run, "checkpoint", number), number);
}

function success(run: RunContext, commit: "holds" | "fails" = "holds"): HandlerOutcome {
  return {
    result: { attempt: run.attempt },
    async commit(tx) {
      await effect(tx, run, "commit", null);
      if (commit === "fails") throw new Error("The commit does not hold");
      await tx.query(
        `insert into metrics (service_name, metric_type, metric_name, metric_value, metric_unit, "timestamp", date, external_id)
         select 'notification', 'notification', 'chaos', $2, 'runs', ops.now(), ops.now()::date, $1`,
        [run.id, run.attempt],
      );
    },
  };
}

/** Leaves an effect in the transaction. */
export async function effect(tx: Db, run: { id: string; attempt?: number }, kind: string, step: number | null) {
  await tx.query("insert into chaos.effects (run_id, attempt, kind, step) values ($1, $2, $3, $4)", [
    ...[run.id, run.attempt ?? null, kind, step],
  ]);
}
