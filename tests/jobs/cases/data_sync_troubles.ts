import { deepStrictEqual as equal, match } from "node:assert/strict";
import type { App } from "../../support/app.ts";
import { configure, feed, gift, page, pullingRunner, storedRows, type Trouble, TroubledSource } from "../feed.ts";
import { briefly, handClock, hourly } from "../ledger.ts";

const lastSync = async (t: App) => {
  const [row] = await t.db.query<{ status: string; code: string | null; updated_after: string | null }>(
    `select status, metadata ->> 'error_code' as code, metadata ->> 'updated_after' as updated_after
     from data_syncs order by created_at desc, id desc limit 1`,
  );
  return row ?? { status: "none", code: null, updated_after: null };
};

const differences = (t: App) => t.db.query("select * from ops.rollup_differences()");

/** A job that pulls the CRM every hour and does not give up, at one o'clock. */
async function patiently(t: App, url: string) {
  configure(t, { partners_crm: url });
  const config = { services: ["partners_crm"] };
  const job = await hourly(
    t,
    { job_type: "data_sync", config, max_attempts: 20, backoff_s: 1 } as Parameters<
      typeof hourly
    >[1],
  );
  await t.setNow("2025-12-24T13:00:00Z");
  return job;
}

/** What ends an attempt, and the code under which it then stands on the sync. */
const TROUBLES: [Trouble, string][] = [
  ["fails", "feed_refused"],
  ["resets", "feed_unreachable"],
  ["stalls", "feed_timeout"],
  ["answers garbage", "feed_garbage"],
  ["truncates JSON", "feed_garbage"],
  ["breaks off", "feed_broke_off"],
  ["dies afterwards", "feed_unreachable"],
];

/** Feeds that fail in every way that a feed can, and what is stored in the end. */
export const dataSyncTroublesCases: Record<string, (t: App) => Promise<void>> = {
  async "a feed that fails in every way loses nothing and doubles nothing"(t) {
    const clock = handClock();
    t.ctx.clock = clock;
    await using source = new TroubledSource(4);
    for (let n = 10; n < 50; n++) source.change(`row-${n}`, n, "2025-12-24T12:00:00Z");
    const job = await patiently(t, source.url);
    const runner = pullingRunner(t);

    const met: (string | null)[] = [];
    for (const [i, [trouble]] of TROUBLES.entries()) {
      source.plan(null, trouble); // a page is stored, and then it happens
      const attempt = runner.tick();
      if (trouble === "stalls") {
        await source.stalled;
        await clock.pass(10_000);
      }
      await attempt;
      met.push((await lastSync(t)).code);
      source.change(`row-${10 + i}`, 1_000 + i, `2025-12-24T${13 + i}:30:00Z`); // a row that is stored already
      await t.setNow(`2025-12-24T${14 + i}:00:00Z`);
    }
    equal(met, TROUBLES.map(([, code]) => code));
    source.revive();
    source.plan("repeats a page", "repeats rows", "sends strangers");
    await runner.tick();

    equal((await briefly(t, job.id)).filter((run) => !run.endsWith("skipped overlap")), ["13:00 1 succeeded"]);
    equal(await storedRows(t), source.held());
    equal(await differences(t), []);
    const syncs = await t.db.query(
      "select status, records_processed, records_failed from data_syncs order by created_at",
    );
    // 40 rows, the 7 that were corrected meanwhile once more each, a page of 4 and 2 rows again; 5 strangers.
    equal(syncs, [{ status: "completed", records_processed: 53, records_failed: 5 }]);
  },

  async "corrections of a feed replace what is stored, and are all that the next sync asks for"(t) {
    await using source = new TroubledSource(100);
    for (let n = 10; n < 30; n++) source.change(`row-${n}`, n, "2025-12-24T12:00:00Z");
    await patiently(t, source.url);
    const runner = pullingRunner(t);
    await runner.tick();
    for (const n of [10, 15, 29]) source.change(`row-${n}`, n + 0.5, "2025-12-24T13:30:00Z");
    source.change("row-30", 30, "2025-12-24T13:30:00Z");
    await t.setNow("2025-12-24T14:00:00Z");
    await runner.tick();
    equal(await storedRows(t), source.held());
    equal(await differences(t), []);
    // 20 rows, then the 3 corrected ones and the new one.
    equal(
      (await t.db.query<{ n: number }>("select records_processed as n from data_syncs order by created_at"))
        .map(({ n }) => n),
      [20, 4],
    );
  },

  async "a full sync finds a row that its feed dated back before the watermark, an incremental one does not"(t) {
    await using source = new TroubledSource(100);
    source.change("early", 1, "2025-12-24T12:00:00Z");
    await patiently(t, source.url);
    const runner = pullingRunner(t);
    await runner.tick();
    source.change("dated back", 2, "2025-12-24T12:54:59Z"); // the watermark is 13:00, less five minutes
    source.change("within the overlap", 3, "2025-12-24T12:55:00Z");
    await t.setNow("2025-12-24T13:10:00Z");
    const names = async () => (await storedRows(t)).map(([name]) => name);
    for (
      const [sync_type, expected] of [
        ["incremental", ["early", "within the overlap"]],
        ["manual", ["early", "within the overlap"]],
        ["full", ["dated back", "early", "within the overlap"]],
      ] as const
    ) {
      await t.json("POST", `/api/v1/sync?service_name=partners_crm&sync_type=${sync_type}`, 202);
      await runner.tick();
      equal([sync_type, (await lastSync(t)).status, await names()], [sync_type, "completed", expected]);
    }
    equal((await lastSync(t)).updated_after, null);
  },

  async "a feed may send 10,000 rows in one page, and no more"(t) {
    const gifts = Array.from({ length: 10_000 }, (_, n) => gift(n + 1));
    await using source = feed((_asked, times) => page(times === 1 ? gifts : [...gifts, gift(10_001)]));
    await patiently(t, source.url);
    const runner = pullingRunner(t);
    await runner.tick();
    const [sum] = await t.db.query<{ n: number; total: number }>(
      "select count(*)::int as n, sum(metric_value)::float8 as total from metrics",
    );
    equal(sum, { n: 10_000, total: 50_005_000 }); // 10,000 × 10,001 / 2
    equal(await differences(t), []);
    await t.setNow("2025-12-24T14:00:00Z");
    await runner.tick();
    equal((await lastSync(t)).code, "feed_garbage");
  },

  async "a feed that no user may call is pulled because the configuration names it, and leads nowhere else"(t) {
    await using secret = feed(() => page([gift(666)]));
    let to = "http://169.254.169.254/latest/meta-data/";
    await using source = feed(() => new Response(null, { status: 302, headers: { location: to } }));
    const job = await patiently(t, source.url);
    configure(t, { partners_crm: source.url, projects: secret.url }, { SYNC_TOKEN: "" }); // not even without a secret
    const runner = pullingRunner(t);
    for (const [i, target] of [to, secret.url, source.url.replace("127.0.0.1", "localhost")].entries()) {
      to = `${target}/metrics-feed`;
      await t.setNow(`2025-12-24T${13 + i}:00:00Z`);
      await runner.tick();
      equal(await lastSync(t), { status: "pending", code: "feed_redirected", updated_after: null });
    }
    equal([secret.asked, source.asked.length], [[], 3]);
    const [run] = await t.db.query<{ error: unknown }>(
      "select error from ops.job_runs where job_id = $1 and error is not null",
      [job.id],
    );
    match(JSON.stringify(run), /redirected to another origin/);
  },

  async "a sync that is cancelled under way has failed as cancelled, and the next one begins anew"(t) {
    const stalled = Promise.withResolvers<Response>();
    const begun = Promise.withResolvers<void>();
    await using source = feed((_asked, times) => times > 1 ? page([gift(1)]) : (begun.resolve(), stalled.promise));
    configure(t, { partners_crm: source.url });
    const runner = t.ctx.runs = pullingRunner(t);
    const sync = await t.json("POST", "/api/v1/sync?service_name=partners_crm", 202);
    const pass = runner.tick();
    await begun.promise;
    await t.json("POST", "/api/v1/sync?service_name=partners_crm", 409);
    await t.json("POST", `/api/v1/runs/${sync.run_id}/cancel`, 202);
    await pass;
    stalled.resolve(page([gift(666)]));
    const ended = await t.json("GET", `/api/v1/sync/${sync.id}`, 200);
    equal([ended.status, ended.error_code, ended.error_message], [
      ...["failed", "cancelled", "Somebody asked this run to end"],
    ]);
    await t.json("POST", "/api/v1/sync?service_name=partners_crm", 202);
    await runner.tick();
    equal(await storedRows(t), [["gift-1", 1]]);
  },
};
