import { type Handler, type RunContext, RunFailure } from "../../../services/ports/handlers.ts";
import { writeEffect } from "./effects.ts";
import type { Behaviour } from "./history.ts";
import type { Instance, World } from "./world.ts";

/** A handler that waits in the middle of its work. */
export type Held = { instance: Instance; release(): void };

/** The handler of one process: what each attempt does is in the script of its job. */
export function handlerOf(world: World, instanceOf: () => Instance): Handler {
  return async (run) => {
    const instance = instanceOf();
    const job = world.jobs.find(({ id }) => id === run.job_id);
    const behaviour = job?.script[job.attempts++ % job.script.length] ?? "ok";
    instance.underway++;
    try {
      return await behave(world, instance, run, world.draining && behaviour.startsWith("hang") ? "ok" : behaviour);
    } finally {
      instance.underway--;
    }
  };
}

async function behave(world: World, instance: Instance, run: RunContext, behaviour: Behaviour) {
  const mine = { id: run.id, attempt: run.attempt, worker: workerOf(instance) };
  const commit = (tx: World["line"]["db"]) => writeEffect(tx, { ...mine, kind: "commit" });
  const checkpoint = () =>
    run.checkpoint((tx) => writeEffect(tx, { ...mine, kind: "checkpoint" }), { at: run.attempt });
  switch (behaviour) {
    case "ok":
      break;
    case "no_effect":
      world.without.add(`${run.id} ${run.attempt}`);
      return { result: null };
    case "checkpoint":
      await checkpoint();
      break;
    case "nothing_to_do":
      return { skipped: "nothing_to_do" };
    case "fail":
      throw new RunFailure("away", "It is away");
    case "fail_for_good":
      throw new RunFailure("wrong", "It is wrong", { retry: "never" });
    case "throw":
      throw new Error("by mistake");
    case "commit_breaks":
      return {
        result: null,
        commit: (tx: World["line"]["db"]) => commit(tx).then(() => Promise.reject(new Error("broken"))),
      };
    case "hang":
      await held(world, instance, run.signal);
      await checkpoint();
      break;
    case "hang_deaf": // hears of nothing, and tries to write whatever it is told
      await held(world, instance, null);
      await checkpoint().catch(() => {});
      break;
  }
  return { result: { attempt: run.attempt }, commit };
}

/** The runner names its worker by the first id that it draws. */
export const workerOf = ({ name }: Instance): string => `${name}-0000-7000-8000-000000000001`;

function held(world: World, instance: Instance, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const drop = () => void world.held.splice(world.held.indexOf(entry), 1);
    const entry: Held = { instance, release: () => (drop(), resolve()) };
    world.held.push(entry);
    signal?.addEventListener("abort", () => (drop(), reject(signal.reason)), { once: true });
  });
}
