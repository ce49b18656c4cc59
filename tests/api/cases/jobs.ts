import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { anonymous, type App, bearer } from "../../support/app.ts";

const PATH = "/api/v1/jobs";
const NOWHERE = "00000000-0000-4000-8000-00000000dead";
const quickStart = {
  name: "Daily Data Sync",
  job_type: "data_sync",
  schedule: "0 0 * * *",
  config: { services: ["all"] },
};

const make = (t: App, more: Record<string, unknown> = {}) =>
  t.json("POST", PATH, 201, { body: { ...quickStart, ...more } });
const refused = async (t: App, more: Record<string, unknown>) => {
  const { errors } = await t.json("POST", PATH, 422, { body: { ...quickStart, ...more } });
  return errors.map(({ pointer, detail }: { pointer: string; detail: string }) => `${pointer} ${detail}`).join("; ");
};

/** Scheduled jobs and runs over HTTP. */
export const jobsCases: Record<string, (t: App) => Promise<void>> = {
  async "the quick-start call schedules a job, and the answer says when it runs next"(t) {
    const response = await t.request("POST", PATH, { body: quickStart });
    equal(response.status, 201);
    const job = await response.json();
    equal(response.headers.get("location"), `${PATH}/${job.id}`);
    const { name, config, is_active, next_run_at, last_status, run_count, timezone, misfire, overlap } = job;
    equal({ name, config, is_active, next_run_at, last_status, run_count, timezone, misfire, overlap }, {
      ...{ name: "Daily Data Sync", config: { services: ["all"] }, is_active: true },
      ...{ next_run_at: "2025-12-25T00:00:00Z", last_status: null, run_count: 0 },
      ...{ timezone: "UTC", misfire: "once", overlap: "skip" },
    });
    equal(await t.json("GET", `${PATH}/${job.id}`, 200), job);
  },

  async "the next run follows the wall clock of the job's zone"(t) {
    const job = await make(t, { schedule: "0 9 * * MON", timezone: "America/New_York" });
    equal(job.next_run_at, "2025-12-29T14:00:00Z");
  },

  async "a schedule or zone that is not legal is refused, with what is"(t) {
    match(await refused(t, { schedule: "61 * * * *" }), /^\/schedule minute: .*0-59/);
    match(await refused(t, { schedule: "0 0 31 2 *" }), /^\/schedule day-of-month: .*never/);
    match(await refused(t, { schedule: "0 0 * *" }), /^\/schedule expression: 4 fields found; 5 are needed/);
    match(await refused(t, { timezone: "Mars/Olympus" }), /^\/timezone must be an IANA time zone/);
    match(await refused(t, { misfire: "all", overlap: "skip" }), /^\/overlap must be queue or allow/);
    equal((await make(t, { misfire: "all" })).overlap, "queue");
  },

  async "a configuration is checked by the type of its job"(t) {
    match(await refused(t, { config: {} }), /^\/config\/services /);
    match(
      await refused(t, { config: { services: ["auth", "nope"] } }),
      /^\/config\/services\/1 must be one of all, auth/,
    );
    match(await refused(t, { config: { services: ["all"], deep: 1 } }), /^\/config\/deep Unknown field/);
    match(await refused(t, { job_type: "goal_update", config: { goal_ids: ["x"] } }), /^\/config\/goal_ids\/0 /);
    match(
      await refused(t, { job_type: "custom", config: { handler: "eval" } }),
      /^\/config\/handler .*goal_evaluation/,
    );
    match(await refused(t, { job_type: "backup" }), /^\/job_type must be one of data_sync/);
    const report = { name: "R", report_type: "monthly", format: "json", parameters: { month: "previous" } };
    equal((await make(t, { job_type: "report_generation", config: { report } })).config, { report });
    const bad = { report: { ...report, parameters: { month: "2025-13" } } };
    match(await refused(t, { job_type: "report_generation", config: bad }), /^\/config\/report\/parameters\/month /);
  },

  async "fields of the server, and unknown ones, are refused"(t) {
    for (const field of ["id", "run_count", "next_run_at", "last_status", "revision", "schedul"]) {
      match(await refused(t, { [field]: 1 }), new RegExp(`^/${field} Unknown field`));
    }
  },

  async "writing needs a token, and the author is its owner"(t) {
    await t.json("POST", PATH, 401, { body: quickStart, as: anonymous });
    const owner = "bbbbbbbb-0000-4000-8000-000000000002";
    const job = await t.json("POST", PATH, 201, { body: quickStart, as: bearer(owner) });
    equal(job.created_by, owner);
    await t.json("POST", PATH, 403, { body: { ...quickStart, created_by: NOWHERE }, as: bearer(owner) });
  },

  async "anonymous readers see the schedule, and neither configuration nor what runs say"(t) {
    const job = await make(t, { created_by: NOWHERE });
    const run = await t.json("POST", `${PATH}/${job.id}/trigger`, 202, {
      headers: { "idempotency-key": "canary-key" },
    });
    const seen = await t.json("GET", `${PATH}/${job.id}`, 200, { as: anonymous });
    equal([seen.config, seen.created_by, seen.schedule], [null, null, "0 0 * * *"]);
    for (const path of [`${PATH}`, `${PATH}/${job.id}/runs`, "/api/v1/runs", `/api/v1/runs/${run.id}`]) {
      const text = JSON.stringify(await t.json("GET", path, 200, { as: anonymous }));
      ok(!text.includes("services") && !text.includes("canary-key") && !text.includes(NOWHERE), path);
    }
  },

  async "a job is read with an ETag that runs move too"(t) {
    const job = await make(t);
    const first = await t.request("GET", `${PATH}/${job.id}`);
    const tag = first.headers.get("etag") ?? "";
    await first.body?.cancel();
    const again = await t.request("GET", `${PATH}/${job.id}`, { headers: { "if-none-match": tag } });
    equal([again.status, await again.text()], [304, ""]);
    await t.db.query("update scheduled_jobs set run_count = 1, success_count = 1 where id = $1", [job.id]);
    const moved = await t.request("GET", `${PATH}/${job.id}`, { headers: { "if-none-match": tag } });
    equal(moved.status, 200);
    await moved.body?.cancel();
  },

  async "jobs are listed newest first, filtered, in pages"(t) {
    const ids = [];
    for (const [i, job_type] of ["data_sync", "goal_update", "goal_update"].entries()) {
      await t.setNow(`2025-12-24T12:00:0${i}Z`);
      const config = job_type === "goal_update" ? {} : { services: ["auth"] };
      ids.push((await make(t, { job_type, config, is_active: i !== 1 })).id);
    }
    const all = await t.json("GET", PATH, 200);
    equal(all.items.map(({ id }: { id: string }) => id), [...ids].reverse());
    equal(
      (await t.json("GET", `${PATH}?job_type=goal_update&is_active=true`, 200)).items.map(({ id }: { id: string }) =>
        id
      ),
      [ids[2]],
    );
    const first = await t.json("GET", `${PATH}?limit=2`, 200);
    equal([first.items.length, first.total], [2, 3]);
    const second = await t.json("GET", `${PATH}?limit=2&cursor=${first.next_cursor}`, 200);
    equal([second.items.map(({ id }: { id: string }) => id), second.next_cursor], [[ids[0]], null]);
    await t.json("GET", `${PATH}?job_type=backup`, 422);
  },

  async "an edit changes what it names, bumps the revision and computes the next run anew"(t) {
    const job = await make(t);
    const edited = await t.json("PUT", `${PATH}/${job.id}`, 200, { body: { schedule: "30 6 * * *", name: "Early" } });
    equal([edited.name, edited.next_run_at, edited.revision, edited.version], ["Early", "2025-12-25T06:30:00Z", 2, 2]);
    equal(edited.config, job.config);
    const paused = await t.json("PUT", `${PATH}/${job.id}`, 200, { body: { is_active: false } });
    equal([paused.is_active, paused.next_run_at], [false, null]);
    const refusedEdit = await t.json("PUT", `${PATH}/${job.id}`, 422, { body: { job_type: "custom" } });
    match(refusedEdit.errors[0].pointer, /^\/config/);
    await t.json("PUT", `${PATH}/${job.id}`, 422, { body: { schedule: "x" } });
    await t.json("PUT", `${PATH}/${NOWHERE}`, 404, { body: { name: "x" } });
  },

  async "an edit of a version that is past changes nothing"(t) {
    const job = await make(t);
    const { headers } = await t.request("PUT", `${PATH}/${job.id}`, {
      body: { name: "One" },
      headers: { "if-match": '"1.0"' },
    });
    match(headers.get("etag") ?? "", /^"2\./);
    await t.json("PUT", `${PATH}/${job.id}`, 412, { body: { name: "Two" }, headers: { "if-match": '"1.0"' } });
    await t.json("PUT", `${PATH}/${job.id}`, 412, { body: { name: "Two", version: 1 } });
    await t.json("DELETE", `${PATH}/${job.id}`, 412, { headers: { "if-match": '"1.0"' } });
    equal((await t.json("GET", `${PATH}/${job.id}`, 200)).name, "One");
  },

  async "a deleted job is gone from sight, and its runs stay"(t) {
    const job = await make(t);
    await t.json("POST", `${PATH}/${job.id}/trigger`, 202);
    await t.json("DELETE", `${PATH}/${job.id}`, 204);
    await t.json("GET", `${PATH}/${job.id}`, 404);
    await t.json("DELETE", `${PATH}/${job.id}`, 404);
    await t.json("POST", `${PATH}/${job.id}/trigger`, 404);
    equal((await t.json("GET", PATH, 200)).total, 0);
    const { items } = await t.json("GET", `${PATH}/${job.id}/runs`, 200);
    equal(items.map(({ state, reason }: Record<string, string>) => [state, reason]), [["cancelled", "job_deleted"]]);
  },

  async "a trigger queues a run now, paused or not, with an override that stays on the run"(t) {
    const job = await make(t, { is_active: false });
    const response = await t.request("POST", `${PATH}/${job.id}/trigger`, {
      body: { override_config: { services: ["auth"] } },
    });
    const run = await response.json();
    equal([response.status, response.headers.get("location")], [202, `/api/v1/runs/${run.id}`]);
    equal([run.state, run.config, run.scheduled_for, run.occurrences], [
      "queued",
      { services: ["auth"] },
      "2025-12-24T12:00:00Z",
      0,
    ]);
    equal((await t.json("GET", `${PATH}/${job.id}`, 200)).config, { services: ["all"] });
    await t.json("POST", `${PATH}/${job.id}/trigger`, 202);
    await t.json("POST", `${PATH}/${job.id}/trigger`, 202, { headers: { "content-type": "application/json" } });
    const answer = await t.json("POST", `${PATH}/${job.id}/trigger`, 422, {
      body: { override_config: { services: [] } },
    });
    match(answer.errors[0].pointer, /^\/override_config\/services/);
    await t.json("POST", `${PATH}/${NOWHERE}/trigger`, 404);
    await t.json("POST", `${PATH}/${job.id}/trigger`, 401, { as: anonymous });
  },

  async "the same Idempotency-Key triggers one run, for ever"(t) {
    const job = await make(t);
    const ask = { headers: { "idempotency-key": "once" } };
    const first = await t.json("POST", `${PATH}/${job.id}/trigger`, 202, ask);
    equal(first.fire_key, "m:once");
    const replay = await t.request("POST", `${PATH}/${job.id}/trigger`, ask);
    equal([replay.headers.get("idempotency-replayed"), (await replay.json()).id], ["true", first.id]);
    await t.db.query("delete from ops.idempotency_keys");
    equal((await t.json("POST", `${PATH}/${job.id}/trigger`, 202, ask)).id, first.id);
    await t.db.query("delete from ops.idempotency_keys");
    const other = { ...ask, body: { override_config: { services: ["auth"] } } };
    match((await t.json("POST", `${PATH}/${job.id}/trigger`, 422, other)).errors[0].pointer, /idempotency-key/);
    equal((await t.json("GET", `${PATH}/${job.id}/runs`, 200)).total, 1);
  },

  async "a job that is made twice with one key is made once"(t) {
    const ask = { body: quickStart, headers: { "idempotency-key": "make" } };
    const first = await t.json("POST", PATH, 201, ask);
    equal(await t.json("POST", PATH, 201, ask), first);
    equal((await t.json("GET", PATH, 200)).total, 1);
  },

  async "runs are listed by job, type and state, and read with their log"(t) {
    const job = await make(t);
    const other = await make(t, { job_type: "goal_update", config: {} });
    const run = await t.json("POST", `${PATH}/${job.id}/trigger`, 202);
    await t.json("POST", `${PATH}/${other.id}/trigger`, 202);
    await t.db.query("insert into ops.job_run_logs (run_id, seq, level, message) values ($1, 1, 'info', 'hello')", [
      run.id,
    ]);
    const total = async (query: string) => (await t.json("GET", `/api/v1/runs${query}`, 200)).total;
    equal([await total(""), await total(`?job_id=${job.id}`), await total("?job_type=goal_update")], [2, 1, 1]);
    equal([await total("?state=queued"), await total("?state=failed")], [2, 0]);
    const read = await t.json("GET", `/api/v1/runs/${run.id}`, 200);
    equal(read.log, [{ seq: 1, at: "2025-12-24T12:00:00Z", level: "info", message: "hello" }]);
    equal((await t.json("GET", `/api/v1/runs/${run.id}`, 200, { as: anonymous })).log, null);
    await t.json("GET", `/api/v1/runs/${NOWHERE}`, 404);
    await t.json("GET", `${PATH}/${NOWHERE}/runs`, 404);
    await t.json("GET", "/api/v1/runs?state=odd", 422);
    const page = await t.json("GET", "/api/v1/runs?limit=1", 200);
    equal((await t.json("GET", `/api/v1/runs?limit=1&cursor=${page.next_cursor}`, 200)).items.length, 1);
  },

  async "a run that waits is cancelled over HTTP, once, and a run that has ended or never was is not"(t) {
    const job = await make(t);
    const run = await t.json("POST", `${PATH}/${job.id}/trigger`, 202);
    const cancelled = await t.json("POST", `/api/v1/runs/${run.id}/cancel`, 202);
    equal([cancelled.state, cancelled.error.code], ["cancelled", "cancelled"]);
    const again = await t.json("POST", `/api/v1/runs/${run.id}/cancel`, 409);
    match(again.detail, /has ended already \(cancelled\)/);
    await t.json("POST", `/api/v1/runs/${NOWHERE}/cancel`, 404);
    equal((await t.json("GET", `${PATH}/${job.id}`, 200)).run_count, 0);
  },

  async "a report that is asked for and cancelled before it begins has failed with that reason"(t) {
    const slow = { ...t.ctx.runs, execute: () => Promise.resolve() };
    const runs = t.ctx.runs;
    t.ctx.runs = slow; // nobody works on it
    const report = await t.json("POST", "/api/v1/reports/generate", 201, {
      body: { name: "R", report_type: "monthly", format: "json", parameters: { month: "2025-11" } },
      headers: { prefer: "wait=0" },
    });
    t.ctx.runs = runs;
    equal((await t.json("POST", `/api/v1/runs/${report.id}/cancel`, 202)).state, "cancelled");
    const { status, error_code } = await t.json("GET", `/api/v1/reports/${report.id}`, 200);
    equal([status, error_code], ["failed", "cancelled"]);
  },

  async "a backfill is counted by its preview, made once for each key and range, and refused where it is too large"(t) {
    const job = await make(t, { schedule: "0 * * * *" });
    const path = `${PATH}/${job.id}/backfill`;
    const body = { start: "2025-12-01T00:00:00Z", end: "2025-12-01T04:30:00Z" };
    equal((await t.json("POST", path, 202, { body: { ...body, preview: true } })).count, 5);
    equal((await t.json("GET", `${PATH}/${job.id}/runs`, 200)).total, 0);
    const headers = { "idempotency-key": "backfill-1" };
    const made = await t.json("POST", path, 202, { body, headers });
    equal([made.created, made.first], [5, "2025-12-01T00:00:00.000Z"]);
    equal(await t.json("POST", path, 202, { body, headers }), made);
    equal((await t.json("POST", path, 202, { body })).existing, 5);
    const { errors } = await t.json("POST", path, 422, { body: { ...body, start: "2025-01-01T00:00:00Z" } });
    match(`${errors[0].pointer} ${errors[0].detail}`, /^\/end holds \d+ occurrences; the limit is 1000/);
    await t.json("POST", path, 422, { body: { ...body, override_config: { services: ["nope"] } } });
    await t.json("POST", `${PATH}/${NOWHERE}/backfill`, 404, { body });
    await t.json("POST", path, 401, { body, as: anonymous });
  },

  async "pauses after failures and days of history are within their limits, and shown"(t) {
    match(await refused(t, { pause_after_failures: 0 }), /^\/pause_after_failures /);
    match(await refused(t, { history_days: 4_000 }), /^\/history_days /);
    const { pause_after_failures, failures_in_a_row, history_days } = await make(t, { pause_after_failures: 3 });
    equal([pause_after_failures, failures_in_a_row, history_days], [3, 0, 90]);
  },
};
