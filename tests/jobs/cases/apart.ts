import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Database } from "../../../db/client.ts";
import { cancelRun, triggerJob, updateJob } from "../../../services/jobs/mod.ts";
import type { App } from "../../support/app.ts";
import { briefly, gate, handClock, hourly, rowsOf, runnerOf, settled } from "../ledger.ts";
import type { registerWorkers } from "./workers.ts";

const local = { kind: "local" } as const;

/** Hears what is notified, in order; `since` answers what came since it was asked last. */
async function listener({ db }: App, listen: Database["listen"]): Promise<{ since(): Promise<string[]> }> {
  let heard: string[] = [];
  let hear = () => {};
  listen("ledger", (what) => {
    heard.push(what);
    hear();
  });
  const say = (word: string) => db.query("select pg_notify('ledger', $1)", [word]);
  // It listens from soon on: until it does, what is said is lost, so it is said again.
  while (heard.length === 0) await say("hello");
  let n = 0;
  return {
    async since() {
      const mark = `mark ${++n}`; // notifications come in the order of their commits
      await say(mark);
      while (!heard.includes(mark)) await new Promise<void>((resolve) => hear = resolve);
      const said = heard.filter((what) => what !== "hello" && what !== mark);
      heard = [];
      return said;
    },
  };
}

/** What only several connections can show of one process and another. */
export const apartCases: Parameters<typeof registerWorkers>[1] = {
  async "whoever listens hears of new jobs, of edits, of runs that wait, and of cancellations"({ a, b, listen }) {
    const { since } = await listener(b, listen);
    const { id } = await hourly(a);
    equal(await since(), ["edit"]);
    const run = await triggerJob(a.ctx, local, id, { key: null });
    equal(await since(), ["run"]);
    await updateJob(a.ctx, local, id, { changes: { name: "Renamed" }, expected: null });
    equal(await since(), ["edit"]);
    const elsewhere = { ...a.ctx.runs, cancel: () => Promise.resolve() };
    await cancelRun({ ...a.ctx, runs: elsewhere }, local, run.id);
    equal(await since(), ["cancel"]);
    await runnerOf(b).tick();
    equal(await since(), []); // what ends is nobody's work
  },

  async "a commit that breaks leaves nothing of what it wrote"({ a, b, setNow }) {
    const job = await hourly(a);
    await setNow("2025-12-24T13:00:00Z");
    await runnerOf(a, {
      goal_update: () =>
        Promise.resolve({
          result: null,
          async commit(tx) {
            await tx.query("insert into ops.settings values ('effects', '1')");
            throw new Error("the commit broke");
          },
        }),
    }).tick();
    equal(await briefly(b, job.id), ["13:00 1 retrying internal"]);
    equal(await b.db.query("select value from ops.settings where key = 'effects'"), []);
  },

  async "a heartbeat that meets a run's own transaction does not take the run for lost"({ a, setNow }) {
    const clock = a.ctx.clock = handClock();
    const [inside, slow] = [Promise.withResolvers<void>(), gate()];
    const go = Promise.withResolvers<void>();
    const job = await hourly(a);
    await setNow("2025-12-24T13:00:00Z");
    const pass = runnerOf(a, {
      async goal_update(run) {
        await run.checkpoint(async () => (inside.resolve(), await go.promise));
        return await slow.handler(run);
      },
    }).tick();
    await inside.promise;
    const waits = clock.waiting(); // for the timeout of the run, and for the next beat
    await clock.pass(5_000);
    while (clock.waiting() < waits) await settled(a);
    go.resolve();
    const { signal } = await slow.begun;
    ok(!signal.aborted);
    slow.open();
    await pass;
    equal((await rowsOf(a, job.id)).map(({ state, attempt }) => [state, attempt]), [["succeeded", 1]]);
  },
};
