import { deepStrictEqual as equal, match, ok, rejects } from "node:assert/strict";
import { addDays } from "../../../services/days.ts";
import { RowsLocked } from "../../../services/errors.ts";
import { forecastGoals } from "../../../services/goals/forecast/mod.ts";
import { ingestMetrics } from "../../../services/metrics/mod.ts";
import { ComputationFailed } from "../../../services/ports/heavy.ts";
import { anonymous, type App } from "../../support/app.ts";

const PATH = "/api/v1/goals";
const NOBODY = "00000000-0000-4000-8000-00000000dead";

/** Ten days from 20 to 29 December 2025; today is the 24th, so four days are over and six are left. */
const GIFTS = {
  ...{ name: "Gifts", metric_type: "donation", unit: "USD", start_date: "2025-12-20", end_date: "2025-12-29" },
  target_value: 99,
};

const LEVEL = {
  ...{ name: "Followers", metric_type: "engagement", service_name: "social_media", metric_name: "followers" },
  ...{ unit: "followers", start_date: "2025-12-20", end_date: "2025-12-29" },
};

// deno-lint-ignore no-explicit-any -- as in App.json
type Answer = any;

async function made(t: App, goal: Record<string, unknown>): Promise<string> {
  return (await t.json("POST", PATH, 201, { body: goal })).id;
}

async function forecastOf(t: App, goal: Record<string, unknown>): Promise<Answer> {
  return await t.json("GET", `${PATH}/${await made(t, goal)}/forecast`, 200);
}

/** Forecasts goals; answers how many forecasts were stored. */
async function forecast(...asked: Parameters<typeof forecastGoals>): Promise<number> {
  const { stored, errors } = await forecastGoals(...asked);
  equal(errors, 0);
  return stored;
}

type Daily = { first: string; last: string; value: (day: number) => number; of?: Record<string, unknown> };

/** Stores one reading a day. */
async function daily(t: App, { first, last, value, of = {} }: Daily): Promise<void> {
  const rows = [];
  for (let date = first, day = 0; date <= last; date = addDays(date, 1), day++) {
    rows.push({
      ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" },
      ...{ metric_unit: "USD", date, metric_value: value(day), ...of },
    });
  }
  equal((await ingestMetrics(t.ctx, { kind: "local" }, rows)).rejected, []);
}

/** Ten dollars on each of the 84 days before today. */
const tenADay = (t: App) => daily(t, { first: "2025-10-01", last: "2025-12-23", value: () => 10 });

const FOLLOWERS = {
  ...{ service_name: "social_media", metric_type: "engagement", metric_name: "followers" },
  ...{ metric_unit: "followers", dimensions: { platform: "mastodon" } },
};

/** Records a value of a goal by hand, each on a day at noon. */
async function byHand(t: App, id: string, readings: [date: string, value: number][]): Promise<void> {
  for (const [date, current_value] of readings) {
    await t.setNow(`${date}T12:00:00Z`);
    await t.json("POST", `${PATH}/${id}/update-progress`, 200, { body: { current_value } });
  }
}

const CALLS = { ...GIFTS, name: "Calls", metric_type: "engagement", unit: "calls" };

/** How goals are likely to end. */
export const goalForecastsCases: Record<string, (t: App) => Promise<void>> = {
  async "a goal's forecast adds the days to come to what is booked"(t) {
    await tenADay(t);
    const seen = await forecastOf(t, GIFTS);
    // 4 days · 10 are booked, 6 · 10 are to come: 100 in the end, on the 24th 50, and 99 only with the last day.
    equal([seen.status, seen.reason, seen.current_value], ["ok", null, 40]);
    ok(Math.abs(seen.forecast_value - 100) < 1e-6, `${seen.forecast_value}`);
    ok(Math.abs(seen.linear_projection - 100) < 1e-6, `${seen.linear_projection}`);
    equal([seen.probability, seen.forecast_confidence, seen.will_achieve], [1, 1, true]);
    equal(seen.projected_completion_date, "2025-12-29");
    ok(Math.abs(seen.daily_required - 59 / 6) < 1e-9); // (99 − 40) / 6
    ok(Math.abs(seen.daily_forecast - 10) < 1e-6); // (100 − 40) / 6
    equal(seen.recommended_action.code, "keep_going");
    match(seen.recommended_action.text, /the target needs 9.83 USD a day, 2 % below the forecast's 10 USD/);
    equal([seen.fan.length, seen.fan[0].date, seen.fan[5].date], [6, "2025-12-24", "2025-12-29"]);
    ok(Math.abs(seen.fan[0].median - 50) < 1e-6 && Math.abs(seen.fan[5].upper_95 - 100) < 1e-6);
    equal([seen.model, seen.n_history, seen.paths, seen.tracking], ["daily_paths", 84, 1000, "metrics"]);
    equal([seen.meta.as_of, seen.meta.data_through], ["2025-12-24", "2025-12-23"]);
  },
  async "a goal's forecast sees a target that is too high, and when it would be reached"(t) {
    await tenADay(t);
    const seen = await forecastOf(t, { ...GIFTS, target_value: 131 });
    // 100 on the 29th, 10 more on each day after: 130 on 1 January, 140 on the 2nd.
    equal([seen.probability, seen.will_achieve, seen.projected_completion_date], [0, false, "2026-01-02"]);
    equal(seen.recommended_action.code, "change_plan");
    match(seen.recommended_action.text, /needs 15.2 USD a day, 52 % above the forecast's 10 USD/); // 91 / 6 = 15.17
  },
  async "a goal's forecast counts today once: what is booked of it, or what it should bring if that is more"(t) {
    await tenADay(t);
    const id = await made(t, GIFTS);
    const at = async () => (await t.json("GET", `${PATH}/${id}/forecast`, 200)).forecast_value;
    await daily(t, { first: "2025-12-24", last: "2025-12-24", value: () => 4 });
    ok(Math.abs(await at() - 100) < 1e-6); // 44 are booked, and today ends with 10
    await daily(t, { first: "2025-12-24", last: "2025-12-24", value: () => 21 });
    ok(Math.abs(await at() - 115) < 1e-6); // 40 + 25 + 5 · 10
  },
  async "a goal's forecast is certain only of a total that cannot fall back"(t) {
    await daily(t, { first: "2025-10-01", last: "2025-12-23", value: (day) => 10 + (day * 7) % 5 });
    const reached = await forecastOf(t, { ...GIFTS, target_value: 5 });
    equal([reached.probability, reached.projected_completion_date], [1, "2025-12-24"]);
    equal([reached.daily_required, reached.recommended_action.code], [null, "none"]);
    const likely = await forecastOf(t, { ...GIFTS, target_value: 60 });
    ok(likely.probability > 0.9 && likely.probability < 1, `${likely.probability}`);
    const count = await forecastOf(t, { ...GIFTS, target_value: 9.5, aggregation: "count", unit: "gifts" });
    ok(Math.abs(count.forecast_value - 10) < 1e-6); // one reading a day
  },
  async "a goal's forecast judges a total to stay below by its end"(t) {
    await tenADay(t);
    const limit = { ...GIFTS, direction: "decrease", baseline_value: 1000 };
    const fits = await forecastOf(t, { ...limit, target_value: 106 });
    equal([fits.probability, fits.projected_completion_date], [1, null]);
    ok(Math.abs(fits.daily_required - 11) < 1e-9); // (106 − 40) / 6 may still come each day
    match(fits.recommended_action.text, /the limit allows 11 USD a day, 10 % above the forecast's 10 USD/);
    const passed = await forecastOf(t, { ...limit, target_value: 30 });
    equal([passed.probability, passed.daily_required, passed.recommended_action.code], [0, null, "change_plan"]);
  },
  async "a goal's forecast carries a level on, and judges a band day by day"(t) {
    await daily(t, { first: "2025-10-01", last: "2025-12-24", value: () => 500, of: FOLLOWERS });
    const level = await forecastOf(t, { ...LEVEL, target_value: 400 });
    equal([level.current_value, Math.round(level.forecast_value * 1e6) / 1e6, level.probability], [500, 500, 1]);
    equal(level.meta.data_through, "2025-12-24"); // today's level is known
    const band = { ...LEVEL, direction: "maintain" };
    equal((await forecastOf(t, { ...band, baseline_value: 450, target_value: 550 })).probability, 1);
    equal((await forecastOf(t, { ...band, baseline_value: 600, target_value: 700 })).probability, 0);
  },
  async "a goal's forecast says what is missing instead of a number"(t) {
    const none = await forecastOf(t, GIFTS);
    equal([none.status, none.probability, none.forecast_value, none.fan], ["insufficient_history", null, null, []]);
    equal(none.reason, "There is no reading of partners_crm/donation_received before 2025-12-24");
    await daily(t, { first: "2025-12-20", last: "2025-12-23", value: () => 10 });
    const few = await forecastOf(t, GIFTS);
    match(few.reason, /^14 complete days of history are needed, and partners_crm\/donation_received has 4$/);
    equal([few.current_value, few.probability, few.will_achieve], [40, null, null]);
    ok(Math.abs(few.linear_projection - 100) < 1e-6); // the line through 10, 10, 10, 10
    equal(few.recommended_action.code, "none");
  },
  async "a goal's forecast by hand goes on as its readings did"(t) {
    const id = await made(t, CALLS);
    await byHand(t, id, [["2025-12-20", 10], ["2025-12-21", 20], ["2025-12-22", 30], ["2025-12-23", 40]]);
    const few = await t.json("GET", `${PATH}/${id}/forecast`, 200);
    equal([few.status, few.probability], ["insufficient_history", null]);
    equal([few.reason, few.recommended_action.code], [
      "5 days with a reading are needed, and there are 4",
      "record_readings",
    ]);
    ok(Math.abs(few.linear_projection - 100) < 1e-9); // 10 on the 20th, 10 more each day: 100 on the 29th
    await byHand(t, id, [["2025-12-24", 50]]);
    const enough = await t.json("GET", `${PATH}/${id}/forecast`, 200);
    // Five times the same step: no path differs.
    equal([enough.model, enough.n_history, enough.probability], ["drift_between_readings", 5, 1]);
    ok(Math.abs(enough.forecast_value - 100) < 1e-9);
    equal([enough.projected_completion_date, enough.meta.data_through], ["2025-12-29", "2025-12-24"]);
    ok(Math.abs(enough.daily_required - 49 / 6) < 1e-9);
  },
  async "a goal's forecast is over with the goal"(t) {
    const id = await made(t, { ...GIFTS, start_date: "2025-01-01", end_date: "2025-12-23" });
    const ended = await t.json("GET", `${PATH}/${id}/forecast`, 200);
    equal([ended.status, ended.reason], ["ended", "The window ended on 2025-12-23"]);
    equal([ended.probability, ended.fan, ended.meta.computed_at], [null, [], null]);
    await t.json("PUT", `${PATH}/${id}`, 200, { body: { status: "cancelled" } });
    equal((await t.json("GET", `${PATH}/${id}/forecast`, 200)).reason, "The goal is cancelled");
  },
  async "a goal's forecast of nobody's goal, or a deleted one, is not found"(t) {
    await t.json("GET", `${PATH}/${NOBODY}/forecast`, 404);
    const id = await made(t, GIFTS);
    await t.json("DELETE", `${PATH}/${id}`, 204);
    await t.json("GET", `${PATH}/${id}/forecast`, 404);
    await t.json("GET", `${PATH}/${NOBODY}/forecast?days=3`, 422);
  },
  async "a goal's forecast is kept until its series changes, and read with its ETag"(t) {
    await tenADay(t);
    const id = await made(t, GIFTS);
    const first = await t.request("GET", `${PATH}/${id}/forecast`);
    const etag = first.headers.get("etag") ?? "";
    const seen = await first.json();
    await t.setNow("2025-12-24T13:00:00Z");
    equal((await t.json("GET", `${PATH}/${id}/forecast`, 200)).meta.computed_at, seen.meta.computed_at);
    const again = await t.request("GET", `${PATH}/${id}/forecast`, { headers: { "if-none-match": etag } });
    equal(again.status, 304);
    await daily(t, { first: "2025-12-23", last: "2025-12-23", value: () => 5 });
    const after = await t.json("GET", `${PATH}/${id}/forecast`, 200);
    equal([after.current_value, after.meta.data_version === seen.meta.data_version], [45, false]);
  },
  async "a goal's forecast needs as much a day as its progress says, also before its window"(t) {
    await tenADay(t);
    const ahead = { ...GIFTS, target_value: 75, start_date: "2025-12-27", end_date: "2026-01-05" };
    // 75 in the ten days of a window to come, 13 days from the 24th on; 59 in the six that are left of the other.
    for (const [goal, days, needed] of [[ahead, 13, 75 / 10], [GIFTS, 6, 59 / 6]] as const) {
      const id = await made(t, goal);
      const { daily_required } = await t.json("GET", `${PATH}/${id}/forecast`, 200);
      const { days_remaining, daily_required_progress } = await t.json("GET", `${PATH}/${id}/progress`, 200);
      equal([daily_required, daily_required_progress, days_remaining], [needed, needed, days]);
    }
  },
  async "a goal that its level reached yesterday, in a step like none before, is likely to stay reached"(t) {
    await daily(t, { first: "2025-09-16", last: "2025-12-22", value: () => 100, of: FOLLOWERS });
    await daily(t, { first: "2025-12-23", last: "2025-12-23", value: () => 200, of: FOLLOWERS });
    const { current_value, forecast_value, probability } = await forecastOf(t, {
      ...LEVEL,
      ...{ baseline_value: 100, target_value: 150 },
    });
    equal(current_value, 200);
    ok(Math.abs(forecast_value - 200) <= 5 && probability > 0.95, `${forecast_value}, ${probability}`);
  },
  async "a goal's forecast names no authors to anonymous readers"(t) {
    const id = await made(t, GIFTS);
    await forecast(t.ctx);
    for (const path of [`${PATH}/${id}/forecast`, `${PATH}/forecast/all`]) {
      const text = JSON.stringify(await t.json("GET", path, 200, { as: anonymous }));
      ok(text.includes(id) && !/created_by/.test(text), text);
    }
  },
  async "all goals' forecasts are those that the last update stored"(t) {
    await tenADay(t);
    const id = await made(t, GIFTS);
    const list = async () => (await t.json("GET", `${PATH}/forecast/all`, 200)).items[0];
    const before = await list();
    equal([before.goal_id, before.status, before.probability, before.fan], [id, "not_computed", null, []]);
    equal(await forecast(t.ctx), 1);
    const after = await list();
    equal([after.status, after.probability, after.fan.length, after.fan[0].date], ["ok", 1, 1, "2025-12-29"]);
    const goal = await t.json("GET", `${PATH}/${id}`, 200);
    equal([goal.forecast_value, goal.version], [after.forecast_value, 2]);
    ok(goal.forecast_updated_at !== null);
    const { fan, ...alone } = await t.json("GET", `${PATH}/${id}/forecast`, 200);
    const { fan: end, ...listed } = after;
    equal([alone, fan.at(-1)], [listed, end[0]]); // the stored one, with the whole fan
  },
  async "all goals' forecasts are computed anew once an hour at most, and only from other readings"(t) {
    await tenADay(t);
    const id = await made(t, GIFTS);
    equal(await forecast(t.ctx), 1);
    await daily(t, { first: "2025-12-23", last: "2025-12-23", value: () => 5 });
    equal(await forecast(t.ctx), 0); // an hour is not over
    await t.setNow("2025-12-24T13:00:01Z");
    equal(await forecast(t.ctx, { goal_ids: [NOBODY] }), 0);
    equal(await forecast(t.ctx, { goal_ids: [id] }), 1);
    await t.setNow("2025-12-24T14:00:02Z");
    equal(await forecast(t.ctx), 0); // nothing changed
    await t.setNow("2025-12-25T00:00:01Z");
    equal(await forecast(t.ctx), 1); // another day
  },
  async "a goal that cannot be forecast keeps no other from its forecast"(t) {
    await tenADay(t);
    const [first] = [await made(t, GIFTS), await made(t, { ...GIFTS, name: "Others" })];
    const compute: typeof t.ctx.heavy.compute = (name, input, signal) =>
      "seed" in input && input.seed === first
        ? Promise.reject(new ComputationFailed("It broke down"))
        : t.ctx.heavy.compute(name, input, signal);
    equal(await forecastGoals({ ...t.ctx, heavy: { compute } }), { stored: 1, errors: 1 });
    equal(t.logged.filter((line) => line === "error a goal could not be forecast: It broke down").length, 1);
  },
  async "a forecast that fails for no fault of its goal ends the pass, to be tried again"(t) {
    await tenADay(t);
    await made(t, GIFTS);
    const compute = () => Promise.reject(new RowsLocked("Somebody holds it"));
    await rejects(forecastGoals({ ...t.ctx, heavy: { compute } }), RowsLocked);
  },
  async "a goal that becomes another one loses its forecast"(t) {
    await tenADay(t);
    const id = await made(t, GIFTS);
    await forecast(t.ctx);
    const goal = await t.json("PUT", `${PATH}/${id}`, 200, { body: { target_value: 500 } });
    equal([goal.forecast_value, goal.forecast_updated_at], [null, null]);
    equal((await t.json("GET", `${PATH}/forecast/all`, 200)).items[0].status, "not_computed");
    equal((await t.json("GET", `${PATH}/${id}/forecast`, 200)).probability, 0);
  },
  async "a goal that is made, or becomes another one, is forecast by a run of its own"(t) {
    await tenADay(t);
    const id = await made(t, GIFTS);
    const seen = async () => (await t.json("GET", `${PATH}/forecast/all`, 200)).items[0].probability;
    await t.runner.tick();
    equal(await seen(), 1);
    await t.json("PUT", `${PATH}/${id}`, 200, { body: { name: "Gifts of the year" } }); // any change drops the forecast
    await t.json("PUT", `${PATH}/${id}`, 200, { body: { target_value: 500 } });
    await t.json("PUT", `${PATH}/${id}`, 200, { body: { target_value: 500 } }); // changes nothing
    equal(await seen(), null);
    await t.runner.tick();
    equal(await seen(), 0);
    await t.json("PUT", `${PATH}/${id}`, 200, { body: { status: "cancelled" } }); // has no forecast to wait for
    const { items } = await t.json("GET", "/api/v1/runs", 200);
    const [latest] = items;
    equal([items.length, latest.job_type, latest.state, latest.config], [3, "goal_update", "succeeded", {
      goal_ids: [id],
    }]);
  },
  async "a goal that is read by hand is forecast anew by a run of its own, however soon"(t) {
    const id = await made(t, { ...CALLS, direction: "maintain", baseline_value: 10, target_value: 50 });
    const path = `${PATH}/${id}`;
    await byHand(t, id, [["2025-12-20", 20], ["2025-12-21", 20], ["2025-12-22", 20], ["2025-12-23", 20]]);
    await byHand(t, id, [["2025-12-24", 20]]);
    await t.runner.tick();
    const listed = async () => {
      const { items: [{ status, current_value, probability }] } = await t.json("GET", `${PATH}/forecast/all`, 200);
      return [status, current_value, probability];
    };
    equal(await listed(), ["ok", 20, 1]);
    await t.json("POST", `${path}/update-progress`, 200, { body: { current_value: 60 } });
    equal(await listed(), ["not_computed", 60, null]);
    await t.runner.tick();
    equal(await listed(), ["ok", 60, 0]); // today's reading left the band from 10 to 50
  },
  async "a goal that is deleted before its run has come is left alone by it"(t) {
    await tenADay(t);
    const id = await made(t, GIFTS);
    await t.json("DELETE", `${PATH}/${id}`, 204);
    await t.runner.tick();
    const { items: [run] } = await t.json("GET", "/api/v1/runs", 200);
    equal([run.state, run.result.checked, run.result.forecast], ["succeeded", 0, 0]);
    const [row] = await t.db.query("select status, version, forecast_value from goals where id = $1", [id]);
    equal(row, { status: "cancelled", version: 2, forecast_value: null });
  },
  async "a goal update stores the goals' forecasts"(t) {
    await tenADay(t);
    const id = await made(t, GIFTS);
    const job = await t.json("POST", "/api/v1/jobs", 201, {
      body: { name: "Goals", job_type: "goal_update", schedule: "0 0 1 1 *", config: { goal_ids: [id] } },
    });
    await t.json("POST", `/api/v1/jobs/${job.id}/trigger`, 202);
    await t.runner.tick();
    const { items: [run] } = await t.json("GET", `/api/v1/jobs/${job.id}/runs`, 200);
    equal([run.state, run.result.checked, run.result.forecast], ["succeeded", 1, 1]);
    equal((await t.json("GET", `${PATH}/forecast/all`, 200)).items[0].probability, 1);
  },
  async "all goals' forecasts come in pages, without goals that ended"(t) {
    const ids = [];
    for (const name of ["a", "b", "c"]) ids.push(await made(t, { ...CALLS, name }));
    const cancelled = await made(t, CALLS);
    await t.json("PUT", `${PATH}/${cancelled}`, 200, { body: { status: "cancelled" } });
    const first = await t.json("GET", `${PATH}/forecast/all?limit=2`, 200);
    equal([first.total, first.items.length, first.limit], [3, 2, 2]);
    const second = await t.json("GET", `${PATH}/forecast/all?limit=2&cursor=${first.next_cursor}`, 200);
    const seen = [...first.items, ...second.items].map(({ goal_id }: { goal_id: string }) => goal_id);
    equal([seen.toSorted(), second.next_cursor], [ids.toSorted(), null]);
    equal((await t.json("GET", `${PATH}/forecast/all?skip=2`, 200)).items.length, 1);
    await t.json("GET", `${PATH}/forecast/all?status=active`, 422);
    await t.json("GET", `${PATH}/forecast/all?cursor=nonsense`, 422);
  },
};
