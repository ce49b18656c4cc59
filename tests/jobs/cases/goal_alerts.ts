import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { createRegistry } from "../../../jobs/handlers.ts";
import { createRunner } from "../../../jobs/runner.ts";
import { readConfig } from "../../../services/config.ts";
import { evaluateGoals, updateGoals } from "../../../services/goals/mod.ts";
import type { OutboundRequest } from "../../../services/ports/outbound.ts";
import { signed } from "../../../services/webhooks/signature.ts";
import type { App } from "../../support/app.ts";
import { CALLS, DECEMBER, give, goalOf, GOALS, read } from "../../support/goals.ts";

const SECRET = `whsec_${btoa("a key that nobody else may know!")}`;
const HOOK = "http://alerts.internal/goals";

/** The runs that tell of goals, in the order of their events. */
async function told(t: App) {
  return await t.db.query<
    { id: string; state: string; config: Record<string, unknown>; result: unknown; same: boolean }
  >(
    `select r.id, r.state, r.config, r.result, e.kind = r.config ->> 'event' and e.subject_id = (r.config ->> 'goal_id')::uuid
       as same
     from ops.job_runs r join ops.events e using (id) where r.job_type = 'custom' and r.config ->> 'handler' = 'goal_alert'
     order by r.created_at, r.id`,
  );
}

/** What happened, by name: within a millisecond the order is chance. */
const kinds = async (t: App) => (await told(t)).map(({ config }) => String(config["event"])).sort();

/** A runner whose receiver answers so, and what reached it. */
function telling(t: App, ...statuses: number[]) {
  const sent: (OutboundRequest & { url: string })[] = [];
  t.ctx.config = readConfig({ WEBHOOK_SECRET: SECRET, ALERT_WEBHOOK_URL: HOOK });
  const runner = createRunner(
    t.ctx,
    createRegistry(t.ctx, (url, request) => {
      sent.push({ ...request, url: url.href });
      const status = statuses[Math.min(sent.length, statuses.length) - 1] ?? 204;
      return Promise.resolve({ status, body: new Uint8Array(), complete: true });
    }),
  );
  return { runner, sent };
}

/** What goals tell the outside. */
export const goalAlertsCases: Record<string, (t: App) => Promise<void>> = {
  async "goal alert: a crossing queues one run with its event, and without a receiver it tells nobody"(t) {
    const id = await goalOf(t, CALLS);
    await read(t, id, 74);
    equal(await told(t), []);
    await read(t, id, 75);
    await read(t, id, 90);
    const [run, ...more] = await told(t);
    ok(run !== undefined);
    equal([run.state, run.same, more], ["queued", true, []]);
    equal(run.config, {
      ...{ handler: "goal_alert", event: "goal_alert", goal_id: id, name: "Calls", unit: "calls" },
      ...{ current_value: 75, target_value: 100, progress_percentage: 75, alert_threshold: 75, date: "2025-12-24" },
    });
    await t.runner.tick();
    equal((await told(t)).map(({ state, result }) => [state, result]), [["succeeded", { channel: "none" }]]);
  },

  async "goal alert: a receiver is told signed, under one id in every attempt"(t) {
    const { runner, sent } = telling(t, 503, 204);
    const id = await goalOf(t, CALLS);
    await read(t, id, 80);
    await runner.tick();
    await t.setNow("2025-12-24T12:10:00Z");
    await runner.tick();
    const [run] = await told(t);
    ok(run !== undefined);
    equal(run.state, "succeeded");
    equal(run.result, { channel: "webhook", status: 204, answer: "", duration_ms: 0 });
    equal(sent.map(({ secrets }) => secrets?.["webhook-id"]), [run.id, run.id]);
    const [, second] = sent;
    ok(second !== undefined);
    equal([second.url, second.method, second.named_by], [HOOK, "POST", "configuration"]);
    const { body = "", secrets = {} } = second;
    equal(JSON.parse(body), {
      ...{
        run_id: run.id,
        job_id: null,
        scheduled_for: "2025-12-24T12:00:00Z",
        window: null,
        occurrences: 0,
        attempt: 2,
      },
      body: {
        ...{ event: "goal_alert", goal_id: id, name: "Calls", unit: "calls", current_value: 80, target_value: 100 },
        ...{ progress_percentage: 80, alert_threshold: 75, date: "2025-12-24" },
      },
    });
    const timestamp_s = Date.UTC(2025, 11, 24, 12, 10) / 1000;
    equal(secrets["webhook-signature"], signed(SECRET, { id: run.id, timestamp_s, body })["webhook-signature"]);
  },

  async "goal alert: a receiver that refuses ends the run, and the goal is none the worse"(t) {
    const { runner } = telling(t, 410);
    const id = await goalOf(t, CALLS);
    await read(t, id, 80);
    await runner.tick();
    equal((await told(t)).map(({ state }) => state), ["failed"]);
    equal((await t.json("GET", `${GOALS}/${id}`, 200)).alert_sent, true);
    equal((await read(t, id, 81)).alert_sent, true);
    equal((await told(t)).length, 1);
  },

  async "goal alert: each crossing is told, after two points back or under other terms"(t) {
    const id = await goalOf(t, CALLS);
    for (const value of [75, 74, 76, 73, 77, 72.9, 75]) await read(t, id, value);
    equal((await told(t)).map(({ config }) => config["current_value"]), [75, 75]); // 73 is not below 75 − 2, 72.9 is
    await t.json("PUT", `${GOALS}/${id}`, 200, { body: { target_value: 90 } }); // 75 of 90 is 83 %
    await t.json("PUT", `${GOALS}/${id}`, 200, { body: { end_date: "2025-12-30" } });
    equal((await told(t)).length, 4);
    await t.json("PUT", `${GOALS}/${id}`, 200, { body: { name: "Visits", description: "By foot" } });
    equal((await told(t)).length, 4);
  },

  async "goal alert: a threshold that moves ahead of progress is crossed anew, one that moves back is not"(t) {
    const id = await goalOf(t, CALLS);
    await read(t, id, 79);
    // 79 lies within two points of 80, yet 80 was never crossed.
    equal((await t.json("PUT", `${GOALS}/${id}`, 200, { body: { alert_threshold: 80 } })).alert_sent, false);
    equal((await read(t, id, 80)).alert_sent, true);
    equal((await t.json("PUT", `${GOALS}/${id}`, 200, { body: { alert_threshold: 50 } })).alert_sent, true);
    equal((await told(t)).map(({ config }) => config["alert_threshold"]), [75, 80]);
  },

  async "goal alert: a goal to come down alerts on its way, by progress"(t) {
    // From 80 down to 40: at 50 three quarters of the way.
    const id = await goalOf(t, { ...CALLS, direction: "decrease", baseline_value: 80, target_value: 40 });
    equal((await read(t, id, 51)).alert_sent, false); // 72.5 %
    equal((await read(t, id, 50)).alert_sent, true);
    equal((await read(t, id, 39)).alert_sent, true); // 102.5 %
    equal((await told(t)).map(({ config }) => config["progress_percentage"]), [75]);
  },

  async "goal alert: a goal to maintain alerts when too many of its days are outside"(t) {
    const band = { ...CALLS, direction: "maintain", baseline_value: 90, target_value: 110 };
    const id = await goalOf(t, band);
    const seen: [number, boolean][] = [];
    for (const [day, value] of [[20, 100], [21, 120], [22, 100], [23, 100], [24, 100], [25, 120], [26, 120]] as const) {
      await t.setNow(`2025-12-${day}T12:00:00Z`);
      const { progress_percentage, alert_sent } = await read(t, id, value);
      seen.push([Math.round(progress_percentage), alert_sent]);
    }
    // Inside after each day: 1/1, 1/2, 2/3, 3/4, 4/5 (armed again: at least 77), 4/6, 4/7.
    equal(seen, [[100, false], [50, true], [67, true], [75, true], [80, false], [67, true], [57, true]]);
    equal((await told(t)).length, 2);
  },

  async "goal alert: a total to keep low alerts when it nears its limit, not from the first day on"(t) {
    // At most 1,000, from 2,000 a year ago: progress is (2,000 − value) / 1,000.
    const id = await goalOf(t, { ...DECEMBER, direction: "decrease", baseline_value: 2_000, alert_threshold: 100 });
    await give(t, "2025-12-10", 900);
    await updateGoals(t.ctx);
    equal((await t.json("GET", `${GOALS}/${id}`, 200)).alert_sent, false); // 110 %
    await give(t, "2025-12-11", 101);
    await updateGoals(t.ctx);
    equal((await t.json("GET", `${GOALS}/${id}`, 200)).alert_sent, true); // 99.9 %
    equal((await told(t)).map(({ config }) => config["current_value"]), [1_001]);
  },

  async "goal alert: endings are told like alerts, one run each"(t) {
    const over = { end_date: "2025-12-23", alert_threshold: null };
    const [met, missed] = [
      await goalOf(t, { ...CALLS, ...over }),
      await goalOf(t, { ...CALLS, ...over, name: "Visits" }),
    ];
    await read(t, met, 100);
    await evaluateGoals(t.ctx);
    equal(await kinds(t), ["goal_achieved", "goal_failed"]);
    await read(t, missed, 100);
    equal(await kinds(t), ["goal_achieved", "goal_achieved_late", "goal_failed"]);
    ok((await told(t)).every(({ same }) => same));
    const { runner, sent } = telling(t, 204);
    await runner.tick();
    const names = sent.map(({ body = "" }) => JSON.parse(body).body).map((each) => `${each.event} ${each.name}`);
    equal(names.toSorted(), ["goal_achieved Calls", "goal_achieved_late Visits", "goal_failed Visits"]);
  },

  async "goal alert: no job can be configured to tell what did not happen"(t) {
    const config = { handler: "goal_alert", event: "goal_achieved", goal_id: crypto.randomUUID() };
    const body = { name: "Lie", job_type: "custom", schedule: "@hourly", config };
    const { errors } = await t.json("POST", "/api/v1/jobs", 422, { body });
    match(JSON.stringify(errors), /must be one of goal_evaluation/);
  },
};
