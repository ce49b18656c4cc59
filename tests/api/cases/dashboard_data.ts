import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Db, Param } from "../../../db/client.ts";
import { getDashboardData } from "../../../services/dashboards/mod.ts";
import { AT_ONCE, PIECE_MS } from "../../../services/dashboards/turns.ts";
import { handClock } from "../../jobs/ledger.ts";
import { anonymous, type App, bearer } from "../../support/app.ts";
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

/** One widget of each type that asks for a metric. */
const ofEachType = (metric: Record<string, unknown>) => [
  ...["stat", "line", "area", "heatmap"].map((type) => widget(type, { id: type, metric })),
  ...["bar", "pie"].map((type) => widget(type, { id: type, metric, group_by: "dimension.country" })),
  widget("table", { id: "table", metric, group_by: ["date"] }),
];

const pageCases: Record<string, (t: App) => Promise<void>> = {
  async "a dashboard's widget whose metric was never recorded is empty and says so, whatever its type"(t) {
    for (const slot of await resolved(t, ofEachType(GIFTS), { as: anonymous })) {
      equal([slot.status, slot.reason, slot.error], ["empty", "Nothing like this has been recorded", null], slot.type);
      equal(slot.meta.data_through, null);
    }
    await send(t, [on("2025-01-01", 5)]);
    const [stat, ...others] = await resolved(t, ofEachType(GIFTS));
    equal([stat.status, stat.data.value], ["ok", 0]); // what stopped is 0
    for (const slot of others) {
      equal([slot.status, slot.reason], [
        ...["empty", "No reading from 2025-11-24 to 2025-12-23; the latest is of 2025-01-01"],
      ]);
    }
  },
  async "a dashboard of no widgets has no slots"(t) {
    const { id, ...made } = await dashboard(t, []);
    const data = await t.json("GET", `${DASHBOARDS}/${id}/data`, 200);
    equal(data, {
      ...{ dashboard: { id, ...made }, widgets: [] },
      meta: { as_of: "2025-12-24T12:00:00Z", data_through: null, period: null, timezone: null, warnings: [] },
    });
  },
  async "a dashboard's relative windows give way to the period that is asked for, and its zones to the zone"(t) {
    await send(t, [
      on("2025-10-31", 3),
      gift({ metric_value: 4, timestamp: "2025-10-31T22:00:00Z" }),
      on("2025-11-20", 9),
    ]);
    const november = { start_date: "2025-11-01", end_date: "2025-11-30" };
    const widgets = [
      widget("stat", { window: { relative: "this_month" }, timezone: "America/Lima" }),
      widget("stat", { id: "two", window: november }),
    ];
    const october = "?start_date=2025-10-01&end_date=2025-10-31";
    const [moved, fixed] = await resolved(t, widgets, { query: october });
    equal([moved.data.value, fixed.data.value], [7, 9]);
    // In Nairobi the second gift is of 1 November, at one o'clock.
    const [elsewhere, fixedElsewhere] = await resolved(t, widgets, { query: `${october}&timezone=Africa/Nairobi` });
    equal([elsewhere.data.value, fixedElsewhere.data.value], [3, 13]);
    equal([elsewhere.meta.period.timezone, fixedElsewhere.meta.period.timezone], ["Africa/Nairobi", "Africa/Nairobi"]);
    const { id } = await dashboard(t, widgets);
    const path = `${DASHBOARDS}/${id}/data`;
    for (
      const query of [
        "?start_date=2025-12-02&end_date=2025-12-01",
        "?start_date=1990-01-01",
        "?timezone=Here",
        "?day=1",
      ]
    ) {
      await t.json("GET", path + query, 422);
    }
  },
  async "what a dashboard's widget may not ask is an error in its slot, and the others are answered"(t) {
    await send(t, [on("2025-12-20", 5), on("2025-12-20", 90, { ...LATENCY, metric_unit: "ms" })]);
    await send(t, [level(FOLLOWERS, "2025-12-20", 100, { platform: "facebook" })]);
    const year = { start_date: "2024-01-01", end_date: "2025-12-31" };
    const widgets = [
      widget("stat", { id: "a" }),
      widget("stat", { id: "b", metric: LATENCY, measure: "sum" }),
      widget("line", { id: "c", interval: "hour", window: year }),
      widget("heatmap", { id: "d", metric: FOLLOWERS }),
      widget("bar", { id: "e", group_by: "dimension.partner_id" }),
      widget("stat", { id: "f", measure: "distinct.partner_id" }),
    ];
    const { id } = await dashboard(t, widgets);
    const codes = async (as: typeof anonymous) => {
      const { widgets } = await t.json("GET", `${DASHBOARDS}/${id}/data`, 200, { as });
      return widgets.map((slot: { status: string; error: { code: string } | null }) => slot.error?.code ?? slot.status);
    };
    equal(await codes(anonymous), ["ok", "invalid", "invalid", "invalid", "forbidden", "forbidden"]);
    equal(await codes(bearer()), ["ok", "invalid", "invalid", "invalid", "ok", "ok"]);
  },
  async "a dashboard's widget that is late has the error timeout, while the others are answered"(t) {
    await send(t, [from("KE", 10)]);
    const { id } = await dashboard(t, [
      ...[widget("stat", { id: "a" }), widget("bar", { id: "b", group_by: "dimension.country" })],
      widget("line", { id: "c" }),
    ]);
    const clock = handClock();
    const rowsStandStill: Db = {
      ...t.ctx.db,
      query: <T>(text: string, params?: readonly Param[]) =>
        text.includes("join metrics m") ? new Promise<T[]>(() => {}) : t.ctx.db.query<T>(text, params),
    };
    const page = getDashboardData({ ...t.ctx, db: rowsStandStill, clock }, { kind: "local" }, id, {});
    for (let turn = 0; turn < 200 && clock.waiting() < 2; turn++) await t.db.query("select 1");
    for (let turn = 0; turn < 20; turn++) await t.db.query("select 1"); // the others have long been answered
    await clock.pass(PIECE_MS);
    const { widgets } = await page;
    equal(widgets.map(({ status }) => status), ["ok", "error", "ok"]);
    equal(widgets[1]?.error, { code: "timeout", message: "No answer within 2 s" });
    equal(clock.waiting(), 0);
  },
  async "a dashboard's widget that fails says no more than that, and the log has the cause"(t) {
    await send(t, [from("KE", 10)]);
    const { id } = await dashboard(t, [widget("stat"), widget("bar", { id: "b", group_by: "dimension.country" })]);
    const broken: Db = {
      ...t.ctx.db,
      query: <T>(text: string, params?: readonly Param[]) =>
        text.includes("join metrics m") ? Promise.reject(new Error("secret")) : t.ctx.db.query<T>(text, params),
    };
    const { widgets } = await getDashboardData({ ...t.ctx, db: broken }, { kind: "local" }, id, {});
    equal(widgets.map(({ status }) => status), ["ok", "error"]);
    equal(widgets[1]?.error, { code: "internal", message: "This widget failed; the others did not" });
    equal(t.logged.filter((line) => line.includes("secret")), ["error widget failed: secret"]);
  },
  async "a dashboard's page has at most four statements under way, and reads what is asked alike together"(t) {
    await send(t, [from("KE", 10)]);
    let [underway, most, all] = [0, 0, 0];
    const counting: Db = {
      ...t.ctx.db,
      query: async <T>(text: string, params?: readonly Param[]) => {
        most = Math.max(most, ++underway);
        all++;
        try {
          return await t.ctx.db.query<T>(text, params);
        } finally {
          underway--;
        }
      },
    };
    const ask = async (widgets: unknown[]) => {
      const { id } = await dashboard(t, widgets);
      [most, all] = [0, 0];
      await getDashboardData({ ...t.ctx, db: counting }, { kind: "local" }, id, {});
      return all;
    };
    const stats = Array.from({ length: 12 }, (_, i) => widget("stat", { id: `s${i}` }));
    // The dashboard, the series, the directions; the window with the one before it, and its days.
    equal(await ask(stats), 5);
    await ask(Array.from({ length: 12 }, (_, i) => widget("bar", { id: `b${i}`, group_by: "dimension.country" })));
    ok(most <= AT_ONCE, `${most} at once`);
  },
};

const executiveCases: Record<string, (t: App) => Promise<void>> = {
  async "the executive dashboard of an empty database is there, and every slot says why it is empty"(t) {
    const data = await t.json("GET", `${DASHBOARDS}/executive/default`, 200, { as: anonymous });
    const { id, name, dashboard_type, is_default, version } = data.dashboard;
    equal([id, name, dashboard_type, is_default, version], [null, "Executive overview", "executive", true, null]);
    equal(data.widgets.length, data.dashboard.config.widgets.length);
    for (const slot of data.widgets) {
      equal([slot.status, typeof slot.reason, slot.error], ["empty", "string", null], slot.id);
    }
    await t.json("GET", `${DASHBOARDS}/executive/default?of=2025`, 422);
    await t.json("GET", `${DASHBOARDS}/executive/other`, 404);
  },
  async "the shipped executive dashboard shows what every service has, and the active goals"(t) {
    await send(t, [
      on("2025-12-02", 300),
      on("2025-11-02", 200),
      level(FOLLOWERS, "2025-12-01", 40, { platform: "facebook" }),
      level(FOLLOWERS, "2025-12-01", 60, { platform: "instagram" }),
      level(STATUS, "2025-12-01", 1, { project_id: "a", status: "active" }),
      on("2025-12-03", 5, { ...FOLLOWERS, metric_name: "post_likes", metric_unit: "count" }),
      on("2025-11-03", 12, { ...LATENCY, metric_name: "notification_sent", metric_unit: "count" }),
    ]);
    const goal = { name: "Gifts", metric_type: "donation", target_value: 600, unit: "USD" };
    const dates = { start_date: "2025-12-01", end_date: "2025-12-31" };
    await t.json("POST", "/api/v1/goals", 201, { body: { ...goal, ...dates } });
    const { widgets } = await t.json("GET", `${DASHBOARDS}/executive/default`, 200, { as: anonymous });
    // deno-lint-ignore no-explicit-any -- as in App.json
    const slots: Record<string, any> = Object.fromEntries(widgets.map((slot: { id: string }) => [slot.id, slot]));
    equal(widgets.filter(({ status }: { status: string }) => status === "error"), []);
    equal([slots["gifts"].data.value, slots["gifts"].data.previous, slots["gifts"].data.change], [300, 200, 0.5]);
    const months = slots["gifts_by_month"].data.series[0].points;
    equal(months.map(({ period, value }: { period: string; value: number }) => [period, value]), [["2025-11-01", 200]]);
    equal(slots["followers"].data.rows.map(({ group, value }: { group: string; value: number }) => [group, value]), [
      ...[["instagram", 60], ["facebook", 40]],
    ]);
    equal(slots["engagement"].data.rows, [{ group: "post_likes", value: 5, n: 1 }]); // not the level of followers
    equal(slots["projects"].data.slices, [{ group: "active", value: 1, share: 1, percentage: 100 }]);
    equal(slots["notifications_by_month"].data.series.map(({ split }: { split: string }) => split), [
      "notification_sent",
    ]);
    equal([slots["goal_1"].title, slots["goal_1"].data.progress_percentage], ["Gifts", 50]); // 300 of 600
    equal(slots["new_partners"].status, "empty");
  },
  async "a dashboard that is made the executive default takes the place of the shipped one"(t) {
    await send(t, [on("2025-12-20", 5)]);
    const { id } = await dashboard(t, [widget("stat")], { dashboard_type: "executive", is_default: true });
    const data = await t.json("GET", `${DASHBOARDS}/executive/default`, 200, { as: anonymous });
    equal([data.dashboard.id, data.widgets.length, data.widgets[0].data.value], [id, 1, 5]);
    await t.json("DELETE", `${DASHBOARDS}/${id}`, 204);
    equal((await t.json("GET", `${DASHBOARDS}/executive/default`, 200)).dashboard.id, null);
  },
};

/** What dashboards show as a whole, and the executive one. */
export const dashboardDataCases: Record<string, (t: App) => Promise<void>> = { ...pageCases, ...executiveCases };
