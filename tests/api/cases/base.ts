import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { anonymous, type App, appOver, bearer } from "../../support/app.ts";
import { literalReads } from "../../support/reads.ts";

const goal = {
  name: "Spring",
  metric_type: "donation",
  target_value: 10,
  unit: "USD",
  start_date: "2025-01-01",
  end_date: "2025-12-31",
};
const GOALS = "/api/v1/goals";
const LISTS = ["reports", "goals", "jobs", "runs", "metrics", "dashboards", "sync"].map((noun) => `/api/v1/${noun}`);

/** The rules that every endpoint shares: errors, limits, headers, the document. */
export const baseCases: Record<string, (t: App) => Promise<void>> = {
  async "rows come alike from both engines: instants as RFC 3339, dates, numerics and bigints as text"(t) {
    const [row] = await t.db.query<Record<string, unknown>>(
      `select '2025-12-24 18:55:00.123456+01'::timestamptz as at, date '2025-12-24' as day, 1.50::numeric as amount,
         9007199254740993::bigint as big, 0.1::float8 as real, '{"a":1}'::jsonb as doc, '2025-12-24 10:00'::timestamp as wall`,
    );
    equal(row, {
      at: "2025-12-24T17:55:00.123456Z",
      day: "2025-12-24",
      amount: "1.50",
      big: "9007199254740993",
      real: 0.1,
      doc: { a: 1 },
      wall: "2025-12-24T10:00:00",
    });
  },
  async "liveness answers without asking the database"(t) {
    const answer = await t.json("GET", "/api/v1/health", 200);
    equal(answer.status, "ok");
    equal(answer.mode.auth, "open");
  },
  async "readiness names every check"(t) {
    const answer = await t.json("GET", "/api/v1/health/ready", 200);
    equal(Object.values(answer.checks), ["ok", "ok", "ok", "ok"]);
  },
  async "an unknown route is a 404 problem"(t) {
    const response = await t.request("GET", "/api/v1/nothing");
    equal([response.status, response.headers.get("content-type")], [404, "application/problem+json"]);
    const body = await response.json();
    equal([body.type, body.instance], ["urn:problem:no_route", "/api/v1/nothing"]);
    equal(body.request_id, response.headers.get("x-request-id"));
  },
  async "a method that a route lacks is a 405 that names the others"(t) {
    const response = await t.request("DELETE", "/api/v1/health");
    equal([response.status, response.headers.get("allow")], [405, "GET, HEAD"]);
    await response.body?.cancel();
  },
  async "a trailing slash makes no difference"(t) {
    await t.json("GET", "/api/v1/health/", 200);
  },
  async "an unknown query parameter is a 422 that names it"(t) {
    const answer = await t.json("GET", "/api/v1/health?verbose=1", 422);
    equal(answer.errors[0].pointer, "/query/verbose");
  },
  async "a caller's request id is kept when it is harmless, and replaced when it is not"(t) {
    const kept = await t.request("GET", "/api/v1/health", { headers: { "x-request-id": "abc-1" } });
    equal(kept.headers.get("x-request-id"), "abc-1");
    const replaced = await t.request("GET", "/api/v1/health", { headers: { "x-request-id": "a b\u00e9" } });
    match(replaced.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
  },
  async "every answer carries the security headers and the rate limit"(t) {
    const { headers } = await t.request("GET", "/api/v1/health");
    equal(headers.get("x-content-type-options"), "nosniff");
    match(headers.get("content-security-policy") ?? "", /default-src 'none'/);
    match(headers.get("ratelimit") ?? "", /^"minute";r=\d+;t=\d+$/);
  },
  async "writing needs somebody, and reading may be public"(t) {
    const answer = await t.json("POST", "/api/v1/goals", 401, { body: {}, as: anonymous });
    equal(answer.type, "urn:problem:unauthenticated");
    await t.json("GET", "/api/v1/health", 200, { as: anonymous });
  },
  async "a token without the scope write may not write"(t) {
    const answer = await t.json("POST", "/api/v1/goals", 403, { body: {}, as: bearer(undefined, ["read"]) });
    match(answer.detail, /scope write/);
  },
  async "the document is served as bytes with an ETag, and a held copy is not sent again"(t) {
    const first = await t.request("GET", "/openapi.json");
    const tag = first.headers.get("etag") ?? "";
    equal((await first.json()).openapi, "3.1.0");
    const second = await t.request("GET", "/openapi.json", { headers: { "if-none-match": tag } });
    equal([second.status, second.headers.get("etag"), await second.text()], [304, tag, ""]);
  },
  async "the reference page is served from here, without any other host"(t) {
    const page = await t.request("GET", "/docs");
    const html = await page.text();
    ok(!/https?:\/\//.test(html), "no absolute address");
    const script = await t.request("GET", "/docs/swagger-ui-bundle.js");
    equal(script.headers.get("content-type"), "text/javascript");
    ok((await script.arrayBuffer()).byteLength > 500_000);
  },
  async "a body that is no JSON, or no UTF-8, is a 400"(t) {
    for (const body of ["{", "[".repeat(1024 * 1024), '{"target_value":NaN}', "", '{"a":1}x', "{'a':1}"]) {
      const headers = { "content-type": "application/json" };
      await t.json("POST", GOALS, 400, { body, headers });
    }
    const bytes = Uint8Array.of(0x22, 0xff, 0xfe, 0x22);
    const headers = { "content-type": "application/json" };
    equal(
      (await t.send(new Request(`http://localhost${GOALS}`, { method: "POST", headers, body: bytes }))).status,
      400,
    );
  },
  async "a body of another media type is a 415, compressed ones too"(t) {
    for (
      const type of ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "text/json"]
    ) {
      await t.json("POST", GOALS, 415, { body: JSON.stringify(goal), headers: { "content-type": type } });
    }
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    await t.json("POST", GOALS, 415, { body: "x", headers });
    await t.json("POST", GOALS, 201, { body: goal, headers: { "content-type": "application/json; charset=UTF-8" } });
  },
  async "a body over the limit is a 413, whether its length is told or not"(t) {
    const long = { ...goal, description: "x".repeat(1024 * 1024) };
    await t.json("POST", GOALS, 413, { body: long });
    const stream = new Blob([JSON.stringify(long)]).stream();
    const request = new Request(`http://localhost${GOALS}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: stream,
    });
    equal((await t.send(request)).status, 413);
  },
  async "what no store can hold is a 422 that names the field, and nothing is stored"(t) {
    const refused: [string, string][] = [
      [JSON.stringify({ ...goal, name: "a\u0000b" }), "/name"],
      [JSON.stringify(goal).replace("Spring", "\\ud83d"), "/name"],
      [JSON.stringify(goal).replace(":10,", ":1e400,"), "/target_value"],
      [JSON.stringify(goal).replace(":10,", ":1e16,"), "/target_value"],
      [JSON.stringify({ ...goal, start_date: "0000-01-01" }), "/start_date"],
      [JSON.stringify({ ...goal, end_date: "10000-01-01" }), "/end_date"],
      [JSON.stringify({ ...goal, end_date: "2025-02-29" }), "/end_date"],
      [JSON.stringify({ ...goal, created_by: "nobody" }), "/created_by"],
      [JSON.stringify({ ...goal, taget_value: 1 }), "/taget_value"],
    ];
    for (const [body, pointer] of refused) {
      const answer = await t.json("POST", GOALS, 422, { body });
      equal(answer.errors.map((error: { pointer: string }) => error.pointer), [pointer], body);
    }
    for (const body of ['{"__proto__":{"name":"x"}}', '{"dimensions":{"\\u005f_proto__":"x"}}']) {
      match((await t.json("POST", GOALS, 422, { body })).detail, /__proto__/);
    }
    for (const body of ["null", "[]", "1", '"x"', "true"]) await t.json("POST", GOALS, 422, { body });
    equal(await t.db.query("select 1 from goals"), []);
  },
  async "an id that is none is a 422, and one that nothing has a 404"(t) {
    await t.json("GET", `${GOALS}/1`, 422);
    await t.json("GET", `${GOALS}/%00`, 422);
    await t.json("GET", `${GOALS}/123e4567-e89b-12d3-a456-426614174000`, 404);
  },
  async "every list has skip, limit and a cursor with limits, and is empty on an empty database"(t) {
    for (const list of LISTS) {
      const { items, total, skip, limit, next_cursor } = await t.json("GET", list, 200);
      equal([items, total, skip, limit, next_cursor], [[], 0, 0, 100, null], list);
      for (
        const query of [
          "skip=-1",
          "skip=10001",
          "limit=0",
          "limit=1001",
          "limit=x",
          "cursor=x",
          "colour=red",
          "skip=1&skip=2",
        ]
      ) {
        await t.json("GET", `${list}?${query}`, 422);
      }
    }
  },
  async "a caller over the rate limit is told when to come back"(t) {
    const limited = appOver(t.db, t.ctx.engine, { RATE_LIMIT_PER_MINUTE: "2", ANONYMOUS_RATE_LIMIT_PER_MINUTE: "1" });
    const health = "/api/v1/health";
    equal((await limited.request("GET", health)).headers.get("ratelimit"), '"minute";r=1;t=60');
    await limited.json("GET", health, 200);
    const refused = await limited.request("GET", health);
    equal([refused.status, refused.headers.get("retry-after")], [429, "60"]);
    await limited.json("GET", health, 200, { as: bearer() }); // each token has its own
    await limited.json("GET", health, 200, { as: anonymous });
    await limited.json("GET", health, 429, { as: anonymous, headers: { "x-forwarded-for": "10.0.0.9" } });
  },
  async "behind a trusted proxy the address that it saw counts"(t) {
    const env = { ANONYMOUS_RATE_LIMIT_PER_MINUTE: "1", TRUSTED_PROXIES: "1" };
    const limited = appOver(t.db, t.ctx.engine, env);
    const from = (address: string) => ({ as: anonymous, headers: { "x-forwarded-for": `1.1.1.1, ${address}` } });
    await limited.json("GET", "/api/v1/health", 200, from("10.0.0.1"));
    await limited.json("GET", "/api/v1/health", 200, from("10.0.0.2"));
    await limited.json("GET", "/api/v1/health", 429, from("10.0.0.1"));
  },
  async "open mode does not answer to a name that a page elsewhere may point here"(t) {
    equal((await t.send(new Request("http://evil.example/api/v1/health"))).status, 403);
    equal((await t.send(new Request("http://localhost.evil.example/api/v1/health"))).status, 403);
    equal((await t.send(new Request("http://[::1]:8009/api/v1/health"))).status, 200);
  },
  async "with PUBLIC_READS=false reading needs a token too, liveness does not"(t) {
    const closed = appOver(t.db, t.ctx.engine, { PUBLIC_READS: "false" });
    await closed.json("GET", GOALS, 401, { as: anonymous });
    await closed.json("GET", GOALS, 200, { as: bearer(undefined, ["read"]) });
    await closed.json("GET", "/api/v1/health", 200, { as: anonymous });
  },
  async "an Idempotency-Key replays byte for byte, is refused for another request, and forgets failures"(t) {
    const headers = { "idempotency-key": "k-1" };
    await t.json("POST", GOALS, 422, { body: { ...goal, unit: 5 }, headers });
    const first = await t.request("POST", GOALS, { body: goal, headers });
    const again = await t.request("POST", GOALS, { body: goal, headers });
    equal([again.status, again.headers.get("idempotency-replayed")], [201, "true"]);
    equal([again.headers.get("location"), await again.text()], [first.headers.get("location"), await first.text()]);
    await t.json("POST", GOALS, 422, { body: { ...goal, name: "Autumn" }, headers });
    await t.json("POST", GOALS, 422, { body: goal, headers: { "idempotency-key": "k 1" } });
    equal((await t.db.query("select 1 from goals")).length, 1);
    await t.setNow("2025-12-25T12:00:01Z"); // a day and a second later it is forgotten
    await t.json("POST", GOALS, 201, { body: { ...goal, name: "Autumn" }, headers });
  },
  async "nothing that an anonymous reader sees holds what is not his to see"(t) {
    const secret = "canary-7f3a";
    const person = "99999999-9999-4999-8999-999999999999";
    const metric = {
      ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received", metric_value: 1 },
      ...{ metric_unit: "USD", external_id: secret, dimensions: { partner_id: secret, channel: "online" } },
    };
    const { id } = await t.json("POST", "/api/v1/metrics", 201, { body: metric });
    const made = await t.json("POST", GOALS, 201, { body: { ...goal, created_by: person } });
    const job = await t.json("POST", "/api/v1/jobs", 201, {
      body: {
        ...{ name: "Report", job_type: "report_generation", schedule: "@daily", created_by: person },
        config: { report: { name: secret, report_type: "daily", format: "json", parameters: { date: "previous" } } },
      },
    });
    const report = await t.json("POST", "/api/v1/reports/generate", 201, {
      body: {
        ...{ name: "Daily", report_type: "daily", format: "json", parameters: { date: "2025-12-24" } },
        created_by: person,
      },
    });
    await t.json("POST", `/api/v1/jobs/${job.id}/trigger`, 202);
    const dashboard = { dashboard_type: "custom", config: { widgets: [] }, created_by: person };
    const shown = await t.json("POST", "/api/v1/dashboards", 201, { body: { ...dashboard, name: "Open" } });
    await t.json("POST", "/api/v1/dashboards", 201, { body: { ...dashboard, name: secret, is_public: false } });
    await t.runner.tick();
    const paths = [
      ...[`/api/v1/metrics/${id}`, `${GOALS}/${made.id}`, `${GOALS}/${made.id}/progress`, `/api/v1/jobs/${job.id}`],
      ...[`/api/v1/jobs/${job.id}/runs`, `/api/v1/reports/${report.id}`, `/api/v1/reports/${report.id}/download`],
      ...(await literalReads(t)).map(({ path }) => path),
      ...["/api/v1/metrics/by-service/partners_crm", "/api/v1/metrics/by-type/donation", "/openapi.json"],
      ...[`/api/v1/dashboards/${shown.id}`, `/api/v1/dashboards/${shown.id}/data`],
      `/api/v1/runs/${(await t.json("GET", "/api/v1/runs", 200)).items[0].id}`,
    ];
    for (const path of paths) {
      const text = JSON.stringify(await t.json("GET", path, 200, { as: anonymous }));
      ok(!text.includes(secret) || path === "/api/v1/reports", `${path} shows the canary: ${text}`);
      ok(!text.includes(person), `${path} shows an author: ${text}`);
      ok(!text.includes(report.file_path), `${path} shows a storage key`);
    }
    const seen = JSON.stringify(await t.json("GET", `/api/v1/metrics/${id}`, 200));
    ok(seen.includes(secret), "its own writer sees it");
  },
};
