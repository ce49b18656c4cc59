import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { dailySeries, periodTotals } from "../../../services/metrics/mod.ts";
import { type App, appOver } from "../../support/app.ts";
import { gift, PATH, send } from "../../support/gifts.ts";

const STATISTICS = `${PATH}/aggregate/statistics`;
const SERIES = `${PATH}/time-series/data`;

const followers = (platform: string, metric_value: number, timestamp: string) =>
  gift({
    ...{ service_name: "social_media", metric_type: "engagement", metric_name: "followers" },
    ...{ metric_unit: "count", metric_value, timestamp, dimensions: { platform } },
  });
const status = (project_id: string, state: string, timestamp: string) =>
  gift({
    ...{ service_name: "projects", metric_type: "project", metric_name: "project_status" },
    ...{ metric_unit: "count", metric_value: 1, timestamp, dimensions: { project_id, status: state } },
  });
const latency = (metric_value: number, timestamp = "2025-12-20T10:00:00Z") =>
  gift({
    ...{ service_name: "notification", metric_type: "notification", metric_name: "delivery_latency_ms" },
    ...{ metric_unit: "ms", metric_value, timestamp },
  });

type Row = { metric_name: string | null; metric_unit: string | null; group: unknown; values: unknown };
const brief = (answer: { items: Row[] }) => answer.items.map((row) => [row.group, row.values]);

const statisticsCases: Record<string, (t: App) => Promise<void>> = {
  async "statistics are of the last 30 complete local days, one row for each name and unit"(t) {
    await send(t, [
      gift({ metric_value: 0.1, timestamp: "2025-11-24T00:00:00Z" }), // the first day of the window
      gift({ metric_value: 0.2, timestamp: "2025-12-23T23:59:59Z" }), // its last second
      gift({ metric_value: 1000, timestamp: "2025-11-23T23:59:59Z" }),
      gift({ metric_value: 1000, timestamp: "2025-12-24T00:00:00Z" }),
      gift({ metric_value: 5, metric_unit: "EUR" }),
      gift({ metric_value: 7, metric_name: "donation_refunded" }),
    ]);
    const answer = await t.json("GET", STATISTICS, 200);
    const row = { service_name: "partners_crm", metric_type: "donation", kind: "flow", group: {} };
    const one = (value: number) => ({ count: 1, sum: value, avg: value, min: value, max: value });
    equal(answer, {
      items: [
        { ...row, metric_name: "donation_received", metric_unit: "EUR", values: one(5) },
        {
          ...{ ...row, metric_name: "donation_received", metric_unit: "USD" },
          values: { count: 2, sum: 0.3, avg: 0.15, min: 0.1, max: 0.2 }, // exact: 0.1 + 0.2 in floats is another number
        },
        { ...row, metric_name: "donation_refunded", metric_unit: "USD", values: one(7) },
      ],
      other: [],
      total: 3,
      reason: null,
      meta: {
        period: { start_date: "2025-11-24", end_date: "2025-12-23", timezone: "UTC", complete: true },
        compared_with: null,
        data_through: "2025-12-24T00:00:00Z",
        source: "rollups",
        warnings: [],
      },
    });
  },
  async "statistics by month, with every measure of the roll-ups"(t) {
    await send(t, [
      gift({ metric_value: 2, timestamp: "2025-10-31T23:00:00Z" }),
      gift({ metric_value: 4, timestamp: "2025-10-01T00:00:00Z" }),
      gift({ metric_value: 9, timestamp: "2025-10-02T00:00:00Z" }),
      gift({ metric_value: 5, timestamp: "2025-11-01T00:00:00Z" }),
    ]);
    const query =
      "?start_date=2025-10-01&end_date=2025-11-30&group_by=month&measures=count,sum,avg,stddev,last,min,max";
    equal(brief(await t.json("GET", STATISTICS + query, 200)), [
      // 2, 4, 9: deviations −3, −1, 4 from 5, squares 26, over n − 1 = 2
      [{ month: "2025-10-01" }, { count: 3, sum: 15, avg: 5, stddev: Math.sqrt(13), last: 2, min: 2, max: 9 }],
      [{ month: "2025-11-01" }, { count: 1, sum: 5, avg: 5, stddev: null, last: 5, min: 5, max: 5 }],
    ]);
  },
  async "statistics from the rows: median, 95th percentile, distinct values, by dimension"(t) {
    const from = (partner_id: string, country: string | null, metric_value: number) =>
      gift({ metric_value, dimensions: country === null ? { partner_id } : { partner_id, country } });
    await send(t, [
      from("a", "KE", 1),
      from("b", "KE", 2),
      from("a", "KE", 3),
      from("a", "DE", 10),
      from("c", null, 4),
    ]);
    const query = "?group_by=dimension.country&measures=median,p95,distinct.partner_id,sum,count&order_by=-sum";
    const answer = await t.json("GET", STATISTICS + query, 200);
    equal(answer.meta.source, "rows");
    equal(brief(answer), [
      [{ "dimension.country": "DE" }, { median: 10, p95: 10, "distinct.partner_id": 1, sum: 10, count: 1 }],
      // of 1, 2, 3 the 95th percentile (type 7) is at 1.9: 2 + 0.9
      [{ "dimension.country": "KE" }, { median: 2, p95: 2.9, "distinct.partner_id": 2, sum: 6, count: 3 }],
      [{ "dimension.country": null }, { median: 4, p95: 4, "distinct.partner_id": 1, sum: 4, count: 1 }],
    ]);
    const filtered = await t.json("GET", `${STATISTICS}?dimension.country=KE&measures=sum`, 200);
    equal(brief(filtered), [[{}, { sum: 6 }]]);
  },
  async "statistics by service add names only because they are asked to, and say so"(t) {
    await send(t, [
      gift({ metric_value: 10 }),
      gift({ metric_value: 3, metric_name: "donation_refunded" }),
      gift({ metric_value: 5, service_name: "projects", metric_type: "project", metric_name: "cost_actual" }),
    ]);
    const answer = await t.json("GET", `${STATISTICS}?group_by=service_name&measures=sum`, 200);
    equal(answer.items.map((row: Row & { service_name: string }) => [row.service_name, row.metric_name, row.values]), [
      ["partners_crm", null, { sum: 13 }],
      ["projects", "cost_actual", { sum: 5 }],
    ]);
    equal(answer.meta.warnings, ["Up to 2 different metrics are added in one row, as group_by asks"]);
    const both = await t.json("GET", `${STATISTICS}?group_by=metric_name,year&measures=sum`, 200);
    equal(brief(both)[0], [{ metric_name: "cost_actual", year: "2025-01-01" }, { sum: 5 }]);
  },
  async "a gauge's sum is its level at the end: the last of each series, added over the series and never over time"(t) {
    await send(t, [
      followers("x", 100, "2025-09-01T00:00:00Z"), // x is not read again
      followers("y", 10, "2025-11-30T08:00:00Z"),
      followers("y", 20, "2025-11-30T20:00:00Z"),
      followers("y", 25, "2025-12-10T00:00:00Z"),
      followers("z", 1, "2025-12-24T00:00:00Z"), // after the window
    ]);
    const query = "?start_date=2025-11-01&end_date=2025-12-23&measures=sum,last,count,avg";
    equal(brief(await t.json("GET", `${STATISTICS}${query}`, 200)), [[{}, {
      ...{ sum: 125, last: 125, count: 3 },
      avg: (10 + 20 + 25) / 3,
    }]]);
    equal(brief(await t.json("GET", `${STATISTICS}${query}&group_by=month`, 200)), [
      [{ month: "2025-11-01" }, { sum: 120, last: 120, count: 2, avg: 15 }],
      [{ month: "2025-12-01" }, { sum: 125, last: 125, count: 1, avg: 25 }],
    ]);
    const quiet = await t.json(
      "GET",
      `${STATISTICS}?start_date=2025-10-01&end_date=2025-10-31&measures=sum,count,avg`,
      200,
    );
    equal(brief(quiet), [[{}, { sum: 100, count: 0, avg: null }]]);
  },
  async "a gauge by dimension follows a series that moves from one value to another"(t) {
    await send(t, [
      status("p1", "active", "2025-10-01T00:00:00Z"),
      status("p2", "active", "2025-11-05T00:00:00Z"),
      status("p1", "done", "2025-11-20T00:00:00Z"),
    ]);
    const months = "?start_date=2025-10-01&end_date=2025-12-23&group_by=month,dimension.status&measures=sum";
    equal(brief(await t.json("GET", STATISTICS + months, 200)), [
      [{ month: "2025-10-01", "dimension.status": "active" }, { sum: 1 }],
      [{ month: "2025-11-01", "dimension.status": "active" }, { sum: 1 }],
      [{ month: "2025-11-01", "dimension.status": "done" }, { sum: 1 }],
      [{ month: "2025-12-01", "dimension.status": "active" }, { sum: 1 }],
      [{ month: "2025-12-01", "dimension.status": "done" }, { sum: 1 }],
    ]);
    const active = "?start_date=2025-12-01&end_date=2025-12-23&dimension.status=active&measures=sum";
    equal(brief(await t.json("GET", STATISTICS + active, 200)), [[{}, { sum: 1 }]]); // p2 alone
  },
  async "samples have an average and no sum"(t) {
    await send(t, [latency(100), latency(300)]);
    const answer = await t.json("GET", `${STATISTICS}?measures=sum,avg,median`, 200);
    equal([answer.items[0].kind, answer.items[0].values], ["sample", { sum: null, avg: 200, median: 200 }]);
  },
  async "statistics of another zone are cut at its midnights"(t) {
    await send(t, [
      gift({ metric_value: 1, timestamp: "2025-12-19T22:59:00Z" }), // 23:59 in Berlin
      gift({ metric_value: 2, timestamp: "2025-12-19T23:00:00Z" }), // 00:00
      gift({ metric_value: 4, timestamp: "2025-12-20T18:29:00Z" }), // 23:59 in India
      gift({ metric_value: 8, timestamp: "2025-12-20T18:30:00Z" }), // 00:00
    ]);
    const days = "?start_date=2025-12-19&end_date=2025-12-21&group_by=date&measures=sum";
    const berlin = await t.json("GET", `${STATISTICS}${days}&timezone=Europe/Berlin`, 200);
    equal([berlin.meta.source, brief(berlin)], ["rollups", [
      [{ date: "2025-12-19" }, { sum: 1 }],
      [{ date: "2025-12-20" }, { sum: 14 }],
    ]]);
    const india = await t.json("GET", `${STATISTICS}${days}&timezone=Asia/Kolkata`, 200);
    equal([india.meta.source, brief(india)], ["rows", [
      [{ date: "2025-12-20" }, { sum: 7 }],
      [{ date: "2025-12-21" }, { sum: 8 }],
    ]]);
    const hours = `${STATISTICS}?start_date=2025-12-20&end_date=2025-12-20&group_by=hour&measures=sum`;
    equal(brief(await t.json("GET", `${hours}&timezone=Asia/Kolkata`, 200)), [
      [{ hour: "2025-12-20T04:00:00+05:30" }, { sum: 3 }], // 04:29 and 04:30
      [{ hour: "2025-12-20T23:00:00+05:30" }, { sum: 4 }],
    ]);
  },
  async "no data is an empty answer with a reason"(t) {
    const nothing = await t.json("GET", STATISTICS, 200);
    equal([nothing.items, nothing.reason], [[], "Nothing like this has been recorded"]);
    await send(t, [gift({ timestamp: "2025-01-15T00:00:00Z" })]);
    const elsewhere = await t.json("GET", STATISTICS, 200);
    equal(elsewhere.reason, "No reading from 2025-11-24 to 2025-12-23; the latest is of 2025-01-15");
    equal(elsewhere.meta.data_through, "2025-01-15T00:00:00Z");
  },
  async "statistics are ordered as asked and cut at the limit, which they say"(t) {
    const on = (day: number, metric_value: number) => gift({ metric_value, timestamp: `2025-12-0${day}T00:00:00Z` });
    await send(t, [on(1, 5), on(2, 9), on(3, 7)]);
    const query = `${STATISTICS}?group_by=date&measures=sum&limit=2&order_by=`;
    const answer = await t.json("GET", `${query}-sum`, 200);
    equal(brief(answer), [[{ date: "2025-12-02" }, { sum: 9 }], [{ date: "2025-12-03" }, { sum: 7 }]]);
    equal([answer.total, answer.meta.warnings], [3, [
      "3 rows, of which these are the first 2; other adds up the rest",
    ]]);
    equal(brief(await t.json("GET", `${query}-date`, 200))[0], [{ date: "2025-12-03" }, { sum: 7 }]);
    equal(brief(await t.json("GET", `${query}sum`, 200))[0], [{ date: "2025-12-01" }, { sum: 5 }]);
  },
  async "statistics refuse what they cannot answer"(t) {
    const wrong: [string, string][] = [
      ["group_by=day", "/query/group_by"],
      ["group_by=hour,date,week,month", "/query/group_by"],
      ["group_by=dimension.", "/query/group_by"],
      ["measures=mean", "/query/measures"],
      ["measures=", "/query/measures"],
      ["order_by=total", "/query/order_by"],
      ["limit=5001", "/query/limit"],
      ["timezone=CEST", "/query/timezone"],
      ["start_date=2025-12-02&end_date=2025-12-01", "/query/end_date"],
      ["start_date=1990-01-01&end_date=2025-12-01&group_by=date", "/query/start_date"],
      ["start_date=2024-01-01&end_date=2025-12-01&group_by=hour", "/query/start_date"],
      ["metrictype=donation", "/query/metrictype"],
    ];
    for (const [query, pointer] of wrong) {
      const { errors } = await t.json("GET", `${STATISTICS}?${query}`, 422);
      equal([query, errors[0].pointer], [query, pointer]);
    }
  },
};

type Point = { period: string; start: string; end: string; value: number | null; n: number; complete: boolean };
const pointsOf = (answer: { series: { points: Point[] }[] }) =>
  (answer.series[0]?.points ?? []).map((point) => [point.period, point.value, point.n]);

const seriesCases: Record<string, (t: App) => Promise<void>> = {
  async "a series has one point for each day with a reading, or for each day at all"(t) {
    await send(t, [
      gift({ metric_value: 1, timestamp: "2025-12-20T01:00:00Z" }),
      gift({ metric_value: 2, timestamp: "2025-12-20T02:00:00Z" }),
      gift({ metric_value: 4, timestamp: "2025-12-22T00:00:00Z" }),
    ]);
    const query = `${SERIES}?service_name=partners_crm&metric_type=donation&start_date=2025-12-20&end_date=2025-12-23`;
    const answer = await t.json("GET", query, 200);
    equal(pointsOf(answer), [["2025-12-20", 3, 2], ["2025-12-22", 4, 1]]);
    const { points, ...head } = answer.series[0];
    equal(head, {
      ...{
        service_name: "partners_crm",
        metric_type: "donation",
        metric_name: "donation_received",
        metric_unit: "USD",
      },
      ...{ kind: "flow", split: null, measure: "sum" },
    });
    equal(points[0], {
      ...{ period: "2025-12-20", start: "2025-12-20T00:00:00Z", end: "2025-12-21T00:00:00Z", value: 3, n: 2 },
      complete: true,
    });
    const values = async (more: string) =>
      (await t.json("GET", query + more, 200)).series[0].points.map((point: Point) => point.value);
    equal(await values("&fill=null"), [3, null, 4, null]);
    equal(await values("&fill=zero"), [3, 0, 4, 0]);
    equal(await values("&fill=zero&measure=avg"), [1.5, null, 4, null]);
    equal(await values("&cumulative=true"), [3, 7]);
    equal(await values("&cumulative=true&fill=zero"), [3, 3, 7, 7]);
    equal(await values("&cumulative=true&measure=count&fill=zero"), [2, 2, 3, 3]);
    equal(await values("&measure=median"), [1.5, 4]);
  },
  async "the running period is not complete, nor one that the window cuts, and what is to come is not zero"(t) {
    await send(t, [gift({ timestamp: "2025-12-24T01:00:00Z" })]);
    const answer = await t.json("GET", `${SERIES}?start_date=2025-12-23&end_date=2025-12-25&fill=zero`, 200);
    equal(answer.series[0].points.map((point: Point) => [point.value, point.complete]), [
      [0, true],
      [250, false],
      [null, false],
    ]);
    equal(answer.meta.period.complete, false);
    const weeks = await t.json(
      "GET",
      `${SERIES}?start_date=2025-12-03&end_date=2025-12-24&interval=week&fill=zero`,
      200,
    );
    equal(
      weeks.series[0].points.map((point: Point) => [point.period, point.start, point.complete]),
      [
        ["2025-12-01", "2025-12-03T00:00:00Z", false], // the window begins on a Wednesday
        ["2025-12-08", "2025-12-08T00:00:00Z", true],
        ["2025-12-15", "2025-12-15T00:00:00Z", true],
        ["2025-12-22", "2025-12-22T00:00:00Z", false],
      ],
    );
  },
  async "weeks, quarters and years are those of the calendar"(t) {
    await send(t, [
      gift({ metric_value: 1, timestamp: "2024-12-29T12:00:00Z" }), // Sunday of 2024-W52
      gift({ metric_value: 2, timestamp: "2024-12-30T12:00:00Z" }), // Monday of 2025-W01
      gift({ metric_value: 4, timestamp: "2025-04-01T00:00:00Z" }),
    ]);
    const by = async (interval: string) =>
      pointsOf(await t.json("GET", `${SERIES}?start_date=2024-10-01&end_date=2025-12-23&interval=${interval}`, 200));
    equal(await by("week"), [["2024-12-23", 1, 1], ["2024-12-30", 2, 1], ["2025-03-31", 4, 1]]);
    equal(await by("quarter"), [["2024-10-01", 3, 2], ["2025-04-01", 4, 1]]);
    equal(await by("year"), [["2024-01-01", 3, 2], ["2025-01-01", 4, 1]]);
  },
  async "days of a zone follow its clocks: 23 hours in March, 25 in October"(t) {
    await send(t, [
      gift({ metric_value: 1, timestamp: "2025-03-29T23:00:00Z" }), // 00:00 on the 30th
      gift({ metric_value: 2, timestamp: "2025-03-30T21:59:00Z" }), // 23:59
      gift({ metric_value: 4, timestamp: "2025-03-30T22:00:00Z" }), // 00:00 on the 31st
      gift({ metric_value: 8, timestamp: "2025-10-26T00:30:00Z" }), // 02:30, the first time
      gift({ metric_value: 16, timestamp: "2025-10-26T01:30:00Z" }), // 02:30, the second time
      gift({ metric_value: 32, timestamp: "2025-10-26T22:59:00Z" }), // 23:59
    ]);
    const day = async (start: string, end: string, interval = "day") =>
      (await t.json(
        "GET",
        `${SERIES}?timezone=Europe/Berlin&start_date=${start}&end_date=${end}&interval=${interval}`,
        200,
      )).series[0].points as Point[];
    const march = await day("2025-03-29", "2025-03-31");
    equal(march.map((point) => [point.period, point.start, point.end, point.value]), [
      ["2025-03-30", "2025-03-30T00:00:00+01:00", "2025-03-31T00:00:00+02:00", 3],
      ["2025-03-31", "2025-03-31T00:00:00+02:00", "2025-04-01T00:00:00+02:00", 4],
    ]);
    const october = await day("2025-10-26", "2025-10-26");
    equal(october.map((point) => [point.start, point.end, point.value]), [
      ["2025-10-26T00:00:00+02:00", "2025-10-27T00:00:00+01:00", 56],
    ]);
    const hours = await day("2025-10-26", "2025-10-26", "hour");
    equal(hours.map((point) => [point.period, point.value]), [
      ["2025-10-26T02:00:00+02:00", 8],
      ["2025-10-26T02:00:00+01:00", 16],
      ["2025-10-26T23:00:00+01:00", 32],
    ]);
  },
  async "the organisation's own days are those of the readings' dates"(t) {
    const india = appOver(t.db, t.ctx.engine, { ORG_TIMEZONE: "Asia/Kolkata" });
    await send(india, [
      gift({ metric_value: 1, timestamp: "2025-12-20T18:29:00Z" }),
      gift({ metric_value: 2, timestamp: "2025-12-20T18:30:00Z" }),
      gift({ metric_value: 4, timestamp: "2025-12-20T18:30:00Z", date: "2025-12-20" }), // the sender's word
    ]);
    const answer = await india.json("GET", SERIES, 200);
    equal([answer.meta.source, pointsOf(answer)], ["rollups", [["2025-12-20", 5, 2], ["2025-12-21", 2, 1]]]);
    const rows = await india.json("GET", `${SERIES}?measure=median`, 200);
    equal([rows.meta.source, pointsOf(rows)], ["rows", [["2025-12-20", 2.5, 2], ["2025-12-21", 2, 1]]]);
  },
  async "a gauge's series is its level at the end of each day, and null before the first reading"(t) {
    await send(t, [
      followers("x", 100, "2025-12-02T10:00:00Z"),
      followers("y", 10, "2025-12-03T22:30:00Z"),
      followers("x", 90, "2025-12-03T22:30:00Z"),
    ]);
    const query = `${SERIES}?start_date=2025-12-01&end_date=2025-12-04`;
    const utc = await t.json("GET", `${query}&fill=null`, 200);
    equal(utc.series[0].measure, "last");
    equal(pointsOf(utc), [
      ["2025-12-01", null, 0],
      ["2025-12-02", 100, 1],
      ["2025-12-03", 100, 2], // 90 + 10
      ["2025-12-04", 100, 0],
    ]);
    equal(pointsOf(await t.json("GET", query, 200)).length, 3);
    const india = await t.json("GET", `${query}&timezone=Asia/Kolkata&fill=null`, 200);
    equal([india.meta.source, pointsOf(india)], ["rows", [
      ["2025-12-01", null, 0],
      ["2025-12-02", 100, 1],
      ["2025-12-03", 100, 0], // 22:30 in UTC is the next day there
      ["2025-12-04", 100, 2],
    ]]);
    const berlin = await t.json("GET", `${query}&timezone=Europe/Berlin&measure=sum&interval=month`, 200);
    equal(pointsOf(berlin), [["2025-12-01", 100, 3]]);
  },
  async "a level of another zone reaches back before what retention left"(t) {
    await send(t, [followers("x", 100, "2020-01-01T00:00:00Z"), followers("y", 5, "2025-12-03T00:00:00Z")]);
    await t.db.query("insert into ops.settings (key, value) values ('detail_floor', '2023-01-01')");
    await t.db.exec("select set_config('ops.keep_rollups', 'on', true); delete from metrics where date < '2023-01-01'");
    await t.db.exec("select set_config('ops.keep_rollups', '', true)");
    const answer = await t.json(
      "GET",
      `${SERIES}?start_date=2025-12-03&end_date=2025-12-03&timezone=Asia/Kolkata`,
      200,
    );
    equal(pointsOf(answer), [["2025-12-03", 105, 1]]);
    const old = await t.json("GET", `${STATISTICS}?start_date=2020-01-01&end_date=2025-12-01&measures=median`, 200);
    match(old.meta.warnings[0], /^Rows dated before 2023-01-01 are no longer kept/);
  },
  async "a series that names no metric takes the primary one and says so"(t) {
    await send(t, [
      gift({ metric_value: 1 }),
      gift({ metric_value: 2, metric_name: "donation_refunded" }),
      gift({ metric_value: 3, metric_name: "donation_refunded" }),
    ]);
    const answer = await t.json("GET", `${SERIES}?service_name=partners_crm&metric_type=donation`, 200);
    equal(answer.series[0].metric_name, "donation_received");
    equal(answer.meta.warnings, [
      "2 metrics match; this is partners_crm / donation / donation_received, the primary one. " +
      "Others: partners_crm / donation / donation_refunded",
    ]);
    const named = await t.json("GET", `${SERIES}?metric_name=donation_refunded`, 200);
    equal([pointsOf(named), named.meta.warnings], [[["2025-12-20", 5, 2]], []]);
  },
  async "without a primary it takes the only one, or the most recorded of the last year"(t) {
    const sale = (metric_name: string, timestamp: string) => gift({ metric_type: "revenue", metric_name, timestamp });
    await send(t, [sale("tickets", "2025-12-20T00:00:00Z")]);
    const query = `${SERIES}?metric_type=revenue`;
    equal((await t.json("GET", query, 200)).meta.warnings, []);
    await send(t, [
      ...[1, 2, 3].map((day) => sale("books", `2024-12-0${day}T00:00:00Z`)), // more, but longer ago
      ...[1, 2].map((day) => sale("meals", `2025-12-0${day}T00:00:00Z`)),
    ]);
    const answer = await t.json("GET", query, 200);
    equal(answer.series[0].metric_name, "meals");
    match(answer.meta.warnings[0], /^3 metrics match; .* the most recorded of the last year/);
  },
  async "units are never mixed in one series"(t) {
    await send(t, [
      gift({ metric_value: 1 }),
      gift({ metric_value: 2, metric_unit: "EUR" }),
      gift({ metric_value: 3 }),
    ]);
    const answer = await t.json("GET", SERIES, 200);
    equal([answer.series[0].metric_unit, pointsOf(answer)], ["USD", [["2025-12-20", 4, 2]]]);
    equal(answer.meta.warnings, ["Recorded in 2 units; this is USD, the most recorded of the last year. Others: EUR"]);
    equal(pointsOf(await t.json("GET", `${SERIES}?metric_unit=EUR`, 200)), [["2025-12-20", 2, 1]]);
  },
  async "a series splits by name, service or dimension, the most recorded first"(t) {
    await send(t, [
      gift({ metric_value: 1, dimensions: { country: "KE" } }),
      gift({ metric_value: 2, dimensions: { country: "DE" } }),
      gift({ metric_value: 3, dimensions: { country: "DE" } }),
      gift({ metric_value: 9, service_name: "projects" }),
      gift({ metric_value: 7, metric_name: "donation_refunded" }),
    ]);
    type Line = { split: unknown; points: Point[] };
    const by = async (query: string) =>
      (await t.json("GET", `${SERIES}?${query}`, 200)).series.map((line: Line) => [line.split, line.points[0]?.value]);
    equal(await by("split_by=dimension.country&service_name=partners_crm"), [["DE", 5], ["KE", 1]]);
    equal(await by("split_by=service_name"), [["partners_crm", 6], ["projects", 9]]);
    equal(await by("split_by=metric_name&service_name=partners_crm"), [
      ["donation_received", 6],
      ["donation_refunded", 7],
    ]);
  },
  async "a series of nothing has no points and a reason"(t) {
    const answer = await t.json("GET", `${SERIES}?service_name=auth&metric_type=conversion&fill=zero`, 200);
    equal([answer.series[0].points, answer.reason], [[], "Nothing like this has been recorded"]);
    equal(answer.series[0].service_name, "auth");
    await send(t, [gift({ timestamp: "2025-01-15T00:00:00Z" })]);
    const later = await t.json("GET", SERIES, 200);
    equal([later.series[0].points, later.series[0].metric_name], [[], "donation_received"]);
    ok(later.reason.startsWith("No reading from 2025-11-24"));
    equal((await t.json("GET", `${SERIES}?split_by=dimension.country`, 200)).series, []);
  },
  async "a series refuses what it cannot draw"(t) {
    await send(t, [followers("x", 1, "2025-12-20T00:00:00Z")]);
    const wrong: [string, string][] = [
      ["interval=decade", "/query/interval"],
      ["fill=linear", "/query/fill"],
      ["measure=mean", "/query/measure"],
      ["split_by=metric_type", "/query/split_by"],
      ["cumulative=yes", "/query/cumulative"],
      ["cumulative=true", "/query/cumulative"],
      ["cumulative=true&measure=avg", "/query/cumulative"],
      ["start_date=2010-01-01&end_date=2025-12-23", "/query/start_date"],
      ["start_date=2025-01-01&end_date=2025-12-23&interval=hour", "/query/start_date"],
    ];
    for (const [query, pointer] of wrong) {
      const { errors } = await t.json("GET", `${SERIES}?${query}`, 422);
      equal([query, errors[0].pointer], [query, pointer]);
    }
  },
};

const DONATIONS = { service_name: "partners_crm", metric_type: "donation" } as const;

/** What other slices read. */
const sharedCases: Record<string, (t: App) => Promise<void>> = {
  async "the daily series of a flow has no gaps, of a gauge it has nulls"(t) {
    const on = (day: string, metric_value: number) => gift({ metric_value, timestamp: `2025-12-${day}T10:00:00Z` });
    await send(t, [on("01", 1), on("01", 2), on("03", 4), on("05", 8)]);
    equal(await dailySeries(t.ctx, DONATIONS), {
      ...{ metric_name: "donation_received", unit: "USD", kind: "flow", warnings: [], data_through: "2025-12-05" },
      days: [
        { date: "2025-12-01", value: 3, n: 2 },
        { date: "2025-12-02", value: 0, n: 0 },
        { date: "2025-12-03", value: 4, n: 1 },
        { date: "2025-12-04", value: 0, n: 0 },
        { date: "2025-12-05", value: 8, n: 1 },
      ],
    });
    const part = await dailySeries(t.ctx, { ...DONATIONS, start_date: "2025-12-02", end_date: "2025-12-04" });
    equal(part.days, [{ date: "2025-12-03", value: 4, n: 1 }]);

    await send(t, [followers("x", 5, "2025-12-01T00:00:00Z"), followers("y", 6, "2025-12-03T00:00:00Z")]);
    const level = await dailySeries(t.ctx, { service_name: "social_media", metric_type: "engagement" });
    equal([level.kind, level.days.map((day) => day.value)], ["gauge", [5, null, 11]]);
  },
  async "the daily series of a dimension comes from the rows; of nothing it is empty"(t) {
    await send(t, [gift({ dimensions: { country: "KE" } }), gift({ dimensions: { country: "DE" }, metric_value: 1 })]);
    const { days } = await dailySeries(t.ctx, { ...DONATIONS, dimensions: { country: "DE" } });
    equal(days, [{ date: "2025-12-20", value: 1, n: 1 }]);
    const none = await dailySeries(t.ctx, { ...DONATIONS, metric_unit: null });
    equal(none, { metric_name: null, unit: null, kind: "flow", warnings: [], days: [], data_through: null });
    equal((await dailySeries(t.ctx, { ...DONATIONS, start_date: "2026-01-01" })).days, []);
  },
  async "the totals of a period are one row for each metric, with the version of what they rest on"(t) {
    await send(t, [
      gift({ metric_value: 10 }),
      gift({ metric_value: 20, timestamp: "2025-12-21T00:00:00Z" }),
      gift({ metric_value: 1000, timestamp: "2025-11-30T00:00:00Z" }),
      followers("x", 7, "2025-11-01T00:00:00Z"),
      latency(100),
      latency(200),
    ]);
    const period = { start_date: "2025-12-01", end_date: "2025-12-23" };
    const first = await periodTotals(t.ctx, period);
    equal(first.data_through, "2025-12-21");
    equal(
      first.totals.map(({ metric_name, kind, n, total, min, max, avg, last }) => ({
        ...{ metric_name, kind, n, total, min, max, avg, last },
      })),
      [
        { metric_name: "donation_received", kind: "flow", n: 2, total: 30, min: 10, max: 20, avg: 15, last: 20 },
        { metric_name: "followers", kind: "gauge", n: 0, total: 7, min: null, max: null, avg: null, last: 7 },
        {
          ...{ metric_name: "delivery_latency_ms", kind: "sample", n: 2, total: 150, min: 100, max: 200, avg: 150 },
          last: 200,
        },
      ],
    );
    const some = await periodTotals(t.ctx, { ...period, services: ["notification"], metric_types: ["notification"] });
    equal(some.totals.length, 1);

    const version = async () => (await periodTotals(t.ctx, period)).data_version;
    equal(await version(), first.data_version);
    await send(t, [gift({ timestamp: "2025-11-30T00:00:00Z" })]);
    equal(await version(), first.data_version); // outside of the period
    await send(t, [followers("x", 8, "2025-11-02T00:00:00Z")]);
    const moved = await version(); // before the period, but the level rests on it
    await send(t, [gift({ metric_value: 0 })]);
    equal(new Set([first.data_version, moved, await version()]).size, 3);
  },
};

/** Statistics, time series, and what other slices read of them. */
export const metricAnalyticsCases = { ...statisticsCases, ...seriesCases, ...sharedCases };
