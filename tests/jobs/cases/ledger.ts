import { deepStrictEqual as equal, match, ok, rejects } from "node:assert/strict";
import { deleteJob, getJob, triggerJob, updateJob } from "../../../services/jobs/mod.ts";
import { RunFailure } from "../../../services/ports/handlers.ts";
import type { App } from "../../support/app.ts";
import { briefly, counters, gate, handClock, hourly, rowsOf, runnerOf, settled } from "../ledger.ts";

const local = { kind: "local" } as const;
const edit = (t: App, id: string, changes: Parameters<typeof updateJob>[3]["changes"]) =>
  updateJob(t.ctx, local, id, { changes, expected: null });

/** The invariants of the ledger, on either engine. */
export const ledgerCases: Record<string, (t: App) => Promise<void>> = {
  async "an occurrence gets one run, and looking again gets no other"(t) {
    const job = await hourly(t);
    const runner = runnerOf(t);
    await runner.tick();
    equal(await briefly(t, job.id), []);
    await t.setNow("2025-12-24T13:00:00Z");
    await runner.tick();
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
    const { run_count, success_count, last_status, last_run_at, next_run_at } = await getJob(t.ctx, local, job.id);
    equal({ run_count, success_count, last_status, last_run_at, next_run_at }, {
      ...{ run_count: 1, success_count: 1, last_status: "success" },
      ...{ last_run_at: "2025-12-24T13:00:00Z", next_run_at: "2025-12-24T14:00:00Z" },
    });
  },

  async "the windows of successive rows touch, and all occurrences are accounted for, across edits and pauses"(t) {
    const job = await hourly(t);
    const runner = runnerOf(t);
    await t.setNow("2025-12-24T14:30:00Z"); // 13:00 and 14:00 are due when the edit comes
    await edit(t, job.id, { schedule: "*/30 * * * *" });
    await runner.tick();
    await t.setNow("2025-12-24T15:10:00Z");
    await runner.tick(); // 15:00
    await edit(t, job.id, { is_active: false });
    await t.setNow("2025-12-24T17:00:00Z"); // 15:30 to 17:00 fall into the pause
    await runner.tick();
    await edit(t, job.id, { is_active: true });
    await t.setNow("2025-12-24T17:30:00Z");
    await runner.tick();
    equal(await briefly(t, job.id), [
      "14:00 2 succeeded",
      "15:00 1 succeeded",
      "17:00 4 skipped paused",
      "17:30 1 succeeded",
    ]);
    const rows = await rowsOf(t, job.id);
    const ends = [job.created_at, ...rows.map((row) => row.scheduled_for)];
    equal(rows.map((row) => row.covers_from), ends.slice(0, -1));
  },

  async "a clock that goes back fires nothing twice"(t) {
    const job = await hourly(t);
    const runner = runnerOf(t);
    await t.setNow("2025-12-24T14:00:00Z");
    await runner.tick();
    await t.setNow("2025-12-24T12:30:00Z");
    await runner.tick();
    await t.setNow("2025-12-24T14:00:00Z");
    await runner.tick();
    equal(await briefly(t, job.id), ["14:00 2 succeeded"]);
  },

  async "misfire all: every missed occurrence gets its own run, in order"(t) {
    const order: string[] = [];
    const job = await hourly(t, { misfire: "all" });
    await t.setNow("2025-12-29T12:00:00Z");
    await runnerOf(t, {
      goal_update: (run) => Promise.resolve(order.push(run.scheduled_for)).then(() => ({ result: null })),
    }).tick();
    equal(order.length, 5 * 24);
    equal(order, [...order].sort());
    equal(new Set((await rowsOf(t, job.id)).map(({ state }) => state)), new Set(["succeeded"]));
  },

  async "overlap skip: an occurrence that comes while a run is open is skipped, with its reason"(t) {
    const slow = gate();
    const job = await hourly(t);
    const runner = runnerOf(t, { goal_update: slow.handler });
    await t.setNow("2025-12-24T13:00:00Z");
    const first = runner.tick();
    await slow.begun;
    await t.setNow("2025-12-24T14:00:00Z");
    await renewed(t);
    await runnerOf(t).tick();
    equal(await briefly(t, job.id), ["13:00 1 running", "14:00 1 skipped overlap"]);
    equal((await getJob(t.ctx, local, job.id)).last_status, "running");
    slow.open();
    await first;
    equal(await briefly(t, job.id), ["13:00 1 succeeded", "14:00 1 skipped overlap"]);
    equal(await counters(t, job.id), { kept: "1=1+0", counted: "1=1+0" });
  },

  async "overlap queue: runs of a job wait in line, and one at a time is under way"(t) {
    const slow = gate();
    const job = await hourly(t, { overlap: "queue" });
    await t.setNow("2025-12-24T13:00:00Z");
    const first = runnerOf(t, { goal_update: slow.handler }).tick();
    await slow.begun;
    await t.setNow("2025-12-24T14:00:00Z");
    await renewed(t);
    const other = runnerOf(t);
    await other.tick();
    equal(await briefly(t, job.id), ["13:00 1 running", "14:00 1 queued"]);
    slow.open();
    await first;
    await other.tick();
    equal(await briefly(t, job.id), ["13:00 1 succeeded", "14:00 1 succeeded"]);
  },

  async "overlap allow: runs of a job go on side by side"(t) {
    const slow = gate();
    const job = await hourly(t, { overlap: "allow" });
    await t.setNow("2025-12-24T13:00:00Z");
    const first = runnerOf(t, { goal_update: slow.handler }).tick();
    await slow.begun;
    await t.setNow("2025-12-24T14:00:00Z");
    await renewed(t);
    await runnerOf(t).tick();
    equal(await briefly(t, job.id), ["13:00 1 running", "14:00 1 succeeded"]);
    slow.open();
    await first;
  },

  async "no run starts before its run_at"(t) {
    const job = await hourly(t, { jitter_s: 60 });
    const runner = runnerOf(t);
    await t.setNow("2025-12-24T13:00:29Z");
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 queued"]);
    await t.setNow("2025-12-24T13:00:30Z");
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
  },

  async "a failure is tried again after a growing pause, and fails for good after the last attempt"(t) {
    const job = await hourly(t, { max_attempts: 3, backoff_s: 60 });
    const runner = runnerOf(t, { goal_update: () => Promise.reject(new RunFailure("away", "It is away")) });
    await t.setNow("2025-12-24T13:00:00Z");
    await runner.tick();
    const seen = [];
    for (const now of ["2025-12-24T13:00:44Z", "2025-12-24T13:00:45Z", "2025-12-24T13:02:15Z"]) {
      await t.setNow(now);
      await runner.tick();
      const [row] = await rowsOf(t, job.id);
      seen.push([
        row?.state,
        row?.attempt,
        row?.run_at.slice(11, 19),
        (await getJob(t.ctx, local, job.id)).last_status,
      ]);
    }
    equal(seen, [
      ["retrying", 1, "13:00:45", "pending"],
      ["retrying", 2, "13:02:15", "pending"],
      ["failed", 3, "13:02:15", "failed"],
    ]);
    const [row] = await rowsOf(t, job.id);
    equal([row?.reason, row?.error], ["away", { code: "away", message: "It is away" }]);
    equal(await counters(t, job.id), { kept: "1=0+1", counted: "1=0+1" });
  },

  async "a failure that trying again cannot mend fails at once"(t) {
    const job = await hourly(t);
    const failure = new RunFailure("invalid_config", "It is wrong", { retry: "never", detail: [1] });
    await t.setNow("2025-12-24T13:00:00Z");
    await runnerOf(t, { goal_update: () => Promise.reject(failure) }).tick();
    const [row] = await rowsOf(t, job.id);
    equal([row?.state, row?.attempt, row?.error], ["failed", 1, {
      code: "invalid_config",
      message: "It is wrong",
      detail: [1],
    }]);
  },

  async "what a handler throws by mistake is logged, and not shown"(t) {
    const job = await hourly(t, { max_attempts: 1 });
    await t.setNow("2025-12-24T13:00:00Z");
    await runnerOf(t, { goal_update: () => Promise.reject(new Error("password=canary")) }).tick();
    const [row] = await rowsOf(t, job.id);
    equal(row?.error?.code, "internal");
    ok(!JSON.stringify(row).includes("canary"));
    ok(t.logged.some((line) => line.includes("canary")));
  },

  async "an outcome of nothing to do is skipped with its reason, and does not count"(t) {
    const job = await hourly(t);
    await t.setNow("2025-12-24T13:00:00Z");
    await runnerOf(t).tick();
    await t.setNow("2025-12-24T14:00:00Z");
    await runnerOf(t, { goal_update: () => Promise.resolve({ skipped: "not_configured" }) }).tick();
    equal(await briefly(t, job.id), ["13:00 1 succeeded", "14:00 1 skipped not_configured"]);
    equal(await counters(t, job.id), { kept: "1=1+0", counted: "1=1+0" });
    equal((await getJob(t.ctx, local, job.id)).last_status, "success");
  },

  async "a poisoned job leaves a failed run with its reason, and the others run"(t) {
    const [bad, zone, unknown, good] = [await hourly(t), await hourly(t), await hourly(t, custom), await hourly(t)];
    await t.db.query("update scheduled_jobs set schedule = '61 * * * *' where id = $1", [bad.id]);
    await t.db.query("update scheduled_jobs set timezone = 'Mars/Olympus' where id = $1", [zone.id]);
    await t.db.query(`update scheduled_jobs set config = '{"handler":"gone"}' where id = $1`, [unknown.id]);
    await t.setNow("2025-12-24T13:00:00Z");
    const runner = runnerOf(t, {
      custom: () => Promise.reject(new RunFailure("unknown_handler", "There is no gone", { retry: "never" })),
    });
    await runner.tick();
    equal(await briefly(t, bad.id), ["13:00 0 failed invalid_schedule"]);
    match((await rowsOf(t, bad.id))[0]?.error?.message ?? "", /^minute: .*0-59/);
    equal(await briefly(t, zone.id), ["13:00 0 failed invalid_schedule"]);
    equal(await briefly(t, unknown.id), ["13:00 1 failed unknown_handler"]);
    equal(await briefly(t, good.id), ["13:00 1 succeeded"]);
    equal(await counters(t, bad.id), { kept: "1=0+1", counted: "1=0+1" });
    await edit(t, bad.id, { schedule: "30 * * * *" });
    await t.setNow("2025-12-24T13:30:00Z");
    await runner.tick();
    equal(await briefly(t, bad.id), ["13:00 0 failed invalid_schedule", "13:30 1 succeeded"]);
  },

  async "a type that nothing handles fails with its reason"(t) {
    const job = await hourly(t);
    const runner = runnerOf(t);
    await t.setNow("2025-12-24T13:00:00Z");
    const { createRunner } = await import("../../../jobs/runner.ts");
    await createRunner(t.ctx, {}).tick();
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 failed unknown_handler"]);
  },

  async "what a handler commits is there exactly when its run succeeded"(t) {
    const job = await hourly(t);
    const count = (tx: App["db"]) =>
      tx.query(`insert into ops.settings values ('effects', '1') on conflict (key) do update
                set value = (ops.settings.value::int + 1)::text`).then(() => {});
    let fails = true;
    const runner = runnerOf(t, {
      goal_update: () =>
        Promise.resolve({
          result: { done: true },
          async commit(tx) {
            await count(tx);
            if (fails) throw new Error("the commit broke");
          },
        }),
    });
    const effects = () => t.db.query<{ value: string }>("select value from ops.settings where key = 'effects'");
    await t.setNow("2025-12-24T13:00:00Z");
    await runner.tick();
    equal([await briefly(t, job.id), await effects()], [["13:00 1 retrying internal"], []]);
    fails = false;
    await t.setNow("2025-12-24T13:10:00Z");
    await runner.tick();
    equal([await briefly(t, job.id), await effects()], [["13:00 1 succeeded"], [{ value: "1" }]]);
    equal((await rowsOf(t, job.id))[0]?.result, { done: true });
  },

  async "a result that no database can hold is held all the same, and one that is no JSON fails"(t) {
    const [odd, cycle] = [await hourly(t), await hourly(t, custom)];
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    await t.setNow("2025-12-24T13:00:00Z");
    await runnerOf(t, {
      goal_update: (run) => {
        run.log("a\0b\ud800");
        return Promise.resolve({ result: { "k\0": "v\0\udfff" } });
      },
      custom: () => Promise.resolve({ result: loop }),
    }).tick();
    equal((await rowsOf(t, odd.id))[0]?.result, { "k\ufffd": "v\ufffd\ufffd" });
    equal(await briefly(t, cycle.id), ["13:00 1 failed invalid_result"]);
  },

  async "a checkpoint keeps progress and log lines, and the next attempt finds the progress"(t) {
    const job = await hourly(t);
    const found: unknown[] = [];
    const runner = runnerOf(t, {
      async goal_update(run) {
        found.push(run.progress);
        run.log("one");
        await run.checkpoint(() => Promise.resolve(), { page: 2 });
        run.log("two", "warn");
        if (run.attempt === 1) throw new RunFailure("away", "It is away");
        return { result: null };
      },
    });
    await t.setNow("2025-12-24T13:00:00Z");
    await runner.tick();
    await t.setNow("2025-12-24T13:10:00Z");
    await runner.tick();
    equal(found, [null, { page: 2 }]);
    const [row] = await rowsOf(t, job.id);
    const lines = await t.db.query("select seq, level, message from ops.job_run_logs where run_id = $1 order by seq", [
      row?.id ?? null,
    ]);
    equal(
      lines,
      [[1, "info", "one"], [2, "warn", "two"], [3, "info", "one"], [4, "warn", "two"]].map(([seq, level, message]) => ({
        seq,
        level,
        message,
      })),
    );
  },

  async "a silent worker's run is rescued once its lease has run out, and what it then wants to write is not written"(
    t,
  ) {
    const slow = gate();
    const job = await hourly(t);
    await t.setNow("2025-12-24T13:00:00Z");
    const silent = runnerOf(t, { goal_update: slow.handler }).tick();
    const zombie = await slow.begun;
    const rescuer = runnerOf(t, { goal_update: (run) => Promise.resolve({ result: run.attempt }) });
    await t.setNow("2025-12-24T13:00:15Z");
    await rescuer.tick();
    equal(await briefly(t, job.id), ["13:00 1 running"]); // the lease ends at this instant, not before
    await t.setNow("2025-12-24T13:00:15.001Z");
    await rescuer.tick();
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
    await rejects(zombie.checkpoint(() => Promise.resolve()), /lease/);
    ok(zombie.signal.aborted);
    slow.open({ result: "zombie" });
    await silent;
    equal((await rowsOf(t, job.id)).map(({ attempt, result }) => [attempt, result]), [[2, 2]]);
    equal(await counters(t, job.id), { kept: "1=1+0", counted: "1=1+0" });
  },

  async "a run whose worker fell silent in its last attempt has failed, and its handler hears of it"(t) {
    const slow = gate();
    const job = await hourly(t, { max_attempts: 1 });
    await t.setNow("2025-12-24T13:00:00Z");
    const silent = runnerOf(t, { goal_update: slow.handler }).tick();
    await slow.begun;
    await t.setNow("2025-12-24T13:00:16Z");
    const heard: string[] = [];
    const failed = (_tx: unknown, run: { id: string }, error: { code: string }) =>
      Promise.resolve(heard.push(`${run.id} ${error.code}`)).then(() => {});
    await runnerOf(t, { goal_update: { run: () => Promise.resolve({ result: null }), failed } }).tick();
    const [row] = await rowsOf(t, job.id);
    equal([row?.state, row?.reason, heard], ["failed", "lease_expired", [`${row?.id} lease_expired`]]);
    equal(await counters(t, job.id), { kept: "1=0+1", counted: "1=0+1" });
    slow.open();
    await silent;
  },

  async "a handler that cannot write its part of a failure does not keep the run from failing"(t) {
    const job = await hourly(t, { max_attempts: 1 });
    await t.setNow("2025-12-24T13:00:00Z");
    await runnerOf(t, {
      goal_update: {
        run: () => Promise.reject(new RunFailure("away", "It is away")),
        failed: (tx) => tx.exec("select 1/0"),
      },
    }).tick();
    equal(await briefly(t, job.id), ["13:00 1 failed away"]);
  },

  async "the lease is renewed while a handler works, and only then"(t) {
    const clock = handClock();
    t.ctx.clock = clock;
    const slow = gate();
    const job = await hourly(t);
    await t.setNow("2025-12-24T13:00:00Z");
    const runner = runnerOf(t, { goal_update: slow.handler });
    const pass = runner.tick();
    const run = await slow.begun;
    run.log("still at it");
    await t.setNow("2025-12-24T13:00:10Z");
    await clock.pass(5_000);
    await settled(t);
    const [row] = await t.db.query<{ lease_until: string }>("select lease_until from ops.job_runs where job_id = $1", [
      job.id,
    ]);
    equal(row?.lease_until, "2025-12-24T13:00:25Z");
    equal((await t.db.query("select message from ops.job_run_logs")).length, 1);
    slow.open();
    await pass;
    equal(clock.waiting(), 0);
  },

  async "a heartbeat that finds the run in other hands aborts its handler"(t) {
    const clock = handClock();
    t.ctx.clock = clock;
    const slow = gate();
    const job = await hourly(t);
    await t.setNow("2025-12-24T13:00:00Z");
    const pass = runnerOf(t, { goal_update: slow.handler }).tick();
    const run = await slow.begun;
    await t.db.query("update ops.job_runs set worker = 'other' where job_id = $1", [job.id]);
    await clock.pass(5_000);
    await settled(t);
    ok(run.signal.aborted);
    slow.open({ result: "late" });
    await pass;
    equal((await rowsOf(t, job.id)).map(({ state, worker }) => [state, worker]), [["running", "other"]]);
  },

  async "an attempt that takes too long is aborted and tried again, even when its handler does not listen"(t) {
    const clock = handClock();
    t.ctx.clock = clock;
    const deaf = gate();
    const job = await hourly(t, { timeout_s: 4 });
    await t.setNow("2025-12-24T13:00:00Z");
    const pass = runnerOf(t, { goal_update: deaf.handler }).tick();
    const run = await deaf.begun;
    await clock.pass(4_000);
    ok(run.signal.aborted);
    await clock.pass(3_000);
    await pass;
    equal(await briefly(t, job.id), ["13:00 1 retrying timeout"]);
    await rejects(run.checkpoint(() => Promise.resolve()), /longer than 4 s/);
  },

  async "stopping hands the run back with its attempt refunded, and claims nothing more"(t) {
    const slow = gate();
    const job = await hourly(t);
    await t.setNow("2025-12-24T13:00:00Z");
    const runner = runnerOf(t, {
      goal_update: (run) =>
        Promise.race([
          slow.handler(run),
          new Promise<never>((_, reject) => run.signal.addEventListener("abort", () => reject(run.signal.reason))),
        ]),
    });
    const pass = runner.tick();
    await slow.begun;
    await runner.stop();
    await pass;
    const [row] = await rowsOf(t, job.id);
    equal([row?.state, row?.attempt, row?.worker], ["queued", 0, null]);
    await runner.tick();
    await runnerOf(t).tick();
    equal((await rowsOf(t, job.id)).map(({ state, attempt }) => [state, attempt]), [["succeeded", 1]]);
  },

  async "the loop waits as long as the database says, and not longer"(t) {
    const clock = handClock();
    t.ctx.clock = clock;
    const job = await hourly(t);
    await t.setNow("2025-12-24T12:59:50Z");
    const runner = runnerOf(t);
    runner.start();
    await settled(t);
    await t.setNow("2025-12-24T13:00:00Z");
    await clock.pass(9_999);
    await settled(t);
    equal(await briefly(t, job.id), []);
    await clock.pass(1);
    await settled(t);
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
    await t.setNow("2025-12-24T14:00:00Z");
    runner.wake();
    await settled(t);
    equal(await briefly(t, job.id), ["13:00 1 succeeded", "14:00 1 succeeded"]);
    equal(runner.secondsSinceLook(), 0);
    await runner.stop();
    equal(clock.waiting(), 0);
  },

  async "terminal rows never change"(t) {
    const job = await hourly(t);
    await t.setNow("2025-12-24T13:00:00Z");
    await runnerOf(t).tick();
    await rejects(
      t.db.query("update ops.job_runs set state = 'queued', finished_at = null where job_id = $1", [job.id]),
    );
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
  },

  async "two runs of a job that runs one at a time cannot both be under way, whoever writes them"(t) {
    const job = await hourly(t, { overlap: "queue", misfire: "all" });
    await t.setNow("2025-12-24T13:00:00Z");
    await runnerOf(t, { goal_update: () => Promise.reject(new RunFailure("away", "It is away")) }).tick();
    await t.setNow("2025-12-24T14:00:00Z");
    await rejects(
      t.db.query(
        `insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, run_at, state, lease_until)
         values ($1, 'goal_update', 'm:x', ops.now(), ops.now(), 'running', ops.now())`,
        [job.id],
      ),
      /job_runs_one_live/,
    );
  },

  async "deleting a job ends what waits as cancelled, and leaves its history"(t) {
    const job = await hourly(t, { overlap: "queue" });
    await t.setNow("2025-12-24T13:00:00Z");
    await runnerOf(t).tick();
    await triggerJob(t.ctx, local, job.id, { key: null });
    await t.setNow("2025-12-24T14:00:00Z");
    await deleteJob(t.ctx, job.id, null);
    await t.setNow("2025-12-24T15:00:00Z");
    await runnerOf(t).tick();
    equal((await briefly(t, job.id)).sort(), [
      "13:00 0 cancelled job_deleted",
      "13:00 1 succeeded",
      "14:00 1 cancelled job_deleted",
    ]);
    equal(await counters(t, job.id), { kept: "1=1+0", counted: "1=1+0" });
  },

  async "execute works on one run here and now, and leaves alone one that is under way"(t) {
    const slow = gate();
    const job = await hourly(t);
    const runner = runnerOf(t, { goal_update: slow.handler });
    const { id } = await triggerJob(t.ctx, local, job.id, { key: null });
    const mine = runner.execute(id);
    await slow.begun;
    await runner.execute(id);
    slow.open({ result: 1 });
    await mine;
    await runner.execute(id);
    equal((await rowsOf(t, job.id)).map(({ state, attempt, result }) => [state, attempt, result]), [[
      "succeeded",
      1,
      1,
    ]]);
  },

  async "with a healthy worker everything drains"(t) {
    t.ctx.config = { ...t.ctx.config, JOB_CONCURRENCY: 4 };
    for (let i = 0; i < 12; i++) {
      await hourly(t, { schedule: `${i} * * * *`, overlap: i % 2 === 0 ? "queue" : "allow" });
    }
    await t.setNow("2025-12-24T14:30:00Z");
    let [now, most] = [0, 0];
    await runnerOf(t, {
      async goal_update(run) {
        most = Math.max(most, ++now);
        await run.checkpoint(() => Promise.resolve());
        now--;
        return { result: null };
      },
    }).tick();
    const left = await t.db.query("select 1 from ops.job_runs where state not in ('succeeded')");
    equal([left.length, most], [0, 4]);
  },
};

const custom = { job_type: "custom", config: { handler: "goal_evaluation" } } as const;

/** What the heartbeats of living workers do when the test moves the clock further than a lease. */
async function renewed(t: App): Promise<void> {
  await t.db.query("update ops.job_runs set lease_until = ops.now() + interval '15 s' where state = 'running'");
}
