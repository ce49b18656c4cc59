import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Database, Db, Param } from "../../../db/client.ts";
import { openPostgres } from "../../../db/postgres.ts";
import { accountDue } from "../../../services/jobs/account.ts";
import { claim } from "../../../services/jobs/ledger.ts";
import { getJob, triggerJob, updateJob } from "../../../services/jobs/mod.ts";
import { accountJobs } from "../../../db/ledger.ts";
import { lockJob } from "../../../db/scheduled_jobs.ts";
import { type App, appOver } from "../../support/app.ts";
import { calm, type Fixture, START } from "../../support/database.ts";
import { briefly, counters, gate, hourly, rowsOf, runnerOf } from "../ledger.ts";

const local = { kind: "local" } as const;

/** Two processes on one database, as far as the database can tell: a pool each, committing for real. */
type Two = { a: App; b: App; setNow(at: string): Promise<void>; listen: Database["listen"] };

/** Registers cases that need several connections; each begins with an empty ledger. */
export function registerWorkers(fixture: Fixture, cases: Record<string, (two: Two) => Promise<void>>): void {
  const pools: Database[] = [];
  const process = (): App => {
    const db = openPostgres(fixture.url ?? "", { ...calm, max: 6 });
    pools.push(db);
    const app = appOver(db, "postgres", { JOB_CONCURRENCY: "4" }); // too few places for one to take it all
    app.ctx.ids = { ...app.ctx.ids, uuid: () => crypto.randomUUID() }; // two processes never make the same
    return app;
  };
  for (const [name, run] of Object.entries(cases)) {
    Deno.test(`${name} (postgres, two workers)`, async () => {
      await fixture.db.exec(`truncate ops.job_run_logs, ops.job_runs, scheduled_jobs cascade;
        delete from ops.settings where key = 'effects'; update ops.test_clock set at = '${START}'`);
      const [a, b] = [process(), process()];
      try {
        await run({ a, b, setNow: a.setNow, listen: (channel, heard) => pools.at(-1)?.listen(channel, heard) });
      } finally {
        await Promise.all(pools.splice(0).map((db) => db.close()));
      }
    });
  }
}

const effect = (tx: Db) =>
  tx.query(`insert into ops.settings values ('effects', '1') on conflict (key) do update
            set value = (ops.settings.value::int + 1)::text`).then(() => {});
const effects = async ({ db }: App) =>
  (await db.query<{ value: string }>("select value from ops.settings where key = 'effects'"))[0]?.value ?? "0";

export const workersCases: Record<string, (two: Two) => Promise<void>> = {
  async "two workers share what is due, and each run has one attempt and one effect"({ a, b, setNow }) {
    const jobs = [];
    for (let i = 0; i < 40; i++) jobs.push(await hourly(a));
    await setNow("2025-12-24T13:00:00Z");
    const done = { a: 0, b: 0 };
    const both = Promise.withResolvers<void>(); // neither goes on before the other has begun, however slow it starts
    const worker = (app: App, name: "a" | "b") =>
      runnerOf(app, {
        async goal_update() {
          done[name]++;
          if (done.a > 0 && done.b > 0) both.resolve();
          await both.promise;
          return { result: null, commit: effect };
        },
      });
    await Promise.all([worker(a, "a").tick(), worker(b, "b").tick()]);
    const rows = (await Promise.all(jobs.map(({ id }) => rowsOf(a, id)))).flat();
    equal(rows.map(({ state, attempt }) => `${state} ${attempt}`), Array(40).fill("succeeded 1"));
    equal(await effects(a), "40");
    equal(done.a + done.b, 40);
  },

  async "runs of one job that wait in line are never under way side by side, in no order of claims"({ a, b, setNow }) {
    const job = await hourly(a, { misfire: "all" });
    await setNow("2025-12-26T12:00:00Z");
    const order: string[] = [];
    let [now, most] = [0, 0];
    const worker = (app: App) =>
      runnerOf(app, {
        async goal_update(run) {
          most = Math.max(most, ++now);
          order.push(run.scheduled_for);
          await run.checkpoint(effect);
          now--;
          return { result: null };
        },
      });
    const [one, two] = [worker(a), worker(b)];
    for (let round = 0; round < 100 && order.length < 48; round++) await Promise.all([one.tick(), two.tick()]);
    equal([order.length, most, await effects(a)], [48, 1, "48"]);
    equal(order, [...order].sort());
    equal(await counters(a, job.id), { kept: "48=48+0", counted: "48=48+0" });
  },

  async "a claim passes over what another transaction holds, without waiting for it"({ a, b, setNow }) {
    const [held, free] = [await hourly(a), await hourly(a)];
    await setNow("2025-12-24T13:00:00Z");
    await runnerOf(a, { goal_update: () => Promise.reject(new Error("later")) }).tick();
    await setNow("2025-12-24T13:10:00Z");
    await a.db.transaction(async (tx) => {
      await tx.query("select 1 from ops.job_runs where job_id = $1 for no key update", [held.id]);
      await runnerOf(b).tick();
      equal(await briefly(b, free.id), ["13:00 1 succeeded"]);
    });
    equal(await briefly(b, held.id), ["13:00 1 retrying internal"]);
  },

  async "one occurrence that two instances account at once is accounted once"({ a, b, setNow }) {
    const { id } = await hourly(a);
    await setNow("2025-12-24T13:00:00Z");
    const job = await a.db.transaction((tx) => lockJob(tx, id));
    if (job === null) throw new Error("There is no job");
    const account = accountDue(job, job.now, () => 0);
    const won = await Promise.all([a, b, a, b].map(({ db }) => accountJobs(db, [{ job, account }])));
    equal(won.filter((moved) => moved.size > 0).length, 1);
    equal(await briefly(a, id), ["13:00 1 queued"]);
  },

  async "an account that was drawn up before an edit changes nothing after it"({ a, b, setNow }) {
    const { id } = await hourly(a);
    await setNow("2025-12-24T13:00:00Z");
    const job = await a.db.transaction((tx) => lockJob(tx, id));
    if (job === null) throw new Error("There is no job");
    await updateJob(b.ctx, local, id, { changes: { schedule: "30 * * * *" }, expected: null });
    equal(await accountJobs(a.db, [{ job, account: accountDue(job, job.now, () => 0) }]), new Set());
    equal(await briefly(a, id), ["13:00 1 queued"]); // the edit had accounted it
    equal((await getJob(a.ctx, local, id)).next_run_at, "2025-12-24T13:30:00Z");
  },

  async "a worker that comes back from the dead can neither finish nor store its effect"({ a, b, setNow }) {
    const slow = gate();
    const job = await hourly(a);
    await setNow("2025-12-24T13:00:00Z");
    const zombie = runnerOf(a, { goal_update: slow.handler }).tick();
    await slow.begun;
    await setNow("2025-12-24T13:00:16Z");
    await runnerOf(b, { goal_update: () => Promise.resolve({ result: "b", commit: effect }) }).tick();
    slow.open({ result: "a", commit: effect });
    await zombie;
    equal((await rowsOf(b, job.id)).map(({ state, attempt, result }) => [state, attempt, result]), [[
      "succeeded",
      2,
      "b",
    ]]);
    equal(await effects(b), "1");
    equal(await counters(b, job.id), { kept: "1=1+0", counted: "1=1+0" });
  },

  async "a finish that is under way when the lease runs out is not rescued away"({ a, b, setNow }) {
    const [inside, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const job = await hourly(a);
    await setNow("2025-12-24T13:00:00Z");
    const finishing = runnerOf(a, {
      goal_update: () =>
        Promise.resolve({
          result: null,
          async commit(tx) {
            await effect(tx);
            inside.resolve();
            await go.promise;
          },
        }),
    }).tick();
    await inside.promise;
    await setNow("2025-12-24T13:01:00Z");
    await runnerOf(b).tick();
    equal(await briefly(b, job.id), ["13:00 1 running"]);
    go.resolve();
    await finishing;
    await runnerOf(b).tick();
    equal((await rowsOf(b, job.id)).map(({ state, attempt }) => [state, attempt]), [["succeeded", 1]]);
    equal(await effects(b), "1");
  },

  async "a run is claimed by one of many who want it at once"({ a, b, setNow }) {
    await hourly(a);
    await setNow("2025-12-24T13:00:00Z");
    const job = (await a.db.query<{ id: string }>("select id from scheduled_jobs"))[0]?.id ?? "";
    const row = await a.db.transaction((tx) => lockJob(tx, job));
    if (row === null) throw new Error("There is no job");
    await accountJobs(a.db, [{ job: row, account: accountDue(row, row.now, () => 0) }]);
    const claims = await Promise.all(
      [a, b, a, b, a, b].map(({ ctx }, i) => claim(ctx, `worker ${i}`, 15, { lane: "light", limit: 4 })),
    );
    equal(claims.flat().length, 1);
  },

  async "what fails at random still drains, with counters that equal the history"({ a, b, setNow }) {
    const jobs = [];
    for (let i = 0; i < 12; i++) jobs.push(await hourly(a, { misfire: "all", max_attempts: 2, backoff_s: 1 }));
    await setNow("2025-12-24T16:00:00Z");
    let n = 0;
    const worker = (app: App) =>
      runnerOf(app, {
        goal_update: () =>
          n++ % 3 === 0 ? Promise.reject(new Error("by chance")) : Promise.resolve({ result: null, commit: effect }),
      });
    const [one, two] = [worker(a), worker(b)];
    for (let second = 0; second < 60; second += 2) {
      await setNow(`2025-12-24T16:00:${String(second).padStart(2, "0")}Z`);
      await Promise.all([one.tick(), two.tick()]);
    }
    const rows = (await Promise.all(jobs.map(({ id }) => rowsOf(a, id)))).flat();
    equal(rows.length, 48);
    ok(rows.every(({ state }) => state === "succeeded" || state === "failed"));
    equal(await effects(a), String(rows.filter(({ state }) => state === "succeeded").length));
    for (const { id } of jobs) {
      const { kept, counted } = await counters(a, id);
      equal(kept, counted);
    }
  },

  async "a claim walks the queue in its order and looks at no history, with the statistics of an empty queue"({ a }) {
    const { id } = await hourly(a);
    const states = `('succeeded', 5000), ('failed', 500)`;
    await a.db.query(
      `insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, run_at, state, finished_at)
       select $1, 'goal_update', 'm:' || state || n, ops.now(), ops.now(), state, ops.now()
       from (values ${states}) as s(state, many), generate_series(1, many) n`,
      [id],
    );
    await a.db.exec("analyze ops.job_runs");
    await a.db.query(
      `insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, run_at)
       select $1, 'goal_update', 'm:' || n, ops.now(), ops.now() from generate_series(1, 2000) n`,
      [id],
    );
    let asked: [text: string, params: readonly Param[]] = ["", []];
    const listening: Db = { ...a.db, query: (text, params = []) => (asked = [text, params], a.db.query(text, params)) };
    await claim({ ...a.ctx, db: listening }, "worker", 15, { lane: "light", limit: 4 });
    const plan = await a.db.query<Record<string, string>>(`explain (costs off) ${asked[0]}`, asked[1]);
    const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
    const ready = text.slice(text.indexOf("CTE ready"), text.indexOf("CTE claimed"));
    equal([...ready.matchAll(/ (job_runs_\w+) on /g)].map(([, index]) => index), [
      ...["job_runs_ready_light", "job_runs_one_live", "job_runs_open"],
    ], text);
    ok(!/Sort|Seq Scan|Bitmap/.test(ready), text);
  },

  async "whoever waits for a run that another worker has waits for its end, and not beyond his patience"({ a, b }) {
    const slow = gate();
    const job = await hourly(a);
    const { id } = await triggerJob(a.ctx, local, job.id, { key: null });
    const elsewhere = runnerOf(b, { goal_update: slow.handler }).tick();
    await slow.begun;
    const here = runnerOf({ ctx: { ...a.ctx, clock: { ...a.ctx.clock, sleep: () => Promise.resolve() } } });
    await here.execute(id); // without patience
    const patience = new AbortController();
    const impatient = here.execute(id, patience.signal);
    patience.abort();
    await impatient;
    const patient = here.execute(id, new AbortController().signal);
    slow.open();
    await patient;
    equal((await rowsOf(a, job.id)).map(({ state, attempt }) => [state, attempt]), [["succeeded", 1]]);
    await elsewhere;
  },
};
