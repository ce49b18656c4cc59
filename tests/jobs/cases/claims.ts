import { deepStrictEqual as equal } from "node:assert/strict";
import { claim } from "../../../services/jobs/ledger.ts";
import { cancelRun, triggerJob } from "../../../services/jobs/mod.ts";
import { RunFailure } from "../../../services/ports/handlers.ts";
import type { App } from "../../support/app.ts";
import { briefly, gate, handClock, hourly, rowsOf, runnerOf, settled } from "../ledger.ts";

const local = { kind: "local" } as const;
const custom = { job_type: "custom", config: { handler: "goal_evaluation" } } as const;

/** Which runs begin, and when somebody looks for them. */
export const claimsCases: Record<string, (t: App) => Promise<void>> = {
  async "a run that waits behind another keeps no other job from its run"(t) {
    const slow = gate();
    const line = await hourly(t, { overlap: "queue" });
    const other = await hourly(t, { ...custom, schedule: "0 14 * * *" });
    await t.setNow("2025-12-24T13:00:00Z");
    const first = runnerOf(t, { goal_update: slow.handler }).tick();
    await slow.begun;
    await t.setNow("2025-12-24T14:00:00Z");
    await t.db.query("update ops.job_runs set lease_until = ops.now() + interval '15 s' where state = 'running'");
    await runnerOf(t).tick();
    equal(await briefly(t, line.id), ["13:00 1 running", "14:00 1 queued"]);
    equal(await briefly(t, other.id), ["14:00 1 succeeded"]);
    slow.open();
    await first;
  },

  async "a run that waits for its next attempt keeps no other job from its run"(t) {
    const line = await hourly(t, { overlap: "queue" });
    const other = await hourly(t, { ...custom, schedule: "0 14 * * *" });
    const away = () => Promise.reject(new RunFailure("away", "It is away"));
    await t.setNow("2025-12-24T13:59:50Z");
    await runnerOf(t, { goal_update: away }).tick(); // 13:00, whose next attempt is at 14:00:12
    await t.setNow("2025-12-24T14:00:00Z");
    await runnerOf(t).tick();
    equal(await briefly(t, line.id), ["13:00 1 retrying away", "14:00 1 queued"]);
    equal(await briefly(t, other.id), ["14:00 1 succeeded"]);
  },

  async "a run that was asked to end while it waited never begins"(t) {
    let begun = 0;
    const job = await hourly(t);
    const { id } = await triggerJob(t.ctx, local, job.id, { key: null });
    await cancelRun({ ...t.ctx, runs: { ...t.ctx.runs, cancel: () => Promise.resolve() } }, local, id);
    await runnerOf(t, { goal_update: () => Promise.resolve({ result: ++begun }) }).tick();
    equal([begun, await briefly(t, job.id)], [0, ["12:00 0 cancelled cancelled"]]);
  },

  async "the loop is awake when a retry is due"(t) {
    const clock = t.ctx.clock = handClock();
    const job = await hourly(t, { backoff_s: 8 });
    await t.setNow("2025-12-24T13:00:00Z");
    const runner = runnerOf(t, {
      goal_update: ({ attempt }) =>
        attempt === 1 ? Promise.reject(new RunFailure("away", "It is away")) : Promise.resolve({ result: null }),
    });
    runner.start();
    await settled(t);
    await t.setNow("2025-12-24T13:00:06Z"); // 8 s less the random quarter that 0.5 takes off
    await clock.pass(5_999);
    await settled(t);
    equal(await briefly(t, job.id), ["13:00 1 retrying away"]);
    await clock.pass(1);
    await settled(t);
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
    await runner.stop();
  },

  async "the loop is awake when the lease of another worker has run out"(t) {
    const clock = t.ctx.clock = handClock();
    const job = await hourly(t);
    const { id } = await triggerJob(t.ctx, local, job.id, { key: null });
    await claim(t.ctx, "silent", 15, { id });
    await t.setNow("2025-12-24T12:00:10Z");
    const runner = runnerOf(t);
    runner.start();
    await settled(t);
    await t.setNow("2025-12-24T12:00:15.001Z");
    await clock.pass(4_999);
    await settled(t);
    equal((await rowsOf(t, job.id)).map(({ state, attempt }) => [state, attempt]), [["running", 1]]);
    await clock.pass(1);
    await settled(t);
    equal((await rowsOf(t, job.id)).map(({ state, attempt }) => [state, attempt]), [["succeeded", 2]]);
    await runner.stop();
  },
};
