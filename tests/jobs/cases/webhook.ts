import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { createHmac, timingSafeEqual } from "node:crypto";
import { createRegistry } from "../../../jobs/handlers.ts";
import { createRunner } from "../../../jobs/runner.ts";
import { guardedFetch } from "../../../services/adapters/guarded_fetch.ts";
import { readConfig } from "../../../services/config.ts";
import {
  type Outbound,
  type OutboundAnswer,
  OutboundFailure,
  type OutboundRequest,
} from "../../../services/ports/outbound.ts";
import { type App, nowhere } from "../../support/app.ts";
import { briefly, handClock, hourly, rowsOf } from "../ledger.ts";

const KEY = "a key that nobody else may know!";
const SECRET = `whsec_${btoa(KEY)}`;
const HOOK = "https://receiver.example/hook?token=abc";

type Sent = OutboundRequest & { url: string };
type Receive = (sent: Sent, times: number) => OutboundAnswer | Promise<OutboundAnswer>;

const answer = (status: number, text = ""): OutboundAnswer => ({
  ...{ status, body: new TextEncoder().encode(text), complete: true },
});

/** A way out whose other end is the test, and what went out by it. */
function receiver(receive: Receive = () => answer(204)): { outbound: Outbound; sent: Sent[] } {
  const sent: Sent[] = [];
  const outbound: Outbound = async (url, request) => {
    const one = { ...request, url: url.href };
    sent.push(one);
    return await receive(one, sent.length);
  };
  return { outbound, sent };
}

/** An hourly webhook, a runner that sends by this way out, and an hour that has come. */
async function hooking(t: App, outbound: Outbound, config: object = {}, env: Record<string, string> = {}) {
  t.ctx.config = readConfig({ WEBHOOK_SECRET: SECRET, ...env });
  const job = await hourly(
    t,
    { job_type: "custom", config: { handler: "webhook", url: HOOK, ...config } } as Parameters<typeof hourly>[1],
  );
  await t.setNow("2025-12-24T13:00:00.900Z");
  return { job, runner: createRunner(t.ctx, createRegistry(t.ctx, outbound)) };
}

/** Whether a message is ours, as a receiver would find out: by the scheme of Standard Webhooks, with its own code. */
function isOurs(header: (name: string) => string | null, body: string): boolean {
  const signature = (header("webhook-signature") ?? "").split(" ").find((each) => each.startsWith("v1,")) ?? "";
  const own = createHmac("sha256", KEY).update(
    [header("webhook-id"), header("webhook-timestamp"), body].join("."),
  ).digest();
  const theirs = Uint8Array.fromBase64(signature.slice(3));
  return theirs.length === own.length && timingSafeEqual(theirs, own);
}

const headerOf = ({ headers, secrets }: Sent) => (name: string) => headers[name] ?? secrets?.[name] ?? null;
const errorOf = async (t: App, id: string) => (await rowsOf(t, id)).at(-1)?.error ?? null;

/** Jobs that call URLs of their authors. */
export const webhookCases: Record<string, (t: App) => Promise<void>> = {
  async "a webhook sends what its run is, signed, under the id of the run"(t) {
    const { outbound, sent } = receiver(() => answer(200, "thanks"));
    const { job, runner } = await hooking(t, outbound, {
      ...{ method: "PUT", headers: { "x-team": "giving" }, body: { report: ["ü", 1, null] } },
    });
    await runner.tick();
    const [one] = sent;
    const [run] = await rowsOf(t, job.id);
    ok(one !== undefined && run !== undefined);
    const { method, url, body = "" } = one;
    equal([method, url, headerOf(one)("content-type")], ["PUT", HOOK, "application/json"]);
    equal(one.secrets?.["x-team"], "giving"); // a redirect to somebody else must not take it along
    equal(JSON.parse(body), {
      ...{ run_id: run.id, job_id: job.id, scheduled_for: "2025-12-24T13:00:00Z" },
      window: { after: "2025-12-24T12:00:00Z", until: "2025-12-24T13:00:00Z" },
      ...{ occurrences: 1, attempt: 1, body: { report: ["ü", 1, null] } },
    });
    const header = headerOf(one);
    equal([header("webhook-id"), header("webhook-timestamp")], [run.id, String(Date.UTC(2025, 11, 24, 13) / 1000)]);
    ok(isOurs(header, body));
    ok(!isOurs(header, `${body} `));
    equal([run.state, run.result], ["succeeded", { status: 200, answer: "thanks", duration_ms: 0 }]);
  },

  async "another attempt keeps the id, by which the receiver knows it, and is signed anew"(t) {
    const { outbound, sent } = receiver((_sent, times) => answer(times === 1 ? 503 : 204));
    const { job, runner } = await hooking(t, outbound);
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 retrying webhook_unavailable"]);
    await t.setNow("2025-12-24T13:10:00Z");
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 succeeded"]);
    const told = sent.map((one) => [headerOf(one)("webhook-id"), JSON.parse(one.body ?? "").attempt]);
    const id = (await rowsOf(t, job.id))[0]?.id;
    equal(told, [[id, 1], [id, 2]]);
    equal(sent.map((one) => Number(headerOf(one)("webhook-timestamp"))).map((at, _, [first = 0]) => at - first), [
      0,
      600,
    ]);
    ok(sent.every((one) => isOurs(headerOf(one), one.body ?? "")));
  },

  async "an answer that may pass is waited out; another refusal ends the run at once"(t) {
    const expected: Record<string, number[]> = {
      succeeded: [200, 204, 299],
      "retrying webhook_unavailable": [408, 425, 429, 500, 502, 599],
      "failed webhook_refused": [0, 199, 300, 302, 307, 400, 401, 404, 409, 410, 422, 499],
    };
    const { job } = await hooking(t, nowhere);
    const seen: Record<string, number[]> = {};
    for (const status of Object.values(expected).flat()) {
      const run = await t.json("POST", `/api/v1/jobs/${job.id}/trigger`, 202);
      const { outbound } = receiver(() => answer(status, "why"));
      await createRunner(t.ctx, createRegistry(t.ctx, outbound)).execute(run.id);
      const { state, reason } = await t.json("GET", `/api/v1/runs/${run.id}`, 200);
      (seen[reason === null ? state : `${state} ${reason}`] ??= []).push(status);
      await t.db.query("delete from ops.job_runs where id = $1", [run.id]); // one that waits would hold up the next
    }
    equal(seen, expected);
  },

  async "why there was no answer decides whether another attempt is made"(t) {
    const expected: [code: OutboundFailure["code"], ending: string][] = [
      ["unreachable", "retrying webhook_unreachable"],
      ["timeout", "retrying webhook_timeout"],
      ["url_not_allowed", "failed url_not_allowed"],
      ["redirected", "failed webhook_redirected"],
    ];
    for (const [code, ending] of expected) {
      const { outbound } = receiver(() => Promise.reject(new OutboundFailure(code, "did what it did")));
      await t.setNow("2025-12-24T12:00:00Z");
      const { job, runner } = await hooking(t, outbound);
      await runner.tick();
      equal(await briefly(t, job.id), [`13:00 1 ${ending}`]);
      equal((await errorOf(t, job.id))?.message, "The receiver did what it did");
      await t.db.query("update scheduled_jobs set is_active = false where id = $1", [job.id]);
      await t.db.query("update ops.job_runs set run_at = ops.now() + interval '1 day' where state = 'retrying'");
    }
  },

  async "without a signing key nothing is sent, and the run says what is missing"(t) {
    const { outbound, sent } = receiver();
    const { job, runner } = await hooking(t, outbound, {}, { WEBHOOK_SECRET: "" });
    await runner.tick();
    equal(await briefly(t, job.id), ["13:00 1 failed webhook_not_configured"]);
    match((await errorOf(t, job.id))?.message ?? "", /WEBHOOK_SECRET/);
    equal(sent, []);
  },

  async "neither key nor signature is written down, and of an answer only its beginning"(t) {
    const { outbound, sent } = receiver((_sent, times) => answer(times === 1 ? 500 : 200, `\0${"é".repeat(5_000)}`));
    const { job, runner } = await hooking(t, outbound);
    await runner.tick();
    await t.setNow("2025-12-24T13:10:00Z");
    await runner.tick();
    const written = await t.db.query(
      "select (to_jsonb(r) - 'config')::text as run, (select string_agg(to_jsonb(l)::text, '') from ops.job_run_logs l) as log from ops.job_runs r",
    );
    const all = JSON.stringify([written, t.logged]);
    match(all, /The receiver answered 500 after 0 ms/);
    for (const one of sent) ok(!all.includes(headerOf(one)("webhook-signature")?.slice(3) ?? ""));
    for (const secret of [KEY, btoa(KEY), "webhook-signature", "token=abc"]) ok(!all.includes(secret), secret);
    const [run] = await rowsOf(t, job.id);
    match(JSON.stringify(run?.result), /"answer":"\uFFFDé{999}"/);
  },

  async "a run whose time is up lets go of its receiver"(t) {
    const clock = handClock();
    t.ctx.clock = clock;
    const begun = Promise.withResolvers<AbortSignal>();
    const { outbound } = receiver(({ signal }) => {
      begun.resolve(signal);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    const { job, runner } = await hooking(t, outbound);
    await t.db.query("update scheduled_jobs set timeout_s = 5, max_attempts = 1 where id = $1", [job.id]);
    const pass = runner.tick();
    const signal = await begun.promise;
    await clock.pass(5_000);
    await pass;
    equal([signal.aborted, await briefly(t, job.id)], [true, ["13:00 1 failed timeout"]]);
  },

  async "a webhook that is not legal is refused when it is saved, and says what is"(t) {
    const refused = async (config: object): Promise<string> => {
      const body = { name: "Hook", job_type: "custom", schedule: "@hourly", config: { handler: "webhook", ...config } };
      const { errors } = await t.json("POST", "/api/v1/jobs", 422, { body });
      return errors.map(({ pointer, detail }: Record<string, string>) => `${pointer} ${detail}`).join("; ");
    };
    match(await refused({}), /^\/config\/url /);
    match(await refused({ url: "ftp://example.org/" }), /^\/config\/url must be an http or https URL/);
    match(await refused({ url: "https://me:pw@example.org/" }), /^\/config\/url .*without user name and password/);
    match(await refused({ url: HOOK, headers: { Authorization: "x" } }), /^\/config\/headers\/Authorization /);
    match(await refused({ url: HOOK, secret: "whsec_x" }), /^\/config\/secret Unknown field/);
    match(await refused({ url: HOOK, body: ["\ud800"] }), /^\/config\/body must nest/);
    match(await refused({ handler: "eval" }), /^\/config\/handler must be one of .*webhook/);
  },

  async "through the guard, an allowed host on the loopback receives and verifies it; a host that is not stays silent"(
    t,
  ) {
    const verdicts: [verified: boolean, id: string | null][] = [];
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (req) => {
      const verified = isOurs((name) => req.headers.get(name), await req.text());
      verdicts.push([verified, req.headers.get("webhook-id")]);
      return new Response(verified ? "welcome" : "who are you?", { status: verified ? 202 : 401 });
    });
    const env = { WEBHOOK_SECRET: SECRET, OUTBOUND_ALLOWED_HOSTS: `localhost:${server.addr.port}` };
    t.ctx.config = readConfig(env);
    const url = (host: string) => ({ url: `http://${host}:${server.addr.port}/hook` });
    const { job, runner } = await hooking(t, guardedFetch(t.ctx), url("localhost"), env);
    await t.setNow("2025-12-24T12:30:00Z");
    const other = await hourly(
      t,
      { job_type: "custom", config: { handler: "webhook", ...url("127.1") } } as Parameters<typeof hourly>[1],
    );
    await t.setNow("2025-12-24T13:00:00Z");
    await runner.tick();
    const [run] = await rowsOf(t, job.id);
    equal([run?.state, run?.result], ["succeeded", { status: 202, answer: "welcome", duration_ms: 0 }]);
    equal(verdicts, [[true, run?.id ?? ""]]);
    equal(await briefly(t, other.id), ["13:00 1 failed url_not_allowed"]);
    match(
      (await errorOf(t, other.id))?.message ?? "",
      /^The receiver is not at a public address; OUTBOUND_ALLOWED_HOSTS/,
    );
  },
};
