import { deepStrictEqual as equal } from "node:assert/strict";
import { evaluateGoals } from "../../../services/goals/mod.ts";
import type { App } from "../../support/app.ts";
import { gift, send } from "../../support/gifts.ts";
import { DECEMBER, feeds, give, goalOf, GOALS, valueOf } from "../../support/goals.ts";
import { configure, feed, gift as synced, page, pullingRunner } from "../feed.ts";

const METRICS = "/api/v1/metrics";
const post = (type: string, body: string) => ({ body, headers: { "content-type": type } });

type Run = { config: Record<string, unknown> };

/** Goals that new metrics feed by themselves. */
export const goalFeedsCases: Record<string, (t: App) => Promise<void>> = {
  async "fed goal: a metric moves the goal that it feeds when its minute is over"(t) {
    const id = await goalOf(t);
    await t.runner.tick(); // the update that a new goal queues
    await t.setNow("2025-12-24T12:00:10Z");
    await give(t, "2025-12-10", 250);
    equal(await feeds(t), ["12:01 queued donation_received"]);
    await t.setNow("2025-12-24T12:00:59Z");
    await t.runner.tick();
    equal(await valueOf(t, id), 0);
    await t.setNow("2025-12-24T12:01:00Z");
    await t.runner.tick();
    const goal = await t.json("GET", `${GOALS}/${id}`, 200);
    equal([goal.current_value, goal.progress_percentage], [250, 25]); // of 1,000
    equal((await t.json("GET", `${GOALS}/${id}/progress`, 200)).current_value, 250);
    const { items } = await t.json("GET", "/api/v1/runs?job_type=goal_update", 200);
    const run = items.find(({ config }: Run) => "series" in config);
    equal([items.length, run.state, run.job_id, run.result.checked, run.result.updated], [2, "succeeded", null, 1, 1]);
    equal(run.config, {
      series: { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" },
    });
  },

  async "fed goal: at most one update a minute, however its metrics come"(t) {
    const id = await goalOf(t);
    const row = (n: number) =>
      gift({ external_id: `g${n}`, timestamp: undefined, date: "2025-12-10", metric_value: n });
    await t.setNow("2025-12-24T12:00:01Z");
    const { id: single } = await give(t, "2025-12-10", 1_000);
    await send(t, [row(1), row(2)]);
    await t.setNow("2025-12-24T12:00:30Z");
    await t.json("POST", METRICS, 200, post("application/x-ndjson", `${JSON.stringify(row(4))}\n`));
    await t.json("POST", METRICS, 200, { body: [{ ...row(4), metric_value: 8 }] }); // a correction
    await t.setNow("2025-12-24T12:00:59.999999Z");
    await t.json("DELETE", `${METRICS}/${single}`, 204);
    equal(await feeds(t), ["12:01 queued donation_received"]);
    await t.setNow("2025-12-24T12:01:00Z");
    await t.runner.tick();
    equal(await valueOf(t, id), 11); // 1 + 2 + 8: the 1,000 is deleted, the 4 corrected
    await t.json("POST", METRICS, 200, { body: [row(16)] });
    equal(await feeds(t), ["12:01 succeeded donation_received", "12:02 queued donation_received"]);
    await t.setNow("2025-12-24T12:02:00Z");
    await t.runner.tick();
    equal(await valueOf(t, id), 27);
  },

  async "fed goal: a correction alone and a deletion alone move it too"(t) {
    await t.json("POST", METRICS, 201, { body: gift({ external_id: "g1", timestamp: "2025-12-10T12:00:00Z" }) });
    const other = await give(t, "2025-12-11", 30);
    const id = await goalOf(t);
    equal([await valueOf(t, id), await feeds(t)], [280, []]); // as it was made
    await t.json("POST", METRICS, 200, {
      body: gift({ external_id: "g1", timestamp: "2025-12-10T12:00:00Z", metric_value: 100 }),
    });
    await t.setNow("2025-12-24T12:01:00Z");
    await t.runner.tick();
    equal(await valueOf(t, id), 130);
    await t.json("DELETE", `${METRICS}/${other.id}`, 204);
    await t.setNow("2025-12-24T12:02:00Z");
    await t.runner.tick();
    equal(await valueOf(t, id), 100);
  },

  async "fed goal: a metric that moves to another series moves the goals of both"(t) {
    const row = gift({ external_id: "g1", timestamp: "2025-12-10T12:00:00Z" });
    await t.json("POST", METRICS, 201, { body: row });
    const gifts = await goalOf(t);
    const refunds = await goalOf(t, { ...DECEMBER, metric_name: "donation_refunded" });
    await t.json("POST", METRICS, 200, { body: { ...row, metric_name: "donation_refunded" } });
    equal(await feeds(t), ["12:01 queued donation_received", "12:01 queued donation_refunded"]);
    await t.setNow("2025-12-24T12:01:00Z");
    await t.runner.tick();
    equal([await valueOf(t, gifts), await valueOf(t, refunds)], [0, 250]);
  },

  async "fed goal: metrics that feed no goal queue nothing"(t) {
    await give(t, "2025-12-10", 1); // there is no goal at all
    await goalOf(t, { ...DECEMBER, tracking: "manual" });
    await give(t, "2025-12-10", 1);
    const cancelled = await goalOf(t);
    await t.json("PUT", `${GOALS}/${cancelled}`, 200, { body: { status: "cancelled" } });
    const deleted = await goalOf(t);
    await t.json("DELETE", `${GOALS}/${deleted}`, 204);
    await give(t, "2025-12-10", 1);
    await goalOf(t, { ...DECEMBER, metric_name: "donation_refunded" }); // of another name
    await give(t, "2025-12-10", 1);
    await goalOf(t);
    await give(t, "2026-01-04", 1); // after its window in any zone, by more than three days
    await give(t, "2024-11-26", 1); // 370 days before it
    equal(await feeds(t), []);
    await give(t, "2024-11-27", 1); // 369 days before: a level could still hold, in some zone
    equal(await feeds(t), ["12:01 queued donation_received"]);
  },

  async "fed goal: the last evening of its window feeds it, though the organisation has tomorrow"(t) {
    const id = await goalOf(t, { ...DECEMBER, end_date: "2025-12-23", timezone: "America/Los_Angeles" });
    await t.setNow("2025-12-24T07:00:10Z"); // 23:00 on the 23rd in Los Angeles
    await t.json("POST", METRICS, 201, { body: gift({ timestamp: "2025-12-24T06:59:00Z", metric_value: 250 }) });
    equal(await feeds(t), ["07:01 queued donation_received"]);
    await t.setNow("2025-12-24T07:01:00Z");
    await t.runner.tick();
    equal(await valueOf(t, id), 250);
  },

  async "fed goal: only metrics with its dimensions feed it"(t) {
    const id = await goalOf(t, { ...DECEMBER, dimensions: { campaign: "spring" } });
    await give(t, "2025-12-10", 40, { dimensions: { campaign: "autumn" } });
    equal(await feeds(t), []);
    await send(t, [
      gift({ dimensions: { campaign: "autumn" }, metric_value: 5 }),
      gift({ dimensions: { campaign: "spring", channel: "web" }, metric_value: 60 }),
    ]);
    equal(await feeds(t), ["12:01 queued donation_received"]);
    await t.setNow("2025-12-24T12:01:00Z");
    await t.runner.tick();
    equal(await valueOf(t, id), 60);
  },

  async "fed goal: metrics that come while an update is under way, or after one was cancelled, queue another"(t) {
    const id = await goalOf(t);
    await give(t, "2025-12-10", 1);
    await t.db.query(
      `update ops.job_runs set state = 'running', lease_until = ops.now() + interval '1 hour', worker = 'w', attempt = 1`,
    );
    await give(t, "2025-12-10", 2); // its clock still says 12:00, so the minute's run is no good
    equal(await feeds(t), ["12:01 running donation_received", "12:02 queued donation_received"]);
    await t.db.query("update ops.job_runs set cancel_at = ops.now() where state = 'queued'");
    await give(t, "2025-12-10", 4);
    equal((await feeds(t)).at(-1), "12:03 queued donation_received");
    await t.setNow("2025-12-24T12:03:00Z");
    await t.runner.tick();
    equal(await valueOf(t, id), 7);
  },

  async "fed goal: after an outage of hours one update does the work of all"(t) {
    const id = await goalOf(t);
    for (const minute of ["00", "01", "02"]) {
      await t.setNow(`2025-12-24T12:${minute}:10Z`);
      await give(t, "2025-12-10", 100);
    }
    await t.setNow("2025-12-24T15:00:00Z");
    await t.runner.tick();
    equal(await feeds(t), [
      "12:01 skipped (superseded) donation_received",
      "12:02 skipped (superseded) donation_received",
      "12:03 succeeded donation_received",
    ]);
    equal(await valueOf(t, id), 300);
  },

  async "fed goal: a late gift turns a failed goal into an achieved one, by itself"(t) {
    const id = await goalOf(t, { ...DECEMBER, target_value: 100, end_date: "2025-12-20" });
    await evaluateGoals(t.ctx);
    equal((await t.json("GET", `${GOALS}/${id}`, 200)).status, "failed");
    await give(t, "2025-12-24", 500); // not of its window
    equal(await feeds(t), []);
    await give(t, "2025-12-20", 100);
    await t.setNow("2025-12-24T12:01:00Z");
    await t.runner.tick();
    const { status, current_value } = await t.json("GET", `${GOALS}/${id}`, 200);
    equal([status, current_value], ["achieved", 100]);
    await give(t, "2025-12-20", 1); // what is achieved stays, and is fed no more
    equal(await feeds(t), ["12:01 succeeded donation_received"]);
  },

  async "fed goal: a page of a feed that is synced queues the update with the page"(t) {
    const id = await goalOf(t);
    await using source = feed(() => page([synced(64)]));
    configure(t, { partners_crm: source.url });
    await t.json("POST", "/api/v1/sync", 202, { body: { service_name: "partners_crm" } });
    await pullingRunner(t).tick();
    equal(await feeds(t), ["12:01 queued donation_received"]);
    await t.setNow("2025-12-24T12:01:00Z");
    await t.runner.tick();
    equal(await valueOf(t, id), 64);
  },

  async "fed goal: rows that retention takes away feed nothing"(t) {
    await give(t, "2025-12-10", 100);
    await goalOf(t);
    await t.db.transaction(async (tx) => {
      await tx.query("select set_config('ops.keep_rollups', 'on', true)");
      await tx.query("delete from metrics");
      await tx.query("select set_config('ops.keep_rollups', 'off', true)");
    });
    equal(await feeds(t), []);
  },
};
