import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { accountJobs } from "../../../db/ledger.ts";
import { lockJob } from "../../../db/scheduled_jobs.ts";
import { accountDue } from "../../../services/jobs/account.ts";
import { accountAllJobs } from "../../../services/jobs/ledger.ts";
import { backfillJob, updateJob } from "../../../services/jobs/mod.ts";
import type { App } from "../../support/app.ts";
import { briefly, hourly, rowsOf, runnerOf } from "../ledger.ts";

const local = { kind: "local" } as const;
const edit = (t: App, id: string, changes: Parameters<typeof updateJob>[3]["changes"]) =>
  updateJob(t.ctx, local, id, { changes, expected: null });

/** What becomes of occurrences when jobs are edited, mended, or poisoned between two looks. */
export const accountsCases: Record<string, (t: App) => Promise<void>> = {
  async "an account by terms that were edited since changes nothing, though nothing was due at the edit"(t) {
    const { id } = await hourly(t);
    await t.setNow("2025-12-24T12:30:00Z");
    const before = await lockJob(t.db, id);
    if (before === null) throw new Error("There is no job");
    const { next_run_at } = await edit(t, id, { schedule: "45 * * * *" });
    const account = accountDue(before, "2025-12-24T13:00:00Z", () => 0);
    equal(account.rows.map(({ scheduled_for }) => scheduled_for), ["2025-12-24T13:00:00.000Z"]);
    equal(await accountJobs(t.db, [{ job: before, account }]), new Set());
    equal([next_run_at, await briefly(t, id)], ["2025-12-24T12:45:00Z", []]);
  },

  async "an edit with more undone than one account holds writes down the rest as one skipped row"(t) {
    const job = await hourly(t, { schedule: "* * * * *", misfire: "all" });
    await t.setNow("2025-12-24T14:30:00Z"); // 150 minutes; one account holds 100 rows
    await edit(t, job.id, { schedule: "0 * * * *" });
    const rows = await rowsOf(t, job.id);
    equal(rows.slice(0, 100).map(({ state, occurrences }) => `${state} ${occurrences}`), Array(100).fill("queued 1"));
    equal((await briefly(t, job.id)).slice(100), ["14:30 50 skipped edited"]);
    equal(rows.map((row) => row.covers_from), [job.created_at, ...rows.slice(0, -1).map((row) => row.scheduled_for)]);
  },

  async "an edit after the clock went back tells the next occurrence that will fire"(t) {
    const job = await hourly(t);
    await t.setNow("2025-12-24T14:00:00Z");
    await runnerOf(t).tick();
    await t.setNow("2025-12-24T12:30:00Z");
    equal((await edit(t, job.id, { name: "Renamed" })).next_run_at, "2025-12-24T15:00:00Z");
  },

  async "a schedule that is mended by SQL goes on, and the failed run of its occurrence stands"(t) {
    const { id } = await hourly(t, { misfire: "all" });
    const runner = runnerOf(t);
    const write = (schedule: string) =>
      t.db.query("update scheduled_jobs set schedule = $1 where id = $2", [schedule, id]);
    await write("61 * * * *");
    await t.setNow("2025-12-24T13:00:00Z");
    await runner.tick();
    await write("0 * * * *");
    await t.setNow("2025-12-24T14:00:00Z");
    equal(await accountAllJobs(t.ctx), { jobs: 1, moved: 1 });
    await runner.tick();
    equal(await briefly(t, id), ["13:00 0 failed invalid_schedule", "14:00 1 succeeded"]);
  },

  async "a job whose account cannot be stored keeps no other from its run"(t) {
    const [bad, good] = [await hourly(t), await hourly(t)];
    await t.db.exec(`alter table ops.job_runs add check (job_id <> '${bad.id}')`);
    await t.setNow("2025-12-24T13:00:00Z");
    await runnerOf(t).tick();
    equal([await briefly(t, bad.id), await briefly(t, good.id)], [[], ["13:00 1 succeeded"]]);
    ok(t.logged.some((line) => /a job could not be accounted/.test(line)));
  },

  async "a backfill includes both its ends"(t) {
    const job = await hourly(t);
    const { count } = await backfillJob(t.ctx, job.id, { start: "2025-12-20T01:00:00Z", end: "2025-12-20T03:00:00Z" });
    equal([count, await briefly(t, job.id)], [3, ["01:00 0 queued", "02:00 0 queued", "03:00 0 queued"]]);
  },
};
