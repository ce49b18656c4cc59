import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { configure, feed, gift, page, pullingRunner } from "../../jobs/feed.ts";
import { anonymous, type App, bearer } from "../../support/app.ts";

const PATH = "/api/v1/sync";
const NOBODY = "00000000-0000-4000-8000-00000000dead";
/** Nothing listens there, and nothing is asked of it by what only queues. */
const FEED = "http://127.0.0.1:9/crm";

type Past = {
  service_name: string;
  at: string;
  status?: string;
  took_s?: number;
  rows?: [processed: number, rejected: number];
  code?: string;
};

/** A sync of the past, as its run left it. */
async function past(t: App, { service_name, at, status = "completed", took_s = 1, rows = [0, 0], code }: Past) {
  const ended = status === "completed" || status === "failed";
  const id = t.ctx.ids.uuid();
  await t.db.query(
    `insert into data_syncs (id, service_name, sync_type, status, created_at, started_at, completed_at,
       records_processed, records_failed, last_sync_timestamp, error_message, metadata)
     select id, service_name, 'incremental', status, at, at, case when $5 then at + make_interval(secs => $6) end,
       $7::int, $8::int, case when status = 'completed' then at end, 'It said no',
       jsonb_strip_nulls(jsonb_build_object('run_id', id, 'cursor', 'secret-cursor', 'error_code', $9::text))
     from (select $1::uuid as id, $2::data_sync_service_name as service_name, $3::sync_status as status,
       $4::timestamptz as at) as given`,
    [id, service_name, status, at, ended, took_s, rows[0], rows[1], code ?? null],
  );
  return id;
}

const errorsOf = ({ errors }: { errors: { pointer: string; detail: string }[] }) =>
  errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ");

const stateOf = async (t: App, service: string) => {
  const { services } = await t.json("GET", `${PATH}/status/current`, 200);
  return services.find(({ service_name }: { service_name: string }) => service_name === service);
};

/** Data sync over HTTP: asked for, watched, added up. The pulls themselves are tests of the jobs. */
export const dataSyncsCases: Record<string, (t: App) => Promise<void>> = {
  async "a sync that is asked for waits for its run, which takes up that very row"(t) {
    await using source = feed(({ cursor }) => cursor === null ? page([gift(1), gift(2)], "p2") : page([gift(3), {}]));
    configure(t, { partners_crm: source.url });
    const response = await t.request("POST", `${PATH}?service_name=partners_crm`);
    equal(response.status, 202);
    const asked = await response.json();
    equal(response.headers.get("location"), `${PATH}/${asked.id}`);
    const { service_name, sync_type, status, started_at, pages, metadata } = asked;
    equal({ service_name, sync_type, status, started_at, pages, metadata }, {
      ...{ service_name: "partners_crm", sync_type: "manual", status: "pending", started_at: null, pages: 0 },
      metadata: { updated_after: null, cursor: null },
    });
    const run = await t.json("GET", `/api/v1/runs/${asked.run_id}`, 200);
    equal([run.job_type, run.state, run.config], [
      ...["data_sync", "queued", { services: ["partners_crm"], sync_type: "manual" }],
    ]);
    await t.setNow("2025-12-24T12:00:05Z");
    await pullingRunner(t).tick();
    const done = await t.json("GET", `${PATH}/${asked.id}`, 200);
    const { records_processed, records_failed, duration_ms, last_sync_timestamp } = done;
    equal([done.status, done.pages, records_processed, records_failed], ["completed", 2, 3, 1]);
    equal([done.started_at, last_sync_timestamp, duration_ms], ["2025-12-24T12:00:05Z", "2025-12-24T12:00:05Z", 0]);
    const { rejects, ...listed } = done; // a list does without
    equal((await t.json("GET", PATH, 200)).items, [listed]);
    const unnamed = { pointer: "/external_id", detail: "must be given, so that the row is known when it comes again" };
    equal(rejects, [{ page: 2, row: 2, external_id: null, errors: [unnamed] }]);
  },

  async "a sync may be asked for in the query, in the body, or in both if they agree"(t) {
    configure(t, { auth: FEED, content: FEED, projects: FEED });
    const both = { service_name: "projects", sync_type: "full" };
    const asked = [
      await t.json("POST", PATH, 202, { body: { service_name: "auth", sync_type: "incremental" } }),
      await t.json("POST", `${PATH}?service_name=content`, 202, { headers: { "content-type": "application/json" } }),
      await t.json("POST", `${PATH}?service_name=projects&sync_type=full`, 202, { body: both }),
    ];
    equal(asked.map(({ service_name, sync_type }) => `${service_name} ${sync_type}`), [
      ...["auth incremental", "content manual", "projects full"],
    ]);
  },

  async "a sync of what is no service, of two services or of none is refused, and stores nothing"(t) {
    configure(t, { auth: FEED });
    const refused = async (query: string, body?: unknown) =>
      errorsOf(await t.json("POST", `${PATH}${query}`, 422, body === undefined ? {} : { body }));
    match(await refused("?service_name=crm"), /^\/query\/service_name .*"partners_crm"/);
    match(await refused("", { service_name: "crm" }), /^\/service_name /);
    match(await refused(""), /^\/query\/service_name must be given/);
    match(await refused("", {}), /^\/query\/service_name must be given/);
    match(
      await refused("?service_name=auth", { service_name: "content" }),
      /^\/query\/service_name must be what the b/,
    );
    match(await refused("?service_name=auth&sync_type=full", { sync_type: "manual" }), /^\/query\/sync_type must be/);
    match(await refused("?service_name=auth&sync_type=partial"), /^\/query\/sync_type /);
    match(await refused("?service=auth"), /^\/query\/service Unknown field/);
    match(await refused("?service_name=auth", { typ: "full" }), /^\/typ Unknown field/);
    await t.json("POST", `${PATH}?service_name=auth`, 400, { body: "{" });
    equal(await t.db.query("select 1 from data_syncs union all select 1 from ops.job_runs"), []);
  },

  async "a sync of a service without a URL says which setting is missing, and stores nothing"(t) {
    configure(t, { auth: FEED });
    const problem = await t.json("POST", `${PATH}?service_name=partners_crm`, 409);
    equal(problem.type, "urn:problem:not_configured");
    match(problem.detail, /^partners_crm has no URL .* set PARTNERS_CRM_SERVICE_URL$/);
    equal(await t.db.query("select 1 from data_syncs union all select 1 from ops.job_runs"), []);
  },

  async "a service that is being synced is not synced twice, and the refusal names the sync that is open"(t) {
    configure(t, { auth: FEED, content: FEED });
    const first = await t.json("POST", `${PATH}?service_name=auth`, 202);
    const problem = await t.json("POST", `${PATH}?service_name=auth&sync_type=full`, 409);
    equal([problem.type, problem.detail], ["urn:problem:conflict", `auth is being synced already: sync ${first.id}`]);
    await t.json("POST", `${PATH}?service_name=content`, 202);
    equal((await t.json("GET", "/api/v1/runs", 200)).total, 2);
  },

  async "a sync whose run has ended without it is closed when the next one is asked for"(t) {
    configure(t, { auth: FEED });
    const left = await past(t, { service_name: "auth", at: "2025-12-24T11:00:00Z", status: "running" });
    const next = await t.json("POST", `${PATH}?service_name=auth`, 202);
    const closed = await t.json("GET", `${PATH}/${left}`, 200);
    equal([closed.status, closed.error_code, closed.completed_at], ["failed", "abandoned", "2025-12-24T12:00:00Z"]);
    equal((await t.json("GET", `${PATH}/${next.id}`, 200)).status, "pending");
  },

  async "a sync needs a token where tokens are asked for, and the scope to write"(t) {
    configure(t, { auth: FEED });
    for (const path of [`${PATH}?service_name=auth`, `${PATH}/aggregate-all`]) {
      await t.json("POST", path, 401, { as: anonymous });
      await t.json("POST", path, 403, { as: bearer(undefined, ["read"]) });
      await t.json("POST", path, 202, { as: bearer() });
    }
  },

  async "the same key asks for one sync, and another request under it is refused"(t) {
    configure(t, { auth: FEED, content: FEED });
    const headers = { "idempotency-key": "sync-1" };
    const first = await t.json("POST", `${PATH}?service_name=auth`, 202, { headers });
    const again = await t.request("POST", `${PATH}?service_name=auth`, { headers });
    equal([again.status, again.headers.get("idempotency-replayed")], [202, "true"]);
    equal([again.headers.get("location"), await again.json()], [`${PATH}/${first.id}`, first]);
    await t.json("POST", `${PATH}?service_name=content`, 422, { headers });
    const all = { headers: { "idempotency-key": "sync-all" } };
    const fanned = await t.json("POST", `${PATH}/aggregate-all`, 202, all);
    equal(await t.json("POST", `${PATH}/aggregate-all`, 202, all), fanned);
    equal((await t.json("GET", PATH, 200)).total, 2);
  },

  async "a sync that is cancelled while it waits has failed as cancelled"(t) {
    configure(t, { auth: FEED });
    const { id, run_id } = await t.json("POST", `${PATH}?service_name=auth`, 202);
    await t.json("POST", `/api/v1/runs/${run_id}/cancel`, 202);
    const { status, error_code, started_at, duration_ms } = await t.json("GET", `${PATH}/${id}`, 200);
    equal([status, error_code, started_at, duration_ms], ["failed", "cancelled", null, null]);
    equal((await stateOf(t, "auth")).status, "failing");
    await t.json("POST", `${PATH}?service_name=auth`, 202);
  },

  async "a sync whose service loses its URL before the run begins has failed as not configured"(t) {
    configure(t, { auth: FEED });
    const { id, run_id } = await t.json("POST", `${PATH}?service_name=auth`, 202);
    configure(t, {});
    await pullingRunner(t).tick();
    equal((await t.json("GET", `/api/v1/runs/${run_id}`, 200)).reason, "not_configured");
    const { status, error_code } = await t.json("GET", `${PATH}/${id}`, 200);
    equal([status, error_code], ["failed", "not_configured"]);
  },

  async "a sync that fails is tried again by its run, and then stands with its code"(t) {
    await using source = feed(() => new Response("no", { status: 503 }));
    configure(t, { auth: source.url });
    const { id, run_id } = await t.json("POST", `${PATH}?service_name=auth`, 202);
    for (const at of ["12:00", "13:00", "14:00", "15:00"]) {
      await t.setNow(`2025-12-24T${at}:00Z`);
      await pullingRunner(t).tick();
    }
    equal(source.asked.length, 3);
    const sync = await t.json("GET", `${PATH}/${id}`, 200);
    equal([sync.status, sync.error_code, sync.error_message], ["failed", "feed_refused", "The feed answered 503"]);
    // From 12:00, when the first attempt began, to 14:00, when the third failed.
    equal([sync.started_at, sync.duration_ms], ["2025-12-24T12:00:00Z", 7_200_000]);
    equal((await t.json("GET", `/api/v1/runs/${run_id}`, 200)).state, "failed");
  },

  async "all services are asked to sync at once, and what becomes of each is told"(t) {
    await using well = feed(() => page([gift(1)]));
    await using ill = feed(() => new Response("no", { status: 500 }));
    configure(t, { partners_crm: well.url, projects: ill.url, auth: FEED });
    const open = await t.json("POST", `${PATH}?service_name=auth`, 202);
    const response = await t.request("POST", `${PATH}/aggregate-all?sync_type=full`);
    equal(response.status, 202);
    const { sync_type, services } = await response.json();
    const [, , crm, projects] = services;
    const missing = (service_name: string, missing_setting: string) => ({
      ...{ service_name, result: "not_configured", sync_id: null, missing_setting },
    });
    const started = (service_name: string, sync_id: string) => ({
      ...{ service_name, result: "started", sync_id, missing_setting: null },
    });
    equal([sync_type, services], ["full", [
      { service_name: "auth", result: "already_running", sync_id: open.id, missing_setting: null },
      missing("content", "CONTENT_SERVICE_URL"),
      started("partners_crm", crm.sync_id),
      started("projects", projects.sync_id),
      missing("social_media", "SOCIAL_MEDIA_SERVICE_URL"),
      missing("notification", "NOTIFICATION_SERVICE_URL"),
    ]]);
    await t.json("POST", `/api/v1/runs/${open.run_id}/cancel`, 202);
    const stands = async (sync: string) => {
      const { status, error_code, completed_at } = await t.json("GET", `${PATH}/${sync}`, 200);
      return [status, error_code, completed_at !== null];
    };
    const runner = pullingRunner(t);
    await runner.tick();
    equal(await stands(crm.sync_id), ["completed", null, true]);
    equal(await stands(projects.sync_id), ["pending", "feed_refused", false]); // two attempts are left, so nobody may begin another
    await t.json("POST", `${PATH}?service_name=projects`, 409);
    for (const at of ["2025-12-24T13:00:00Z", "2025-12-24T14:00:00Z"]) {
      await t.setNow(at);
      await runner.tick();
    }
    equal(await stands(projects.sync_id), ["failed", "feed_refused", true]);
  },

  async "where no service has a URL there is nothing to sync at once"(t) {
    configure(t, {});
    const problem = await t.json("POST", `${PATH}/aggregate-all`, 409);
    equal(problem.type, "urn:problem:not_configured");
    match(problem.detail, /AUTH_SERVICE_URL or .* or NOTIFICATION_SERVICE_URL$/);
    match(errorsOf(await t.json("POST", `${PATH}/aggregate-all`, 422, { body: { service_name: "auth" } })), /Unknown/);
  },

  async "syncs are listed newest first, by service, type and status, and by pages"(t) {
    const days = ["20", "21", "22", "23"];
    const ids: string[] = [];
    for (const [i, day] of days.entries()) {
      ids.unshift(
        await past(t, {
          ...{ service_name: i % 2 === 0 ? "auth" : "content", at: `2025-12-${day}T10:00:00Z` },
          ...(day === "22" ? { status: "failed", code: "feed_timeout" } : {}),
        }),
      );
    }
    const listed = async (query: string) => {
      const { items, total } = await t.json("GET", `${PATH}${query}`, 200);
      return [total, items.map(({ id }: { id: string }) => id)];
    };
    const [d23, d22, d21, d20] = ids;
    equal(await listed(""), [4, ids]);
    equal(await listed("?service_name=auth"), [2, [d22, d20]]);
    equal(await listed("?status=completed"), [3, [d23, d21, d20]]);
    equal(await listed("?service_name=content&status=failed"), [0, []]);
    equal(await listed("?sync_type=full"), [0, []]);
    equal(await listed("?skip=1&limit=2"), [4, [d22, d21]]);
    const first = await t.request("GET", `${PATH}?limit=3`);
    match(first.headers.get("link") ?? "", /rel="next"/);
    const { next_cursor } = await first.json();
    equal(await listed(`?limit=3&cursor=${next_cursor}`), [4, [d20]]);
    match(errorsOf(await t.json("GET", `${PATH}?cursor=abc`, 422)), /^\/query\/cursor /);
    match(errorsOf(await t.json("GET", `${PATH}?status=ok`, 422)), /^\/query\/status /);
    match(errorsOf(await t.json("GET", `${PATH}?state=failed`, 422)), /did you mean "status"/);
  },

  async "a reader without a token sees that a sync failed and by which code, not what its source said"(t) {
    const id = await past(t, {
      service_name: "auth",
      at: "2025-12-24T10:00:00Z",
      status: "failed",
      code: "feed_garbage",
    });
    const full = await t.json("GET", `${PATH}/${id}`, 200, { as: bearer() });
    equal([full.error_message, full.metadata.cursor], ["It said no", "secret-cursor"]);
    const seen = await t.json("GET", `${PATH}/${id}`, 200, { as: anonymous });
    equal(seen, { ...full, error_message: null, metadata: null, rejects: null });
    const { rejects: _, ...listed } = seen;
    equal((await t.json("GET", PATH, 200, { as: anonymous })).items, [listed]);
    const public_answers = await Promise.all(
      ["", `/${id}`, "/status/current", "/statistics/summary"].map((path) =>
        t.json("GET", `${PATH}${path}`, 200, { as: anonymous })
      ),
    );
    ok(!/secret-cursor|It said no/.test(JSON.stringify(public_answers)));
  },

  async "a sync is read again only when it changed, and one that never was is not found"(t) {
    configure(t, { auth: FEED });
    const { id, run_id } = await t.json("POST", `${PATH}?service_name=auth`, 202);
    const etag = (await t.request("GET", `${PATH}/${id}`)).headers.get("etag") ?? "";
    const headers = { "if-none-match": etag };
    equal((await t.request("GET", `${PATH}/${id}`, { headers })).status, 304);
    equal((await t.request("GET", `${PATH}/${id}`, { headers, as: anonymous })).status, 200);
    await t.json("POST", `/api/v1/runs/${run_id}/cancel`, 202);
    equal((await t.request("GET", `${PATH}/${id}`, { headers })).status, 200);
    await t.json("GET", `${PATH}/${NOBODY}`, 404);
    await t.json("GET", `${PATH}/current`, 422);
  },

  async "the status of the syncs tells each service's state, lag and next run"(t) {
    configure(t, { auth: FEED, content: FEED, partners_crm: FEED, projects: FEED }, { SYNC_STALE_AFTER_S: "7200" });
    await past(t, { service_name: "auth", at: "2025-12-24T09:59:59Z", took_s: 5, rows: [7, 2] });
    await past(t, { service_name: "content", at: "2025-12-24T10:00:00Z" });
    await past(t, { service_name: "content", at: "2025-12-24T11:00:00Z", status: "failed", code: "feed_timeout" });
    await past(t, { service_name: "social_media", at: "2025-12-24T11:30:00Z" });
    await t.json("POST", `${PATH}?service_name=projects`, 202);
    const job = (schedule: string, services: string[], more = {}) =>
      t.json("POST", "/api/v1/jobs", 201, {
        body: { name: "Sync", job_type: "data_sync", schedule, config: { services }, ...more },
      });
    await job("0 20 * * *", ["all"]);
    await job("0 18 * * *", ["auth", "projects"]);
    await job("0 13 * * *", ["auth"], { is_active: false });
    const { services, meta } = await t.json("GET", `${PATH}/status/current`, 200);
    equal(meta, { as_of: "2025-12-24T12:00:00Z", stale_after_s: 7200 });
    // Lags to 12:00:00: 2 h and 1 s, which is stale; 2 h, which is not; half an hour.
    equal(
      services.map((s: Record<string, unknown>) =>
        [s["service_name"], s["status"], s["watermark"], s["lag_s"], s["stale"], s["next_run_at"]].join(" ")
      ),
      [
        "auth ok 2025-12-24T09:59:59Z 7201 true 2025-12-24T18:00:00Z",
        "content failing 2025-12-24T10:00:00Z 7200 false 2025-12-24T20:00:00Z",
        "partners_crm never_synced   true 2025-12-24T20:00:00Z",
        "projects syncing   true 2025-12-24T18:00:00Z",
        "social_media not_configured 2025-12-24T11:30:00Z 1800 false 2025-12-24T20:00:00Z",
        "notification not_configured   false 2025-12-24T20:00:00Z",
      ],
    );
    const { id: _, ...attempt } = services[0].last_attempt;
    equal([services[0].last_success_at, attempt], ["2025-12-24T10:00:04Z", {
      ...{ sync_type: "incremental", status: "completed", records_processed: 7, records_failed: 2, error_code: null },
      ...{ started_at: "2025-12-24T09:59:59Z", completed_at: "2025-12-24T10:00:04Z" },
    }]);
    equal([services[1].last_success_at, services[1].last_attempt.error_code], ["2025-12-24T10:00:01Z", "feed_timeout"]);
    equal([services[2].last_attempt, services[3].last_attempt.status], [null, "pending"]);
    equal(await t.json("GET", `${PATH}/status/current`, 200, { as: anonymous }), { services, meta });
  },

  async "without syncs and jobs the status of the syncs is still an answer"(t) {
    configure(t, {});
    const { services } = await t.json("GET", `${PATH}/status/current`, 200);
    equal(services.length, 6);
    equal(services[0], {
      ...{ service_name: "auth", configured: false, status: "not_configured", stale: false, last_attempt: null },
      ...{ last_success_at: null, watermark: null, lag_s: null, next_run_at: null },
    });
    await t.json("GET", `${PATH}/status/current?service_name=auth`, 422);
  },

  async "the syncs of a period are added up by service and in all"(t) {
    const crm = { service_name: "partners_crm" };
    await past(t, { ...crm, at: "2025-12-20T10:00:00Z", took_s: 1, rows: [100, 2] });
    await past(t, { ...crm, at: "2025-12-21T10:00:00Z", took_s: 3, rows: [50, 0] });
    await past(t, { ...crm, at: "2025-12-24T11:00:00Z", status: "failed", rows: [10, 1], code: "feed_timeout" });
    const projects = { service_name: "projects" };
    await past(t, { ...projects, at: "2025-12-22T10:00:00Z", took_s: 2, rows: [7, 0] });
    await past(t, { ...projects, at: "2025-12-23T10:00:00Z", status: "failed", code: "feed_timeout" });
    await past(t, { ...projects, at: "2025-12-23T11:00:00Z", status: "failed", code: "feed_garbage" });
    await past(t, { service_name: "auth", at: "2025-12-24T11:59:00Z", status: "pending" });
    await past(t, { service_name: "auth", at: "2025-11-24T00:00:00Z", took_s: 9 });
    await past(t, { service_name: "auth", at: "2025-11-23T23:59:59Z" }); // 31 days before today: not in the default
    const { total, services, reason, meta } = await t.json("GET", `${PATH}/statistics/summary`, 200);
    // Durations 1, 2, 3 and 9 s. Type 7: p50 at 1 + 3 × 0.5 = 2.5th, so 2.5 s; p95 at 1 + 3 × 0.95 = 3.85th: 3 + 0.85 × 6.
    equal(total, {
      ...{ syncs: 8, by_status: { pending: 1, running: 0, completed: 4, failed: 3 } },
      success_rate: { value: 4 / 7, numerator: 4, denominator: 7 },
      duration_ms: { p50: 2_500, p95: 8_100 },
      ...{ records_processed: 167, records_failed: 3 },
      failures_by_code: [{ code: "feed_timeout", count: 2 }, { code: "feed_garbage", count: 1 }],
    });
    equal(services.map(({ service_name }: { service_name: string }) => service_name), [
      ...["auth", "content", "partners_crm", "projects", "social_media", "notification"],
    ]);
    equal(services[2], {
      ...{ service_name: "partners_crm", syncs: 3 },
      by_status: { pending: 0, running: 0, completed: 2, failed: 1 },
      success_rate: { value: 2 / 3, numerator: 2, denominator: 3 },
      duration_ms: { p50: 2_000, p95: 2_900 }, // 1 + 0.95 × 2 s
      ...{ records_processed: 160, records_failed: 3 },
      failures_by_code: [{ code: "feed_timeout", count: 1 }],
    });
    equal(services[1].success_rate, { value: null, numerator: 0, denominator: 0 });
    equal([reason, meta], [null, {
      period: { start_date: "2025-11-24", end_date: "2025-12-24", timezone: "UTC", complete: false },
      data_through: "2025-12-24T11:59:00Z",
      warnings: ["The period is not over"],
    }]);
    const one = await t.json("GET", `${PATH}/statistics/summary?service_name=projects&end_date=2025-12-23`, 200);
    equal([one.services.length, one.total.syncs, one.total.success_rate.value], [1, 3, 1 / 3]);
    equal(one.meta.period, { start_date: "2025-11-24", end_date: "2025-12-23", timezone: "UTC", complete: true });
  },

  async "a sync belongs to the local day on which it was asked for"(t) {
    // On Kiritimati (+14:00) 10:00 UTC is the first instant of the next day.
    await past(t, { service_name: "auth", at: "2025-12-20T10:00:00Z", rows: [1, 0] });
    await past(t, { service_name: "auth", at: "2025-12-21T10:00:00Z", rows: [10, 0] });
    const day = "start_date=2025-12-21&end_date=2025-12-21";
    const processed = async (query: string) =>
      (await t.json("GET", `${PATH}/statistics/summary?${query}`, 200)).total.records_processed;
    equal([await processed(`${day}&timezone=Pacific/Kiritimati`), await processed(day)], [1, 10]);
  },

  async "a period without syncs has no rates and no durations, and says so; one that is none is refused"(t) {
    const { total, services, reason, meta } = await t.json("GET", `${PATH}/statistics/summary`, 200);
    equal(total, {
      ...{ syncs: 0, by_status: { pending: 0, running: 0, completed: 0, failed: 0 } },
      success_rate: { value: null, numerator: 0, denominator: 0 },
      duration_ms: { p50: null, p95: null },
      ...{ records_processed: 0, records_failed: 0, failures_by_code: [] },
    });
    equal([services.length, reason, meta.data_through], [6, "Nothing was asked to sync in this period", null]);
    const refused = async (query: string) => errorsOf(await t.json("GET", `${PATH}/statistics/summary?${query}`, 422));
    match(await refused("start_date=2025-12-24&end_date=2025-12-23"), /^\/query\/end_date must not be before/);
    match(await refused("start_date=2000-01-01"), /^\/query\/start_date must be less than 3660 days/);
    match(await refused("timezone=Mars/Olympus"), /^\/query\/timezone /);
    match(await refused("service_nam=auth"), /did you mean "service_name"/);
    const response = await t.request("GET", `${PATH}/statistics/summary`);
    const headers = { "if-none-match": response.headers.get("etag") ?? "" };
    equal((await t.request("GET", `${PATH}/statistics/summary`, { headers })).status, 304);
  },
};
