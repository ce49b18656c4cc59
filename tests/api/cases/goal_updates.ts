import { deepStrictEqual as equal, match, rejects } from "node:assert/strict";
import { RowsLocked, StatementTimeout } from "../../../services/errors.ts";
import { updateGoals } from "../../../services/goals/mod.ts";
import type { App } from "../../support/app.ts";
import { DECEMBER, events, gifts, made, NOBODY, PATH, QUICK_START, readings, type Run } from "./goal_kit.ts";

/** How goals are computed from their metrics: by the batch, one by one, and again. */
export const goalUpdatesCases: Record<string, (t: App) => Promise<void>> = {
  async "a tracked goal is computed from its window's readings in its unit when it is made"(t) {
    await gifts(t, ["2025-01-10", 250], ["2025-03-31", 750], ["2024-12-31", 9], ["2025-04-01", 9]);
    await gifts(t, ["2025-02-01", 500, { metric_unit: "EUR" }]);
    const goal = await made(t, QUICK_START);
    equal([goal.current_value, goal.progress_percentage], [1000, 1]); // 250 + 750 of 100,000
    equal(await readings(t, goal.id), [{ value: 1000, source: "metrics" }]);
  },
  async "progress is computed from the readings as they are, and the goal itself by the next update"(t) {
    const { id } = await made(t, QUICK_START);
    const path = `${PATH}/${id}`;
    const empty = await t.json("GET", `${path}/progress`, 200);
    match(empty.reason, /partners_crm\/donation_received has no reading/);
    await gifts(t, ["2025-01-10", 40_000]);
    const progress = await t.json("GET", `${path}/progress`, 200);
    equal([progress.current_value, progress.progress_percentage, progress.reason], [40_000, 40, null]);
    equal([progress.meta.data_through, progress.meta.complete], ["2025-01-10", true]);
    equal((await t.json("GET", path, 200)).current_value, 0);
    const first = await updateGoals(t.ctx, { goal_ids: [id, NOBODY] });
    equal([first.checked, first.updated], [1, 1]);
    equal((await t.json("GET", path, 200)).current_value, 40_000);
    equal(await readings(t, id), [{ value: 40_000, source: "metrics" }]);
  },
  async "an update that finds nothing new stores nothing"(t) {
    const goal = await made(t, { ...QUICK_START, ...{ start_date: "2025-12-01", end_date: "2025-12-31" } });
    const nothing = { checked: 1, updated: 0, alerted: 0, achieved: 0, failed: 0, errors: 0 };
    equal(await updateGoals(t.ctx), nothing);
    equal(await t.json("GET", `${PATH}/${goal.id}`, 200), goal);
  },
  async "an update takes many goals in short transactions, and reads a series that they share once"(t) {
    await t.db.query(
      `insert into goals (name, metric_type, target_value, unit, start_date, end_date, created_by, service_name, metric_name, aggregation)
       select 'Goal ' || i, 'donation', 1000, 'USD', '2025-12-01', '2025-12-31', $1, 'partners_crm', 'donation_received', 'sum'
       from generate_series(1, 450) i`,
      [NOBODY],
    );
    await gifts(t, ["2025-12-10", 250]);
    equal(await updateGoals(t.ctx), { checked: 450, updated: 450, alerted: 0, achieved: 0, failed: 0, errors: 0 });
    const [row] = await t.db.query<{ n: number }>(
      "select count(*)::int as n from goals where current_value = 250 and progress_percentage = 25 and version = 2",
    );
    equal(row?.n, 450);
  },
  async "a total may pass what a single reading may be"(t) {
    const december = { ...QUICK_START, ...{ start_date: "2025-12-01", end_date: "2025-12-31" } };
    const { id } = await made(t, december);
    await gifts(t, ...Array.from({ length: 12 }, (_, i): [string, number] => [`2025-12-${i + 10}`, 9e14]));
    equal((await updateGoals(t.ctx, { goal_ids: [id] })).updated, 1);
    const seen = await t.json("PUT", `${PATH}/${id}`, 200, { body: { target_value: 1e15 } });
    equal([seen.current_value, seen.progress_percentage], [1.08e16, 1080]); // 12 · 9e14 of 1e15
    equal((await made(t, december)).current_value, 1.08e16);
    equal((await t.json("GET", `${PATH}/${id}/forecast`, 200)).current_value, 1.08e16);
  },
  async "a goal that cannot be stored keeps no other of its batch from its value"(t) {
    const december = { ...QUICK_START, ...{ start_date: "2025-12-01", end_date: "2025-12-31" } };
    const ids: string[] = [];
    for (const name of ["First", "Poison", "Last"]) ids.push((await made(t, { ...december, name })).id);
    await t.db.exec("alter table goals add constraint poison check (name <> 'Poison' or current_value = 0)");
    await gifts(t, ["2025-12-10", 250]);
    const updated = await updateGoals(t.ctx);
    equal([updated.checked, updated.updated, updated.errors], [3, 2, 1]);
    const values = ids.map(async (id) => (await t.json("GET", `${PATH}/${id}`, 200)).current_value);
    equal(await Promise.all(values), [250, 0, 250]);
    equal(t.logged.filter((line) => line.startsWith("error a goal could not be updated: ")).length, 1);
  },
  async "a failure that is no goal's own ends the update at once, to be tried again"(t) {
    await made(t, { ...QUICK_START, ...DECEMBER });
    await made(t, { ...QUICK_START, ...DECEMBER });
    await gifts(t, ["2025-12-10", 250]);
    for (const error of [new StatementTimeout("Slow"), new RowsLocked("Held"), new Error("A defect")]) {
      let tried = 0;
      const transaction = () => {
        tried++;
        return Promise.reject(error);
      };
      await rejects(updateGoals({ ...t.ctx, db: { ...t.db, transaction } }), error);
      equal(tried, 1);
    }
    equal((await updateGoals(t.ctx)).updated, 2);
  },
  async "an update that is to end goes on with no further goal, also where it takes them one by one"(t) {
    await t.db.exec("alter table goals add constraint poison check (current_value = 0)");
    for (const name of ["First", "Last"]) await made(t, { ...QUICK_START, ...DECEMBER, name });
    await gifts(t, ["2025-12-10", 250]);
    const stop = new AbortController();
    let tried = 0;
    const db: typeof t.db = {
      ...t.db,
      async transaction(work) {
        if (++tried === 2) stop.abort(new Error("The time is up")); // both together, then the first alone
        return await t.db.transaction(work);
      },
    };
    await rejects(updateGoals({ ...t.ctx, db }, { signal: stop.signal }), /The time is up/);
    equal(tried, 2);
  },
  async "what an update has stored is counted, also where another goal then cannot be stored"(t) {
    const ids: string[] = [];
    for (const name of ["Sound", "Poison"]) ids.push((await made(t, { ...QUICK_START, ...DECEMBER, name })).id);
    await t.db.exec("alter table goals add constraint poison check (name <> 'Poison' or current_value = 0)");
    await gifts(t, ["2025-12-10", 100_000]);
    let edits = 1;
    const db: typeof t.db = {
      ...t.db,
      async transaction(work) {
        // The poisoned one is edited before the first attempt stores, so that only the second meets it.
        if (edits-- > 0) await t.db.query("update goals set version = version + 1 where id = $1", [ids[1] ?? ""]);
        return await t.db.transaction(work);
      },
    };
    const { updated, errors } = await updateGoals({ ...t.ctx, db });
    equal([updated, errors], [1, 1]);
  },
  async "a run fails that could not update or forecast a goal, once all others are stored"(t) {
    const ids: string[] = [];
    for (const name of ["Poison", "Sound"]) ids.push((await made(t, { ...QUICK_START, ...DECEMBER, name })).id);
    await t.runner.tick(); // the updates of their own
    await t.db.exec("alter table goals add constraint poison check (name <> 'Poison' or current_value = 0)");
    await gifts(t, ["2025-12-10", 250]);
    await t.setNow("2025-12-24T12:01:00Z");
    await t.runner.tick();
    equal((await t.json("GET", `${PATH}/${ids[1]}`, 200)).current_value, 250);
    const find = async () =>
      (await t.json("GET", "/api/v1/runs", 200)).items.find((run: Run) => "series" in run.config);
    const { state, attempt, error } = await find();
    equal([state, attempt, error.code, error.detail.errors], ["retrying", 1, "goals_failed", 1]);
    equal(error.message, "Goals that could not be updated: 1, or forecast: 0; the log says why");
    await t.db.exec("alter table goals drop constraint poison");
    await t.setNow("2025-12-24T13:00:00Z");
    await t.runner.tick();
    equal([(await find()).state, (await t.json("GET", `${PATH}/${ids[0]}`, 200)).current_value], ["succeeded", 250]);
  },
  async "a goal that is edited while it is computed is computed again on what was edited"(t) {
    const { id } = await made(t, { ...QUICK_START, ...{ start_date: "2025-12-01", end_date: "2025-12-31" } });
    await gifts(t, ["2025-12-10", 500]);
    let edits = 1;
    const db: typeof t.db = {
      ...t.db,
      async transaction(work) {
        if (edits-- > 0) await t.json("PUT", `${PATH}/${id}`, 200, { body: { target_value: 1000, unit: "EUR" } });
        return await t.db.transaction(work);
      },
    };
    await gifts(t, ["2025-12-10", 300, { metric_unit: "EUR" }]);
    await updateGoals({ ...t.ctx, db });
    const goal = await t.json("GET", `${PATH}/${id}`, 200);
    equal([goal.unit, goal.current_value, goal.progress_percentage], ["EUR", 300, 30]);
  },
  async "a goal alerts when its series crosses the threshold, with the reading that does it"(t) {
    const { id } = await made(t, {
      ...{ ...QUICK_START, target_value: 1000, alert_threshold: 75 },
      ...{ start_date: "2025-12-01", end_date: "2025-12-31" },
    });
    await gifts(t, ["2025-12-10", 800]);
    equal((await updateGoals(t.ctx)).alerted, 1);
    equal((await updateGoals(t.ctx)).alerted, 0);
    equal(await events(t, id), ["goal_alert"]);
  },
};
