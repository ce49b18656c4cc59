import { createJob, triggerJob } from "../../../services/jobs/mod.ts";
import { atMost } from "../bar.ts";
import { line } from "./lateness.ts";
import { clear, type JobBar, pause, startWorker, told } from "./stage.ts";
import { instant } from "./talker.ts";

const CALLER = { kind: "local" } as const;
/** The shortest that the configuration allows; what is added to it does not depend on it. */
const LEASE_S = 3;

/** From a kill -9 of the process that holds a run to its next attempt in the other one. */
export const restart: JobBar = {
  name: "restart",
  async run(stage) {
    await clear(stage);
    const env = { LEASE_S: String(LEASE_S) };
    const { id } = await createJob(stage.ctx, CALLER, {
      ...{ name: "Held", job_type: "goal_update", schedule: "@yearly", config: {} },
      ...{ overlap: "allow", is_active: false },
    });
    const values: number[] = [];
    for (let i = 0; i < (stage.quick ? 2 : 6); i++) {
      const holder = startWorker(stage, env);
      await told(holder, "hold");
      const run = await triggerJob(stage.ctx, CALLER, id, { key: null });
      await holder.hear(({ what }) => what === "began");
      const other = startWorker(stage, env);
      await told(other, "watch");
      await pause(200 + i * 350); // at different times after a heartbeat
      const killed = instant();
      holder.child.process.kill("SIGKILL");
      const began = await other.hear(({ what, run: begun }) => what === "began" && begun === run.id);
      values.push((began.at - killed) / 1_000);
      await other.child.stop();
    }
    const said = `${values.length} kills, lease ${LEASE_S} s`;
    return [line("restart after kill -9, longest", said, [Math.max(...values)], atMost(LEASE_S + 1, LEASE_S), "s")];
  },
};
