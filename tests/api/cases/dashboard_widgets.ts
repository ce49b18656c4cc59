import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { anonymous, type App } from "../../support/app.ts";
import {
  dashboard,
  DASHBOARDS,
  FOLLOWERS,
  from,
  GIFTS,
  LATENCY,
  level,
  on,
  resolved,
  STATUS,
  widget,
} from "../../support/dashboards.ts";
import { gift, send } from "../../support/gifts.ts";

/** What today, 24 December 2025 at noon in UTC, the days of this month up to now are compared with. */
const NOVEMBER_24 = { start_date: "2025-11-01", end_date: "2025-11-24" };

const statCases: Record<string, (t: App) => Promise<void>> = {
  async "a dashboard's stat of the running month is compared with as many days of the month before"(t) {
    await send(t, [on("2025-12-01", 100), on("2025-12-24", 50), on("2025-11-03", 60), on("2025-11-24", 40)]);
    await send(t, [on("2025-11-25", 999)]); // this month has no 25th day yet
    const [stat] = await resolved(t, [widget("stat", { window: { relative: "this_month" }, target: 600 })]);
    const { sparkline, ...data } = stat.data;
    equal(data, {
      metric: { ...GIFTS, metric_unit: "USD", kind: "flow" },
      ...{ measure: "sum", value: 150, previous: 100, change: 0.5, good_direction: "up" },
      ...{ target: 600, target_share: { value: 0.25, numerator: 150, denominator: 600 } },
    });
    equal(sparkline.interval, "day");
    const point = (day: number, value: number, complete = true) => ({
      ...{ period: `2025-12-${String(day).padStart(2, "0")}`, value, complete },
    });
    const between = Array.from({ length: 22 }, (_, i) => point(i + 2, 0));
    equal(sparkline.points, [point(1, 100), ...between, point(24, 50, false)]);
    equal([stat.id, stat.type, stat.title, stat.status, stat.reason, stat.error], [
      ...["one", "stat", "One", "ok", null, null],
    ]);
    equal(stat.meta, {
      period: { start_date: "2025-12-01", end_date: "2025-12-31", timezone: "UTC", complete: false },
      ...{ compared_with: NOVEMBER_24, data_through: "2025-12-24T12:00:00Z", source: "rollups" },
      warnings: ["The period is not over: it is compared with as many days as it has had"],
    });
  },
  async "a dashboard's stat compares with the same dates of the year before, or with nothing"(t) {
    await send(t, [on("2025-12-10", 30), on("2024-12-24", 40), on("2024-12-25", 999)]);
    const [year, alone] = await resolved(t, [
      widget("stat", { window: { relative: "this_year" }, compare: "previous_year" }),
      widget("stat", { id: "two", window: { relative: "this_month" }, compare: "none", sparkline: false }),
    ]);
    // 2025 has had 358 days up to today; of 2024, which has a 29 February, as many end on 23 December.
    equal(year.meta.compared_with, { start_date: "2024-01-01", end_date: "2024-12-23" });
    equal([year.data.value, year.data.previous, year.data.change], [30, null, null]);
    // Of a year there are more weeks than a sparkline has points; eleven months between two readings had no gift.
    equal(year.data.sparkline.interval, "month");
    const months = year.data.sparkline.points.map((point: { value: number }) => point.value);
    equal(months, [...Array(11).fill(0), 30]);
    equal([alone.data.value, alone.data.previous, alone.meta.compared_with, alone.data.sparkline], [
      30,
      null,
      null,
      null,
    ]);
  },
  async "a dashboard's stat of a gauge is its level, and a level's change is that of its series added up"(t) {
    await send(t, [
      level(FOLLOWERS, "2025-11-10", 100, { platform: "facebook" }),
      level(FOLLOWERS, "2025-12-05", 120, { platform: "facebook" }),
      level(FOLLOWERS, "2025-12-06", 30, { platform: "instagram" }),
    ]);
    const [stat] = await resolved(t, [widget("stat", { metric: FOLLOWERS, window: { relative: "this_month" } })]);
    equal([stat.data.measure, stat.data.value, stat.data.previous, stat.data.change], ["last", 150, 100, 0.5]);
    const points = stat.data.sparkline.points.map((point: { value: number }) => point.value);
    equal(points.slice(0, 6), [100, 100, 100, 100, 120, 150]); // it holds until the next reading
    equal([points.length, points.at(-1)], [24, 150]);
  },
  async "a dashboard's stat is 0 between a flow's readings"(t) {
    await send(t, [on("2025-12-01", 10), on("2025-12-24", 5)]);
    const week = widget("stat", { window: { relative: "last_7_days" } });
    const [between] = await resolved(t, [week]);
    equal([between.status, between.data.value, between.data.previous, between.data.change], ["ok", 0, 0, null]);
  },
  async "a dashboard's stat of a flow that stopped is 0, which is 100 % less than the week before, and not empty"(t) {
    await send(t, [on("2025-12-12", 5)]); // the seven days before yesterday's seven are 10 to 16 December
    const week = widget("stat", { window: { relative: "last_7_days" } });
    const day = (id: string, date: string) => widget("stat", { id, window: { start_date: date, end_date: date } });
    const lines = ["zero", "none"].map((fill) =>
      widget("line", { id: fill, fill, window: { start_date: "2025-12-23", end_date: "2025-12-24" } })
    );
    const [stopped, today, tomorrow, before, zeros, none] = await resolved(t, [
      ...[week, day("a", "2025-12-24"), day("b", "2025-12-25"), day("c", "2025-12-11"), ...lines],
    ]);
    equal([stopped.status, stopped.reason], ["ok", null]);
    equal([stopped.data.value, stopped.data.previous, stopped.data.change], [0, 5, -1]); // (0 − 5) / 5
    equal(stopped.data.sparkline.points.map(({ value }: { value: number }) => value), [0, 0, 0, 0, 0, 0, 0]);
    equal([today.status, today.data.value], ["ok", 0]);
    equal([tomorrow.status, tomorrow.data.value], ["empty", null]); // of what has not begun nothing is known
    equal([before.status, before.data.value], ["empty", null]); // nor of what was before the first reading
    equal([zeros.status, zeros.data.series[0].points.map(({ value }: { value: number }) => value)], ["ok", [0, 0]]);
    equal([none.status, none.data.series[0].points], ["empty", []]);
  },
  async "a dashboard's sparkline of a month of 31 days has all of them"(t) {
    await send(t, [on("2025-10-01", 7), on("2025-10-31", 3)]);
    const october = widget("stat", { window: { start_date: "2025-10-01", end_date: "2025-10-31" } });
    const [stat] = await resolved(t, [october]);
    const { interval, points } = stat.data.sparkline;
    equal([stat.data.value, interval, points.length], [10, "day", 31]);
    equal([points[0].period, points[0].value, points[30].period, points[30].value], ["2025-10-01", 7, "2025-10-31", 3]);
  },
  async "a dashboard's stat says which metric and unit it took, and which way is good"(t) {
    const refund = on("2025-12-20", 7, { metric_name: "donation_refunded" });
    await send(t, [on("2025-12-20", 5), on("2025-12-20", 6, { metric_unit: "EUR" }), on("2025-12-21", 5), refund]);
    const metric = { service_name: "partners_crm", metric_type: "donation" };
    const [primary, refunded, euros] = await resolved(t, [
      widget("stat", { metric }),
      widget("stat", { id: "two", metric: { ...metric, metric_name: "donation_refunded" } }),
      widget("stat", { id: "three", metric: { ...metric, metric_unit: "EUR" } }),
    ]);
    equal([primary.data.metric.metric_name, primary.data.metric.metric_unit, primary.data.value], [
      ...["donation_received", "USD", 10],
    ]);
    equal(primary.meta.warnings.length, 2); // the name and the unit were open
    equal([refunded.data.value, refunded.data.good_direction], [7, "down"]);
    equal([euros.data.value, euros.meta.warnings], [6, []]);
  },
  async "a dashboard's stat by a dimension counts what is about it alone"(t) {
    await send(t, [from("KE", 10), from("KE", 20), from("UG", 5)]);
    const metric = { ...GIFTS, dimensions: { country: "KE" } };
    const [sum, median] = await resolved(t, [
      widget("stat", { metric }),
      widget("stat", { id: "two", measure: "median" }),
    ]);
    equal([sum.data.value, sum.meta.source], [30, "rows"]);
    equal([median.data.value, median.meta.source], [10, "rows"]); // of 5, 10 and 20
  },
};

const seriesCases: Record<string, (t: App) => Promise<void>> = {
  async "a dashboard's line is the time series of metrics, number for number"(t) {
    await send(t, [on("2025-10-05", 10), on("2025-10-30", 5), on("2025-12-02", 7)]);
    const window = { start_date: "2025-10-01", end_date: "2025-12-31" };
    const [line] = await resolved(t, [widget("line", { window, interval: "month", fill: "null" })]);
    const values = line.data.series[0].points.map((
      point: Record<string, unknown>,
    ) => [point["value"], point["complete"]]);
    equal(values, [[15, true], [null, true], [7, false]]);
    const query = new URLSearchParams({ ...GIFTS, ...window, interval: "month", fill: "null" });
    const series = await t.json("GET", `/api/v1/metrics/time-series/data?${query}`, 200);
    equal(line.data.series[0].points, series.series[0].points);
    equal([line.data.interval, line.data.series[0].measure, line.meta], ["month", "sum", series.meta]);
  },
  async "a dashboard's area has one series for each value of a dimension, or each name of one unit and kind"(t) {
    const sent = (day: string, metric_name: string, metric_value: number) =>
      on(day, metric_value, { ...LATENCY, metric_name, metric_unit: "count" });
    await send(t, [from("KE", 10), from("UG", 5), from("KE", 1, "2025-12-21")]);
    await send(t, [sent("2025-12-20", "notification_sent", 9), sent("2025-12-20", "notification_delivered", 8)]);
    await send(t, [on("2025-12-20", 90, { ...LATENCY, metric_unit: "ms" })]);
    const [byCountry, byName] = await resolved(t, [
      widget("area", { split_by: "dimension.country" }),
      widget("line", {
        ...{ id: "two", split_by: "metric_name" },
        metric: { service_name: "notification", metric_type: "notification" },
      }),
    ]);
    type Line = { split: string; points: { period: string; value: number }[] };
    const brief = ({ data }: { data: { series: Line[] } }) =>
      data.series.map(({ split, points }) => [split, ...points.map(({ period, value }) => [period, value])]);
    equal(brief(byCountry), [["KE", ["2025-12-20", 10], ["2025-12-21", 1]], ["UG", ["2025-12-20", 5]]]);
    equal(brief(byName).sort(), [
      ["notification_delivered", ["2025-12-20", 8]],
      ["notification_sent", ["2025-12-20", 9]],
    ]);
    match(byName.meta.warnings[0], /delivery_latency_ms \(sample in ms\)/);
  },
  async "a dashboard's heatmap counts by weekday and hour, on the wall of its zone"(t) {
    await send(t, [
      gift({ metric_value: 10, timestamp: "2025-12-15T09:30:00Z" }), // a Monday
      gift({ metric_value: 5, timestamp: "2025-12-22T09:10:00Z" }), // the Monday after
      gift({ metric_value: 1, timestamp: "2025-12-21T23:59:00Z" }), // a Sunday
    ]);
    const [utc, nairobi, average] = await resolved(t, [
      widget("heatmap"),
      widget("heatmap", { id: "two", timezone: "Africa/Nairobi" }), // three hours ahead
      widget("heatmap", { id: "three", measure: "avg" }),
    ]);
    const cell = (weekday: number, hour: number, value: number, n: number) => ({ weekday, hour, value, n });
    equal([utc.data.measure, utc.data.cells], ["sum", [cell(1, 9, 15, 2), cell(7, 23, 1, 1)]]);
    equal(nairobi.data.cells, [cell(1, 2, 1, 1), cell(1, 12, 15, 2)]);
    equal(average.data.cells, [cell(1, 9, 7.5, 2), cell(7, 23, 1, 1)]);
    equal(utc.meta.source, "rollups");
  },
};

const partsCases: Record<string, (t: App) => Promise<void>> = {
  async "a dashboard's bar shows the largest groups and the rest as other"(t) {
    await send(t, [from("KE", 10), from("KE", 20), from("UG", 5), from("DE", 40), from("US", 1)]);
    const bar = (id: string, more: Record<string, unknown>) =>
      widget("bar", { id, group_by: "dimension.country", limit: 2, ...more });
    const [sums, averages, medians] = await resolved(t, [
      ...[bar("a", {}), bar("b", { measure: "avg" }), bar("c", { measure: "median" })],
    ]);
    const row = (group: string, value: number, n: number) => ({ group, value, n });
    equal(sums.data.rows, [row("DE", 40, 1), row("KE", 30, 2)]);
    equal(sums.data.other, { groups: 2, value: 6, n: 2 });
    equal(averages.data.rows, [row("DE", 40, 1), row("KE", 15, 2)]);
    equal(averages.data.other, { groups: 2, value: 3, n: 2 }); // 5 and 1
    equal(medians.data.other, { groups: 2, value: null, n: 2 }); // no median follows from medians
  },
  async "a dashboard's bar by periods shows the latest in the order of time"(t) {
    await send(t, [on("2025-09-01", 9), on("2025-10-01", 1), on("2025-11-01", 5)]);
    const window = { start_date: "2025-09-01", end_date: "2025-11-30" };
    const [bar] = await resolved(t, [widget("bar", { group_by: "month", limit: 2, window })]);
    equal(bar.data.rows, [{ group: "2025-10-01", value: 1, n: 1 }, { group: "2025-11-01", value: 5, n: 1 }]);
    equal([bar.data.other, bar.meta.source], [{ groups: 1, value: 9, n: 1 }, "rollups"]);
  },
  async "a dashboard's pie is whole percent that are exactly 100, the rest included"(t) {
    await send(t, [
      ...["a", "b", "c"].map((project_id) => level(STATUS, "2025-12-01", 1, { project_id, status: "active" })),
      ...["d", "e"].map((project_id) => level(STATUS, "2025-12-01", 1, { project_id, status: "planned" })),
      level(STATUS, "2025-12-01", 1, { project_id: "f", status: "paused" }),
      level(STATUS, "2025-12-02", 1, { project_id: "g", status: "active" }),
      level(STATUS, "2025-12-03", 1, { project_id: "g", status: "completed" }), // it is in one state at a time
    ]);
    const [pie] = await resolved(t, [widget("pie", { metric: STATUS, group_by: "dimension.status", limit: 2 })]);
    // 3, 2 and two of 1 are 7: 42.86, 28.57 and 28.57 percent; the floors are 98, so the first two get one more.
    equal(pie.data.slices, [
      { group: "active", value: 3, share: 3 / 7, percentage: 43 },
      { group: "planned", value: 2, share: 2 / 7, percentage: 29 },
    ]);
    equal([pie.data.other, pie.data.total], [{ groups: 2, value: 2, share: 2 / 7, percentage: 28 }, 7]);
  },
  async "a dashboard's pie with a negative part is an error that says so, and one of zeros is empty"(t) {
    await send(t, [from("KE", 10), from("UG", -5), from("DE", 0, "2025-11-03")]);
    const november = { start_date: "2025-11-01", end_date: "2025-11-30" };
    const [negative, zero] = await resolved(t, [
      widget("pie", { group_by: "dimension.country", limit: 1 }),
      widget("pie", { id: "two", group_by: "dimension.country", window: november }),
    ]);
    equal([negative.status, negative.error.code, negative.data], ["error", "invalid", null]);
    match(negative.error.message, /no negative parts, and the smallest is -5/);
    equal([zero.status, zero.data.total, zero.reason], ["empty", 0, "All parts are 0, so that there is no whole"]);
  },
  async "a dashboard's table has several words and measures, and other where they add up"(t) {
    await send(t, [
      from("KE", 10, "2025-11-03"),
      from("UG", 4, "2025-11-04"),
      from("KE", 6),
      from("KE", 7),
      from("KE", 8),
      from("UG", 1),
    ]);
    const window = { start_date: "2025-11-01", end_date: "2025-12-23" };
    const more = { window, group_by: ["month", "dimension.country"], measures: ["sum", "count", "max", "stddev"] };
    const [table] = await resolved(t, [widget("table", { ...more, limit: 3 })]);
    equal([table.data.group_by, table.data.measures], [more.group_by, more.measures]);
    const row = (group: string[], values: (number | null)[], n: number) => ({ group, values, n });
    equal(table.data.rows, [
      row(["2025-11-01", "KE"], [10, 1, 10, null], 1),
      row(["2025-12-01", "KE"], [21, 3, 8, 1], 3), // 6, 7, 8: squares 1 + 0 + 1 over n − 1
      row(["2025-12-01", "UG"], [1, 1, 1, null], 1),
    ]);
    equal(table.data.other, { groups: 1, values: [4, 1, 4, null], n: 1 }); // of the earliest month the least
  },
};

const personsCases: Record<string, (t: App) => Promise<void>> = {
  async "a dashboard hides from anonymous readers what is of fewer than five persons"(t) {
    const by = (partner_id: string, country: string, metric_value: number) =>
      on("2025-12-20", metric_value, { dimensions: { partner_id, country } });
    const kenya = Array.from({ length: 6 }, (_, i) => by(`k${i}`, "KE", 10));
    const uganda = Array.from({ length: 5 }, (_, i) => by(`u${i}`, "UG", 20));
    await send(t, [...kenya, ...uganda, by("d1", "DE", 1_000), by("d2", "DE", 2_000)]);
    const german = { ...GIFTS, dimensions: { country: "DE" } };
    const widgets = [
      widget("bar", { id: "a", group_by: "dimension.country" }),
      widget("pie", { id: "b", group_by: "dimension.country" }),
      widget("stat", { id: "c", metric: german }),
      widget("line", { id: "d", split_by: "dimension.country" }),
      widget("heatmap", { id: "e", metric: german }),
      widget("stat", { id: "f" }),
    ];
    const seen = await resolved(t, widgets);
    equal(seen[0].data.rows.map(({ value }: { value: number }) => value), [3_000, 100, 60]);
    const [bar, pie, stat, line, heatmap, whole] = await resolved(t, widgets, { as: anonymous });
    // Two Germans are few, and with the next smallest, five Ugandans, nobody can be told by subtraction.
    equal(bar.data.rows, [{ group: "KE", value: 60, n: 6 }]);
    // 2 · 1,500 and 5 · 20 of 7 readings; of 3,160 Kenya's 60 are 1.9 %.
    equal([bar.data.other, bar.data.hidden], [null, { groups: 2, value: 3_100, n: 7 }]);
    equal(pie.data.slices, [{ group: "KE", value: 60, share: 60 / 3_160, percentage: 2 }]);
    equal(pie.data.hidden, { groups: 2, value: 3_100, share: 3_100 / 3_160, percentage: 98 });
    equal([pie.data.other, pie.data.total], [null, 3_160]);
    match(bar.meta.warnings[0], /^2 numbers are hidden/);
    type Line = { split: string; points: { value: number | null }[] };
    const lines = line.data.series.map(({ split, points }: Line) => [split, ...points.map(({ value }) => value)]);
    equal(lines.sort(), [["DE", null], ["KE", 60], ["UG", null]]);
    // Filtered by a country, the number would be told by what it is the rest of.
    equal([stat.error.code, heatmap.error.code], ["forbidden", "forbidden"]);
    equal(whole.data.value, 3_160);
    ok(!JSON.stringify([bar, pie, stat, line, heatmap]).includes("000,"), "no hidden amount shows");
  },
  async "a dashboard's table tells of hidden groups together only what adds up"(t) {
    const by = (partner_id: string, country: string, metric_value: number) =>
      on("2025-12-20", metric_value, { dimensions: { partner_id, country } });
    const some = (people: number, country: string, value: number) =>
      Array.from({ length: people }, (_, i) => by(`${country}${i}`, country, value));
    await send(t, [...some(6, "KE", 10), ...some(5, "UG", 2), by("d", "DE", 700)]);
    const table = widget("table", { group_by: ["dimension.country"], measures: ["sum", "count", "max", "avg"] });
    const [seen] = await resolved(t, [table]);
    equal([seen.data.rows.length, seen.data.hidden], [3, null]);
    const [told] = await resolved(t, [table], { as: anonymous });
    equal(told.data.rows, [{ group: ["KE"], values: [60, 6, 10, 10], n: 6 }]);
    // 5 · 2 and 700; the largest would be the German's own.
    equal(told.data.hidden, { groups: 2, values: [710, 6, null, null], n: 6 });
  },
  async "a dashboard's pie has no total and no shares where these would tell a hidden part"(t) {
    const REACHED = { service_name: "projects", metric_type: "beneficiary", metric_name: "beneficiaries_reached" };
    const reached = (country: string, metric_value: number) =>
      on("2025-12-20", metric_value, { ...REACHED, metric_unit: "count", dimensions: { country } });
    await send(t, [reached("KE", 3), reached("UG", 0)]);
    await send(t, [on("2025-12-20", 9, { dimensions: { partner_id: "d", country: "DE" } })]);
    const group_by = "dimension.country";
    const widgets = [
      widget("pie", { id: "a", group_by }),
      widget("pie", { id: "b", group_by, metric: REACHED }),
      widget("bar", { id: "c", group_by }),
    ];
    const [alone, beside, bar] = await resolved(t, widgets, { as: anonymous });
    const untold = { groups: 1, value: null, share: null, percentage: null };
    equal([alone.status, alone.data.slices, alone.data.total, alone.data.hidden], ["empty", [], null, untold]);
    // Beside a country of nobody the three would be the whole.
    equal(beside.data.slices, [{ group: "UG", value: 0, share: null, percentage: null }]);
    equal([beside.status, beside.data.total, beside.data.hidden], ["ok", null, untold]);
    match(beside.meta.warnings[0], /no total and shares/);
    equal(bar.data.hidden, { groups: 1, value: null, n: null });
  },
};

const levelsCases: Record<string, (t: App) => Promise<void>> = {
  async "a dashboard takes a level apart by the last reading of each series, as the statistics of metrics do"(t) {
    const at = (day: string, project_id: string, status: string, metric_value = 1) =>
      level(STATUS, day, metric_value, { project_id, status });
    await send(t, [
      ...[at("2025-11-01", "a", "planned"), at("2025-12-05", "a", "active"), at("2025-12-20", "a", "paused")],
      ...[at("2025-11-03", "b", "planned"), at("2025-12-01", "c", "active", 3), at("2025-12-01", "d", "active")],
    ]);
    const window = { start_date: "2025-12-01", end_date: "2025-12-10" };
    const bar = { metric: STATUS, group_by: "dimension.status", window };
    const [all, active, counts] = await resolved(t, [
      widget("bar", { id: "a", ...bar }),
      widget("bar", { id: "b", ...bar, metric: { ...STATUS, dimensions: { project_id: "c" } } }),
      widget("bar", { id: "c", ...bar, measure: "count" }),
    ]);
    // On 10 December a, c and d are active, and b is planned since November.
    equal(all.data.rows, [{ group: "active", value: 5, n: 3 }, { group: "planned", value: 1, n: 1 }]);
    equal(active.data.rows, [{ group: "active", value: 3, n: 1 }]);
    // Of readings there were three in these days, none of them of b.
    equal(counts.data.rows, [{ group: "active", value: 3, n: 3 }, { group: "planned", value: 0, n: 0 }]);
    const query = new URLSearchParams({ ...STATUS, ...window, group_by: "dimension.status", measures: "last" });
    const { items } = await t.json("GET", `/api/v1/metrics/aggregate/statistics?${query}`, 200);
    type Item = { group: Record<string, string>; values: { last: number } };
    equal(
      items.map(({ group, values }: Item) => [group["dimension.status"], values.last]),
      all.data.rows.map(({ group, value }: { group: string; value: number }) => [group, value]),
    );
  },
};

const standingCases: Record<string, (t: App) => Promise<void>> = {
  async "a dashboard's goal is its progress, and one that is gone fails alone"(t) {
    const goal = { name: "Calls", metric_type: "engagement", target_value: 100, unit: "calls" };
    const dates = { start_date: "2025-12-20", end_date: "2025-12-29" };
    const kept = await t.json("POST", "/api/v1/goals", 201, { body: { ...goal, ...dates } });
    const gone = await t.json("POST", "/api/v1/goals", 201, { body: { ...goal, ...dates } });
    await t.json("POST", `/api/v1/goals/${kept.id}/update-progress`, 200, { body: { current_value: 50 } });
    await t.json("DELETE", `/api/v1/goals/${gone.id}`, 204);
    const [here, away] = await resolved(t, [
      { id: "a", type: "goal", title: "Here", goal_id: kept.id },
      { id: "b", type: "goal", title: "Away", goal_id: gone.id },
    ]);
    // Half of the way after four of ten days.
    equal([here.status, here.data.progress_percentage, here.data.expected, here.data.on_track], ["ok", 50, 40, true]);
    equal(here.data, await t.json("GET", `/api/v1/goals/${kept.id}/progress`, 200));
    equal([away.status, away.data, away.error], [
      ...["error", null],
      { code: "not_found", message: "There is no such goal" },
    ]);
  },
  async "a dashboard's freshness tells how old the latest reading of each service is"(t) {
    await send(t, [gift({ timestamp: "2025-12-24T11:00:00Z" }), gift({ timestamp: "2025-12-20T11:00:00Z" })]);
    const [some, none] = await resolved(t, [
      { id: "a", type: "freshness", title: "Some", services: ["partners_crm", "projects"] },
      { id: "b", type: "freshness", title: "None", services: ["auth"] },
    ]);
    const sync = { sync_status: "not_configured", last_success_at: null, stale: false };
    equal(some.data.services, [
      { service_name: "partners_crm", data_through: "2025-12-24T11:00:00Z", age_s: 3_600, warning: null, ...sync },
      { service_name: "projects", data_through: null, age_s: null, warning: null, ...sync },
    ]);
    equal([some.status, none.status], ["ok", "empty"]);
    match(none.reason, /Nothing has been recorded/);
  },
  async "a dashboard's freshness is not younger by a reading that is dated in the future, and names it"(t) {
    await send(t, [on("2025-12-22", 5), gift({ timestamp: "2025-12-24T15:00:00Z" }), on("2026-02-01", 5)]);
    await send(t, [level(FOLLOWERS, "2026-01-05", 9, { platform: "facebook" })]);
    const { id } = await dashboard(t, [
      { id: "a", type: "freshness", title: "Some", services: ["partners_crm", "social_media", "auth"] },
    ]);
    const { widgets: [slot], meta } = await t.json("GET", `${DASHBOARDS}/${id}/data`, 200);
    const [gifts, followers, none] = slot.data.services;
    // From noon of the 22nd to noon of the 24th.
    equal([gifts.data_through, gifts.age_s], ["2025-12-22T12:00:00Z", 2 * 86_400]);
    const left = (instant: string) => `Readings dated in the future are left out; the latest is of ${instant}`;
    equal(gifts.warning, left("2026-02-01T12:00:00Z"));
    equal([followers.data_through, followers.age_s, followers.warning], [null, null, left("2026-01-05T12:00:00Z")]);
    equal([none.data_through, none.warning, slot.status], [null, null, "ok"]);
    equal([meta.data_through, meta.warnings], ["2025-12-22T12:00:00Z", [left("2026-02-01T12:00:00Z")]]);
  },
};

/** What each type of widget shows, by numbers that a hand can check. */
export const dashboardWidgetsCases: Record<string, (t: App) => Promise<void>> = {
  ...statCases,
  ...seriesCases,
  ...partsCases,
  ...personsCases,
  ...levelsCases,
  ...standingCases,
};
