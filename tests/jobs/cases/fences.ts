import { deepStrictEqual as equal, rejects } from "node:assert/strict";
import { endingOf, finishTogether, rescueExpired, type Verdict } from "../../../services/jobs/endings.ts";
import { claim, type ClaimedRun, fenced, LeaseLost } from "../../../services/jobs/ledger.ts";
import { triggerJob } from "../../../services/jobs/mod.ts";
import type { App } from "../../support/app.ts";
import { briefly, gate, hourly, runnerOf } from "../ledger.ts";

const local = { kind: "local" } as const;
const done: Verdict = { kind: "succeeded", result: "null", commit: undefined };

/** A run that waits for a claim, of a job of its own. */
async function waiting(t: App): Promise<string> {
  return (await triggerJob(t.ctx, local, (await hourly(t)).id, { key: null })).id;
}

async function claimed(t: App, worker: string, id: string): Promise<ClaimedRun> {
  const [run] = await claim(t.ctx, worker, 15, { id });
  if (run === undefined) throw new Error("The run was not free");
  return run;
}

const checkpoint = (t: App, run: ClaimedRun) => fenced(t.ctx, run, [], () => Promise.resolve("written"));
const end = async (t: App, run: ClaimedRun) => (await finishTogether(t.ctx, [endingOf(run, done, [])])).size;

/** Who may write for a run: its worker, in this attempt, as long as both last. */
export const fencesCases: Record<string, (t: App) => Promise<void>> = {
  async "a worker that lost a run and claimed it anew cannot write by the attempt before"(t) {
    const id = await waiting(t);
    const before = await claimed(t, "one", id);
    await t.setNow("2025-12-24T12:00:16Z");
    await rescueExpired(t.ctx, () => undefined);
    const anew = await claimed(t, "one", id);
    equal([before.attempt, anew.attempt], [1, 2]);
    await rejects(checkpoint(t, before), LeaseLost);
    equal(await checkpoint(t, anew), "written");
  },

  async "a worker that lost a run and claimed it anew cannot end it by the attempt before"(t) {
    const id = await waiting(t);
    const before = await claimed(t, "one", id);
    await t.setNow("2025-12-24T12:00:16Z");
    await rescueExpired(t.ctx, () => undefined);
    const anew = await claimed(t, "one", id);
    equal([await end(t, before), await end(t, anew)], [0, 1]);
  },

  async "a run that was handed back is begun under the same attempt, and the worker before cannot write"(t) {
    const id = await waiting(t);
    const before = await claimed(t, "one", id);
    await finishTogether(t.ctx, [endingOf(before, { kind: "handed_back" }, [])]);
    const after = await claimed(t, "two", id);
    equal([before.attempt, after.attempt], [1, 1]);
    await rejects(checkpoint(t, before), LeaseLost);
    equal(await checkpoint(t, after), "written");
  },

  async "a run that was handed back is begun under the same attempt, and the worker before cannot end it"(t) {
    const id = await waiting(t);
    const before = await claimed(t, "one", id);
    await finishTogether(t.ctx, [endingOf(before, { kind: "handed_back" }, [])]);
    const after = await claimed(t, "two", id);
    equal([await end(t, before), await end(t, after)], [0, 1]);
  },

  async "an end that cannot be written keeps no other from its end, though they commit together"(t) {
    const schedules = ["1 * * * *", "2 * * * *", "3 * * * *"]; // the first commits alone, the others in the next group
    const [first, bad, last] = await Promise.all(schedules.map((schedule) => hourly(t, { schedule })));
    if (first === undefined || bad === undefined || last === undefined) throw new Error("There are three jobs");
    await t.db.exec(`alter table ops.job_runs add check (job_id <> '${bad.id}' or state <> 'succeeded')`);
    await t.setNow("2025-12-24T12:05:00Z");
    const slow = gate();
    let begun = 0;
    await runnerOf(t, {
      goal_update: (run) => (++begun === schedules.length && slow.open(), slow.handler(run)),
    }).tick();
    equal(await briefly(t, bad.id), ["12:02 1 retrying internal"]);
    equal([await briefly(t, first.id), await briefly(t, last.id)], [["12:01 1 succeeded"], ["12:03 1 succeeded"]]);
  },

  async "a runner that has stopped executes nothing, whoever asks"(t) {
    const id = await waiting(t);
    const runner = runnerOf(t);
    await runner.stop();
    await runner.execute(id);
    const rows = await t.db.query("select state, attempt, started_at from ops.job_runs where id = $1", [id]);
    equal(rows, [{ state: "queued", attempt: 0, started_at: null }]);
  },
};
