import { createJob } from "../../../services/jobs/mod.ts";
import { atMost } from "../bar.ts";
import type { Result } from "../table.ts";
import { bringMinute, latenessOf } from "./minutes.ts";
import { clear, type JobBar, type JobStage, pause, quantile, startWorker, told } from "./stage.ts";

const AHEAD_MS = 1_200;
const INSTANCES = 2;

/** Two instances with nothing else to do, five jobs that are due at the minute. */
export const startLateness: JobBar = {
  name: "start lateness",
  async run(stage) {
    const values = await onMinutes(stage, { jobs: 5, minutes: stage.quick ? 8 : 30 });
    const said = `${values.length} runs on ${INSTANCES} instances`;
    return [
      line("job start lateness, idle, p50", said, [quantile(values, 0.5)], atMost(60, 60)),
      line("job start lateness, idle, p99", said, [quantile(values, 0.99)], atMost(200, 200)),
    ];
  },
};

/** As many jobs as a second may hold, all due at the minute. */
export const burst: JobBar = {
  name: "burst",
  async run(stage) {
    const jobs = 1_000;
    const p99s: number[] = [];
    const all = await onMinutes(stage, { jobs, minutes: stage.quick ? 2 : 6 });
    for (let at = jobs; at < all.length; at += jobs) p99s.push(quantile(all.slice(at, at + jobs), 0.99)); // the first warms up
    return [line("1,000 jobs due in one second, start lateness p99", `${INSTANCES} instances`, p99s, atMost(500, 150))];
  },
};

async function onMinutes(stage: JobStage, { jobs, minutes }: { jobs: number; minutes: number }): Promise<number[]> {
  await clear(stage);
  for (let i = 0; i < jobs; i++) {
    await createJob(stage.ctx, { kind: "local" }, {
      ...{ name: `Job ${i}`, job_type: "goal_update", schedule: "* * * * *", config: {} },
    });
  }
  const workers = Array.from({ length: INSTANCES }, () => startWorker(stage));
  await Promise.all(workers.map((worker) => told(worker, "watch")));
  const values: number[] = [];
  for (let i = 0; i < minutes; i++) {
    const mark = await bringMinute(stage, AHEAD_MS);
    await pause(AHEAD_MS + 300);
    values.push(...await latenessOf(stage, mark, jobs));
    await pause(100);
  }
  await Promise.all(workers.map(({ child }) => child.stop()));
  return values;
}

/** A line of the table that compares with nobody. */
export function line(
  name: string,
  ours: string,
  values: number[],
  thresholds: ReturnType<typeof atMost> | null,
  unit: "ms" | "s" | "" = "ms",
): Result {
  return { bar: { name, unit, thresholds }, measured: { yardstick: "", ours, values } };
}
