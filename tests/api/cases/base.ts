import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { anonymous, type App, bearer } from "../../support/app.ts";

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
};
