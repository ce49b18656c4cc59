import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { readConfig } from "../../services/config.ts";
import { configErrors } from "../../services/jobs/config.ts";
import { signed } from "../../services/webhooks/signature.ts";

const URL_OF_ALL = "https://example.org/hook";
const wrong = (config: Record<string, unknown>) =>
  configErrors("custom", { handler: "webhook", url: URL_OF_ALL, ...config }, "").map(({ pointer }) => pointer);

Deno.test("a signature is that of the libraries of Standard Webhooks (their published example)", () => {
  const message = {
    ...{ id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp_s: 1_614_265_330, body: '{"test": 2432232314}' },
  };
  equal(signed("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", message), {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

Deno.test("a signing key of another form refuses to start, without repeating it", () => {
  const good = `whsec_${btoa("k".repeat(32))}`;
  equal(readConfig({ WEBHOOK_SECRET: good }).WEBHOOK_SECRET, good);
  for (
    const secret of ["hunter2", btoa("k".repeat(32)), `whsec_${btoa("short")}`, `${good}\n`, "whsec_" + "?".repeat(44)]
  ) {
    throws(() => readConfig({ WEBHOOK_SECRET: secret }), (error: Error) => {
      equal(error.message, "WEBHOOK_SECRET: must be whsec_ and the base64 of at least 24 random bytes");
      return true;
    });
  }
});

Deno.test("a webhook needs an http or https URL without user name and password", () => {
  for (const url of [URL_OF_ALL, "http://localhost:9000/x?y=1", "http://10.0.0.1/", "HTTP://[::1]/"]) {
    equal(wrong({ url }), []);
  }
  const none = [
    "",
    "example.org/hook",
    "/hook",
    "ftp://example.org/",
    "file:///etc/passwd",
    "http:example.org",
    "http://",
  ];
  const hostile = [
    "https://me:secret@example.org/",
    "http://256.0.0.1/",
    "http://[::1%25eth0]/",
    "javascript:alert(1)",
  ];
  for (const url of [...none, ...hostile, `https://example.org/${"x".repeat(2_000)}`]) {
    equal(wrong({ url })[0], "/url", url);
  }
});

Deno.test("headers that the exchange owns, that hold secrets, or that would break a line are refused", () => {
  const headers = (name: string, value = "x") => wrong({ headers: { [name]: value } });
  for (const name of ["X-Trace", "accept", "x-api-version", "idempotency-key"]) equal(headers(name), [], name);
  const owned = [
    "Host",
    "content-length",
    "Content-Type",
    "Connection",
    "Transfer-Encoding",
    "TE",
    "upgrade",
    "expect",
  ];
  const ours = [
    "webhook-id",
    "Webhook-Signature",
    "webhook-timestamp",
    "proxy-authorization",
    "Authorization",
    "cookie",
  ];
  for (const name of [...owned, ...ours, "", "x y", "x:", "x\r\ny", "ä", "x".repeat(101)]) {
    equal(headers(name), [`/headers/${name}`], name);
  }
  for (const value of ["a\r\nb: c", "a\nb", "a\0", "ä", "\u2028", "x".repeat(1_001)]) {
    equal(headers("X-Trace", value), ["/headers/X-Trace"], value);
  }
  const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, ""]));
  equal([wrong({ headers: named(20) }), wrong({ headers: named(21) })], [[], ["/headers"]]);
});

Deno.test("a body is any JSON of at most 64 KiB that the database can hold", () => {
  const nested = (depth: number): unknown => depth === 0 ? 1 : [nested(depth - 1)];
  for (const body of [null, 0, "ü", [], { a: [{ b: null }] }, "x".repeat(65_534), nested(32)]) {
    equal(wrong({ body }), []);
  }
  for (
    const body of ["x".repeat(65_535), "ü".repeat(32_768), "\0", ["\ud800"], { "\0": 1 }, nested(33), nested(9_000)]
  ) {
    equal(wrong({ body }), ["/body"]);
  }
});

Deno.test("a webhook takes no secret from its job, and no other field", () => {
  const said = (config: object) => configErrors("custom", { handler: "webhook", url: URL_OF_ALL, ...config }, "");
  equal(said({ secret: "x" }).map(({ detail }) => detail), ['Unknown field "secret"']);
  equal(said({ header: {} }).map(({ detail }) => detail), ['Unknown field "header"; did you mean "headers"?']);
  equal(wrong({ method: "GET" }), ["/method"]);
});
