/** graphile-worker, one job at a time, or batched as its page on performance has it. */
import process from "node:process";
import { load, obey, tally } from "./node_queue.mjs";

const { Logger, makeWorkerUtils, run } = load("graphile-worker");
const BATCHED = { concurrentJobs: 24, maxPoolSize: 25, localQueue: { size: 500 } };
const connection = { connectionString: process.env.DATABASE_URL, logger: new Logger(() => () => {}) };
const preset = {
  worker: {
    ...connection,
    ...(process.argv[2] === "batched"
      ? { ...BATCHED, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
      : { concurrentJobs: 1, maxPoolSize: 10 }),
  },
};
const utils = await makeWorkerUtils(connection);
await utils.migrate();
let runner;

await obey({
  async prepare(runs) {
    for (let left = runs; left > 0; left -= 5_000) {
      await utils.addJobs(
        Array.from({ length: Math.min(left, 5_000) }, () => ({ identifier: "nothing", payload: {} })),
      );
    }
  },
  async go(runs) {
    const count = tally(runs);
    runner = await run({ preset, noHandleSignals: true, taskList: { nothing: () => count(1) } });
  },
  rest: () => runner.stop(),
});
