import { createJob, triggerJob, updateJob } from "../../../services/jobs/mod.ts";
import type { ScheduledJobCreate } from "../../../services/jobs/schema.ts";
import { atMost } from "../bar.ts";
import { line } from "./lateness.ts";
import { bringMinute } from "./minutes.ts";
import { clear, type JobBar, pause, quantile, startWorker, told } from "./stage.ts";
import { instant } from "./talker.ts";

const CALLER = { kind: "local" } as const;
const ONE_OFF: ScheduledJobCreate = {
  ...{ name: "One-off", job_type: "goal_update", schedule: "@yearly", config: {} },
  ...{ overlap: "allow", is_active: false },
};

/** From the answer of the verb in this process, which has committed the run, to the beginning of its handler in another. */
export const pickup: JobBar = {
  name: "pickup",
  async run(stage) {
    await clear(stage);
    const worker = startWorker(stage);
    await told(worker, "watch");
    const { id } = await createJob(stage.ctx, CALLER, ONE_OFF);
    const [whole, committed]: [number[], number[]] = [[], []];
    for (let i = -20; i < (stage.quick ? 60 : 300); i++) { // the first ones warm up
      await pause(40 + (i * 37 + 740) % 50);
      const called = instant();
      const run = await triggerJob(stage.ctx, CALLER, id, { key: null });
      const returned = instant();
      const began = await worker.hear(({ what, run: begun }) => what === "began" && begun === run.id);
      worker.forget();
      if (i < 0) continue;
      whole.push(began.at - called);
      committed.push(began.at - returned);
    }
    await worker.child.stop();
    const said = `from the call ${quantile(whole, 0.5).toFixed(1)}, p99 ${quantile(whole, 0.99).toFixed(1)} ms`;
    return [
      line("pickup of a committed run, idle, p50", said, [quantile(committed, 0.5)], atMost(9, 3)),
      line("pickup of a committed run, idle, p99", said, [quantile(committed, 0.99)], atMost(27, 10)),
    ];
  },
};

/** From the call of the verb to the last of two other processes having armed its timer by the new schedule. */
export const editEffect: JobBar = {
  name: "edit",
  async run(stage) {
    await clear(stage);
    const workers = [startWorker(stage), startWorker(stage)];
    await Promise.all(workers.map((worker) => told(worker, "watch")));
    const { id } = await createJob(stage.ctx, CALLER, { ...ONE_OFF, is_active: true });
    const edit = (schedule: string) => updateJob(stage.ctx, CALLER, id, { changes: { schedule }, expected: null });
    const values: number[] = [];
    for (let i = 0; i < (stage.quick ? 10 : 40); i++) {
      if (i % 10 === 0) await bringMinute(stage, 12_000); // sooner than the poll, so that the timer tells which it is
      await pause(150);
      for (const worker of workers) worker.forget();
      const called = instant();
      await edit("* * * * *");
      const armed = await Promise.all(
        workers.map((worker) => worker.hear(({ what, ms = NaN }) => what === "armed" && ms < 12_100, 5_000)),
      );
      values.push(Math.max(...armed.map(({ at }) => at)) - called);
      await edit("@yearly");
    }
    await Promise.all(workers.map(({ child }) => child.stop()));
    const said = `${values.length} edits, 2 instances`;
    return [
      line("an edit moves the timers of every other instance, p99", said, [quantile(values, 0.99)], atMost(100, 100)),
    ];
  },
};
