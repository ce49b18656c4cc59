import { deepStrictEqual as equal, match } from "node:assert/strict";
import { parseJobsCommand, performJobsCommand } from "../../../jobs/cli.ts";
import { createRegistry } from "../../../jobs/handlers.ts";
import { createRunner, type Runner } from "../../../jobs/runner.ts";
import { ensureHousekeeping } from "../../../services/jobs/housekeeping.ts";
import { deleteJob, listJobs } from "../../../services/jobs/mod.ts";
import { type App, nowhere } from "../../support/app.ts";
import { briefly, hourly, rowsOf } from "../ledger.ts";

const local = { kind: "local" } as const;
const real = (t: App): Runner => createRunner(t.ctx, createRegistry(t.ctx, nowhere));
const command = (t: App, runner: Runner, ...args: string[]) =>
  performJobsCommand(t.ctx, runner, parseJobsCommand(args));
const goal = {
  ...{ name: "Gifts", metric_type: "donation", target_value: 100, unit: "USD", tracking: "manual" },
  ...{ start_date: "2025-12-01", end_date: "2025-12-23" },
};

/** The handlers of this service, and the command line, over the ledger. */
export const handlersCases: Record<string, (t: App) => Promise<void>> = {
  async "a report job makes a report for each of its runs, about the period as of its scheduled time"(t) {
    const report = { name: "Monthly", report_type: "monthly", format: "json", parameters: { month: "previous" } };
    const job = await t.json("POST", "/api/v1/jobs", 201, {
      body: { name: "Monthly", job_type: "report_generation", schedule: "0 6 1 * *", config: { report } },
    });
    await t.setNow("2026-01-01T06:00:00Z");
    await real(t).tick();
    equal(await briefly(t, job.id), ["06:00 1 succeeded"]);
    const { items } = await t.json("GET", "/api/v1/reports", 200);
    equal(items.map((made: Record<string, unknown>) => [made["status"], made["scheduled"], made["period_start"]]), [
      ["completed", true, "2025-12-01"],
    ]);
  },

  async "a goal update computes the goals, and a goal evaluation closes those whose window is over"(t) {
    const { id } = await t.json("POST", "/api/v1/goals", 201, { body: goal });
    const update = await hourly(t);
    const close = await hourly(
      t,
      {
        job_type: "custom",
        config: { handler: "goal_evaluation" },
        schedule: "30 * * * *",
      } as Parameters<typeof hourly>[1],
    );
    await t.setNow("2025-12-24T13:30:00Z");
    await real(t).tick();
    equal([await briefly(t, update.id), await briefly(t, close.id)], [["13:00 1 succeeded"], ["13:30 2 succeeded"]]);
    equal((await t.json("GET", `/api/v1/goals/${id}`, 200)).status, "failed");
  },

  async "a goal evaluation forecasts the active goals, those too that no metric feeds"(t) {
    const { id } = await t.json("POST", "/api/v1/goals", 201, { body: { ...goal, end_date: "2026-01-31" } });
    for (const [day, current_value] of [["18", 10], ["19", 20], ["20", 30], ["21", 40], ["22", 50]] as const) {
      await t.setNow(`2025-12-${day}T12:00:00Z`);
      await t.json("POST", `/api/v1/goals/${id}/update-progress`, 200, { body: { current_value } });
    }
    await hourly(t, { job_type: "custom", config: { handler: "goal_evaluation" } } as Parameters<typeof hourly>[1]);
    const seen = async () => {
      const { status, meta } = (await t.json("GET", "/api/v1/goals/forecast/all", 200)).items[0];
      return [status, meta.as_of];
    };
    equal(await seen(), ["not_computed", null]);
    await t.setNow("2025-12-22T13:00:00Z");
    await real(t).tick();
    equal(await seen(), ["ok", "2025-12-22"]);
    await t.setNow("2025-12-23T00:00:00Z");
    await real(t).tick();
    equal(await seen(), ["ok", "2025-12-23"]);
  },

  async "a configuration that is no longer legal fails its run at once, and says where"(t) {
    const job = await hourly(t);
    await t.db.query(`update scheduled_jobs set config = '{"goal_ids": "all"}' where id = $1`, [job.id]);
    await t.setNow("2025-12-24T13:00:00Z");
    await real(t).tick();
    equal(await briefly(t, job.id), ["13:00 1 failed invalid_config"]);
    match(JSON.stringify((await rowsOf(t, job.id))[0]?.error), /"pointer":"\/config\/goal_ids"/);
  },

  async "the command line lists jobs in words"(t) {
    const runner = real(t);
    equal(await command(t, runner, "list"), ["There are no jobs."]);
    await hourly(t, { timezone: "Europe/Berlin" });
    const [line] = await command(t, runner, "list");
    match(line ?? "", /"Hourly" {2}goal_update {2}hourly Europe\/Berlin {2}next 2025-12-24T13:00:00Z {2}never ran$/);
  },

  async "the command line runs a job now, and does what is due"(t) {
    const runner = real(t);
    const job = await hourly(t);
    match((await command(t, runner, "run", job.id)).join(), /^Run [0-9a-f-]{36}: succeeded/);
    await t.setNow("2025-12-24T13:00:00Z");
    await command(t, runner, "tick");
    equal((await rowsOf(t, job.id)).map(({ state }) => state), ["succeeded", "succeeded"]);
  },

  async "the command line computes next occurrences anew, of a job that was edited by SQL too"(t) {
    const runner = real(t);
    const [edited] = [await hourly(t), await hourly(t)];
    await t.db.query("update scheduled_jobs set schedule = '15 * * * *' where id = $1", [edited.id]);
    equal(await command(t, runner, "sync"), ["2 active jobs; the next occurrence of 1 moved."]);
    equal((await t.json("GET", `/api/v1/jobs/${edited.id}`, 200)).next_run_at, "2025-12-24T12:15:00Z");
  },

  async "the jobs that keep the service in order are made once, and stay deleted"(t) {
    equal(await ensureHousekeeping(t.ctx), true);
    const { items } = await listJobs(t.ctx, local, {});
    equal(items.map(({ name }) => name).toSorted(), ["Goal evaluation", "Retention"]);
    for (const { id } of items) await deleteJob(t.ctx, id, null);
    equal(await ensureHousekeeping(t.ctx), false);
    equal((await listJobs(t.ctx, local, {})).total, 0);
  },
};
