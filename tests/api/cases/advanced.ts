import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { ingestMetrics } from "../../../services/metrics/mod.ts";
import { anonymous, type App, bearer } from "../../support/app.ts";

/** The source's quick start, word for word. */
const QUICK_START = {
  service_name: "partners_crm",
  metric_type: "donation",
  prediction_days: 30,
  confidence_level: 0.95,
};

const PATH = "/api/v1/advanced/predictions";

/** Stores a reading for each value: one a day, the first on the day given. */
async function daily(t: App, first: string, values: number[], more: Record<string, unknown> = {}) {
  const rows = values.map((metric_value, i) => ({
    ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received", metric_unit: "USD" },
    ...{ date: new Date(Date.parse(first) + i * 86_400_000).toISOString().slice(0, 10), metric_value },
    ...more,
  }));
  equal((await ingestMetrics(t.ctx, { kind: "local" }, rows)).rejected, []);
}

/** 10, 13, 16, … : a line without noise. */
const line = (n: number) => Array.from({ length: n }, (_, i) => 10 + 3 * i);

/** Predictions over HTTP. Today is 24 December 2025, so history ends on the 23rd. */
export const advancedCases: Record<string, (t: App) => Promise<void>> = {
  async "the quick start's prediction says what is missing where nothing is recorded"(t) {
    const answer = await t.json("POST", PATH, 200, { body: QUICK_START });
    equal([answer.status, answer.predictions, answer.trend, answer.model_accuracy, answer.backtest], [
      ...["insufficient_history", [], null, null, null],
    ]);
    equal(answer.reason, "partners_crm records nothing of type donation");
    equal(answer.meta.period, { start_date: "2023-12-25", end_date: "2025-12-23", timezone: "UTC" });
    equal([answer.meta.data_through, answer.meta.complete], [null, false]);
  },
  async "a straight line is carried on from today, exactly by the baseline and nearly by the model"(t) {
    await daily(t, "2025-12-04", line(20)); // to the 23rd: 10 + 3·19 = 67
    const answer = await t.json("POST", PATH, 200, { body: { ...QUICK_START, prediction_days: 2 } });
    equal([answer.status, answer.reason, answer.model, answer.trend], [
      ...["ok", null, "theta_damped_combination", "increasing"],
    ]);
    equal([answer.metric_name, answer.unit, answer.slope_per_day], ["donation_received", "USD", 3]);
    equal(answer.baseline.predictions, [
      { date: "2025-12-24", predicted_value: 70, lower_bound: 70, upper_bound: 70 },
      { date: "2025-12-25", predicted_value: 73, lower_bound: 73, upper_bound: 73 },
    ]);
    const { wape, coverage, horizon } = answer.baseline.backtest;
    equal([answer.baseline.model, wape, coverage, horizon], ["linear_trend", 0, 1, 2]); // no error at all
    equal(answer.predictions.map(({ date }: { date: string }) => date), ["2025-12-24", "2025-12-25"]);
    ok(Math.abs(answer.predictions[0].predicted_value - 70) < 3, "less than a step off"); // the trend is damped
    equal(answer.meta, {
      period: { start_date: "2025-12-04", end_date: "2025-12-23", timezone: "UTC" },
      ...{ data_through: "2025-12-23", complete: true, warnings: answer.meta.warnings },
      ...{ data_version: answer.meta.data_version, computed_at: "2025-12-24T12:00:00Z", cached: false, age_s: 0 },
    });
  },
  async "horizon and level have defaults"(t) {
    await daily(t, "2025-12-04", line(20));
    const { service_name, metric_type } = QUICK_START;
    const answer = await t.json("POST", PATH, 200, { body: { service_name, metric_type } });
    equal([answer.prediction_days, answer.confidence_level, answer.predictions.length], [30, 0.95, 30]);
  },
  async "the running day is left out"(t) {
    await daily(t, "2025-12-04", [...line(20), 1e6]);
    const answer = await t.json("POST", PATH, 200, { body: { ...QUICK_START, prediction_days: 1 } });
    equal(answer.baseline.predictions[0].predicted_value, 70);
    ok(answer.predictions[0].upper_bound < 100);
  },
  async "days after the last reading of the service are unknown, and the forecast reaches over them"(t) {
    await daily(t, "2025-12-04", line(18)); // to the 21st: 10 + 3·17 = 61
    const answer = await t.json("POST", PATH, 200, { body: { ...QUICK_START, prediction_days: 1 } });
    equal(answer.baseline.predictions, [{ date: "2025-12-24", predicted_value: 70, lower_bound: 70, upper_bound: 70 }]);
    equal([answer.meta.data_through, answer.meta.complete], ["2025-12-21", false]);
    equal(answer.meta.warnings.at(-1), "2 days before today without a reading: the forecast reaches over them");
    const far = await t.json("POST", PATH, 200, { body: { ...QUICK_START, prediction_days: 365 } });
    equal(far.predictions.length, 365);
  },
  async "days of a flow without a reading are zeros while its service sends others"(t) {
    await daily(t, "2025-12-02", Array.from({ length: 20 }, () => 11)); // to the 21st
    await daily(t, "2025-12-23", [1], { metric_type: "engagement", metric_name: "partner_interaction" });
    const answer = await t.json("POST", PATH, 200, { body: { ...QUICK_START, prediction_days: 1 } });
    equal([answer.meta.data_through, answer.meta.complete], ["2025-12-21", true]);
    // 20 days of 11 and 2 of 0: x̄ = 10.5, ȳ = 10, Sxx = 22·(22² − 1)/12 = 885.5, Sxy = −11·(9.5 + 10.5) = −220;
    // at 22 the line is 10 − 220/885.5·11.5.
    equal(answer.baseline.predictions[0].predicted_value.toFixed(9), (10 - (220 / 885.5) * 11.5).toFixed(9));
  },
  async "the interval widens with the level and the horizon, and a flow never goes below zero"(t) {
    await daily(t, "2025-11-04", Array.from({ length: 50 }, (_, i) => 50 - i + (i % 7)));
    const at = async (confidence_level: number) => {
      const body = { ...QUICK_START, prediction_days: 60, confidence_level };
      return (await t.json("POST", PATH, 200, { body })).predictions;
    };
    const [narrow, wide] = [await at(0.8), await at(0.95)];
    const width = (day: { upper_bound: number; predicted_value: number }) => day.upper_bound - day.predicted_value;
    ok(width(wide[0]) > width(narrow[0]));
    ok(
      wide.every((day: { lower_bound: number; predicted_value: number; upper_bound: number }) =>
        day.lower_bound >= 0 && day.predicted_value >= day.lower_bound && day.upper_bound >= day.predicted_value
      ),
    );
    equal(wide.at(-1).predicted_value, 0);
  },
  async "thirteen days are one too few, and the answer says so"(t) {
    await daily(t, "2025-12-11", line(13));
    const answer = await t.json("POST", PATH, 200, { body: QUICK_START });
    equal(answer.status, "insufficient_history");
    equal(answer.reason, "14 complete days of history are needed, and donation_received has 13, from 2025-12-11 on");
  },
  async "a series that fell silent long ago is not carried beyond a year"(t) {
    await daily(t, "2024-12-01", line(20));
    const answer = await t.json("POST", PATH, 200, { body: QUICK_START });
    equal(answer.status, "insufficient_history");
    match(answer.reason, /over 365 days old/); // 368: from 20 December 2024 to 23 December 2025
  },
  async "a distribution or a level read on a few days only is not enough"(t) {
    const latency = { service_name: "notification", metric_type: "notification", metric_name: "delivery_latency_ms" };
    for (const day of ["2025-11-01", "2025-11-20", "2025-12-23"]) {
      await daily(t, day, [100], { ...latency, metric_unit: "ms" });
    }
    const few = await t.json("POST", PATH, 200, { body: latency });
    equal(few.reason, "14 days with a reading are needed, and delivery_latency_ms has 3");
    await daily(t, "2025-11-02", Array.from({ length: 14 }, () => 100), { ...latency, metric_unit: "ms" });
    const holes = await t.json("POST", PATH, 200, { body: latency });
    equal(holes.reason, "Only 17 of the 53 days since the first reading of delivery_latency_ms have one");
  },
  async "only readings with the dimensions asked are predicted"(t) {
    await daily(t, "2025-12-04", line(20), { dimensions: { campaign: "spring" } });
    await daily(t, "2025-12-04", line(20).map(() => 1000));
    const body = { ...QUICK_START, prediction_days: 1, dimensions: { campaign: "spring" } };
    const answer = await t.json("POST", PATH, 200, { body });
    equal([answer.baseline.predictions[0].predicted_value, answer.dimensions], [70, { campaign: "spring" }]);
  },
  async "an unknown metric name is a 422 that names the near ones, where the service has others"(t) {
    const body = { ...QUICK_START, metric_name: "donation_recieved" };
    const { errors } = await t.json("POST", PATH, 422, { body });
    equal(errors[0].pointer, "/metric_name");
    match(errors[0].detail, /did you mean "donation_received"\?/);
    const other = { service_name: "auth", metric_type: "conversion", metric_name: "sign_up" };
    equal((await t.json("POST", PATH, 200, { body: other })).status, "insufficient_history");
    const reason = async (more: object) =>
      (await t.json("POST", PATH, 200, { body: { ...QUICK_START, ...more } })).reason;
    // Defined, but never sent: no slip of the name, no history either.
    equal(await reason({ metric_name: "donation_refunded" }), "partners_crm records nothing of type donation");
    await daily(t, "2025-12-04", line(20));
    equal(await reason({ metric_unit: "EUR" }), "No donation is recorded in EUR; there is USD");
  },
  async "an impossible horizon or level is a 422 with the legal range"(t) {
    for (const prediction_days of [0, 366, 1.5, "30"]) {
      const { errors } = await t.json("POST", PATH, 422, { body: { ...QUICK_START, prediction_days } });
      equal(errors, [{ pointer: "/prediction_days", detail: "must be a whole number from 1 to 365" }]);
    }
    for (const confidence_level of [0.49, 1, "0.9"]) {
      const { errors } = await t.json("POST", PATH, 422, { body: { ...QUICK_START, confidence_level } });
      equal(errors, [{ pointer: "/confidence_level", detail: "must be from 0.5 to 0.99" }]);
    }
    await t.json("POST", PATH, 422, { body: { ...QUICK_START, service_name: "crm" } });
  },
  async "an answer that was kept is the new one to the byte, but for its age"(t) {
    await daily(t, "2025-11-04", Array.from({ length: 50 }, (_, i) => 50 - i + (i % 7) / 3), {
      dimensions: { b: "1", a: 2 },
    });
    for (const more of [{}, { dimensions: { b: "1", a: 2 } }, { prediction_days: 365, confidence_level: 0.5 }]) {
      const body = { ...QUICK_START, ...more };
      await t.setNow("2025-12-24T12:00:00Z");
      const fresh = await (await t.request("POST", PATH, { body })).text();
      await t.setNow("2025-12-24T13:00:00Z");
      const kept = await (await t.request("POST", PATH, { body })).text();
      equal(kept.replace('"cached":true,"age_s":3600', '"cached":false,"age_s":0'), fresh);
      match(kept, /"cached":true/);
      match(fresh, /"computed_at":"2025-12-24T12:00:00Z"/);
      await t.db.exec("delete from ops.forecast_cache");
      const anew = await (await t.request("POST", PATH, { body })).text();
      equal(anew.replace("T13:00:00Z", "T12:00:00Z"), fresh);
    }
  },
  async "a write to the series, to its definition or to the service's last day ends what was kept"(t) {
    await daily(t, "2025-12-02", line(20)); // to the 21st
    await daily(t, "2025-12-02", [1], { metric_type: "engagement", metric_name: "partner_interaction" });
    const ask = async (at: string) => {
      await t.setNow(at);
      return await t.json("POST", PATH, 200, { body: { ...QUICK_START, prediction_days: 1 } });
    };
    const first = await ask("2025-12-24T12:00:00Z");
    const changes: [string, () => Promise<unknown>][] = [
      ["2025-12-24T12:01:00Z", () => daily(t, "2025-12-21", [5])],
      ["2025-12-24T12:02:00Z", () => t.db.query("update metrics set metric_value = 6 where metric_value = 5")],
      ["2025-12-24T12:03:00Z", () => t.db.query("delete from metrics where metric_value = 6")],
      [
        "2025-12-24T12:04:00Z",
        () => daily(t, "2025-12-22", [1], { metric_type: "engagement", metric_name: "partner_interaction" }),
      ],
      ["2025-12-25T12:00:00Z", () => Promise.resolve()], // another day
    ];
    for (const [at, change] of changes) {
      await change();
      equal((await ask(at)).meta.computed_at, at);
      equal((await ask(at.replace(":00Z", ":30Z"))).meta.computed_at, at);
    }
    const kept = await t.db.query<{ answer: { data_through: string } }>("select answer from ops.forecast_cache");
    equal(kept.length, 3); // as asked first, with the later last day of the service, and on the next day
    equal(first.meta.data_through, "2025-12-21");
  },
  async "another question, or another way to name the same series, is told apart or found"(t) {
    await daily(t, "2025-12-04", line(20));
    await daily(t, "2025-12-04", line(20), { metric_name: "donation_refunded" });
    const ask = async (more: Record<string, unknown>) =>
      (await t.json("POST", PATH, 200, { body: { ...QUICK_START, ...more } })).meta;
    const { computed_at, warnings } = await ask({});
    await t.setNow("2025-12-24T13:00:00Z");
    const named = await ask({ metric_name: "donation_received" });
    equal([named.computed_at, warnings.length - named.warnings.length], [computed_at, 1]); // nothing was left open
    for (const other of [{ metric_name: "donation_refunded" }, { prediction_days: 29 }]) {
      equal((await ask(other)).computed_at, "2025-12-24T13:00:00Z", JSON.stringify(other));
    }
    const surer = await ask({ confidence_level: 0.9 }); // another level of the same fit
    equal([surer.computed_at, surer.cached], [computed_at, true]);
  },
  async "an answer that cannot be kept is given all the same, and a kept one that is not legible is made anew"(t) {
    await daily(t, "2025-12-04", line(20));
    const ask = (at: string) => t.setNow(at).then(() => t.json("POST", PATH, 200, { body: QUICK_START }));
    await ask("2025-12-24T12:00:00Z");
    await t.db.exec(`update ops.forecast_cache set answer = '{"status": "ok"}'`);
    equal((await ask("2025-12-24T13:00:00Z")).meta.computed_at, "2025-12-24T13:00:00Z");
    await t.db.exec("alter table ops.forecast_cache add constraint refuses_all check (false) not valid");
    await t.db.exec("delete from ops.forecast_cache");
    equal((await ask("2025-12-24T14:00:00Z")).meta.computed_at, "2025-12-24T14:00:00Z");
    match(t.logged.join(), /warn a forecast could not be kept/);
  },
  async "a prediction has no effect, so it ignores the Idempotency-Key"(t) {
    const headers = { "idempotency-key": "prediction" };
    await t.json("POST", PATH, 200, { body: QUICK_START, headers });
    const answer = await t.json("POST", PATH, 200, { body: { ...QUICK_START, prediction_days: 7 }, headers });
    equal(answer.prediction_days, 7);
  },
  async "predicting needs somebody who may write"(t) {
    await t.json("POST", PATH, 401, { body: QUICK_START, as: anonymous });
    await t.json("POST", PATH, 403, { body: QUICK_START, as: bearer(undefined, ["read"]) });
    await t.json("POST", PATH, 200, { body: QUICK_START, as: bearer() });
  },
};
