import { deepStrictEqual as equal, match } from "node:assert/strict";
import { createRegistry } from "../../../jobs/handlers.ts";
import { createRunner } from "../../../jobs/runner.ts";
import { ingestMetrics } from "../../../services/metrics/mod.ts";
import { type App, nowhere } from "../../support/app.ts";
import { gift } from "../../support/gifts.ts";
import { briefly, hourly, runnerOf } from "../ledger.ts";
import type { registerWorkers } from "./workers.ts";

const local = { kind: "local" } as const;

/** A runner whose waiting lets the database's time pass. */
function retaining(t: App) {
  const sleep = async (ms: number) => {
    await t.db.query("update ops.test_clock set at = at + make_interval(secs => $1)", [ms / 1000]);
  };
  return createRunner(t.ctx, createRegistry({ ...t.ctx, clock: { ...t.ctx.clock, sleep } }, nowhere));
}

const retention = (t: App) =>
  hourly(t, { job_type: "custom", overlap: "allow", config: { handler: "retention" } } as Parameters<typeof hourly>[1]);

/** Waits until somebody waits for the lock of a series. */
async function blocked({ db }: App): Promise<void> {
  for (;;) {
    const waiting = await db.query(
      "select 1 from pg_locks where locktype = 'advisory' and classid = 7001 and not granted",
    );
    if (waiting.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

const clean = (t: App) =>
  t.db.exec(`delete from metrics; delete from ops.settings where key = 'detail_floor';
    truncate ops.metric_rollups, ops.gauge_series, ops.entity_days`);

/** What retention does while others are at it, on connections of their own. */
export const retentionRaceCases: Parameters<typeof registerWorkers>[1] = {
  async "a row that was on its way while the floor moved counts once, and is refused when it comes again"(
    { a, b, setNow },
  ) {
    await clean(a);
    const old = gift({ timestamp: "2022-12-20T12:00:00Z", external_id: "late" });
    const job = await retention(a);
    let onItsWay: ReturnType<typeof ingestMetrics> | undefined;
    await a.db.transaction(async (tx) => {
      await tx.query("select pg_advisory_xact_lock(7001, k) from generate_series(0, 63) k");
      onItsWay = ingestMetrics(b.ctx, local, [old], { alone: true });
      await blocked(a);
      await tx.query(
        "insert into ops.settings (key, value, updated_at) values ('detail_floor', '2022-12-24', ops.now())",
      );
    });
    equal((await onItsWay)?.accepted, 1); // its statement began before the floor was there
    await setNow("2025-12-24T13:00:00Z");
    await retaining(a).tick();
    equal(await briefly(a, job.id), ["13:00 1 succeeded"]);
    equal(await a.db.query("select 1 from metrics"), []);
    const again = await ingestMetrics(b.ctx, local, [old], { alone: true });
    match(again.rejected[0]?.errors[0]?.detail ?? "", /^too_old/);
    equal(await a.db.query("select grain, n::int from ops.metric_rollups order by 1"), [
      ...[{ grain: "d", n: 1 }, { grain: "h", n: 1 }],
    ]);
    equal(await a.db.query("select * from ops.rollup_differences()"), []);
    await clean(a);
  },

  async "two retentions at once count each run that they delete once"({ a, b, setNow }) {
    const job = await hourly(a, { misfire: "all", history_days: 1 });
    await setNow("2026-01-02T12:00:00Z");
    await runnerOf(a).tick(); // 9 days of 24 runs
    await a.db.query("update scheduled_jobs set is_active = false, next_run_at = null where id = $1", [job.id]);
    await setNow("2026-01-04T12:00:00Z");
    const jobs = [await retention(a), await retention(a)];
    await setNow("2026-01-04T13:00:00Z");
    await Promise.all([retaining(a).tick(), retaining(b).tick()]);
    for (const { id } of jobs) equal(await briefly(a, id), ["13:00 1 succeeded"]);
    const [sums] = await a.db.query(
      `select t.succeeded::int, t.occurrences::int, (select count(*)::int from ops.job_runs where job_id = $1) as rows
       from ops.job_run_totals t where job_id = $1`,
      [job.id],
    );
    equal(sums, { succeeded: 215, occurrences: 215, rows: 1 });
  },
};
