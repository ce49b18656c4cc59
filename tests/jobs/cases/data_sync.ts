import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { PAGE_BYTES } from "../../../services/data_sync/feed.ts";
import type { App } from "../../support/app.ts";
import { configure, feed, gift, page, pullingRunner } from "../feed.ts";
import { briefly, handClock, hourly, type Row, rowsOf } from "../ledger.ts";

/** A job that pulls, a runner with the real handlers, and an hour that has come. */
async function pulling(t: App, urls: Record<string, string>, services: string[] = ["all"]) {
  configure(t, urls);
  const job = await hourly(t, { job_type: "data_sync", config: { services } } as Parameters<typeof hourly>[1]);
  await t.setNow("2025-12-24T13:00:00Z");
  return { job, runner: pullingRunner(t) };
}

const stored = async (t: App) =>
  (await t.db.query<{ value: number }>("select metric_value as value from metrics order by 1")).map(({ value }) =>
    value
  );
const syncs = (t: App) =>
  t.db.query<Record<string, unknown>>(
    `select service_name, status, records_processed, records_failed, last_sync_timestamp, error_message, metadata
     from data_syncs order by created_at, id`,
  );
const only = async (t: App, id: string): Promise<Row> => {
  const [row] = await rowsOf(t, id);
  if (row === undefined) throw new Error("There is no run");
  return row;
};

/** Pulling metrics feeds, from a real server on the loopback. */
export const dataSyncCases: Record<string, (t: App) => Promise<void>> = {
  async "a sync of services that are all not configured is skipped, never a fake success"(t) {
    const { job, runner } = await pulling(t, {});
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 skipped not_configured"]);
    equal(await syncs(t), []);
  },

  async "a feed is pulled to its end with the token, and what it sends wrongly is counted"(t) {
    await using source = feed(({ cursor }) =>
      cursor === null
        ? page([gift(1), gift(2), gift(3, { metric_value: "many" }), { ...gift(4), external_id: undefined }], "p2")
        : page([gift(5, { service_name: "projects" }), { ...gift(6), service_name: undefined }])
    );
    const { job, runner } = await pulling(t, { partners_crm: `${source.url}/base/` });
    await runner.tick();
    equal(
      source.asked,
      [null, "p2"].map((cursor) => ({
        ...{ path: "/base/metrics-feed", updated_after: null, cursor, token: "Bearer feed-secret" },
      })),
    );
    equal(await stored(t), [1, 2, 6]);
    const [sync] = await syncs(t);
    equal([sync?.["status"], sync?.["records_processed"], sync?.["records_failed"]], ["completed", 3, 3]);
    const { state, result } = await only(t, job.id);
    equal(state, "succeeded");
    match(
      JSON.stringify(result),
      /"partners_crm":\{"pages":2,"status":"completed","sync_id":".*","rejected":3,"processed":3\}/,
    );
    ok(!JSON.stringify(await t.db.query("select * from ops.job_run_logs")).includes("feed-secret"));
  },

  async "what a feed sends wrongly is kept with its reason, the first hundred of it, and all of it is counted"(t) {
    const wrong = Array.from({ length: 80 }, (_, i) => gift(100 + i, { metric_value: "many" }));
    await using source = feed(({ cursor }) =>
      cursor === null ? page([gift(1), ...wrong, "no row"], "p2") : page([...wrong, gift(2, { service_name: "auth" })])
    );
    const { job, runner } = await pulling(t, { partners_crm: source.url });
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
    const [{ id }] = (await t.json("GET", "/api/v1/sync", 200)).items;
    const { records_processed, records_failed, rejects } = await t.json("GET", `/api/v1/sync/${id}`, 200);
    equal([records_processed, records_failed, rejects.length], [1, 162, 100]); // 80 + 1 and 80 + 1
    const [first] = rejects;
    equal([first.page, first.row, first.external_id], [1, 2, "gift-100"]);
    equal(first.errors.map(({ pointer }: { pointer: string }) => pointer), ["/metric_value"]);
    equal(rejects[80], { page: 1, row: 82, external_id: null, errors: [{ pointer: "", detail: "must be an object" }] });
    equal([rejects[81].page, rejects[81].row], [2, 1]);
  },

  async "the next sync asks from the watermark on, a little earlier, and what comes again changes nothing"(t) {
    await using source = feed(() => page([gift(1)]));
    const { runner } = await pulling(t, { partners_crm: source.url });
    await runner.tick();
    await t.setNow("2025-12-24T14:00:00Z");
    await runner.tick();
    equal(source.asked.map(({ updated_after }) => updated_after?.replace("+00:00", "Z") ?? null), [
      null,
      "2025-12-24T12:55:00Z",
    ]);
    equal(await stored(t), [1]);
  },

  async "a service that fails fails the run and keeps the others' rows; the next attempt goes on at the page that failed"(
    t,
  ) {
    await using well = feed(() => page([gift(1)]));
    await using ill = feed(({ cursor }, times) =>
      cursor === null
        ? page([gift(2, { service_name: "projects" })], "p2")
        : times < 3
        ? new Response("no", { status: 503 })
        : page([gift(3, { service_name: "projects" })])
    );
    const { job, runner } = await pulling(t, { partners_crm: well.url, projects: ill.url });
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 retrying sync_failed"]);
    equal((await only(t, job.id)).error?.message, "Could not sync projects");
    equal(await stored(t), [1, 2]);
    await t.setNow("2025-12-24T13:10:00Z");
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
    equal(await stored(t), [1, 2, 3]);
    equal(ill.asked.map(({ cursor }) => cursor), [null, "p2", "p2"]);
    equal(well.asked.length, 1);
    equal((await syncs(t)).map((sync) => [sync["service_name"], sync["status"], sync["records_processed"]]), [
      ["partners_crm", "completed", 1],
      ["projects", "completed", 2],
    ]);
  },

  async "whatever a feed does wrong has a name"(t) {
    await using elsewhere = feed(() => page([]));
    await using source = feed((_asked, times) => answers[times - 1]?.[1]() ?? page([]));
    const bomb = new Uint8Array(gzipSync(" ".repeat(PAGE_BYTES + 1)));
    const answers: [code: string, answer: () => Response][] = [
      ["feed_refused", () => new Response("", { status: 401 })],
      ["feed_garbage", () => new Response("<html>")],
      ["feed_garbage", () => Response.json({ rows: [] })],
      ["feed_garbage", () => new Response(new Uint8Array([0x7b, 0xff, 0xfe]))],
      ["feed_too_large", () => new Response(" ".repeat(PAGE_BYTES + 1))],
      ["feed_too_large", () => new Response(bomb, { headers: { "content-encoding": "gzip" } })],
      ["feed_broke_off", () => new Response("{}", { headers: { "content-encoding": "br" } })],
      ["feed_redirected", () => Response.redirect(`${elsewhere.url}/metrics-feed`)],
    ];
    const { job } = await pulling(t, { auth: source.url }, ["auth"]);
    await t.db.query("update scheduled_jobs set max_attempts = 1, overlap = 'allow' where id = $1", [job.id]);
    const runner = pullingRunner(t);
    for (const i of answers.keys()) {
      await t.setNow(`2025-12-24T${13 + i}:00:00Z`);
      await runner.tick();
    }
    const details = (await rowsOf(t, job.id)).map(({ error }) => JSON.stringify(error));
    for (const [i, [code]] of answers.entries()) match(details[i] ?? "", new RegExp(`"code":"${code}"`));
    equal(elsewhere.asked, []);
  },

  async "a URL with a password in it is not called, and the refusal does not repeat it"(t) {
    await using source = feed(() => page([gift(1)]));
    const { job, runner } = await pulling(t, { auth: source.url.replace("//", "//me:secret@") }, ["auth"]);
    await runner.tick();
    const run = JSON.stringify(await only(t, job.id));
    match(run, /"code":"feed_not_allowed"/);
    ok(!run.includes("secret@"));
    equal(source.asked, []);
  },

  async "a feed that leads in a circle is left"(t) {
    await using source = feed(({ cursor }) => page([], cursor === "a" ? "b" : "a"));
    const { job, runner } = await pulling(t, { auth: source.url }, ["auth"]);
    await runner.tick();
    match(JSON.stringify(await only(t, job.id)), /feed_endless/);
    equal(source.asked.length, 3);
  },

  async "a redirect within the origin is followed"(t) {
    await using source = feed(({ path }) =>
      path === "/moved" ? page([gift(1)]) : new Response(null, { status: 307, headers: { location: "/moved" } })
    );
    const { job, runner } = await pulling(t, { partners_crm: source.url });
    await runner.tick();
    equal([await briefly(t, job.id), await stored(t)], [["13:00 1 succeeded"], [1]]);
  },

  async "a feed that stalls is given up after ten seconds"(t) {
    const clock = handClock();
    t.ctx.clock = clock;
    const stalled = Promise.withResolvers<Response>();
    const begun = Promise.withResolvers<void>();
    await using source = feed(() => (begun.resolve(), stalled.promise));
    const { job, runner } = await pulling(t, { auth: source.url }, ["auth"]);
    const pass = runner.tick();
    await begun.promise;
    await clock.pass(10_000);
    await pass;
    stalled.resolve(page([]));
    match(JSON.stringify(await only(t, job.id)), /feed_timeout/);
    equal(clock.waiting(), 0);
  },

  async "a rescued run goes on with its sync row, and the worker that fell silent stores nothing more"(t) {
    const stalled = Promise.withResolvers<Response>();
    const begun = Promise.withResolvers<void>();
    await using source = feed(({ cursor }, times) => {
      if (cursor === null) return page([gift(1)], "p2");
      if (times > 2) return page([gift(2)]);
      begun.resolve();
      return stalled.promise;
    });
    const { job, runner } = await pulling(t, { partners_crm: source.url });
    const silent = runner.tick();
    await begun.promise;
    await t.setNow("2025-12-24T13:00:16Z");
    await pullingRunner(t).tick();
    stalled.resolve(page([gift(666)]));
    await silent;
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
    equal(await stored(t), [1, 2]);
    equal((await syncs(t)).map((sync) => [sync["status"], sync["records_processed"]]), [["completed", 2]]);
  },

  async "a service that another run is pulling is left to it, and a pull whose run is gone is closed"(t) {
    await using source = feed(() => page([gift(1)]));
    const { job, runner } = await pulling(t, { partners_crm: source.url });
    const other = await hourly(t, { schedule: "0 0 1 1 *" });
    const [owner] = await t.db.query<{ id: string }>(
      `insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, run_at)
       values ($1, 'data_sync', 'm:owner', ops.now(), ops.now() + interval '1 day') returning id`,
      [other.id],
    );
    await t.db.query(
      `insert into data_syncs (service_name, sync_type, status, started_at, created_at, metadata)
       values ('partners_crm', 'full', 'running', ops.now(), ops.now() - interval '1 h', jsonb_build_object('run_id', $1::text))`,
      [owner?.id ?? null],
    );
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 retrying sync_failed"]);
    match(JSON.stringify(await only(t, job.id)), /Another run is pulling this service/);
    await t.db.query("update ops.job_runs set state = 'cancelled', finished_at = ops.now() where fire_key = 'm:owner'");
    await t.setNow("2025-12-24T13:10:00Z");
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
    equal((await syncs(t)).map((sync) => sync["status"]), ["failed", "completed"]);
  },

  async "a run that fails for good leaves no pull open"(t) {
    const stalled = Promise.withResolvers<Response>();
    const begun = Promise.withResolvers<void>();
    await using source = feed(() => (begun.resolve(), stalled.promise));
    const { job, runner } = await pulling(t, { auth: source.url }, ["auth"]);
    await t.db.query("update scheduled_jobs set max_attempts = 1 where id = $1", [job.id]);
    const silent = runner.tick();
    await begun.promise;
    await t.setNow("2025-12-24T13:00:16Z");
    await pullingRunner(t).tick();
    equal(await briefly(t, job.id), ["13:00 1 failed lease_expired"]);
    const [sync] = await syncs(t);
    equal([sync?.["status"], sync?.["error_message"]], ["failed", "The worker of this run fell silent"]);
    match(JSON.stringify(sync?.["metadata"]), /"error_code":"lease_expired"/);
    stalled.resolve(page([]));
    await silent;
  },
};
