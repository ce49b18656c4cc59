import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { createRegistry } from "../../../jobs/handlers.ts";
import { createRunner, type Runner } from "../../../jobs/runner.ts";
import { deleteJob } from "../../../services/jobs/mod.ts";
import type { Clock } from "../../../services/ports/clock.ts";
import type { RunContext } from "../../../services/ports/handlers.ts";
import { RetentionConfig } from "../../../services/retention/schema.ts";
import { retain } from "../../../services/retention/mod.ts";
import { type App, nowhere } from "../../support/app.ts";
import { gift, PATH, send } from "../../support/gifts.ts";
import { hourly, type Row, rowsOf, runnerOf } from "../ledger.ts";

/** Today is 24 December 2025; 1,096 days before is the 24th of 2022, the first day that is kept. */
const FLOOR = "2022-12-24";

/** The clock of a handler that waits: the database's time passes instead. */
const passing = (t: App): Pick<Clock, "sleep"> => ({
  sleep: async (ms) => {
    await t.db.query("update ops.test_clock set at = at + make_interval(secs => $1)", [ms / 1000]);
  },
});

const runner = (t: App): Runner =>
  createRunner(t.ctx, createRegistry({ ...t.ctx, clock: { ...t.ctx.clock, ...passing(t) } }, nowhere));

/** A job of retention that is triggered by hand; its schedule lies far ahead. */
async function retention(t: App, config: Record<string, unknown> = {}) {
  const job = await hourly(
    t,
    {
      ...{ name: "Retention", job_type: "custom", schedule: "0 0 1 1 *", overlap: "allow" },
      config: { handler: "retention", ...config },
    } as Parameters<typeof hourly>[1],
  );
  const run = async (by: Runner = runner(t)): Promise<Row> => {
    await t.json("POST", `/api/v1/jobs/${job.id}/trigger`, 202, { body: {} });
    await by.tick();
    const row = (await rowsOf(t, job.id)).at(-1);
    if (row === undefined) throw new Error("There is no run");
    return row;
  };
  return { job, run };
}

const deleted = (row: Row) => (row.result as { deleted: Record<string, number> }).deleted;
const differences = (t: App) => t.db.query("select * from ops.rollup_differences()");

/** Many gifts of 1 USD on one day long ago, a second apart. */
const crowd = (t: App, rows: number) =>
  t.db.query(
    `insert into metrics (service_name, metric_type, metric_name, metric_value, metric_unit, "timestamp", date)
     select 'partners_crm', 'donation', 'donation_received', 1, 'USD',
       '2021-03-01T00:00:00Z'::timestamptz + make_interval(secs => n), '2021-03-01'
     from generate_series(1, $1::int) n`,
    [rows],
  );

/** What must hold of a job whatever was deleted: counters and occurrences are totals plus rows, and windows touch. */
async function proveHistory(t: App, jobId: string): Promise<void> {
  const [proof] = await t.db.query<Record<string, number>>(
    `select j.success_count, j.failure_count, coalesce(t.succeeded, 0)::int + r.succeeded as succeeded,
       coalesce(t.failed, 0)::int + r.failed as failed
     from scheduled_jobs j left join ops.job_run_totals t on t.job_id = j.id, lateral (
       select count(*) filter (where state = 'succeeded')::int as succeeded,
         count(*) filter (where state = 'failed')::int as failed from ops.job_runs where job_id = j.id) r
     where j.id = $1`,
    [jobId],
  );
  equal([proof?.["succeeded"], proof?.["failed"]], [proof?.["success_count"], proof?.["failure_count"]]);
  const scheduled = (await rowsOf(t, jobId)).filter((row) => row.fire_key.startsWith("s:"));
  equal(scheduled.slice(1).map((row) => row.covers_from), scheduled.slice(0, -1).map((row) => row.scheduled_for));
}

const occurrences = async (t: App, jobId: string) =>
  (await t.db.query<{ all: number }>(
    `select (coalesce((select occurrences from ops.job_run_totals where job_id = $1), 0)
       + (select coalesce(sum(occurrences), 0) from ops.job_runs where job_id = $1))::int as all`,
    [jobId],
  ))[0]?.all;

/** A job of every fourth hour that has run on each of some days, up to noon: six times a day. */
async function worked(t: App, days: string[]) {
  const job = await hourly(t, { schedule: "0 */4 * * *", misfire: "all", history_days: 1 });
  for (const day of days) {
    await t.setNow(`${day}T12:00:00Z`);
    await runnerOf(t).tick();
  }
  return job;
}

/** Retention, over the real ledger. */
export const retentionCases: Record<string, (t: App) => Promise<void>> = {
  async "old metrics go, their roll-ups stay, and sums over old windows are what they were"(t) {
    const old = [["2022-11-30", 5], ["2022-12-01", 10], ["2022-12-23", 20], [FLOOR, 40], ["2025-12-20", 80]] as const;
    await send(
      t,
      old.map(([day, metric_value], i) => gift({ timestamp: `${day}T23:30:00Z`, metric_value, external_id: `g${i}` })),
    );
    const month = `${PATH}/time-series/data?service_name=partners_crm&metric_type=donation&start_date=2022-11-01` +
      "&end_date=2022-12-31&interval=month";
    const sums = async () =>
      (await t.json("GET", month, 200)).series[0].points.map((point: { value: number }) => point.value);
    equal(await sums(), [5, 70]);
    const { run } = await retention(t);
    const row = await run();
    equal([row.state, (row.result as { detail_floor: string }).detail_floor], ["succeeded", FLOOR]);
    equal(deleted(row)["metrics"], 3);
    equal(await t.db.query("select date from metrics order by 1"), [{ date: FLOOR }, { date: "2025-12-20" }]);
    equal(await sums(), [5, 70]);
    equal(await differences(t), []);
  },

  async "what was sent before the floor is refused afterwards, so that nothing counts twice"(t) {
    const old = gift({ timestamp: "2022-12-23T12:00:00Z", external_id: "old" });
    await send(t, [old]);
    await (await retention(t)).run();
    const { accepted, rejected } = await t.json("POST", PATH, 200, { body: [old, gift({ external_id: "new" })] });
    equal(accepted, 1);
    match(rejected[0].errors[0].detail, /^too_old: rows dated before 2022-12-24/);
    equal(await differences(t), []);
    const [sum] = await t.db.query("select n from ops.metric_rollups where grain = 'd' and bucket = '2022-12-23'");
    equal(sum, { n: "1" });
  },

  async "the floor never goes back, whatever the days that are kept become"(t) {
    await (await retention(t, { metric_days: 100 })).run(); // 15 September 2025
    const row = await (await retention(t, { metric_days: 2_000 })).run();
    equal((row.result as { detail_floor: string }).detail_floor, "2025-09-15");
  },

  async "the days that are kept are local ones"(t) {
    t.ctx.config = { ...t.ctx.config, ORG_TIMEZONE: "Pacific/Auckland" };
    const row = await (await retention(t)).run(); // in Auckland it is the 25th
    equal((row.result as { detail_floor: string }).detail_floor, "2022-12-25");
  },

  async "on Postgres a minute passes between the floor and the first deletion, however the run is cut up"(t) {
    await send(t, [gift({ timestamp: "2022-12-23T12:00:00Z" })]);
    await (await retention(t)).run();
    const [row] = await t.db.query<{ passed: number }>(
      `select extract(epoch from ops.now() - updated_at)::int as passed from ops.settings where key = 'detail_floor'`,
    );
    equal(row?.passed, t.ctx.engine === "postgres" ? 60 : 0);
  },

  async "a crash in the middle costs one batch, and the next attempt goes on and counts all"(t) {
    const [rows, batch] = t.ctx.engine === "postgres" ? [10_100, 5_000] : [1_100, 500];
    await crowd(t, rows);
    const left = async () => (await t.db.query<{ n: number }>("select count(*)::int as n from metrics"))[0]?.n;
    let [attempts, seen] = [0, 0];
    const crashing = runnerOf(t, {
      custom(run) {
        const cut = attempts++ === 0;
        const checkpoint: RunContext["checkpoint"] = async (write, progress) => {
          const before = await left();
          if (cut && before !== rows) throw new Error(`cut off at ${seen = before ?? 0}`);
          return await run.checkpoint(write, progress);
        };
        const ctx = { ...t.ctx, clock: { ...t.ctx.clock, ...passing(t) } };
        return retain(ctx, { ...run, checkpoint }, RetentionConfig.parse(run.config));
      },
    });
    const { job, run } = await retention(t);
    await run(crashing);
    equal([(await rowsOf(t, job.id))[0]?.state, seen], ["retrying", rows - batch]);
    await t.setNow("2025-12-24T13:00:00Z");
    await crashing.tick();
    const [row] = await rowsOf(t, job.id);
    equal([row?.state, row?.attempt, row && deleted(row)["metrics"], await left()], ["succeeded", 2, rows, 0]);
    equal((await t.db.query("select n::int, sum::int from ops.metric_rollups where grain = 'd'"))[0], {
      ...{ n: rows, sum: rows },
    });
    equal(await differences(t), []);
  },

  async "ended runs go after the days that their job keeps them, and its counters are totals plus rows"(t) {
    const job = await worked(t, ["2025-12-25", "2025-12-26", "2025-12-27"]); // 6 runs ended on each
    await t.setNow("2025-12-27T12:30:00Z");
    const row = await (await retention(t)).run();
    equal(deleted(row)["runs"], 12); // those that ended on the 25th and the 26th
    equal((await rowsOf(t, job.id)).length, 6);
    await proveHistory(t, job.id);
    equal(await occurrences(t, job.id), 18);
    const [totals] = await t.db.query(
      "select succeeded, failed, occurrences, until from ops.job_run_totals where job_id = $1",
      [job.id],
    );
    equal(totals, { succeeded: "12", failed: "0", occurrences: "12", until: "2025-12-26T12:00:00Z" });
    equal(
      await t.json("GET", `/api/v1/jobs/${job.id}`, 200).then(({ run_count, last_status }) => [run_count, last_status]),
      [
        ...[18, "success"],
      ],
    );
    equal(deleted(await (await retention(t)).run())["runs"], 0);
    await t.setNow("2025-12-29T00:30:00Z"); // nine occurrences later
    await runnerOf(t).tick();
    equal(deleted(await (await retention(t)).run())["runs"], 6);
    await proveHistory(t, job.id);
    equal(await occurrences(t, job.id), 27);
  },

  async "the newest ended run stays however old it is, of a deleted job too"(t) {
    const job = await worked(t, ["2025-12-25"]);
    await deleteJob(t.ctx, job.id, null);
    await t.setNow("2026-03-01T00:00:00Z");
    await (await retention(t)).run();
    const rows = await rowsOf(t, job.id);
    equal(rows.map((row) => row.scheduled_for), ["2025-12-25T12:00:00Z"]);
    await proveHistory(t, job.id);
    equal(await occurrences(t, job.id), 6);
  },

  async "an open run, and one that an open pull refers to, end the prefix: the windows behind them stay"(t) {
    const job = await worked(t, ["2025-12-25"]);
    const rows = await rowsOf(t, job.id);
    const held = rows[2];
    await t.db.query(
      `insert into data_syncs (service_name, sync_type, status, metadata) values ('auth', 'full', 'running',
         jsonb_build_object('run_id', $1::text))`,
      [held?.id ?? ""],
    );
    await deleteJob(t.ctx, job.id, null);
    await t.setNow("2026-01-05T00:00:00Z");
    await (await retention(t)).run();
    equal((await rowsOf(t, job.id))[0]?.id, held?.id);
    await proveHistory(t, job.id);
    await t.db.exec("update data_syncs set status = 'failed'");
    await t.db.query(
      `insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, covers_from, occurrences, state, run_at)
       select job_id, job_type, 's:1', covers_from + interval '1 second', covers_from, 0, 'retrying', '2099-01-01'
       from ops.job_runs where id = $1`,
      [held?.id ?? ""],
    );
    const before = (await rowsOf(t, job.id)).length;
    await (await retention(t)).run();
    equal((await rowsOf(t, job.id)).length, before);
  },

  async "what nobody scheduled may stay in between: a young backfill of old days holds nothing up"(t) {
    const job = await worked(t, ["2025-12-25"]);
    await t.db.query(
      `insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, state, run_at, finished_at)
       values ($1, 'goal_update', 'b:x:1', '2025-01-01', 'skipped', '2026-01-05', '2026-01-05')`,
      [job.id],
    );
    await deleteJob(t.ctx, job.id, null);
    await t.setNow("2026-01-05T06:00:00Z");
    await (await retention(t)).run();
    equal((await rowsOf(t, job.id)).map((row) => row.fire_key.slice(0, 2)), ["b:", "s:"]);
    await proveHistory(t, job.id);
  },

  async "logs go with their runs, and a run takes no part of another's along"(t) {
    const job = await worked(t, ["2025-12-25"]);
    const [oldest] = await rowsOf(t, job.id);
    await t.db.query("insert into ops.job_run_logs (run_id, seq, level, message) values ($1, 1, 'info', 'old')", [
      oldest?.id ?? "",
    ]);
    await deleteJob(t.ctx, job.id, null);
    await t.setNow("2026-01-05T06:00:00Z");
    await (await retention(t)).run();
    equal(await t.db.query("select message from ops.job_run_logs where message = 'old'"), []);
    const [totals] = await t.db.query("select job_id from ops.job_run_totals");
    equal(totals, { job_id: job.id });
  },

  async "one-off runs, events, cached forecasts and used keys go by their own ages"(t) {
    await t.db.exec(`
      insert into ops.job_runs (id, job_type, fire_key, scheduled_for, state, run_at, finished_at)
      select id, 'custom', 'o:' || id, at, 'failed', at, at
      from (select ops.uuid7() as id, at from unnest('{2025-09-20,2025-09-26,2025-12-24}'::timestamptz[]) at) old;
      insert into ops.events (id, kind, created_at) select ops.uuid7(), kind, at
      from (values ('old', '2025-09-20'::timestamptz), ('new', '2025-09-26')) as events (kind, at);
      insert into ops.forecast_cache (key, data_version, answer, computed_at)
      values ('old', '1', '{}', '2025-12-22T11:59:00Z'), ('new', '1', '{}', '2025-12-22T12:01:00Z');
      insert into ops.idempotency_keys (caller, key, request_sha256, status, created_at)
      values ('a', 'old', '', 200, '2025-12-23T11:59:00Z'), ('a', 'new', '', 200, '2025-12-23T12:01:00Z')`);
    const row = await (await retention(t)).run();
    equal(deleted(row), { runs: 0, one_off_runs: 1, events: 1, forecasts: 1, idempotency_keys: 1, metrics: 0 });
    equal(await t.db.query("select kind from ops.events"), [{ kind: "new" }]);
    equal(await t.db.query("select key from ops.forecast_cache union select key from ops.idempotency_keys"), [{
      key: "new",
    }]);
  },

  async "the run of a report that is still being made stays"(t) {
    await t.db.exec(`
      insert into reports (id, name, report_type, format, created_by, status)
      values ('aaaaaaaa-0000-4000-8000-000000000001', 'Open', 'daily', 'json', ops.uuid7(), 'generating');
      insert into ops.job_runs (id, job_type, fire_key, scheduled_for, state, run_at, finished_at)
      select id, 'report_generation', 'o:' || id, '2025-01-01', 'cancelled', '2025-01-01', '2025-01-01' from reports`);
    equal(deleted(await (await retention(t)).run())["one_off_runs"], 0);
  },

  async "limits that would keep next to nothing are refused when the job is saved"(t) {
    const job = { name: "Retention", job_type: "custom", schedule: "0 3 * * *" };
    const refused = async (config: Record<string, unknown>) => {
      const { errors } = await t.json("POST", "/api/v1/jobs", 422, { body: { ...job, config } });
      return errors.map((error: { pointer: string }) => error.pointer);
    };
    equal(await refused({ handler: "retention", metric_days: 30 }), ["/config/metric_days"]);
    equal(await refused({ handler: "retention", run_days: 0 }), ["/config/run_days"]);
    equal(await refused({ handler: "retention", metric_day: 300 }), ["/config/metric_day"]);
    ok((await t.json("POST", "/api/v1/jobs", 201, { body: { ...job, config: { handler: "retention" } } })).id);
  },
};
