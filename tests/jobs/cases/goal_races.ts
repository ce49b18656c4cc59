import { deepStrictEqual as equal } from "node:assert/strict";
import { updateGoalProgress, updateGoals } from "../../../services/goals/mod.ts";
import { ingestMetrics } from "../../../services/metrics/mod.ts";
import type { App } from "../../support/app.ts";
import { gift } from "../../support/gifts.ts";
import { CALLS, DECEMBER, feeds, goalOf, GOALS, valueOf } from "../../support/goals.ts";
import { gate, runnerOf } from "../ledger.ts";
import type { registerWorkers } from "./workers.ts";

const local = { kind: "local" } as const;

const clean = (t: App) => t.db.exec("truncate goals cascade; delete from ops.events; delete from metrics");
const ingest = (ctx: App["ctx"], metric_value: number) =>
  ingestMetrics(ctx, local, [gift({ metric_value, timestamp: "2025-12-20T12:00:00Z" })]);

/** Waits until somebody waits for the lock of a series. */
async function blocked({ db }: App): Promise<void> {
  for (;;) {
    const waiting = await db.query(
      "select from pg_locks where locktype = 'advisory' and classid = 7001 and not granted",
    );
    if (waiting.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Goals that are fed, and updated, from several connections at once. */
export const goalRaceCases: Parameters<typeof registerWorkers>[1] = {
  async "fed goal: writers who meet in one minute queue one update between them"({ a, b, setNow }) {
    await clean(a);
    const id = await goalOf(a);
    await Promise.all(Array.from({ length: 12 }, (_, i) => ingest((i % 2 === 0 ? a : b).ctx, 10)));
    equal(await feeds(a), ["12:01 queued donation_received"]);
    await setNow("2025-12-24T12:01:00Z");
    await Promise.all([a.runner.tick(), b.runner.tick()]);
    equal([await valueOf(a, id), await feeds(a)], [120, ["12:01 succeeded donation_received"]]);
    await clean(a);
  },

  async "fed goal: an update waits for the writers who count on it, and only for those of its minute"(
    { a, b, setNow },
  ) {
    await clean(a);
    const id = await goalOf(a);
    await a.runner.tick(); // the update of its own, which would see what commits before the minute is over
    await ingest(a.ctx, 1);
    await a.db.transaction(async (tx) => {
      await ingest({ ...a.ctx, db: tx }, 2); // sees the waiting update, and is not committed when the minute is over
      await setNow("2025-12-24T12:01:00Z");
      await b.runner.tick();
      equal([await feeds(b), await valueOf(b, id)], [["12:01 queued donation_received"], 0]);
    });
    await ingest(b.ctx, 4); // from the next minute on others count on the next one, or they could hold this one for ever
    await b.runner.tick();
    equal([await feeds(b), await valueOf(b, id)], [
      ["12:01 succeeded donation_received", "12:02 queued donation_received"],
      7,
    ]);
    await clean(a);
  },

  async "fed goal: metrics that commit while an update is under way are followed by another"({ a, b, setNow }) {
    await clean(a);
    const id = await goalOf(a);
    await ingest(a.ctx, 1);
    await setNow("2025-12-24T12:01:00Z");
    const { handler, begun, open } = gate();
    const pass = runnerOf(b, { goal_update: handler }).tick();
    await begun;
    await setNow("2025-12-24T12:00:59.9Z"); // a statement that began before the minute was over
    await ingest(a.ctx, 2);
    equal(await feeds(a), ["12:01 running donation_received", "12:02 queued donation_received"]);
    open();
    await pass;
    await setNow("2025-12-24T12:02:00Z");
    await a.runner.tick();
    equal(await valueOf(a, id), 3);
    await clean(a);
  },

  async "fed goal: one that is made while metrics are on their way has them when they are there"({ a, b }) {
    await clean(a);
    let making = Promise.resolve("");
    await a.db.transaction(async (tx) => {
      await ingest({ ...a.ctx, db: tx }, 5); // there is no goal yet that it could feed
      making = goalOf(b);
      await blocked(a);
    });
    equal([await valueOf(a, await making), await feeds(a)], [5, []]);
    await clean(a);
  },

  async "goal alert: readings and updates that race tell of a crossing once"({ a, b }) {
    await clean(a);
    const id = await goalOf(a, CALLS);
    await Promise.all(
      Array.from(
        { length: 10 },
        (_, i) => updateGoalProgress((i % 2 === 0 ? a : b).ctx, local, id, { current_value: 80 + i }),
      ),
    );
    const fed = await goalOf(a, { ...DECEMBER, alert_threshold: 50 });
    await a.db.query("delete from ops.job_runs where job_type = 'goal_update'");
    await ingest(a.ctx, 600);
    await Promise.all([a, b, a, b].map(({ ctx }) => updateGoals(ctx)));
    const alerts = await a.db.query<{ subject_id: string; runs: number }>(
      `select subject_id, (select count(*)::int from ops.job_runs r where r.id = e.id) as runs
       from ops.events e where kind = 'goal_alert' order by created_at, id`,
    );
    equal(alerts.map(({ subject_id, runs }) => [subject_id, runs]).toSorted(), [[id, 1], [fed, 1]].toSorted());
    equal((await a.json("GET", `${GOALS}/${fed}`, 200)).current_value, 600);
    await clean(a);
  },
};
