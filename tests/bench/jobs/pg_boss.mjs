/** pg-boss, whole batches fetched, worked on and completed together, without a pause while batches are full. */
import process from "node:process";
import { load, obey, tally } from "./node_queue.mjs";

const { PgBoss } = load("pg-boss");
const boss = new PgBoss({ connectionString: process.env.DATABASE_URL, max: 10, schedule: false });
boss.on("error", (error) => console.error(error));
await boss.start();
await boss.createQueue("nothing");

await obey({
  async prepare(runs) {
    for (let left = runs; left > 0; left -= 5_000) {
      await boss.insert("nothing", Array.from({ length: Math.min(left, 5_000) }, () => ({ data: {} })));
    }
  },
  async go(runs) {
    const count = tally(runs);
    const options = { batchSize: 500, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true };
    await boss.work("nothing", options, (jobs) => Promise.resolve(count(jobs.length)));
  },
  rest: () => boss.offWork("nothing"),
});
