import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { anonymous, type App } from "../../support/app.ts";
import { gift, send } from "../../support/gifts.ts";

const PATH = "/api/v1/advanced/calculate";
const ASK = {
  calculation_type: "anomaly_detection",
  series: { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" },
};

/** One gift a day, the last on 23 December 2025, the last complete day. */
async function daily(t: App, values: readonly number[], more: Record<string, unknown> = {}): Promise<void> {
  const first = Date.parse("2025-12-23") - 86_400_000 * (values.length - 1);
  await send(
    t,
    values.map((metric_value, i) =>
      gift({ timestamp: new Date(first + 86_400_000 * i).toISOString(), metric_value, ...more })
    ),
  );
}

const ask = (t: App, more: Record<string, unknown> = {}, status = 200) =>
  t.json("POST", PATH, status, { body: { ...ASK, ...more } });

const week = [50, 52, 51, 53, 60, 20, 18];
const weeks = (n: number) => Array.from({ length: 7 * n }, (_, day) => week[day % 7] ?? 0);

/** `anomaly_detection` of POST /advanced/calculate. Today is 24 December 2025. */
export const anomaliesCases: Record<string, (t: App) => Promise<void>> = {
  async "anomalies by z-score are those that many standard deviations from the mean"(t) {
    // Ten 10 and a 21: mean 11, Σ of squares 10·1 + 100 = 110, variance 110/10 = 11, z = 10/√11 = 3.015.
    await daily(t, [10, 10, 10, 10, 10, 10, 21, 10, 10, 10, 10]);
    const { status, anomaly_detection, correlation, meta } = await ask(t, { method: "z_score" });
    equal([status, correlation, anomaly_detection.anomaly_count], ["ok", null, 1]);
    const sd = Math.sqrt(11);
    const [{ lower, upper, score, ...one }] = anomaly_detection.anomalies;
    equal(one, {
      ...{ period: "2025-12-19", value: 21, expected: 11, direction: "above", severity: "low", kind: "spike" },
    });
    for (const [actual, byHand] of [[lower, 11 - 3 * sd], [upper, 11 + 3 * sd], [score, 10 / sd]]) {
      ok(Math.abs(actual - byHand) < 1e-9);
    }
    equal([anomaly_detection.threshold, anomaly_detection.season_length, anomaly_detection.scores], [3, 1, null]);
    equal([anomaly_detection.series.n, anomaly_detection.series.mean, anomaly_detection.series.unit], [11, 11, "USD"]);
    equal(
      anomaly_detection.interpretation,
      "1 of 11 days of donation_received stands out: 2025-12-19 with 21, where 1.05 to 20.95 was expected.",
    );
    equal([meta.interval, meta.warnings], ["day", []]);
  },
  async "anomalies by a z-score that cannot reach the threshold say how far it can, and what it takes"(t) {
    await daily(t, [10, 10, 10, 1000]); // (4 − 1)/√4 = 1.5; (n − 1)/√n ≥ 3 first at n = 11
    const { anomaly_detection, meta } = await ask(t, { method: "z_score" });
    equal([anomaly_detection.anomaly_count, anomaly_detection.reachable_score], [0, 1.5]);
    equal(meta.warnings, [
      "Among 4 values none can be more than 1.50 standard deviations from their mean, so a threshold of 3 is never " +
      "reached; it takes 11 values",
    ]);
    equal((await ask(t, { method: "z_score", threshold: 1.5 })).anomaly_detection.anomaly_count, 1);
  },
  async "anomalies that are not out of range by their size say what else makes them stand out"(t) {
    // From 100 to 110.07, no two the same; then one value five times.
    const values = Array.from({ length: 70 }, (_, i) => 100 + (7 * i * i + 3 * i) % 11 + i / 1000);
    values.fill(values[45] ?? 0, 46, 50); // 45 days on it is (7·2025 + 135) % 11 = 10, so 110.045
    await daily(t, values);
    const { anomaly_detection } = await ask(t);
    const [{ lower, value, upper, kind }] = anomaly_detection.anomalies;
    ok(kind === "stuck" && lower < value && value < upper);
    match(
      anomaly_detection.interpretation,
      /^4 of 70 days .* most of all 2025-11-30 with 110, which repeats the days before to the last digit\.$/,
    );
  },
  async "anomalies are none on a line, which leaves no scale to measure by"(t) {
    await daily(t, Array.from({ length: 120 }, (_, i) => 10 + 3 * i));
    const { anomaly_detection, meta } = await ask(t);
    equal([anomaly_detection.anomaly_count, anomaly_detection.interpretation], [
      ...[0, "None of 120 days of donation_received stands out."],
    ]);
    equal(meta.warnings, ["Every value is as expected to the last digit: there is no scale to measure by"]);
  },
  async "anomalies are what season and level do not let expect"(t) {
    const values = weeks(10);
    values[40] = 90; // the sixth day of its week: 20 was expected
    await daily(t, values);
    const { anomaly_detection, meta } = await ask(t, { include_scores: true });
    equal([anomaly_detection.method, anomaly_detection.threshold], ["seasonal_residuals", 3.5]);
    equal([anomaly_detection.season_length, anomaly_detection.anomaly_count], [7, 1]);
    const [one] = anomaly_detection.anomalies;
    // 70 days end on 23 December, so day 40 is 29 days before it.
    equal([one.period, one.value, one.direction, one.severity, one.kind], [
      ...["2025-11-24", 90, "above", "critical", "spike"],
    ]);
    // One change r alone: a scale of 1.4826·r·1/(1 + 20), so a score of 21/1.4826.
    ok(Math.abs(one.score - 21 / 1.4826) < 1e-6 && Math.abs(one.expected - 20) < 1e-6);
    ok(one.lower < 20 && one.upper > 20 && one.upper < 90);
    equal(anomaly_detection.scores.length, 365);
    const scores = anomaly_detection.scores.slice(-70);
    equal(scores.filter(({ score }: { score: number }) => score > 0).length, 1);
    equal([scores[40].value, scores[41].value, scores[41].score], [90, 18, 0]);
    equal([anomaly_detection.scores[0].value, anomaly_detection.scores[0].score], [null, 0]); // before the first gift
    equal(meta.warnings, []);
  },
  async "anomalies are ranked by their scores, and as many are answered as were asked for"(t) {
    const values = weeks(10);
    [values[20], values[40]] = [200, 90];
    await daily(t, values);
    const { anomaly_detection } = await ask(t, { max_results: 1 });
    equal([anomaly_detection.anomaly_count, anomaly_detection.anomalies.length], [2, 1]);
    equal(anomaly_detection.anomalies[0].value, 200);
    match(
      anomaly_detection.interpretation,
      /^2 of 70 days of donation_received stand out, most of all 2025-11-04 with 200/,
    );
    equal((await ask(t, { threshold: 20 })).anomaly_detection.anomaly_count, 0);
  },
  async "anomalies of a new level are one, at its begin"(t) {
    // Weeks of 100 ± 3, then of 140 ± 3, by a pattern of five days that no week has.
    const values = Array.from({ length: 100 }, (_, day) => (day < 60 ? 100 : 140) + ([0, 3, -2, 1, -3][day % 5] ?? 0));
    await daily(t, values);
    const { anomaly_detection } = await ask(t);
    equal(
      anomaly_detection.anomalies.map(({ period, kind }: Record<string, unknown>) => [period, kind]),
      [["2025-11-14", "level_shift"]], // 40 days, the last on 23 December
    );
    ok(Math.abs(anomaly_detection.anomalies[0].expected - 100) < 3);
    match(
      anomaly_detection.interpretation,
      /^1 of 100 days of donation_received stands out: 2025-11-14 with 140 begins a new/,
    );
  },
  async "anomalies by day know what came back after a year, though the window begins after it"(t) {
    // 56 weeks to 23 December 2025: a day of 300 on 16 December 2024 and again 364 days later, on the same weekday.
    const values = weeks(56);
    [values[392 - 8 - 364], values[392 - 8], values[392 - 20]] = [300, 300, 300];
    await daily(t, values);
    const { anomaly_detection, meta } = await ask(t, { start_date: "2025-11-01" });
    equal([meta.periods, anomaly_detection.series.n], [53, 53]);
    equal(anomaly_detection.anomalies.map(({ period }: { period: string }) => period), ["2025-12-04"]);
    // A week alone is enough, as what came before it is known.
    const last = await ask(t, { start_date: "2025-12-17" });
    equal([last.status, last.anomaly_detection.series.n, last.anomaly_detection.anomaly_count], ["ok", 7, 0]);
  },
  async "anomalies of 1,500 days come with 1,500 scores"(t) {
    await daily(t, weeks(4));
    const { anomaly_detection, meta } = await ask(t, { start_date: "2021-11-15", include_scores: true });
    equal([meta.periods, anomaly_detection.scores.length], [1_500, 1_500]); // to 23 December 2025
  },
  async "anomalies of months are read by month"(t) {
    const rows = Array.from({ length: 14 }, (_, i) => {
      const month = `${i < 2 ? 2024 : 2025}-${String(i < 2 ? i + 11 : i - 1).padStart(2, "0")}`;
      return gift({ timestamp: `${month}-05T10:00:00Z`, metric_value: i === 9 ? 900 : 100 + i % 2 });
    });
    await send(t, rows);
    // November 2024 begins before the first gift, on its 5th; December 2025 is not over.
    const { anomaly_detection, meta } = await ask(t, { interval: "month" });
    equal([anomaly_detection.series.n, meta.interval, anomaly_detection.season_length], [12, "month", 12]);
    equal(anomaly_detection.anomalies.map(({ period }: { period: string }) => period), ["2025-08-01"]);
  },
  async "anomalies of a constant are none, and the answer says that there is no scale"(t) {
    await daily(t, Array(20).fill(7));
    const { status, anomaly_detection, meta } = await ask(t);
    equal([status, anomaly_detection.anomaly_count], ["ok", 0]);
    equal(anomaly_detection.interpretation, "None of 20 days of donation_received stands out.");
    equal(meta.warnings, ["Every value is as expected to the last digit: there is no scale to measure by"]);
  },
  async "anomalies without enough values are insufficient data"(t) {
    const empty = await ask(t);
    equal([empty.status, empty.anomaly_detection], ["insufficient_data", null]);
    equal(empty.reason, "partners_crm records nothing of type donation");
    await daily(t, [1, 2, 3]);
    const few = await ask(t);
    equal(few.reason, "It takes 10 days with a value, and donation_received has 3 in this window");
    const none = await ask(t, { start_date: "2024-01-01", end_date: "2024-01-31" });
    equal(none.reason, "It takes 10 days with a value, and donation_received has none in this window");
  },
  async "anomalies refuse an impossible threshold, an unknown metric and unknown fields"(t) {
    await daily(t, [1, 2, 3]);
    for (const threshold of [0, 0.99, 20.1, 1e9, "3"]) {
      const { errors } = await ask(t, { threshold }, 422);
      equal(errors, [{ pointer: "/threshold", detail: "must be from 1 to 20" }]);
    }
    const slip = await ask(t, { series: { ...ASK.series, metric_name: "donation_recieved" } }, 422);
    equal(slip.errors[0].pointer, "/series/metric_name");
    match(slip.errors[0].detail, /did you mean "donation_received"\?/);
    match((await ask(t, { tresholds: 3 }, 422)).errors[0].detail, /"tresholds"; did you mean "threshold"\?/);
    equal((await ask(t, { method: "guess" }, 422)).errors[0].pointer, "/method");
    equal((await ask(t, { max_results: 1001 }, 422)).errors[0].pointer, "/max_results");
    await t.json("POST", PATH, 401, { body: ASK, as: anonymous });
  },
};
