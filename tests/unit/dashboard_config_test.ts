import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { executiveConfig } from "../../services/dashboards/executive.ts";
import { DashboardConfig, MOST_CONFIG_BYTES, MOST_WIDGETS } from "../../services/dashboards/widgets.ts";
import { violations } from "../../routes/problem.ts";

const metric = { service_name: "partners_crm", metric_type: "donation" };
const stat = (more: Record<string, unknown> = {}) => ({ id: "gifts", type: "stat", title: "Gifts", metric, ...more });

/** What is wrong with a config, as a problem document tells it. */
function wrong(config: unknown): [pointer: string, detail: string][] {
  const parsed = DashboardConfig.safeParse(config);
  return parsed.success
    ? []
    : violations(parsed.error, "json").errors.map(({ pointer, detail }): [string, string] => [pointer, detail]);
}
const wrongWidget = (widget: Record<string, unknown>) => wrong({ widgets: [widget] });
const pointers = (widget: Record<string, unknown>) => wrongWidget(widget).map(([pointer]) => pointer);

Deno.test("a dashboard's config may hold one widget of each type, with all that it knows", () => {
  const every = [
    stat({
      window: { relative: "this_month" },
      compare: "none",
      sparkline: false,
      target: 5,
      measure: "count",
      span: 2,
    }),
    { ...stat(), id: "a", type: "line", interval: "week", split_by: "dimension.country", measure: "avg", fill: "zero" },
    {
      ...stat(),
      id: "b",
      type: "area",
      timezone: "Africa/Nairobi",
      window: { start_date: "2025-01-01", end_date: "2025-01-01" },
    },
    { ...stat(), id: "c", type: "bar", group_by: "month", limit: 12, measure: "distinct.partner_id" },
    { ...stat(), id: "d", type: "pie", group_by: "metric_name", measure: "count" },
    { ...stat(), id: "e", type: "heatmap", measure: "avg" },
    { ...stat(), id: "f", type: "table", group_by: ["month", "dimension.country"], measures: ["sum", "p95"] },
    { id: "g", type: "goal", title: "Goal", goal_id: "123e4567-e89b-12d3-a456-426614174000" },
    { id: "h", type: "freshness", title: "Sources", services: ["projects"] },
  ];
  equal(wrong({ columns: 4, widgets: every }), []);
  equal(wrong({ widgets: [] }), []);
});

Deno.test("what is wrong with a dashboard's widget is told at its place", () => {
  const widgets = [stat(), stat({ id: "two" }), stat({ id: "three", metric: { ...metric, service_name: "partners" } })];
  equal(wrong({ widgets }).map(([pointer]) => pointer), ["/widgets/2/metric/service_name"]);
  equal(pointers(stat({ metric: undefined })), ["/widgets/0/metric"]);
  equal(pointers(stat({ window: { relative: "last_5_days" } })), ["/widgets/0/window/relative"]);
  equal(pointers(stat({ window: { start_date: "2025-02-30", end_date: "2025-03-01" } })), [
    "/widgets/0/window/start_date",
  ]);
  equal(pointers(stat({ window: { start_date: "2025-03-02", end_date: "2025-03-01" } })), [
    "/widgets/0/window/end_date",
  ]);
  equal(pointers(stat({ window: { start_date: "2010-01-01", end_date: "2025-03-01" } })), [
    "/widgets/0/window/end_date",
  ]);
  equal(pointers(stat({ timezone: "Mars/Olympus" })), ["/widgets/0/timezone"]);
  equal(pointers(stat({ compare: "last_week" })), ["/widgets/0/compare"]);
  equal(pointers(stat({ target: 1e16 })), ["/widgets/0/target"]);
  equal(pointers(stat({ id: "no spaces" })), ["/widgets/0/id"]);
  equal(pointers(stat({ metric: { ...metric, dimensions: { country: null } } })), [
    "/widgets/0/metric/dimensions/country",
  ]);
  equal(pointers({ ...stat(), type: "table", group_by: ["month", "month"] }), ["/widgets/0/group_by"]);
  equal(pointers({ ...stat(), type: "bar", group_by: "dimension." }), ["/widgets/0/group_by"]);
  equal(pointers({ ...stat(), type: "pie", group_by: "month" }), ["/widgets/0/group_by"]);
  equal(pointers({ id: "goal", type: "goal", title: "Goal", goal_id: "7" }), ["/widgets/0/goal_id"]);
});

Deno.test("a dashboard's widget of no known type is told which there are", () => {
  equal(wrongWidget(stat({ type: "gauge" })), [[
    "/widgets/0/type",
    "must be one of stat, line, area, bar, pie, heatmap, table, goal, freshness",
  ]]);
  equal(pointers({ id: "a", title: "A" }), ["/widgets/0/type"]);
});

Deno.test("a field that a dashboard's widget does not know is told with the nearest that it knows", () => {
  const [[pointer, detail] = ["", ""]] = wrongWidget(stat({ widnow: {} }));
  equal(pointer, "/widgets/0/widnow");
  match(detail, /did you mean "window"/);
  equal(pointers({ id: "goal", type: "freshness", title: "Sources", window: {} }), ["/widgets/0/window"]);
});

Deno.test("two widgets of a dashboard have two ids", () => {
  equal(wrong({ widgets: [stat(), stat({ id: "other" }), stat()] }), [[
    "/widgets/2/id",
    "is the id of widgets/0 already",
  ]]);
});

Deno.test("a dashboard's config ends at 24 widgets and 64 KiB", () => {
  const many = (count: number, more = {}) => Array.from({ length: count }, (_, i) => stat({ id: `w${i}`, ...more }));
  equal(wrong({ widgets: many(MOST_WIDGETS) }), []);
  equal(wrong({ widgets: many(MOST_WIDGETS + 1) }).map(([pointer]) => pointer), ["/widgets"]);
  // Each dimension has some 200 letters of two bytes: 20 of them are 8 kB, and ten such widgets 80 kB.
  const dimensions = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`d${i}`, "ä".repeat(200)]));
  equal(wrong({ widgets: many(10, { metric: { ...metric, dimensions } }) }), [[
    "",
    `must be at most ${MOST_CONFIG_BYTES} bytes as JSON`,
  ]]);
});

Deno.test("the shipped executive dashboard is a legal config, with as many goals as fit", () => {
  const goals = Array.from(
    { length: 9 },
    (_, i) => ({ id: `123e4567-e89b-12d3-a456-42661417400${i}`, name: `Goal ${i}` }),
  );
  for (const some of [[], goals]) equal(wrong(executiveConfig(some)), []);
  ok(executiveConfig(goals).widgets.length <= MOST_WIDGETS);
  equal(executiveConfig(goals).widgets.filter(({ type }) => type === "goal").length, 6);
});
