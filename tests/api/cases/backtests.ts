import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { addDays } from "../../../services/days.ts";
import { ingestMetrics } from "../../../services/metrics/mod.ts";
import { anonymous, type App, bearer } from "../../support/app.ts";

const PATH = "/api/v1/advanced/backtest";
const NAMED = { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" };

// deno-lint-ignore no-explicit-any -- as in App.json
type Answer = any;

/** Stores a reading a day, the last one yesterday, the 23rd of December 2025. */
async function daily(t: App, values: number[]) {
  const rows = values.map((metric_value, i) => ({
    ...{ ...NAMED, metric_unit: "USD", metric_value, date: addDays("2025-12-23", i - values.length + 1) },
  }));
  equal((await ingestMetrics(t.ctx, { kind: "local" }, rows)).rejected, []);
}

const backtest = (t: App, body: Record<string, unknown> = {}): Promise<Answer> =>
  t.json("POST", PATH, 200, { body: { ...NAMED, ...body } });

const line = (n: number) => Array.from({ length: n }, (_, i) => 10 + 3 * i);

/** Tests of the forecast models on the past, over HTTP. */
export const backtestsCases: Record<string, (t: App) => Promise<void>> = {
  async "a backtest of a rising line: the straight line is right, and as a season ago is a season too low"(t) {
    await daily(t, line(40)); // from 14 November
    const answer = await backtest(t, { horizon: 2, origins: 3, levels: [0.5, 0.8, 0.95] });
    equal([answer.status, answer.period, answer.horizon, answer.history_periods], ["ok", "day", 2, 40]);
    equal(answer.best, "linear_trend");
    const [engine, straight, naive] = answer.models;
    equal([engine.model, straight.model, naive.model], [
      ...["theta_damped_combination", "linear_trend", "seasonal_naive"],
    ]);
    // Half of the values are history at least, and two come after the last origin: room of 18, gaps of 9.
    const ends = ["2025-12-03", "2025-12-12", "2025-12-21"]; // the 20th, 29th and 38th value
    for (const { origins, n } of answer.models) {
      equal([origins.map(({ history_end }: Answer) => history_end), n], [ends, 6]);
    }
    ok(straight.mae < 1e-9 && straight.wape < 1e-9 && straight.mase < 1e-9);
    equal(straight.coverage.map(({ value }: Answer) => value), [1, 1, 1]);
    // Seven days ago everything was 3·7 = 21 lower; so is every change over a season.
    const { mae, bias, mase, rmsse, wape, coverage } = naive;
    equal([mae, bias, mase, rmsse], [21, -21, 1, 1]);
    equal(wape, 126 / (70 + 73 + 97 + 100 + 124 + 127));
    // The error is one standard deviation, inside at levels from 0.6827 on.
    equal(coverage, [
      { level: 0.5, value: 0, numerator: 0, denominator: 6 },
      { level: 0.8, value: 1, numerator: 6, denominator: 6 },
      { level: 0.95, value: 1, numerator: 6, denominator: 6 },
    ]);
    equal(naive.origins[0], { history_end: "2025-12-03", n: 2, mae: 21, bias: -21, wape: 42 / 143, mase: 1, rmsse: 1 });
  },
  async "a backtest of a constant has no error, and no scale to measure one by"(t) {
    await daily(t, Array.from({ length: 42 }, () => 10));
    const answer = await backtest(t);
    equal([answer.horizon, answer.best, answer.models.length], [14, "theta_damped_combination", 3]);
    for (const { mae, bias, wape, mase, rmsse, coverage, origins, n } of answer.models) {
      equal([mae, bias, wape, mase, rmsse, n, origins.length], [0, 0, 0, null, null, 112, 8]);
      equal(coverage.map(({ level, value }: Answer) => [level, value]), [[0.5, 1], [0.8, 1], [0.95, 1]]);
    }
  },
  async "a backtest by months ends each history with a month"(t) {
    await daily(t, Array.from({ length: 400 }, (_, i) => 100 + (i * 37) % 11)); // 13 months, November 2024 in part
    const answer = await backtest(t, { period: "month", horizon: 2, origins: 24, levels: [0.8] });
    equal([answer.history_periods, answer.period], [12, "month"]); // December 2024 to November 2025
    // Eight months of history at least, two after the last origin: after 8, 9 and 10 months.
    equal(answer.models[0].origins.map(({ history_end }: Answer) => history_end), [
      ...["2025-07-31", "2025-08-31", "2025-09-30"],
    ]);
  },
  async "a backtest without enough history says how much it takes"(t) {
    const empty = await backtest(t);
    equal([empty.status, empty.best, empty.models, empty.meta.data_through], ["insufficient_history", null, [], null]);
    equal(empty.reason, "partners_crm records nothing of type donation");
    await daily(t, line(20));
    const few = await backtest(t);
    equal([few.status, few.models, few.history_periods], ["insufficient_history", [], 20]);
    equal(few.reason, "28 days are needed to look 14 days ahead of a history of 14, and donation_received has 20");
    equal((await backtest(t, { horizon: 6, origins: 24 })).models[0].origins.length, 1);
  },
  async "a backtest is kept until the series is written to, and answers other levels too"(t) {
    await daily(t, Array.from({ length: 60 }, (_, i) => 50 + (i * 29) % 17));
    const ask = async (at: string, more: Record<string, unknown> = {}) => {
      await t.setNow(at);
      return await backtest(t, { horizon: 7, origins: 4, ...more });
    };
    const first = await ask("2025-12-24T12:00:00Z");
    const again = await ask("2025-12-24T12:01:00Z");
    equal([first.meta.cached, again.meta.cached, again.meta.age_s], [false, true, 60]);
    equal(again.models, first.models);
    const surer = await ask("2025-12-24T12:02:00Z", { levels: [0.99] });
    equal([surer.meta.cached, surer.models[0].coverage.length], [true, 1]);
    equal((await ask("2025-12-24T12:03:00Z", { origins: 5 })).meta.cached, false);
    await daily(t, [1000]);
    equal((await ask("2025-12-24T12:04:00Z")).meta.cached, false);
  },
  async "a backtest of a name that nobody sends is a 422 that names the nearest"(t) {
    await daily(t, line(20));
    const { errors } = await t.json("POST", PATH, 422, { body: { ...NAMED, metric_name: "donations_received" } });
    equal(errors[0].pointer, "/metric_name");
    match(errors[0].detail, /did you mean "donation_received"\?/);
  },
  async "a backtest of impossible terms is a 422 with the legal range"(t) {
    const wrong: [Record<string, unknown>, string, RegExp][] = [
      [{ horizon: 0 }, "/horizon", /^must be a whole number from 1 to 90$/],
      [{ horizon: 91 }, "/horizon", /^must be a whole number from 1 to 90$/],
      [{ origins: 25 }, "/origins", /^must be a whole number from 1 to 24$/],
      [{ levels: [0.8, 0.3] }, "/levels/1", /^must be from 0.5 to 0.99$/],
      [{ levels: [] }, "/levels", /^must not be empty$/],
      [{ levels: [0.5, 0.6, 0.7, 0.8, 0.9, 0.95] }, "/levels", /^must have at most 5 items$/],
      [{ levels: [0.8, 0.8] }, "/levels", /^must differ$/],
      [{ period: "hour" }, "/period", /^must be one of day, week, month, quarter, year$/],
      [{ periods: 3 }, "/periods", /^Unknown field "periods"/],
    ];
    for (const [more, pointer, detail] of wrong) {
      const { errors } = await t.json("POST", PATH, 422, { body: { ...NAMED, ...more } });
      equal(errors.map((one: Answer) => one.pointer), [pointer]);
      match(errors[0].detail, detail);
    }
  },
  async "a backtest needs somebody who may write"(t) {
    await t.json("POST", PATH, 401, { body: NAMED, as: anonymous });
    await t.json("POST", PATH, 403, { body: NAMED, as: bearer(undefined, ["read"]) });
    await t.json("POST", PATH, 200, { body: NAMED, as: bearer() });
  },
};
