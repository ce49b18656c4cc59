import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { jobStats } from "../../../services/jobs/stats.ts";
import { anonymous, type App } from "../../support/app.ts";

const PATH = "/api/v1/jobs";
const NOWHERE = "00000000-0000-4000-8000-00000000dead";

const make = (t: App, more: Record<string, unknown> = {}) =>
  t.json("POST", PATH, 201, {
    body: { name: "Goals", job_type: "goal_update", schedule: "0 * * * *", config: {}, ...more },
  });
const preview = (t: App, body: Record<string, unknown>) => t.json("POST", `${PATH}/preview`, 200, { body });
const refused = async (t: App, body: Record<string, unknown>) => {
  const { errors } = await t.json("POST", `${PATH}/preview`, 422, { body });
  return errors.map(({ pointer, detail }: Record<string, string>) => `${pointer} ${detail}`).join("; ");
};
const next = (t: App, id: string, count = 10) => t.json("GET", `${PATH}/${id}/next-runs?count=${count}`, 200);

/** Writes ended runs of a job into the ledger: each its state, and the seconds from its time to start and to end. */
async function history(t: App, jobId: string, runs: [at: string, state: string, late: number | null, took: number][]) {
  for (const [at, state, late, took] of runs) {
    await t.db.query(
      `insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, run_at, state, reason, started_at, finished_at)
       select $1, 'goal_update', 's:' || $2, $2::text::timestamptz, $2::text::timestamptz, $3,
         case $3 when 'failed' then 'boom' when 'skipped' then 'overlap' end,
         $2::text::timestamptz + make_interval(secs => $4),
         $2::text::timestamptz + make_interval(secs => coalesce($4, 0) + $5)`,
      [jobId, at, state, late, took],
    );
  }
}

/** The read side of schedules over HTTP. */
export const jobScheduleCases: Record<string, (t: App) => Promise<void>> = {
  async "a preview tells a schedule in words, and its next runs from now on"(t) {
    equal(await preview(t, { schedule: " 30 8  * * mon ", count: 2 }), {
      schedule: "30 8 * * MON",
      timezone: "UTC",
      description: "Mondays at 08:30",
      follows: "wall",
      next_runs: [
        { at: "2025-12-29T08:30:00Z", local: "2025-12-29T08:30:00+00:00", offset: "+00:00", occurrences: 1 },
        { at: "2026-01-05T08:30:00Z", local: "2026-01-05T08:30:00+00:00", offset: "+00:00", occurrences: 1 },
      ],
      warnings: [],
    });
    const hourly = await preview(t, { schedule: "@hourly", timezone: "Europe/Berlin" });
    equal([hourly.follows, hourly.next_runs.length, hourly.next_runs[0].at], ["elapsed", 10, "2025-12-24T13:00:00Z"]);
  },

  async "a preview of a night when clocks change shows what happens then"(t) {
    const asked = { schedule: "30 2 * * *", timezone: "Europe/Berlin", count: 1 };
    const [gap] = (await preview(t, { ...asked, after: "2026-03-29T00:00:00+01:00" })).next_runs;
    equal([gap.at, gap.local], ["2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"]);
    match(gap.note, /skip from 02:00 to 03:00/);
  },

  async "a preview of what is not legal is refused, with where and what is"(t) {
    match(await refused(t, { schedule: "61 * * * *" }), /^\/schedule minute: .*0-59/);
    match(await refused(t, { schedule: "0 0 31 2 *" }), /^\/schedule day-of-month: .*never/);
    match(await refused(t, { schedule: "@daily", timezone: "Mars/Olympus" }), /^\/timezone must be an IANA time zone/);
    for (const count of [0, 101, 1.5, "2"]) match(await refused(t, { schedule: "@daily", count }), /^\/count /);
    match(await refused(t, { schedule: "@daily", after: "1969-12-31T00:00:00Z" }), /^\/after /);
    match(await refused(t, { schedule: "@daily", cuont: 1 }), /^\/cuont Unknown field .*"count"/);
  },

  async "a preview needs a token, has no effect, and so ignores an Idempotency-Key"(t) {
    await t.json("POST", `${PATH}/preview`, 401, { body: { schedule: "@daily" }, as: anonymous });
    const headers = { "idempotency-key": "one" };
    for (const schedule of ["@daily", "@weekly"]) {
      await t.json("POST", `${PATH}/preview`, 200, { body: { schedule }, headers });
    }
    equal(await t.db.query("select 1 from ops.idempotency_keys"), []);
  },

  async "what next-runs shows is what fires, over the nights when clocks change"(t) {
    for (const night of ["2026-03-28T22:40:00Z", "2026-10-24T21:40:00Z"]) {
      await t.setNow(night);
      const jobs = [];
      for (const schedule of ["*/20 1-3 * * *", "40 * * * *", "30 2 * * *", "0 */2 * * *"]) {
        const job = await make(t, { schedule, timezone: "Europe/Berlin" });
        jobs.push({ id: job.id, shown: (await next(t, job.id, 30)).next_runs });
      }
      const until = Date.parse(night) + 5 * 3_600_000;
      for (let now = Date.parse(night); now <= until; now += 20 * 60_000) {
        await t.setNow(new Date(now).toISOString());
        await t.runner.tick();
      }
      for (const { id, shown } of jobs) {
        const rows = await t.db.query<{ at: string; occurrences: number }>(
          "select scheduled_for as at, occurrences from ops.job_runs where job_id = $1 order by scheduled_for",
          [id],
        );
        const seen = shown.filter(({ at }: { at: string }) => Date.parse(at) <= until)
          .map(({ at, occurrences }: { at: string; occurrences: number }) => ({ at, occurrences }));
        ok(rows.length > 0 || seen.length === 0);
        equal(rows, seen);
        ok(
          (await next(t, id, 1)).next_runs[0].at > (rows.at(-1)?.at ?? ""),
          "what is accounted is not shown again",
        );
      }
    }
  },

  async "next-runs begins with what is due already, as the misfire rule makes it"(t) {
    const once = await make(t, { jitter_s: 90 });
    const each = await make(t, { misfire: "all" });
    const none = await make(t, { misfire: "skip" });
    await t.setNow("2025-12-24T15:30:00Z"); // 13:00, 14:00 and 15:00 are due
    const [due, then] = (await next(t, once.id)).next_runs;
    equal([due.at, due.occurrences, due.note], ["2025-12-24T15:00:00Z", 3, "Due already; stands for 3 occurrences"]);
    equal(then.starts_between, { from: "2025-12-24T16:00:00Z", until: "2025-12-24T16:01:30Z" });
    const hours = async (id: string) =>
      (await next(t, id, 4)).next_runs.map(({ at }: { at: string }) => at.slice(11, 13));
    equal([await hours(each.id), await hours(none.id)], [["13", "14", "15", "16"], ["16", "17", "18", "19"]]);
    await t.runner.tick();
    equal([await hours(once.id), await hours(each.id)], [["16", "17", "18", "19"], ["16", "17", "18", "19"]]);
  },

  async "a job that was edited shows runs of its new schedule alone, from the edit on"(t) {
    const job = await make(t);
    await t.setNow("2025-12-24T12:10:00Z");
    await t.json("PUT", `${PATH}/${job.id}`, 200, { body: { schedule: "*/15 * * * *" } });
    equal((await next(t, job.id, 1)).next_runs[0].at, "2025-12-24T12:15:00Z");
  },

  async "next-runs says why there are none: paused, not legible, deleted"(t) {
    const job = await make(t, { is_active: false });
    const paused = await next(t, job.id);
    equal([paused.reason, paused.next_runs, paused.description], ["paused", [], "hourly"]);
    await t.db.query("update scheduled_jobs set schedule = 'never', is_active = true where id = $1", [job.id]);
    const odd = await next(t, job.id);
    equal([odd.reason, odd.next_runs, odd.description], ["invalid_schedule", [], null]);
    match(odd.warnings[0], /^expression: 1 field found/);
    await t.json("DELETE", `${PATH}/${job.id}`, 204);
    await t.json("GET", `${PATH}/${job.id}/next-runs`, 404);
    await t.json("GET", `${PATH}/${NOWHERE}/next-runs`, 404);
    await t.json("GET", `${PATH}/${NOWHERE}/next-runs?count=0`, 422);
  },

  async "next-runs and stats are read with an ETag, and a run moves both"(t) {
    const job = await make(t);
    const read = async (path: string, tag?: string) => {
      const response = await t.request("GET", path, tag === undefined ? {} : { headers: { "if-none-match": tag } });
      await response.body?.cancel();
      return { status: response.status, tag: response.headers.get("etag") ?? "" };
    };
    const paths = [`${PATH}/${job.id}/next-runs`, `${PATH}/${job.id}/stats`];
    const before = await Promise.all(paths.map((path) => read(path)));
    await t.setNow("2025-12-24T12:00:59Z");
    for (const [i, path] of paths.entries()) equal((await read(path, before[i]?.tag)).status, 304, path);
    await t.setNow("2025-12-24T13:00:00Z");
    await t.runner.tick();
    for (const [i, path] of paths.entries()) equal((await read(path, before[i]?.tag)).status, 200, path);
  },

  async "stats of a job that never ran have no ratio and no durations, rather than zeros"(t) {
    const job = await make(t);
    const stats = await t.json("GET", `${PATH}/${job.id}/stats`, 200);
    equal(stats.success_rate, { value: null, numerator: 0, denominator: 0 });
    equal(stats.duration_s, { p50: null, p95: null, average: null });
    equal(stats.lateness_s, { p50: null, p95: null, max: null });
    equal(stats.window, {
      from: "2025-11-24T12:01:00Z",
      until: "2025-12-24T12:01:00Z",
      runs_read: 0,
      truncated: false,
    });
    equal([stats.next_run_at, stats.last_run_at, stats.removed], ["2025-12-24T13:00:00Z", null, null]);
  },

  async "stats add up the runs of the window, by state and code, with durations and lateness"(t) {
    const job = await make(t);
    await history(t, job.id, [
      ["2025-11-20T00:00:00Z", "failed", 900, 900], // before the window
      ["2025-12-20T01:00:00Z", "succeeded", 0.25, 1],
      ["2025-12-20T02:00:00Z", "succeeded", 0.5, 2],
      ["2025-12-20T03:00:00Z", "succeeded", 0.75, 3],
      ["2025-12-20T04:00:00Z", "failed", 1, 4],
      ["2025-12-20T05:00:00Z", "failed", 5, 10],
      ["2025-12-20T06:00:00Z", "skipped", null, 0],
      ["2025-12-20T07:00:00Z", "cancelled", null, 7],
    ]);
    await t.db.query(
      `update scheduled_jobs set run_count = 8, success_count = 6, failure_count = 2, failures_in_a_row = 2,
         last_status = 'failed', last_run_at = '2025-12-20T05:00:05Z' where id = $1`,
      [job.id],
    );
    const stats = await t.json("GET", `${PATH}/${job.id}/stats`, 200, { as: anonymous });
    equal(stats.success_rate, { value: 0.75, numerator: 6, denominator: 8 });
    equal([stats.run_count, stats.success_count, stats.failure_count, stats.failures_in_a_row], [8, 6, 2, 2]);
    equal([stats.last_status, stats.last_run_at], ["failed", "2025-12-20T05:00:05Z"]);
    equal(stats.runs_by_state, {
      ...{ queued: 0, running: 0, retrying: 0 },
      ...{ succeeded: 3, failed: 2, skipped: 1, cancelled: 1 },
    });
    equal(stats.failures_by_code, [{ code: "boom", count: 2 }]);
    // type 7 over 1, 2, 3, 4, 10: p95 stands at 0.95 × 4 = 3.8, and 4 + 0.8 × 6 = 8.8
    equal(rounded(stats.duration_s), { p50: 3, p95: 8.8, average: 4 });
    // over 0.25, 0.5, 0.75, 1, 5: 1 + 0.8 × 4 = 4.2
    equal(rounded(stats.lateness_s), { p50: 0.75, p95: 4.2, max: 5 });
    equal((await t.json("GET", `${PATH}/${job.id}/stats?days=60`, 200)).window.runs_read, 8);
    for (const days of ["0", "366", "x"]) await t.json("GET", `${PATH}/${job.id}/stats?days=${days}`, 422);
  },

  async "a backfilled run was never on time or late, and its duration counts"(t) {
    const job = await make(t);
    await t.db.query(
      `insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, run_at, state, started_at, finished_at)
       values ($1, 'goal_update', 'b:1:1', '2025-12-20T01:00:00Z', ops.now(), 'succeeded', ops.now(), ops.now() + interval '2 s')`,
      [job.id],
    );
    const { lateness_s, duration_s } = await t.json("GET", `${PATH}/${job.id}/stats`, 200);
    equal([lateness_s.max, duration_s.p50], [null, 2]);
  },

  async "stats read the newest runs alone, say where that begins, and name what retention removed"(t) {
    const job = await make(t);
    await history(t, job.id, [
      ["2025-12-20T01:00:00Z", "failed", 1, 1],
      ["2025-12-20T02:00:00Z", "succeeded", 1, 1],
      ["2025-12-20T03:00:00Z", "succeeded", 1, 1],
    ]);
    await t.db.query(
      `insert into ops.job_run_totals (job_id, until, succeeded, failed, skipped, occurrences)
       values ($1, '2025-09-01T00:00:00Z', 5000000000, 2, 3, 9)`,
      [job.id],
    );
    const { window, runs_by_state, removed } = await jobStats(t.ctx, job.id, 30, 2);
    equal([window.from, window.runs_read, window.truncated], ["2025-12-20T02:00:00Z", 2, true]);
    equal([runs_by_state.succeeded, runs_by_state.failed], [2, 0]);
    const until = "2025-09-01T00:00:00Z";
    equal(removed, { until, succeeded: 5_000_000_000, failed: 2, skipped: 3, cancelled: 0 });
    equal((await jobStats(t.ctx, job.id, 30, 3)).window.truncated, false);
  },

  async "stats outlive their job, and there are none of a job that never was"(t) {
    const job = await make(t);
    await t.json("POST", `${PATH}/${job.id}/trigger`, 202);
    await t.json("DELETE", `${PATH}/${job.id}`, 204);
    const stats = await t.json("GET", `${PATH}/${job.id}/stats`, 200);
    equal([stats.runs_by_state.cancelled, stats.next_run_at], [1, null]);
    await t.json("GET", `${PATH}/${NOWHERE}/stats`, 404);
    await t.json("GET", `${PATH}/x/stats`, 422);
  },
};

/** To a microsecond, which is as far as the database goes. */
const rounded = (figures: Record<string, number>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Math.round(value * 1e6) / 1e6]));
