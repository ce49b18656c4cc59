import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { type App, appOver } from "../../support/app.ts";
import { gift, PATH, send } from "../../support/gifts.ts";

const STATISTICS = `${PATH}/aggregate/statistics`;
const SERIES = `${PATH}/time-series/data`;

const on = (day: string, metric_value: number, more: Record<string, unknown> = {}) =>
  gift({ metric_value, timestamp: `${day}T10:00:00Z`, ...more });
const from = (day: string, metric_value: number, country: string) => on(day, metric_value, { dimensions: { country } });
const followers = (platform: string, metric_value: number, day: string) =>
  on(day, metric_value, {
    ...{ service_name: "social_media", metric_type: "engagement", metric_name: "followers" },
    ...{ metric_unit: "count", dimensions: { platform } },
  });

type Numbers = Record<string, number | null>;
type Row = { group: Record<string, unknown>; values: Numbers; previous: { values: Numbers }; change: Numbers };
const rowsOf = ({ items }: { items: Row[] }) =>
  items.map((row) => [Object.values(row.group).join(" "), row.values, row.previous.values, row.change]);
/** The one measure of each row: its group, value, the value before and the change. */
const sumsOf = (answer: { items: Row[] }) =>
  answer.items.map(({ group, values, previous, change }) => [
    ...Object.values(group),
    ...[values["sum"], previous.values["sum"], change["sum"]],
  ]);

const otherCases: Record<string, (t: App) => Promise<void>> = {
  async "metric statistics add up what the limit leaves out: with the items it is the whole"(t) {
    await send(t, [
      ...[on("2025-12-01", 5), on("2025-12-01", 7), on("2025-12-02", 9), on("2025-12-03", 0.1), on("2025-12-03", 0.2)],
      ...[
        on("2025-12-04", 4),
        on("2025-12-01", 3, { metric_unit: "EUR" }),
        on("2025-12-02", 1, { metric_unit: "EUR" }),
      ],
    ]);
    const query = `${STATISTICS}?group_by=date&measures=count,sum,avg,min,max,stddev,median&order_by=-sum&limit=2`;
    const answer = await t.json("GET", query, 200);
    equal(answer.items.map((row: Row) => [row.group["date"], row.values["sum"]]), [
      ["2025-12-01", 12],
      ["2025-12-02", 9],
    ]);
    const metric = { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" };
    // In USD 0.1, 0.2 and 4 are left: mean 4.3 / 3, squares of the deviations 9.886667 in all, over 2
    const [dollars, euros] = answer.other;
    const { stddev, ...values } = dollars.values;
    equal({ ...dollars, values }, {
      ...{ ...metric, metric_unit: "USD", kind: "flow", rows: 2 },
      values: { count: 3, sum: 4.3, avg: 4.3 / 3, min: 0.1, max: 4, median: null },
    });
    ok(Math.abs(stddev - Math.sqrt(9.886666666666667 / 2)) < 1e-9);
    equal([euros.metric_unit, euros.rows, euros.values["sum"], euros.values["avg"]], ["EUR", 2, 4, 2]);
    equal(answer.meta.warnings, [
      "6 rows, of which these are the first 2; other adds up the rest",
      "median of several rows cannot be told from that of each, so other lacks it",
    ]);
    const whole = await t.json("GET", `${STATISTICS}?measures=count,sum&metric_unit=USD`, 200);
    equal(whole.items[0].values, { count: 6, sum: 25.3 }); // 12 + 9 + 4.3
    equal((await t.json("GET", `${STATISTICS}?group_by=date`, 200)).other, []);
  },
  async "metric statistics leave levels out as levels, which add over series and not over time"(t) {
    await send(t, [
      ...[followers("x", 100, "2025-10-05"), followers("y", 10, "2025-11-05"), followers("z", 5, "2025-12-05")],
    ]);
    const query = `${STATISTICS}?start_date=2025-10-01&end_date=2025-12-23&measures=last,count`;
    const platforms = await t.json("GET", `${query}&group_by=dimension.platform&order_by=-last&limit=1`, 200);
    equal(platforms.items[0].values, { last: 100, count: 1 });
    equal(platforms.other[0].values, { last: 15, count: 2 });
    const months = await t.json("GET", `${query}&group_by=month&limit=1`, 200);
    equal([months.items[0].values["last"], months.other[0].rows, months.other[0].values["last"]], [100, 2, 115]);
  },
  async "metric statistics compare what they leave out, too"(t) {
    await send(t, [from("2025-10-05", 10, "KE"), from("2025-10-05", 4, "DE"), from("2025-10-06", 1, "US")]);
    await send(t, [from("2025-11-05", 30, "KE"), from("2025-11-05", 6, "DE")]);
    const window = "start_date=2025-11-01&end_date=2025-11-30&compare=previous_period&measures=sum";
    const answer = await t.json(
      "GET",
      `${STATISTICS}?${window}&group_by=dimension.country&order_by=-sum&limit=1`,
      200,
    );
    equal(sumsOf(answer), [["KE", 30, 10, 2]]);
    const [other] = answer.other;
    equal([other.rows, other.values, other.previous.values, other.change], [2, { sum: 6 }, { sum: 5 }, { sum: 0.2 }]);
  },
};

const comparedCases: Record<string, (t: App) => Promise<void>> = {
  async "metric statistics are compared group by group, and nothing that was there before vanishes"(t) {
    await send(t, [from("2025-10-05", 100, "KE"), from("2025-10-31", 50, "DE"), from("2025-09-30", 1000, "KE")]);
    await send(t, [from("2025-11-05", 150, "KE"), from("2025-11-30", 30, "US")]);
    const query = "start_date=2025-11-01&end_date=2025-11-30&group_by=dimension.country&measures=count,sum,avg";
    const answer = await t.json("GET", `${STATISTICS}?${query}&compare=previous_period`, 200);
    equal(rowsOf(answer), [
      ["DE", { count: 0, sum: 0, avg: null }, { count: 1, sum: 50, avg: 50 }, { count: -1, sum: -1, avg: null }],
      ["KE", { count: 1, sum: 150, avg: 150 }, { count: 1, sum: 100, avg: 100 }, { count: 0, sum: 0.5, avg: 0.5 }],
      ["US", { count: 1, sum: 30, avg: 30 }, { count: 0, sum: 0, avg: null }, { count: null, sum: null, avg: null }],
    ]);
    equal(answer.meta.compared_with, { start_date: "2025-10-01", end_date: "2025-10-31" });
    equal([answer.meta.warnings, answer.total], [[], 3]);
    const plain = await t.json("GET", `${STATISTICS}?${query}`, 200);
    equal([plain.meta.compared_with, plain.items[0].previous, plain.items[0].change], [null, undefined, undefined]);
  },
  async "metric statistics of a metric that was not recorded yet have no previous, not 0"(t) {
    await send(t, [on("2025-11-05", 150)]);
    const query = "start_date=2025-11-01&end_date=2025-11-30&measures=count,sum&compare=previous_period";
    const answer = await t.json("GET", `${STATISTICS}?${query}`, 200);
    equal(rowsOf(answer), [["", { count: 1, sum: 150 }, { count: null, sum: null }, { count: null, sum: null }]]);
  },
  async "metric statistics compare days with the same dates of the year before, whatever leap days do"(t) {
    await send(t, [on("2023-02-28", 1), on("2023-03-01", 2), on("2023-03-31", 3)]);
    await send(t, [on("2024-02-28", 10), on("2024-02-29", 20), on("2024-03-01", 40)]);
    const query = "start_date=2024-02-01&end_date=2024-03-31&measures=sum&compare=previous_year&group_by=";
    equal(sumsOf(await t.json("GET", `${STATISTICS}?${query}date`, 200)), [
      ["2024-02-28", 10, 1, 9],
      ["2024-02-29", 20, 0, null],
      ["2024-03-01", 40, 2, 19],
      ["2024-03-31", 0, 3, -1],
    ]);
    equal(sumsOf(await t.json("GET", `${STATISTICS}?${query}month`, 200)), [
      ["2024-02-01", 30, 1, 29],
      ["2024-03-01", 40, 5, 7],
    ]);
  },
  async "metric statistics compare month with month, however long they are"(t) {
    await send(t, [on("2024-12-01", 4), on("2024-12-31", 1), on("2025-01-01", 3), on("2025-01-31", 7)]);
    await send(t, [on("2025-02-01", 8), on("2025-03-01", 9), on("2025-03-31", 14)]);
    const query = "start_date=2025-02-01&end_date=2025-03-31&measures=sum&compare=previous_period&group_by=";
    equal(sumsOf(await t.json("GET", `${STATISTICS}?${query}month`, 200)), [
      ["2025-02-01", 8, 5, 0.6],
      ["2025-03-01", 23, 10, 1.3],
    ]);
    const byDay = await t.json("GET", `${STATISTICS}?${query}date`, 200);
    equal(sumsOf(byDay), [["2025-02-01", 8, 4, 1], ["2025-03-01", 9, 3, 2], ["2025-03-31", 14, 7, 1]]);
    // 31 December has no place, as February has no 31st
    match(byDay.meta.warnings.join(), /has no place \(such as a sixth week\): 1$/);
  },
  async "metric statistics by week name each week once, and leave out a sixth one of the month before"(t) {
    // January 2025 has parts of five weeks, December 2024 of six: the last is that of 30 December
    await send(t, [on("2024-12-31", 5), on("2025-01-02", 3), on("2024-12-01", 2)]);
    const query = "start_date=2025-01-01&end_date=2025-01-31&measures=sum&compare=previous_period&group_by=week";
    const answer = await t.json("GET", `${STATISTICS}?${query}`, 200);
    equal(sumsOf(answer), [["2024-12-30", 3, 2, 0.5]]);
    match(answer.meta.warnings.join(), /has no place \(such as a sixth week\): 1$/);
  },
  async "metric statistics of a window that is no month compare the day at the same place"(t) {
    await send(t, [on("2025-12-08", 4), on("2025-12-14", 2), on("2025-12-15", 8), on("2025-12-20", 1)]);
    // 15 to 21 December is a week, so before it lies 8 to 14
    const query = "start_date=2025-12-15&end_date=2025-12-21&measures=sum&compare=previous_period&group_by=date";
    equal(sumsOf(await t.json("GET", `${STATISTICS}?${query}`, 200)), [
      ["2025-12-15", 8, 4, 1],
      ["2025-12-20", 1, 0, null],
      ["2025-12-21", 0, 2, -1],
    ]);
  },
  async "a metric's running month is compared with as many days as it has had, and says so"(t) {
    // It is 24 December, noon.
    await send(t, [on("2025-11-24", 10), on("2025-11-25", 1000), on("2025-12-24", 15)]);
    const query = "start_date=2025-12-01&end_date=2025-12-31&measures=sum&compare=previous_period";
    const answer = await t.json("GET", `${STATISTICS}?${query}`, 200);
    equal(sumsOf(answer), [[15, 10, 0.5]]);
    equal(answer.meta.compared_with, { start_date: "2025-11-01", end_date: "2025-11-24" });
    equal(answer.meta.warnings, ["The period is not over: it is compared with as many days as it has had"]);
  },
  async "a metric's series shows beside each point the one at its place in the window before"(t) {
    await send(t, [on("2025-10-01", 1), on("2025-10-03", 3), on("2025-10-31", 31)]);
    await send(t, [on("2025-11-01", 10), on("2025-11-02", 20)]);
    const query = "start_date=2025-11-01&end_date=2025-11-30&compare=previous_period";
    const answer = await t.json("GET", `${SERIES}?${query}`, 200);
    const points = (series: { points: { period: string; value: number | null; previous: unknown }[] }) =>
      series.points.map(({ period, value, previous }) => [period, value, previous]);
    equal(points(answer.series[0]), [
      ["2025-11-01", 10, { period: "2025-10-01", value: 1 }],
      ["2025-11-02", 20, { period: "2025-10-02", value: null }],
      ["2025-11-03", null, { period: "2025-10-03", value: 3 }],
    ]);
    equal(answer.meta.warnings, [
      "The window before has up to 1 more periods with readings, which have no place in this one",
    ]);
    equal(answer.meta.compared_with, { start_date: "2025-10-01", end_date: "2025-10-31" });
    const sums = await t.json("GET", `${SERIES}?${query}&cumulative=true&fill=zero`, 200);
    equal(points(sums.series[0]).slice(1, 3), [
      ["2025-11-02", 30, { period: "2025-10-02", value: 1 }],
      ["2025-11-03", 30, { period: "2025-10-03", value: 4 }],
    ]);
    const march = await t.json(
      "GET",
      `${SERIES}?start_date=2025-12-01&end_date=2025-12-31&compare=previous_period&fill=zero`,
      200,
    );
    equal(points(march.series[0]).at(-1), ["2025-12-31", null, null]); // neither has begun
    equal(points(march.series[0])[23]?.[2], { period: "2025-11-24", value: 0 });
  },
  async "a metric's series that was there before only is listed, with what it was"(t) {
    await send(t, [from("2025-10-05", 10, "KE"), from("2025-11-05", 30, "DE")]);
    const query = "start_date=2025-11-01&end_date=2025-11-30&interval=month&compare=previous_period";
    const answer = await t.json("GET", `${SERIES}?${query}&split_by=dimension.country`, 200);
    equal(answer.series.map((one: { split: string; points: unknown[] }) => [one.split, one.points]), [
      ["DE", [{ ...NOVEMBER, value: 30, n: 1, previous: { period: "2025-10-01", value: null } }]],
      ["KE", [{ ...NOVEMBER, value: null, n: 0, previous: { period: "2025-10-01", value: 10 } }]],
    ]);
  },
};

const NOVEMBER = {
  period: "2025-11-01",
  start: "2025-11-01T00:00:00Z",
  end: "2025-12-01T00:00:00Z",
  complete: true,
};

const rollingCases: Record<string, (t: App) => Promise<void>> = {
  async "a metric's rolling mean takes a flow's quiet days for 0, between its first and last recorded day"(t) {
    await send(t, [on("2025-12-02", 3), on("2025-12-04", 6), on("2025-12-06", 9)]);
    const rolling = async (more: string) =>
      (await t.json("GET", `${SERIES}?start_date=2025-12-01&end_date=2025-12-08&rolling=3${more}`, 200)).series[0]
        .points
        .map((point: { period: string; rolling: number | null }) => [Number(point.period.slice(8)), point.rolling]);
    equal(await rolling("&fill=zero"), [
      ...[[1, null], [2, null], [3, null]], // there are no three days yet, or the first was before the first reading
      ...[[4, 3], [5, 2], [6, 5]], // (3 + 0 + 6) / 3, (0 + 6 + 0) / 3, (6 + 0 + 9) / 3
      ...[[7, null], [8, null]], // nothing is known after the last reading
    ]);
    equal(await rolling(""), [[2, null], [4, 3], [6, 5]]);
    equal(await rolling("&measure=count&fill=zero"), [
      ...[[1, null], [2, null], [3, null], [4, 2 / 3], [5, 1 / 3], [6, 2 / 3], [7, null], [8, null]],
    ]);
    equal(await rolling("&measure=max"), [[2, null], [4, 4.5], [6, 7.5]]); // of the known ones: (3 + 6) / 2, (6 + 9) / 2
  },
  async "a metric's rolling mean of a level rests on the levels that are known"(t) {
    await send(t, [followers("x", 100, "2025-12-02"), followers("x", 130, "2025-12-04")]);
    const { series } = await t.json("GET", `${SERIES}?start_date=2025-12-01&end_date=2025-12-04&rolling=3`, 200);
    equal(series[0].points.map((point: { value: number; rolling: number }) => [point.value, point.rolling]), [
      [100, null],
      [100, 100],
      [130, 110],
    ]);
  },
  async "metric comparisons and rolling means refuse what they cannot do"(t) {
    const wrong: [string, string][] = [
      [`${STATISTICS}?compare=last_week`, "/query/compare"],
      [`${STATISTICS}?rolling=7`, "/query/rolling"],
      [`${SERIES}?compare=`, "/query/compare"],
      [`${SERIES}?rolling=1`, "/query/rolling"],
      [`${SERIES}?rolling=367`, "/query/rolling"],
      [`${SERIES}?rolling=7&cumulative=true`, "/query/rolling"],
    ];
    for (const [path, pointer] of wrong) {
      const { errors } = await t.json("GET", path, 422);
      equal([path, errors[0].pointer], [path, pointer]);
    }
    const empty = await t.json("GET", `${SERIES}?rolling=7&compare=previous_year`, 200);
    equal([empty.series[0].points, empty.reason], [[], "Nothing like this has been recorded"]);
  },
};

const boundCases: Record<string, (t: App) => Promise<void>> = {
  async "metric rows are counted before they are read, and too many refused with what would be less"(t) {
    await send(t, [
      from("2025-12-20", 1, "KE"),
      from("2025-12-21", 2, "KE"),
      on("2025-12-21", 3, { metric_name: "other" }),
    ]);
    await t.db.query("update ops.metric_rollups set n = 150000 where grain = 'd'"); // three days and names of so many
    const { errors } = await t.json("GET", `${STATISTICS}?measures=median&metric_name=donation_received`, 422);
    equal(errors, [{
      pointer: "/query/start_date",
      detail: "this would read 450000 rows, and at most 200000 are read for one answer: shorten the window, name one " +
        "service and type, or ask for no percentiles, distinct counts and dimensions, which the roll-ups do not know",
    }]);
    for (const query of ["group_by=dimension.country", "dimension.country=KE", "measures=distinct.country"]) {
      await t.json("GET", `${STATISTICS}?${query}`, 422);
    }
    await t.json("GET", `${STATISTICS}?timezone=Asia/Kolkata`, 422);
    await t.json("GET", `${SERIES}?split_by=dimension.country&metric_name=donation_received`, 422);
    await t.json("GET", `${STATISTICS}?group_by=date`, 200);
    await t.json("GET", `${STATISTICS}?measures=median&service_name=projects`, 200);
    await t.json("GET", `${STATISTICS}?measures=median&start_date=2025-12-01&end_date=2025-12-02`, 200);
  },
  async "metric weeks and years begin when the organisation says"(t) {
    const own = appOver(t.db, t.ctx.engine, { ORG_WEEK_START: "sunday", ORG_FISCAL_YEAR_START: "4" });
    await send(own, [
      ...[on("2025-03-31", 1), on("2025-04-01", 2)], // the fiscal year 2025 begins on 1 April
      ...[on("2025-12-13", 4), on("2025-12-14", 8), on("2025-12-20", 16), on("2025-12-21", 32)], // the 14th is a Sunday
    ]);
    const by = async (interval: string) =>
      (await own.json("GET", `${SERIES}?start_date=2025-01-01&end_date=2025-12-23&interval=${interval}`, 200))
        .series[0].points.map((point: { period: string; value: number; complete: boolean }) => [
          ...[point.period, point.value, point.complete],
        ]);
    equal((await by("week")).slice(-3), [["2025-12-07", 4, true], ["2025-12-14", 24, true], ["2025-12-21", 32, false]]);
    equal(await by("year"), [["2024-04-01", 1, false], ["2025-04-01", 62, false]]);
    equal((await by("quarter")).map(([period]: [string]) => period), ["2025-01-01", "2025-04-01", "2025-10-01"]);
    const saturday = appOver(t.db, t.ctx.engine, { ORG_WEEK_START: "saturday" });
    const query = `${STATISTICS}?start_date=2025-12-10&group_by=week&measures=sum`;
    equal((await saturday.json("GET", query, 200)).items.map((row: Row) => [row.group["week"], row.values["sum"]]), [
      ["2025-12-13", 12],
      ["2025-12-20", 48],
    ]);
  },
};

/** Comparisons, rolling means, what is left out, and what is refused. */
export const metricComparisonsCases = {
  ...otherCases,
  ...comparedCases,
  ...rollingCases,
  ...boundCases,
};
