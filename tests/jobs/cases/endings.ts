import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import type { Db } from "../../../db/client.ts";
import { DatabaseUnavailable } from "../../../services/errors.ts";
import { backfillJob, cancelRun, deleteJob, getJob, triggerJob, updateJob } from "../../../services/jobs/mod.ts";
import { type Handler, RunFailure } from "../../../services/ports/handlers.ts";
import type { App } from "../../support/app.ts";
import { briefly, counters, gate, handClock, hourly, rowsOf, runnerOf, settled } from "../ledger.ts";

const local = { kind: "local" } as const;
const fails = () => Promise.reject(new RunFailure("away", "It is away", { retry: "never" }));
/** A handler that ends as soon as it is asked to. */
const heeding = (handler: Handler): Handler => (run) =>
  Promise.race([
    handler(run),
    new Promise<never>((_, reject) => run.signal.addEventListener("abort", () => reject(run.signal.reason))),
  ]);
const events = (t: App, id: string) =>
  t.db.query("select kind, detail from ops.events where subject_id = $1 order by id", [id]);

/** How runs end before their time: cancelled, paused away, asked for again. */
export const endingsCases: Record<string, (t: App) => Promise<void>> = {
  async "a run that waits is cancelled at once, its handler hears of it, and it does not count"(t) {
    const heard: string[] = [];
    const runner = runnerOf(t, {
      goal_update: {
        run: fails,
        failed: (_tx, run, { code }) => Promise.resolve(void heard.push(`${run.id} ${code}`)),
      },
    });
    t.ctx.runs = runner;
    const job = await hourly(t);
    const { id } = await triggerJob(t.ctx, local, job.id, { key: null });
    equal((await getJob(t.ctx, local, job.id)).last_status, "pending");
    const { state, cancel_at, error } = await cancelRun(t.ctx, local, id);
    equal({ state, cancel_at, code: error?.code }, {
      ...{ state: "cancelled", cancel_at: "2025-12-24T12:00:00Z", code: "cancelled" },
    });
    equal(heard, [`${id} cancelled`]);
    await runner.tick();
    equal(await counters(t, job.id), { kept: "0=0+0", counted: "0=0+0" });
    await rejects(cancelRun(t.ctx, local, id), /has ended already \(cancelled\)/);
  },

  async "a run that waits behind another is cancelled without waiting for its turn"(t) {
    const slow = gate();
    t.ctx.runs = runnerOf(t);
    const job = await hourly(t, { overlap: "queue" });
    await t.setNow("2025-12-24T13:00:00Z");
    const first = runnerOf(t, { goal_update: slow.handler }).tick();
    await slow.begun;
    const { id } = await triggerJob(t.ctx, local, job.id, { key: null });
    equal((await cancelRun(t.ctx, local, id)).state, "cancelled");
    slow.open();
    await first;
    equal((await briefly(t, job.id)).toSorted(), ["13:00 0 cancelled cancelled", "13:00 1 succeeded"]);
  },

  async "a run under way is aborted when its worker hears that it was cancelled, and its job does not count it"(
    t,
  ) {
    const clock = handClock();
    t.ctx.clock = clock;
    const slow = gate();
    const job = await hourly(t);
    await t.setNow("2025-12-24T13:00:00Z");
    const pass = runnerOf(t, { goal_update: heeding(slow.handler) }).tick();
    const run = await slow.begun;
    equal((await cancelRun(t.ctx, local, run.id)).state, "running");
    ok(!run.signal.aborted);
    await clock.pass(5_000);
    await pass;
    ok(run.signal.aborted);
    equal(await briefly(t, job.id), ["13:00 1 cancelled cancelled"]);
    await rejects(run.checkpoint(() => Promise.resolve()), /Cancelled/);
    equal(await counters(t, job.id), { kept: "0=0+0", counted: "0=0+0" });
  },

  async "the process that works on a run hears at once when it is cancelled there"(t) {
    const slow = gate();
    const job = await hourly(t);
    await t.setNow("2025-12-24T13:00:00Z");
    const runner = t.ctx.runs = runnerOf(t, { goal_update: heeding(slow.handler) });
    const pass = runner.tick();
    await cancelRun(t.ctx, local, (await slow.begun).id);
    await pass;
    equal(await briefly(t, job.id), ["13:00 1 cancelled cancelled"]);
  },

  async "a handler that is done all the same when it is cancelled has succeeded: what it did is not denied"(t) {
    const slow = gate();
    const job = await hourly(t);
    await t.setNow("2025-12-24T13:00:00Z");
    const runner = t.ctx.runs = runnerOf(t, { goal_update: slow.handler });
    const pass = runner.tick();
    const run = await slow.begun;
    await cancelRun(t.ctx, local, run.id);
    await settled(t);
    ok(run.signal.aborted);
    slow.open();
    await pass;
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
  },

  async "a cancelled run whose worker fell silent ends as cancelled and is not tried again"(t) {
    const slow = gate();
    const job = await hourly(t, { max_attempts: 5 });
    await t.setNow("2025-12-24T13:00:00Z");
    const silent = runnerOf(t, { goal_update: slow.handler }).tick();
    const run = await slow.begun;
    await cancelRun({ ...t.ctx, runs: { ...t.ctx.runs, cancel: () => Promise.resolve() } }, local, run.id);
    await t.setNow("2025-12-24T13:00:16Z");
    await runnerOf(t).tick();
    equal(await briefly(t, job.id), ["13:00 1 cancelled cancelled"]);
    slow.open();
    await silent;
    equal(await briefly(t, job.id), ["13:00 1 cancelled cancelled"]);
  },

  async "deleting a job ends a run that waits for its next attempt, and its handler hears of it"(t) {
    const heard: string[] = [];
    const runner = runnerOf(t, {
      goal_update: {
        run: () => Promise.reject(new Error("by chance")),
        failed: (_tx, _run, { code }) => Promise.resolve(void heard.push(code)),
      },
    });
    const job = await hourly(t);
    await t.setNow("2025-12-24T13:00:00Z");
    await runner.tick();
    await deleteJob(t.ctx, job.id, null);
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 cancelled cancelled"]);
    equal(heard, ["cancelled"]);
  },

  async "so many failures in a row pause a job with an event, and skip what waits"(t) {
    const job = await hourly(t, { pause_after_failures: 2, misfire: "all", max_attempts: 1 });
    await t.setNow("2025-12-24T16:30:00Z"); // 13:00 to 16:00
    await runnerOf(t, { goal_update: fails }).tick();
    equal(await briefly(t, job.id), [
      ...["13:00 1 failed away", "14:00 1 failed away", "15:00 1 skipped paused", "16:00 1 skipped paused"],
    ]);
    const { is_active, next_run_at, failures_in_a_row, revision } = await getJob(t.ctx, local, job.id);
    equal({ is_active, next_run_at, failures_in_a_row, revision }, {
      ...{ is_active: false, next_run_at: null, failures_in_a_row: 2, revision: 2 },
    });
    equal(await events(t, job.id), [{ kind: "job_paused", detail: { failures_in_a_row: 2 } }]);
  },

  async "a job that failures paused goes on when it is resumed: the pause is one skipped row, and the count begins anew"(
    t,
  ) {
    const job = await hourly(t, { pause_after_failures: 1 });
    await t.setNow("2025-12-24T13:00:00Z");
    await runnerOf(t, { goal_update: fails }).tick();
    await t.setNow("2025-12-24T16:30:00Z");
    await runnerOf(t).tick();
    await updateJob(t.ctx, local, job.id, { changes: { is_active: true }, expected: null });
    await t.setNow("2025-12-24T17:00:00Z");
    await runnerOf(t).tick();
    equal(await briefly(t, job.id), ["13:00 1 failed away", "16:00 3 skipped paused", "17:00 1 succeeded"]);
    equal((await getJob(t.ctx, local, job.id)).failures_in_a_row, 0);
    const rows = await rowsOf(t, job.id);
    equal(rows.map((row) => row.covers_from), [job.created_at, ...rows.slice(0, -1).map((row) => row.scheduled_for)]);
  },

  async "a success between failures keeps a job from being paused"(t) {
    let n = 0;
    const job = await hourly(t, { pause_after_failures: 2, misfire: "all", max_attempts: 1 });
    await t.setNow("2025-12-24T18:00:00Z");
    await runnerOf(t, { goal_update: () => ++n % 2 === 0 ? Promise.resolve({ result: null }) : fails() }).tick();
    equal((await getJob(t.ctx, local, job.id)).is_active, true);
    equal(await counters(t, job.id), { kept: "6=3+3", counted: "6=3+3" });
  },

  async "a backfill makes a run for each occurrence, in order and one at a time, with the windows of the calendar"(t) {
    const windows: unknown[] = [];
    const job = await hourly(t);
    const asked = { start: "2025-12-20T00:30:00Z", end: "2025-12-20T03:00:00Z" };
    equal(await backfillJob(t.ctx, job.id, { ...asked, preview: true }), {
      ...{ preview: true, count: 3, limit: 1_000, created: 0, existing: 0 },
      ...{ first: "2025-12-20T01:00:00.000Z", last: "2025-12-20T03:00:00.000Z" },
      occurrences: ["2025-12-20T01:00:00.000Z", "2025-12-20T02:00:00.000Z", "2025-12-20T03:00:00.000Z"],
    });
    const made = await backfillJob(t.ctx, job.id, asked);
    equal([made.created, made.existing], [3, 0]);
    const again = await backfillJob(t.ctx, job.id, asked);
    equal([again.created, again.existing], [0, 3]);
    await t.setNow("2025-12-24T12:00:01Z");
    const runner = runnerOf(t, {
      goal_update: ({ window }) => Promise.resolve({ result: windows.push(window) }),
    });
    await runner.tick();
    equal(
      windows,
      [0, 1, 2].map((hour) => ({
        after: `2025-12-20T0${hour}:00:00Z`,
        until: `2025-12-20T0${hour + 1}:00:00Z`,
      })),
    );
    equal(
      (await rowsOf(t, job.id)).map(({ fire_key, occurrences, state }) => [fire_key.slice(0, 2), occurrences, state]),
      [
        ...[["b:", 0, "succeeded"], ["b:", 0, "succeeded"], ["b:", 0, "succeeded"]],
      ],
    );
  },

  async "a backfill that is open costs the schedule no occurrence"(t) {
    const job = await hourly(t);
    await backfillJob(t.ctx, job.id, { start: "2025-12-20T01:00:00Z", end: "2025-12-20T02:00:00Z" });
    await t.setNow("2025-12-24T13:00:00Z");
    await runnerOf(t).tick();
    equal((await briefly(t, job.id)).at(-1), "13:00 1 succeeded");
  },

  async "a backfill into the future, backwards, or of too many occurrences says what is legal"(t) {
    const job = await hourly(t, { schedule: "* * * * *" });
    const asked = (start: string, end: string) => backfillJob(t.ctx, job.id, { start, end });
    const refused = (pattern: RegExp) => (error: unknown) =>
      error instanceof Error && "errors" in error && pattern.test(JSON.stringify(error.errors));
    await rejects(
      asked("2025-12-24T11:00:00Z", "2025-12-24T12:00:01Z"),
      refused(/end.*future; it is 2025-12-24T12:00:00/),
    );
    await rejects(asked("2025-12-24T11:00:00Z", "2025-12-24T10:00:00Z"), refused(/start.*not be after end/));
    await rejects(
      asked("2025-12-23T00:00:00Z", "2025-12-23T16:40:00Z"),
      refused(/holds 1001 occurrences; the limit is 1000/),
    );
    equal(await rowsOf(t, job.id), []);
  },

  async "an end that the database is not there for is written when it is back"(t) {
    const clock = handClock();
    t.ctx.clock = clock;
    const { db } = t.ctx;
    let away = false;
    const check = () => {
      if (away) throw new DatabaseUnavailable("It is away");
    };
    const flaky: Db = {
      query: async (text, params) => (check(), await db.query(text, params)),
      exec: async (text) => (check(), await db.exec(text)),
      transaction: async (work) => (check(), await db.transaction(work)),
    };
    const job = await hourly(t);
    await t.setNow("2025-12-24T13:00:00Z");
    let runs = 0;
    const runner = runnerOf({ ctx: { ...t.ctx, db: flaky } }, {
      goal_update() {
        away = true;
        return Promise.resolve({ result: ++runs });
      },
    });
    runner.start();
    await settled(t);
    away = false;
    await clock.pass(500);
    await settled(t);
    await runner.stop();
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
    equal(runs, 1);
  },
};
