import { deepStrictEqual as equal } from "node:assert/strict";
import { evaluateGoals, updateGoals } from "../../../services/goals/mod.ts";
import type { App } from "../../support/app.ts";
import { BY_HAND, events, gifts, made, PATH, QUICK_START } from "./goal_kit.ts";

/** How goals end, late or not, in their own zone, and how they open again. */
export const goalEndingsCases: Record<string, (t: App) => Promise<void>> = {
  async "a goal by hand for a window that is over waits for its readings, and the evaluation closes it"(t) {
    const november = { ...BY_HAND, alert_threshold: null, start_date: "2025-11-01", end_date: "2025-11-30" };
    const { id } = await made(t, november);
    const path = `${PATH}/${id}`;
    await t.json("PUT", path, 200, { body: { end_date: "2025-12-23" } }); // yesterday
    await t.runner.tick();
    equal([(await t.json("GET", path, 200)).status, await events(t, id)], ["active", []]);
    await t.json("POST", `${path}/update-progress`, 200, { body: { current_value: 100 } });
    await t.runner.tick();
    equal([(await t.json("GET", path, 200)).status, (await t.json("GET", "/api/v1/runs", 200)).items], ["active", []]);
    await evaluateGoals(t.ctx);
    equal(await events(t, id), ["goal_achieved"]);
    await made(t, { ...BY_HAND, end_date: "2025-12-24" }); // its last day is today
    equal((await t.json("GET", "/api/v1/runs?job_type=goal_update", 200)).items.length, 1);
  },
  async "a goal ends the day after its window in its own zone"(t) {
    const window = { start_date: "2025-12-20", end_date: "2025-12-24" };
    const utc = await made(t, { ...BY_HAND, ...window });
    const east = await made(t, { ...BY_HAND, ...window, timezone: "Pacific/Kiritimati" }); // 25 December since 10:00 UTC
    await t.json("POST", `${PATH}/${utc.id}/update-progress`, 200, { body: { current_value: 100 } });
    await t.setNow("2025-12-24T23:59:59Z");
    equal((await evaluateGoals(t.ctx)).failed, 1);
    equal((await t.json("GET", `${PATH}/${east.id}`, 200)).status, "failed");
    equal((await t.json("GET", `${PATH}/${utc.id}`, 200)).status, "active");
    await t.setNow("2025-12-25T00:00:00Z");
    equal((await evaluateGoals(t.ctx)).achieved, 1);
    equal((await t.json("GET", `${PATH}/${utc.id}`, 200)).status, "achieved");
    equal(await events(t, utc.id), ["goal_achieved", "goal_alert"]);
  },
  async "late readings turn a failed goal into an achieved one, and say so"(t) {
    const { id } = await made(t, QUICK_START);
    equal((await updateGoals(t.ctx)).failed, 1); // its window was over in April
    await gifts(t, ["2025-03-01", 100_000]);
    equal((await updateGoals(t.ctx)).achieved, 1);
    equal((await t.json("GET", `${PATH}/${id}`, 200)).status, "achieved");
    equal(await events(t, id), ["goal_achieved_late", "goal_failed"]);
  },
  async "a failed goal takes late readings by hand, an achieved one takes none"(t) {
    const { id } = await made(t, { ...BY_HAND, alert_threshold: null, end_date: "2025-12-23" });
    await evaluateGoals(t.ctx);
    const path = `${PATH}/${id}/update-progress`;
    equal((await t.json("POST", path, 200, { body: { current_value: 99 } })).status, "failed");
    equal((await t.json("POST", path, 200, { body: { current_value: 100 } })).status, "achieved");
    await t.json("POST", path, 409, { body: { current_value: 101 } });
    equal(await events(t, id), ["goal_achieved_late", "goal_failed"]);
  },
  async "a goal ends with its last day in its own zone, from the first to the last place where a day begins"(t) {
    const yesterday = { end_date: "2025-12-24", alert_threshold: null };
    const zones = { "Pacific/Kiritimati": "", UTC: "", "Europe/Berlin": "", "Pacific/Pago_Pago": "" };
    for (const timezone of Object.keys(zones)) {
      zones[timezone as keyof typeof zones] = (await made(t, { ...BY_HAND, ...yesterday, timezone })).id;
    }
    const open = async (at: string) => {
      await t.setNow(at);
      await evaluateGoals(t.ctx);
      const { items } = await t.json("GET", `${PATH}?status=active`, 200);
      return Object.entries(zones).filter(([, id]) => items.some((goal: { id: string }) => goal.id === id)).map((
        [zone],
      ) => zone);
    };
    equal((await open("2025-12-24T09:59:59.999Z")).length, 4);
    equal(await open("2025-12-24T10:00:00Z"), ["UTC", "Europe/Berlin", "Pacific/Pago_Pago"]); // UTC+14
    equal((await open("2025-12-24T22:59:59Z")).length, 3);
    equal(await open("2025-12-24T23:00:00Z"), ["UTC", "Pacific/Pago_Pago"]); // UTC+1
    equal(await open("2025-12-25T00:00:00Z"), ["Pacific/Pago_Pago"]);
    equal((await open("2025-12-25T10:59:59Z")).length, 1);
    equal(await open("2025-12-25T11:00:00Z"), []); // UTC−11
  },
  async "the day on which a zone turns its clocks is a day like any other"(t) {
    await t.setNow("2025-03-30T22:30:00Z"); // in Berlin, whose 30 March has 23 hours, the 31st has begun
    const goal = { ...BY_HAND, start_date: "2025-03-30", end_date: "2025-04-01", timezone: "Europe/Berlin" };
    const { id } = await made(t, goal);
    const days = async () => {
      const { meta, days_elapsed, days_remaining } = await t.json("GET", `${PATH}/${id}/progress`, 200);
      return [meta.as_of, days_elapsed, days_remaining];
    };
    equal(await days(), ["2025-03-31", 1, 2]);
    await t.setNow("2025-03-30T21:59:59Z");
    equal(await days(), ["2025-03-30", 0, 3]);
  },
  async "a goal that ended is open again under other terms"(t) {
    const { id } = await made(t, { ...BY_HAND, end_date: "2025-12-23" });
    await evaluateGoals(t.ctx);
    equal((await t.json("PUT", `${PATH}/${id}`, 200, { body: { name: "Visits" } })).status, "failed");
    equal((await t.json("PUT", `${PATH}/${id}`, 200, { body: { end_date: "2025-12-31" } })).status, "active");
  },
  async "a goal that ended is not opened by its status alone, so its end is told once"(t) {
    const { id } = await made(t, { ...BY_HAND, alert_threshold: null, end_date: "2025-12-23" });
    await t.json("POST", `${PATH}/${id}/update-progress`, 200, { body: { current_value: 100 } });
    equal((await evaluateGoals(t.ctx)).achieved, 1);
    const active = { status: "active" };
    const refused = await t.json("PUT", `${PATH}/${id}`, 409, { body: { ...active, name: "Visits" } });
    equal([refused.type, refused.detail], [
      "urn:problem:invalid_state",
      "This goal is achieved; other terms open it again",
    ]);
    await t.json("PUT", `${PATH}/${id}`, 409, { body: { ...active, target_value: 100 } }); // the target it has
    equal((await updateGoals(t.ctx, { goal_ids: [id] })).achieved, 0);
    equal(await events(t, id), ["goal_achieved"]);
    equal((await t.json("PUT", `${PATH}/${id}`, 200, { body: { ...active, target_value: 200 } })).status, "active");
  },
};
