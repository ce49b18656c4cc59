import { deepStrictEqual as equal, match } from "node:assert/strict";
import { anonymous, type App, appOver } from "../../support/app.ts";
import { gift, PATH, send } from "../../support/gifts.ts";

const SERVICE = `${PATH}/by-service`;
const TYPE = `${PATH}/by-type`;

const on = (day: string, metric_value: number, more: Record<string, unknown> = {}) =>
  gift({ metric_value, timestamp: `${day}T10:00:00Z`, ...more });
const engagement = { service_name: "social_media", metric_type: "engagement" };
const followers = (platform: string, metric_value: number, day: string) =>
  on(day, metric_value, { ...engagement, metric_name: "followers", metric_unit: "count", dimensions: { platform } });
const latency = (metric_value: number, day: string) =>
  on(day, metric_value, {
    ...{ service_name: "notification", metric_type: "notification", metric_name: "delivery_latency_ms" },
    metric_unit: "ms",
  });

type Item = { metric_name: string; service_name: string; value: number; previous: number; sparkline: unknown[] };
const brief = ({ items }: { items: Item[] }) => items.map((one) => [one.service_name, one.metric_name, one.value]);

/** Summaries of all metrics of a service, and of a type. */
export const metricSummariesCases: Record<string, (t: App) => Promise<void>> = {
  async "a metric summary of a service has each name and unit, its course, and what was before"(t) {
    await send(t, [
      ...[on("2025-12-01", 100), on("2025-12-02", 10), on("2025-12-04", 20), on("2025-12-04", 30)],
      on("2025-12-03", 7, { metric_unit: "EUR" }),
    ]);
    const answer = await t.json(
      "GET",
      `${SERVICE}/partners_crm?start_date=2025-12-02&end_date=2025-12-04&latest=2`,
      200,
    );
    const metric = { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" };
    const flow = { ...metric, kind: "flow", is_primary: true, measure: "total" };
    equal(answer.items, [
      // Recorded on one day only, so the others are unknown; nothing was recorded before.
      { ...flow, metric_unit: "EUR", value: 7, readings: 1, previous: null, change: null, sparkline: [null, 7, null] },
      // (60 − 100) / 100; 29 November to 1 December was before
      { ...flow, metric_unit: "USD", value: 60, readings: 3, previous: 100, change: -0.4, sparkline: [10, 0, 50] },
    ]);
    equal([answer.interval, answer.periods, answer.reason], ["day", ["2025-12-02", "2025-12-03", "2025-12-04"], null]);
    equal(answer.latest.map((row: { metric_value: number }) => row.metric_value), [30, 20]);
    equal(answer.meta, {
      period: { start_date: "2025-12-02", end_date: "2025-12-04", timezone: "UTC", complete: true },
      compared_with: { start_date: "2025-11-29", end_date: "2025-12-01" },
      data_through: "2025-12-04T10:00:00Z",
      source: "rollups",
      warnings: [],
    });
  },
  async "a metric summary shows the level of a gauge and the average of samples, with gaps"(t) {
    await send(t, [
      ...[followers("x", 100, "2025-11-20"), followers("y", 10, "2025-12-02"), followers("x", 90, "2025-12-03")],
      ...[
        latency(100, "2025-12-01"),
        latency(200, "2025-12-03"),
        latency(500, "2025-12-03"),
        latency(50, "2025-11-30"),
      ],
    ]);
    const window = "start_date=2025-12-01&end_date=2025-12-03";
    const social = await t.json("GET", `${SERVICE}/social_media?${window}`, 200);
    equal(social.items, [{
      ...{ ...engagement, metric_name: "followers", metric_unit: "count", kind: "gauge", is_primary: false },
      // 90 of x and 10 of y; before it was x alone
      ...{ measure: "level", value: 100, readings: 2, previous: 100, change: 0, sparkline: [100, 110, 100] },
    }]);
    const [wait] = (await t.json("GET", `${SERVICE}/notification?${window}`, 200)).items;
    equal([wait.measure, wait.readings, wait.sparkline], ["average", 3, [100, null, 350]]);
    equal([wait.value, wait.previous], [800 / 3, 50]);
  },
  async "a metric summary of a type has each service that records it"(t) {
    const raised = (service_name: string, value: number) =>
      on("2025-12-20", value, { service_name, metric_type: "revenue", metric_name: "tickets" });
    await send(t, [raised("projects", 5), raised("partners_crm", 7), on("2025-12-20", 1000)]);
    const answer = await t.json("GET", `${TYPE}/revenue`, 200);
    equal(brief(answer), [["partners_crm", "tickets", 7], ["projects", "tickets", 5]]);
    equal(answer.latest.length, 2);
    equal((await t.json("GET", `${TYPE}/revenue?latest=0`, 200)).latest, []);
  },
  async "a metric summary's course has at most 31 points: days, weeks, months, quarters, years"(t) {
    await send(t, [on("2024-02-10", 1), on("2025-12-22", 2)]);
    const course = async (start_date: string) => {
      const { interval, periods, items } = await t.json(
        "GET",
        `${SERVICE}/partners_crm?start_date=${start_date}&end_date=2025-12-23`,
        200,
      );
      equal(items[0].sparkline.length, periods.length);
      return [interval, periods.length, periods[0]];
    };
    equal(await course("2025-11-23"), ["day", 31, "2025-11-23"]);
    equal(await course("2025-11-22"), ["week", 6, "2025-11-17"]); // from the Monday before
    equal(await course("2025-05-26"), ["week", 31, "2025-05-26"]);
    equal(await course("2025-05-25"), ["month", 8, "2025-05-01"]);
    equal(await course("2023-05-01"), ["quarter", 11, "2023-04-01"]);
    equal(await course("2016-01-01"), ["year", 10, "2016-01-01"]);
  },
  async "a metric summary's flow is 0 once it was recorded, and unknown before"(t) {
    await send(t, [on("2025-06-10", 5)]);
    const [after] = (await t.json("GET", `${SERVICE}/partners_crm`, 200)).items;
    equal([after.value, after.previous, after.change, after.sparkline[0]], [0, 0, null, null]);
    const early = await t.json("GET", `${SERVICE}/partners_crm?start_date=2025-05-01&end_date=2025-05-31`, 200);
    equal([early.items[0].value, early.items[0].previous], [null, null]);
    equal(early.reason, "No reading from 2025-05-01 to 2025-05-31; the latest is of 2025-06-10");
  },
  async "a metric summary of nothing is empty, with a reason"(t) {
    const answer = await t.json("GET", `${SERVICE}/auth`, 200);
    equal([answer.items, answer.latest, answer.reason], [[], [], "Nothing like this has been recorded"]);
    equal(answer.periods.length, 30);
  },
  async "a metric summary shows readers without a token no person"(t) {
    await send(t, [on("2025-12-20", 1, { dimensions: { partner_id: "p-1", country: "KE" }, external_id: "secret" })]);
    const { latest, items } = await t.json("GET", `${SERVICE}/partners_crm`, 200, { as: anonymous });
    equal([latest[0].metric_value, latest[0].dimensions, latest[0].external_id, items[0].value], [null, {}, null, 1]);
    const full = await t.json("GET", `${SERVICE}/partners_crm`, 200);
    equal(full.latest[0].external_id, "secret");
  },
  async "a metric summary follows the zone and the organisation's weeks"(t) {
    const own = appOver(t.db, t.ctx.engine, { ORG_WEEK_START: "sunday" });
    await send(own, [
      gift({ metric_value: 1, timestamp: "2025-12-13T22:59:00Z" }), // Saturday, 23:59 in Berlin
      gift({ metric_value: 2, timestamp: "2025-12-13T23:00:00Z" }), // Sunday
    ]);
    const query = "start_date=2025-11-16&end_date=2025-12-20&timezone=Europe/Berlin";
    const { items, periods, meta } = await own.json("GET", `${SERVICE}/partners_crm?${query}`, 200);
    equal([periods.slice(-2), items[0].sparkline.slice(-2)], [["2025-12-07", "2025-12-14"], [1, 2]]);
    equal(meta.source, "rollups");
  },
  async "a metric summary refuses what it does not know, and names the nearest word"(t) {
    const wrong: [string, string, RegExp][] = [
      [`${SERVICE}/partner`, "/path/service_name", /did you mean "partners_crm"\?$/],
      [`${SERVICE}/project`, "/path/service_name", /did you mean "projects"\?$/],
      [`${SERVICE}/zebra`, "/path/service_name", /^must be one of auth, content/],
      [`${TYPE}/donations`, "/path/metric_type", /did you mean "donation"\?$/],
      [`${SERVICE}/auth?latest=101`, "/query/latest", /0 to 100/],
      [`${SERVICE}/auth?start_date=2015-01-01`, "/query/start_date", /less than 3660 days/],
      [`${SERVICE}/auth?start_date=2025-12-02&end_date=2025-12-01`, "/query/end_date", /before start_date/],
      [`${TYPE}/donation?service_name=auth`, "/query/service_name", /Unknown field/],
    ];
    for (const [path, pointer, detail] of wrong) {
      const { errors } = await t.json("GET", path, 422);
      equal([path, errors[0].pointer], [path, pointer]);
      match(errors[0].detail, detail);
    }
  },
};
