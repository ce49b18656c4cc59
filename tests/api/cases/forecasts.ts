import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { addDays } from "../../../services/days.ts";
import { ingestMetrics } from "../../../services/metrics/mod.ts";
import { anonymous, type App, appOver, bearer } from "../../support/app.ts";

const PATH = "/api/v1/advanced/forecasts";
const DONATIONS = {
  ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received", metric_unit: "USD" },
};
const FOLLOWERS = {
  ...{ service_name: "social_media", metric_type: "engagement", metric_name: "followers", metric_unit: "followers" },
};
const LATENCY = {
  ...{ service_name: "notification", metric_type: "notification", metric_name: "delivery_latency_ms" },
  metric_unit: "ms",
};

// deno-lint-ignore no-explicit-any -- as in App.json
type Answer = any;

type Reading = [date: string, metric_value: number];

async function store(t: App, readings: Reading[], of: Record<string, unknown> = DONATIONS) {
  const rows = readings.map(([date, metric_value]) => ({ ...of, date, metric_value }));
  equal((await ingestMetrics(t.ctx, { kind: "local" }, rows)).rejected, []);
}

/** So many readings, on the first day of every so many months. */
function monthly(first: string, n: number, valueOf: (i: number) => number, months = 1): Reading[] {
  const [year = 0, month = 1] = first.split("-").map(Number);
  return Array.from({ length: n }, (_, i) => {
    const at = month - 1 + i * months;
    return [`${year + Math.floor(at / 12)}-${String(at % 12 + 1).padStart(2, "0")}-01`, valueOf(i)];
  });
}

/** A reading on each day from the first to the last. */
function daily(first: string, last: string, valueOn: (date: string) => number): Reading[] {
  const readings: Reading[] = [];
  for (let date = first; date <= last; date = addDays(date, 1)) readings.push([date, valueOn(date)]);
  return readings;
}

async function forecast(t: App, body: Record<string, unknown>): Promise<Answer> {
  const { metric_unit: _unit, ...named } = DONATIONS;
  return await t.json("POST", PATH, 200, { body: { ...named, ...body } });
}

const fields = (answer: Answer, ...names: string[]) =>
  answer.forecasts.map((one: Record<string, unknown>) => names.map((name) => one[name]));

const isWeekend = (date: string) => [6, 0].includes(new Date(date).getUTCDay());

const tenths = (value: number) => Math.round(value * 10) / 10;

/** Forecasts by calendar periods over HTTP. Today is Wednesday, 24 December 2025; history ends on the 23rd. */
export const forecastsCases: Record<string, (t: App) => Promise<void>> = {
  async "a forecast of constant months is that constant, without doubt, each month with its own days"(t) {
    await store(t, monthly("2024-01", 24, () => 300)); // to December 2025, which runs
    const answer = await forecast(t, { period: "month", periods: 3 });
    equal([answer.status, answer.reason, answer.unit, answer.kind], ["ok", null, "USD", "flow"]);
    const all = { value: 300, lower_bound: 300, upper_bound: 300 };
    equal(answer.forecasts, [
      {
        ...{ start_date: "2025-12-01", end_date: "2025-12-31", label: "2025-12", ...all },
        ...{ in_progress: true, so_far: 300, year_before: 300 },
      },
      {
        ...{ start_date: "2026-01-01", end_date: "2026-01-31", label: "2026-01", ...all },
        ...{ in_progress: false, so_far: null, year_before: 300 },
      },
      {
        ...{ start_date: "2026-02-01", end_date: "2026-02-28", label: "2026-02", ...all },
        ...{ in_progress: false, so_far: null, year_before: 300 },
      },
    ]);
    equal(answer.growth, { value: 0, numerator: 0, denominator: 900 });
    equal([answer.trend, answer.slope_per_period, answer.trend_strength], ["stable", 0, 0]);
    equal([answer.seasonality.detected, answer.seasonality.pattern], [false, []]);
    equal([answer.historical_accuracy, answer.backtest.wape, answer.backtest.coverage], [1, 0, 1]);
    equal([answer.backtest.mase, answer.history_periods], [null, 23]); // nothing changes, so there is no scale
    equal([answer.baseline.values, answer.baseline.slope_per_period], [[300, 300, 300], 0]);
  },
  async "a forecast sets a rising two years beside the year before, and a straight line beside the model"(t) {
    await store(t, monthly("2024-01", 23, (i) => 100 + 10 * i)); // November 2025: 100 + 10·22 = 320
    await store(t, [["2025-12-23", 0]]);
    const answer = await forecast(t, { periods: 2 }); // by month, unless told
    equal([answer.period, answer.trend, tenths(answer.slope_per_period)], ["month", "increasing", 10]);
    equal(answer.baseline.values.map(tenths), [330, 340]);
    equal(fields(answer, "label", "so_far", "year_before"), [["2025-12", 0, 210], ["2026-01", null, 220]]);
    const values = answer.forecasts.map(({ value }: { value: number }) => value);
    const numerator = values[0] + values[1] - 430;
    equal(answer.growth, { value: numerator / 430, numerator, denominator: 430 });
    ok(values[1] > 300 && values[1] < 340, `${values[1]}: on the way, with the trend damped`);
  },
  async "a forecast tells the season in the calendar's order, and repeats it"(t) {
    // From the third quarter of 2020 to that of 2025: 30, 40, 10, 20, … about a level of 25.
    await store(t, monthly("2020-07", 21, (i) => [30, 40, 10, 20][i % 4] ?? 0, 3));
    const { seasonality, forecasts, meta } = await forecast(t, { period: "quarter", periods: 5 });
    equal([seasonality.detected, seasonality.period, seasonality.unit], [true, 4, "quarter"]);
    ok(seasonality.strength > 0.999 && seasonality.p_value < 1e-6);
    const mean = 530 / 21; // five times 100, and 30
    equal(
      seasonality.pattern.map(({ name, difference, index }: Answer) => [name, tenths(difference), index.toFixed(6)]),
      [["Q1", -15], ["Q2", -5], ["Q3", 5], ["Q4", 15]].map(([name, difference]) => [
        name,
        difference,
        (1 + Number(difference) / mean).toFixed(6),
      ]),
    );
    equal(forecasts.map(({ label }: Answer) => label), ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]);
    for (const [i, expected] of [40, 10, 20, 30, 40].entries()) {
      ok(Math.abs(forecasts[i].value - expected) < 0.5, `${forecasts[i].label}: ${forecasts[i].value}`);
    }
    equal(meta.warnings, []);
  },
  async "a forecast repeats a season from the second year on"(t) {
    await store(t, monthly("2024-01", 24, (i) => i % 12 === 11 ? 900 : 100 + i % 3)); // 23 complete months
    const short = await forecast(t, { period: "month", periods: 1 });
    equal([short.seasonality.detected, short.seasonality.kind], [false, null]); // not even two seasons
    await store(t, monthly("2023-12", 1, () => 900)); // 24: two Decembers of 900, 22 months of about 100
    const { seasonality, forecasts } = await forecast(t, { period: "month", periods: 2 });
    equal([seasonality.detected, seasonality.kind], [true, "multiplicative"]);
    const january = forecasts[1].value;
    ok(january > 50 && january < 200, `${january}`); // not drawn up by the December before it
  },
  async "a forecast of the running week is what a flow has so far, and what the days left to it always had"(t) {
    const week = [5, 6, 7, 8, 9, 1, 0];
    const valueOn = (date: string) => week[(Date.parse(date) / 86_400_000 + 3) % 7] ?? NaN; // 1970 began on a Thursday
    await store(t, daily("2025-09-01", "2025-12-23", valueOn)); // 16 weeks, Monday and Tuesday
    const answer = await forecast(t, { period: "week", periods: 2 });
    // Every week has 36: 11 are here, and 7 + 8 + 9 + 1 + 0 to come.
    const all = { value: 36, lower_bound: 36, upper_bound: 36 };
    const told = answer.forecasts.map(({ value, lower_bound, upper_bound }: Answer) => ({
      ...{ value: tenths(value), lower_bound: tenths(lower_bound), upper_bound: tenths(upper_bound) },
    }));
    equal(told, [all, all]);
    equal(answer.forecasts[0].so_far, 11);
    const { metric_unit: _unit, ...named } = DONATIONS;
    const { predictions } = await t.json("POST", "/api/v1/advanced/predictions", 200, {
      body: { ...named, prediction_days: 5 },
    });
    const days = predictions.reduce((sum: number, { predicted_value }: Answer) => sum + predicted_value, 0);
    ok(Math.abs(days - 25) < 0.2, `${days}: the days say the same`);
  },
  async "a forecast of a running week that began like no other is in doubt of its rest"(t) {
    await store(t, daily("2025-09-01", "2025-12-21", () => 10)); // 16 weeks of 70
    await store(t, daily("2025-12-22", "2025-12-23", () => 45.1)); // Monday and Tuesday; five days are left
    const answer = await forecast(t, { period: "week", periods: 2 });
    equal(fields(answer, "label", "start_date", "end_date", "so_far").slice(0, 1), [
      ["2025-W52", "2025-12-22", "2025-12-28", 90.2],
    ]);
    equal(answer.forecasts.map(({ value }: Answer) => tenths(value)), [140.2, 70]); // 90.2 and five times 10
    const [{ lower_bound, upper_bound }] = answer.forecasts;
    ok(lower_bound >= 90.2 && lower_bound < 135 && upper_bound > 145, `${lower_bound} to ${upper_bound}`);
    equal(answer.history_periods, 16);
  },
  async "a forecast of the running week of a level goes on from the level reached"(t) {
    const { metric_unit: _followers, ...followers } = FOLLOWERS;
    // 3 more on each of five days a week, from 1,000 on; on Tuesday, three such days are left.
    let level = 1000;
    const grown = daily("2025-09-01", "2025-12-23", (date) => level += isWeekend(date) ? 0 : 3);
    await store(t, grown, FOLLOWERS);
    const reached = level;
    const [week] = (await forecast(t, { ...followers, period: "week", periods: 1 })).forecasts;
    equal([week.so_far, tenths(week.value), tenths(week.lower_bound)], [reached, reached + 9, reached + 9]);
    const evening = { ...FOLLOWERS, timestamp: "2025-12-23T20:00:00Z" };
    await store(t, [["2025-12-23", reached + 70]], evening); // no day before had more than 3
    const [leapt] = (await forecast(t, { ...followers, period: "week", periods: 1 })).forecasts;
    equal(tenths(leapt.value), reached + 79);
    ok(leapt.lower_bound < reached + 75 && leapt.upper_bound > reached + 83, "whether it stays is in doubt");
  },
  async "a forecast of a level goes on from where the running week leaves it, in every period"(t) {
    // Always 1,000 until yesterday, the 23rd, a Tuesday: since then 1,200. Every whole week ended at 1,000.
    await store(t, daily("2025-09-01", "2025-12-23", (date) => date < "2025-12-23" ? 1000 : 1200), FOLLOWERS);
    for (const period of ["day", "week"]) {
      const { forecasts } = await forecast(t, { ...FOLLOWERS, metric_unit: undefined, period, periods: 4 });
      for (const { value, lower_bound, upper_bound, label } of forecasts) {
        ok(Math.abs(value - 1200) <= 10, `${label}: ${value}`); // a twentieth of the step
        ok(lower_bound <= 1200 && upper_bound >= 1200, `${label}: ${lower_bound} to ${upper_bound}`);
      }
    }
  },
  async "a forecast of the running week of an average weighs what is read and what is usual by their readings"(t) {
    await store(t, [...daily("2025-09-01", "2025-12-21", () => 100), ["2025-12-23", 40]], LATENCY);
    for (const hour of ["08", "09", "10"]) {
      await store(t, [["2025-12-22", 200]], { ...LATENCY, timestamp: `2025-12-22T${hour}:00:00Z` });
    }
    const { metric_unit: _ms, ...latency } = LATENCY;
    const [average] = (await forecast(t, { ...latency, period: "week", periods: 1 })).forecasts;
    equal(average.so_far, 160); // three of 200 and one of 40
    equal(average.value.toFixed(6), ((3 * 200 + 40 + 5 * 100) / 9).toFixed(6)); // and five of 100 to come
  },
  async "a forecast by days is the prediction of those days"(t) {
    await store(t, daily("2025-11-01", "2025-12-20", () => 10));
    await store(t, [["2025-12-23", 40]]);
    const { metric_unit: _unit, ...named } = DONATIONS;
    const body = { ...named, prediction_days: 4 };
    const { predictions } = await t.json("POST", "/api/v1/advanced/predictions", 200, { body });
    const answer = await forecast(t, { period: "day", periods: 4 });
    equal(
      answer.forecasts.map(({ start_date, value }: Answer) => [start_date, value]),
      predictions.map(({ date, predicted_value }: Answer) => [date, predicted_value]),
    );
    equal([answer.meta.cached, answer.forecasts[0].in_progress, answer.forecasts[0].so_far], [true, true, null]);
  },
  async "a forecast leaves out the month in which a flow began, and the days of the running one"(t) {
    await store(t, daily("2025-01-20", "2025-12-23", () => 10));
    const answer = await forecast(t, { period: "month", periods: 1 });
    equal([answer.history_periods, answer.meta.period.start_date], [10, "2025-01-20"]); // February to November
    equal(answer.forecasts[0].so_far, 230);
  },
  async "a forecast of what came to an end is nothing, and not a trace"(t) {
    const values = [1, 0, 2, 0, 1, 0, 0, 1];
    await store(t, monthly("2020-01", 60, (i) => values[i] ?? 0));
    await store(t, [["2025-12-23", 0]]);
    const answer = await forecast(t, { period: "month", periods: 1 });
    equal([answer.model, answer.forecasts[0].value], ["exponential_smoothing", 0]);
    equal(answer.growth, { value: null, numerator: 0, denominator: 0 });
  },
  async "a forecast keeps to the organisation's weeks and years"(t) {
    const there = appOver(t.db, t.ctx.engine, { ORG_WEEK_START: "sunday", ORG_FISCAL_YEAR_START: "7" });
    await store(there, daily("2021-07-01", "2025-12-23", () => 10));
    const weeks = await forecast(there, { period: "week", periods: 1 });
    equal(fields(weeks, "label", "start_date", "end_date", "so_far"), [
      ["week of 2025-12-21", "2025-12-21", "2025-12-27", 30],
    ]);
    const years = await forecast(there, { period: "year", periods: 2 });
    equal(years.history_periods, 4); // 2021/22 to 2024/25
    // From July to 23 December: 31 + 31 + 30 + 31 + 30 + 23 days of 10; 2024/25 had 365.
    equal(fields(years, "label", "start_date", "end_date", "so_far", "year_before"), [
      ["2025/26", "2025-07-01", "2026-06-30", 1760, 3650],
      ["2026/27", "2026-07-01", "2027-06-30", null, null],
    ]);
    equal([years.seasonality.period, years.seasonality.strength, years.backtest?.origins], [null, null, 2]);
    equal((await forecast(t, { period: "week", periods: 1 })).forecasts[0].start_date, "2025-12-22");
  },
  async "a forecast without enough complete periods says how many there are, and how many it takes"(t) {
    const empty = await forecast(t, { period: "quarter" });
    equal([empty.status, empty.forecasts, empty.growth, empty.seasonality, empty.baseline], [
      ...["insufficient_history", [], null, null, null],
    ]);
    equal(empty.reason, "partners_crm records nothing of type donation");
    await store(t, monthly("2025-05", 8, () => 300));
    const reasons = {
      month: "8 complete months of history are needed, and donation_received has 7, from 2025-05-01 on",
      quarter: "6 complete quarters of history are needed, and donation_received has 2, from 2025-04-01 on",
      year: "4 complete years of history are needed, and donation_received has 0",
    };
    for (const [period, reason] of Object.entries(reasons)) {
      const answer = await forecast(t, { period });
      equal([answer.status, answer.reason, answer.forecasts], ["insufficient_history", reason, []], period);
    }
  },
  async "a forecast of a name that nobody sends is a 422 that names the nearest"(t) {
    await store(t, daily("2025-12-01", "2025-12-23", () => 10));
    const body = { ...DONATIONS, metric_unit: undefined, metric_name: "donation_recieved" };
    const { errors } = await t.json("POST", PATH, 422, { body });
    equal(errors[0].pointer, "/metric_name");
    match(errors[0].detail, /did you mean "donation_received"\?/);
  },
  async "a forecast by impossible periods, as many or as sure, is a 422 with the legal range"(t) {
    const wrong: [Record<string, unknown>, string, RegExp][] = [
      [{ period: "hour" }, "/period", /^must be one of day, week, month, quarter, year$/],
      ...[0, 25, 1.5].map((periods): [Record<string, unknown>, string, RegExp] => [
        ...[{ periods }, "/periods", /^must be a whole number from 1 to 24$/] as const,
      ]),
      [{ confidence_level: 0.4 }, "/confidence_level", /^must be from 0.5 to 0.99$/],
      [{ horizon: 3 }, "/horizon", /unknown|not/i],
    ];
    for (const [more, pointer, detail] of wrong) {
      const { errors } = await t.json("POST", PATH, 422, { body: { ...DONATIONS, ...more } });
      equal(errors.length, 1);
      equal(errors[0].pointer, pointer);
      match(errors[0].detail, detail);
    }
  },
  async "a forecast is kept until the series is written to, and answers another level too"(t) {
    await store(t, daily("2025-06-01", "2025-12-23", () => 10));
    await store(t, [["2025-07-04", 3], ["2025-09-09", 7]]);
    const ask = async (at: string, more: Record<string, unknown> = {}) => {
      await t.setNow(at);
      return await forecast(t, { period: "week", periods: 2, ...more });
    };
    const first = await ask("2025-12-24T12:00:00Z");
    const again = await ask("2025-12-24T12:01:00Z");
    equal([first.meta.cached, again.meta.cached, again.meta.age_s], [false, true, 60]);
    equal(again.forecasts, first.forecasts);
    const unsure = await ask("2025-12-24T12:02:00Z", { confidence_level: 0.5 });
    equal([unsure.meta.cached, unsure.meta.computed_at], [true, "2025-12-24T12:00:00Z"]);
    ok(unsure.forecasts[1].upper_bound < first.forecasts[1].upper_bound);
    equal((await ask("2025-12-24T12:03:00Z", { period: "month" })).meta.cached, false); // another question
    await store(t, [["2025-12-22", 1000]]);
    const after = await ask("2025-12-24T12:04:00Z");
    equal([after.meta.cached, after.forecasts[0].so_far], [false, 1020]);
    ok(after.meta.data_version !== first.meta.data_version);
  },
  async "a forecast needs somebody who may write"(t) {
    await t.json("POST", PATH, 401, { body: DONATIONS, as: anonymous });
    await t.json("POST", PATH, 403, { body: DONATIONS, as: bearer(undefined, ["read"]) });
    await t.json("POST", PATH, 200, { body: DONATIONS, as: bearer() });
  },
};
