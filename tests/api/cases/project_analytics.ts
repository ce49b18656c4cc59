import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { anonymous, type App } from "../../support/app.ts";
import { gift, send } from "../../support/gifts.ts";

const PATH = "/api/v1/analytics/projects";
const ROUTES = ["statistics", "impact", "completion", "beneficiaries"];

type Row = Record<string, unknown>;
const at = (day: string) => day.includes("T") ? day : `${day}T12:00:00Z`;
const reading = (metric_name: string, metric_value: number, day: string, dimensions: Row, metric_unit = "count") =>
  gift({
    ...{ service_name: "projects", metric_type: "project", metric_name, metric_value, metric_unit, dimensions },
    timestamp: at(day),
  });
const started = (project_id: string, day: string, more: Row = {}) =>
  reading("project_started", 1, day, { project_id, ...more });
const completed = (project_id: string, day: string, more: Row = {}) =>
  reading("project_completed", 1, day, { project_id, ...more });
const status = (project_id: string, day: string, word: string, more: Row = {}) =>
  reading("project_status", 1, day, { project_id, status: word, ...more });
type Money = "budget_planned" | "planned_value" | "earned_value" | "cost_actual";
const money = (name: Money, project_id: string, day: string, amount: number, unit = "USD") =>
  reading(name, amount, day, { project_id }, unit);
const reached = (project_id: string, day: string, people: number, more: Row = {}) => ({
  ...reading("beneficiaries_reached", people, day, { project_id, ...more }),
  metric_type: "beneficiary",
});

const NOVEMBER = "start_date=2025-11-01&end_date=2025-11-30";

/** Six projects in November 2025: two end, one is overdue, one is planned, one was cancelled, one has a bad date. */
const STORY = [
  started("w1", "2025-03-01", { project_type: "water", planned_end: "2025-10-31" }),
  completed("w1", "2025-11-10", { project_type: "water", planned_end: "2025-10-31", actual_end: "2025-11-08" }),
  ...[status("w1", "2025-03-01", "active"), status("w1", "2025-11-10", "completed")],
  ...[money("budget_planned", "w1", "2025-03-01", 1_000), money("planned_value", "w1", "2025-10-31", 1_000)],
  ...[money("earned_value", "w1", "2025-10-31", 800), money("earned_value", "w1", "2025-11-08", 1_000)],
  ...[money("cost_actual", "w1", "2025-10-10", 700), money("cost_actual", "w1", "2025-11-05", 500)],
  // e1 is completed twice, the second time by a newer plan and without an actual_end.
  started("e1", "2025-10-06", { project_type: "education", planned_end: "2025-11-20" }),
  completed("e1", "2025-11-15", { project_type: "education", planned_end: "2025-11-20", actual_end: "2025-11-14" }),
  completed("e1", "2025-11-25", { project_type: "education", planned_end: "2025-11-28" }),
  ...[status("e1", "2025-10-06", "active"), status("e1", "2025-11-25", "completed")],
  ...[money("budget_planned", "e1", "2025-10-06", 400), money("planned_value", "e1", "2025-11-20", 400)],
  ...[money("earned_value", "e1", "2025-11-20", 400)],
  ...[money("cost_actual", "e1", "2025-10-20", 100), money("cost_actual", "e1", "2025-11-18", 200)],
  started("h1", "2025-11-03", { project_type: "health", planned_end: "2025-11-20" }),
  ...[status("h1", "2025-11-03", "active"), money("budget_planned", "h1", "2025-11-03", 2_000)],
  ...[money("planned_value", "h1", "2025-11-28", 1_500), money("earned_value", "h1", "2025-11-28", 600)],
  money("cost_actual", "h1", "2025-11-12", 900),
  ...[status("p1", "2025-11-05", "planned"), money("budget_planned", "p1", "2025-11-05", 600)],
  started("x1", "2025-09-01", { project_type: "water", planned_end: "2025-10-01" }),
  status("x1", "2025-10-15", "cancelled"),
  started("b1", "2025-11-10", { project_type: "education", planned_end: "soon" }),
  status("b1", "2025-11-10", "ON FIRE"),
  // What comes after November is not known at its end.
  ...[status("h1", "2025-12-10", "completed"), completed("h1", "2025-12-10", { actual_end: "2025-12-09" })],
  money("cost_actual", "h1", "2025-12-02", 50),
];

const close = (value: number, expected: number) => ok(Math.abs(value - expected) < 1e-9, `${value} is not ${expected}`);
const numbers = ({ value, previous }: { value: number; previous: number }) => [value, previous];

/** A currency, the budget and the costs in it, and the projects by their budgets in it. */
const CURRENCIES: [string, number | null, number | null, string[]][] = [
  ["USD", 100, 30, ["u1", "e1", "e2", "s1"]],
  ["EUR", 70, 7, ["e1", "e2", "s1", "u1"]],
  ["GBP", null, null, ["e1", "e2", "s1", "u1"]],
];

const statisticsCases: Record<string, (t: App) => Promise<void>> = {
  async "project statistics tell how the projects stand at the period's end, and a period before"(t) {
    await send(t, STORY);
    const answer = await t.json("GET", `${PATH}/statistics?${NOVEMBER}`, 200);
    equal(answer.as_of, "2025-11-30");
    // At the end of October w1, e1 and x1 were known.
    equal(answer.total, { value: 6, unit: "count", previous: 3, change: 1 });
    equal(answer.open, { value: 3, unit: "count", previous: 2, change: 0.5 }); // h1, p1, b1; before w1, e1
    equal(answer.started, { value: 2, unit: "count", previous: 1, change: 1 }); // h1, b1; before e1
    equal(answer.completed, { value: 2, unit: "count", previous: 0, change: null }); // w1, e1 once
    equal(answer.overdue, { value: 1, unit: "count", previous: 0, change: null }); // w1 was due on 31 October, not before
    equal(answer.by_status, [
      { status: "completed", projects: 2 },
      { status: "ON FIRE", projects: 1 },
      { status: "active", projects: 1 },
      { status: "cancelled", projects: 1 },
      { status: "planned", projects: 1 },
    ]);
    equal(answer.by_type, [
      { project_type: "education", projects: 2 },
      { project_type: "water", projects: 2 },
      { project_type: "health", projects: 1 },
      { project_type: null, projects: 1 },
    ]);
    equal(answer.overdue_projects, {
      items: [{ project_id: "h1", project_type: "health", status: "active", planned_end: "2025-11-20", days_late: 10 }],
      total: 1,
    });
    equal(answer.reason, null);
    equal(answer.meta.warnings, ["1 planned_end or actual_end are no dates (YYYY-MM-DD) and are ignored"]);
    equal(answer.meta.compared_with.previous_period, { start_date: "2025-10-01", end_date: "2025-10-31" });
  },
  async "project statistics tell what the projects cost, how fast, and for how long the budget lasts"(t) {
    await send(t, STORY);
    const answer = await t.json("GET", `${PATH}/statistics?${NOVEMBER}`, 200);
    equal(numbers(answer.budget_planned), [4_000, 1_400]); // 1,000 + 400 + 2,000 + 600; before 1,000 + 400
    equal(numbers(answer.spent), [1_600, 800]); // 500 + 200 + 900; before 700 + 100
    equal(numbers(answer.spent_to_date), [2_400, 800]);
    equal([answer.budget_used.value, answer.budget_used.numerator, answer.budget_used.denominator], [
      0.6,
      2_400,
      4_000,
    ]);
    close(answer.budget_used.previous, 800 / 1_400);
    equal([answer.burn_rate.value, answer.burn_rate.unit], [1_600, "USD per 30 days"]); // in 30 days
    close(answer.burn_rate.previous, 24_000 / 31); // 800 in 31 days
    equal(numbers(answer.remaining_budget), [1_700, 600]); // h1 2,000 − 900, p1 600; before w1 1,000 − 700, e1 400 − 100
    equal([answer.runway_days.value, answer.runway_days.unit], [31.875, "days"]); // 1,700 at 1,600 in 30 days
    close(answer.runway_days.previous, 23.25); // 600 at 800 in 31 days
  },
  async "project statistics list each project as it stood, the largest budget first"(t) {
    await send(t, STORY);
    const answer = await t.json("GET", `${PATH}/statistics?${NOVEMBER}`, 200);
    equal(answer.projects.total, 6);
    equal(answer.projects.items.map((row: Row) => row["project_id"]), ["h1", "w1", "p1", "e1", "b1", "x1"]);
    equal(answer.projects.items[0], {
      ...{ project_id: "h1", project_type: "health", status: "active" },
      ...{ started_on: "2025-11-03", planned_end: "2025-11-20", completed_on: null, days_late: 10 },
      ...{ budget: 2_000, spent: 900, spent_to_date: 900, budget_used: 0.45 },
      ...{ planned_value: 1_500, earned_value: 600, spi: 0.4, cpi: 600 / 900 },
    });
    equal(answer.projects.items[1], {
      ...{ project_id: "w1", project_type: "water", status: "completed" },
      ...{ started_on: "2025-03-01", planned_end: "2025-10-31", completed_on: "2025-11-08", days_late: null },
      ...{ budget: 1_000, spent: 500, spent_to_date: 1_200, budget_used: 1.2 },
      ...{ planned_value: 1_000, earned_value: 1_000, spi: 1, cpi: 1_000 / 1_200 },
    });
    equal([answer.projects.items[2].spent_to_date, answer.projects.items[2].cpi], [0, null]); // p1
    const two = await t.json("GET", `${PATH}/statistics?${NOVEMBER}&limit=2`, 200);
    equal([two.projects.items.length, two.projects.total], [2, 6]);
  },
  async "project statistics of a running period stand as of today, and are compared with as many days"(t) {
    await t.setNow("2025-12-24T10:00:00Z");
    await send(t, [
      started("r1", "2025-12-01", { planned_end: "2025-12-20" }),
      status("r1", "2025-12-01", "active"),
      money("budget_planned", "r1", "2025-12-01", 900),
      money("cost_actual", "r1", "2025-12-10", 240),
      money("cost_actual", "r1", "2025-11-24", 60),
      money("cost_actual", "r1", "2025-11-25", 1), // after the 24 days that December has had
    ]);
    const answer = await t.json("GET", `${PATH}/statistics?start_date=2025-12-01&end_date=2025-12-31`, 200);
    equal([answer.as_of, answer.meta.period.complete], ["2025-12-24", false]);
    equal(answer.overdue_projects.items[0].days_late, 4);
    equal(numbers(answer.spent), [240, 60]);
    equal(answer.burn_rate.value, 300); // 240 in 24 days
    equal(answer.budget_planned.value, 900);
    equal(answer.remaining_budget.value, 599); // 900 − 301
    equal(answer.runway_days.value, 59.9);
  },
  async "project statistics never add two currencies"(t) {
    await send(t, [
      ...STORY,
      money("cost_actual", "h1", "2025-11-12", 7, "EUR"),
      money("budget_planned", "h1", "2025-11-12", 70, "EUR"),
    ]);
    const usd = await t.json("GET", `${PATH}/statistics?${NOVEMBER}`, 200);
    equal([usd.spent.value, usd.spent.unit], [1_600, "USD"]);
    ok(usd.meta.warnings[0].includes("EUR"));
    const eur = await t.json("GET", `${PATH}/statistics?${NOVEMBER}&currency=EUR`, 200);
    equal([eur.spent.value, eur.spent.unit, eur.budget_planned.value], [7, "EUR", 70]);
    const h1 = eur.projects.items.find((row: Row) => row["project_id"] === "h1");
    equal([h1.budget, h1.spent, h1.earned_value], [70, 7, null]);
  },
  async "project statistics count the same projects in every currency, those known by an amount alone too"(t) {
    await send(t, [
      ...[status("s1", "2025-11-02", "active"), money("budget_planned", "u1", "2025-11-03", 100)],
      ...[money("budget_planned", "e1", "2025-11-04", 70, "EUR"), money("cost_actual", "e2", "2025-11-05", 7, "EUR")],
      money("cost_actual", "u1", "2025-11-06", 30),
    ]);
    for (const [currency, budget, spent, ids] of CURRENCIES) {
      const answer = await t.json("GET", `${PATH}/statistics?${NOVEMBER}&currency=${currency}`, 200);
      equal([answer.total.value, answer.open.value, answer.projects.total], [4, 4, 4]); // s1, u1, e1, e2
      equal(answer.by_status, [{ status: null, projects: 3 }, { status: "active", projects: 1 }]);
      equal([answer.budget_planned.value, answer.spent.value, answer.reason], [budget, spent, null]);
      equal(answer.projects.items.map((row: Row) => row["project_id"]), ids);
    }
  },
  async "a project that overspent does not reduce what remains of the others' budgets"(t) {
    await send(t, [
      ...[money("budget_planned", "a", "2025-11-03", 500), money("cost_actual", "a", "2025-11-10", 200)],
      ...[money("budget_planned", "b", "2025-11-03", 100), money("cost_actual", "b", "2025-11-10", 400)],
    ]);
    const answer = await t.json("GET", `${PATH}/statistics?${NOVEMBER}`, 200);
    equal(answer.remaining_budget.value, 300); // 500 − 200, and nothing of b
    equal(answer.runway_days.value, 15); // at 600 in 30 days
  },
  async "project readings that name no project count in the money and in nothing else"(t) {
    await send(t, [
      ...STORY,
      reading("project_started", 1, "2025-11-04", {}),
      reading("cost_actual", 40, "2025-11-04", { category: "staff" }, "USD"),
    ]);
    const answer = await t.json("GET", `${PATH}/statistics?${NOVEMBER}`, 200);
    equal([answer.total.value, answer.started.value, answer.spent.value], [6, 2, 1_640]);
    equal(answer.meta.warnings[1], "1 readings of project_started or project_completed name no project: not counted");
  },
};

const completionCases: Record<string, (t: App) => Promise<void>> = {
  async "project completion tells how many were finished, how late, how long they took and for how much"(t) {
    await send(t, STORY);
    const answer = await t.json("GET", `${PATH}/completion?${NOVEMBER}&interval=week`, 200);
    equal([numbers(answer.started), numbers(answer.completed)], [[2, 1], [2, 0]]);
    // h1 and b1 began, w1 and e1 ended; in October e1 began and nothing ended.
    equal(answer.completion_rate, { value: 1, numerator: 2, denominator: 2, previous: 0, change: 1 });
    equal(answer.cohort_completion_rate, { value: 0, numerator: 0, denominator: 2, previous: 0, change: 0 });
    // w1 ended 8 days after 31 October, e1 on 25 November, 3 days before its newer plan.
    equal(answer.on_time_rate, { value: 0.5, numerator: 1, denominator: 2, previous: null, change: null });
    equal([answer.average_delay_days.value, answer.average_deviation_days.value], [8, 2.5]);
    equal([answer.without_planned_end, answer.without_start], [0, 0]);
    // w1: 1 March to 1 November 245 days, to the 8th 252. e1: 6 October to 25 November 50.
    equal(answer.cycle_time_p50_days, { value: 151, unit: "days", previous: null, change: null });
    close(answer.cycle_time_p85_days.value, 221.7); // 50 + 0.85 · 202
    // Earned 1,000 + 400 + 600; planned 1,000 + 400 + 1,500; spent 2,400. At the end of October 800, 1,000 and 800.
    close(answer.spi.value, 2_000 / 2_900);
    close(answer.cpi.value, 2_000 / 2_400);
    equal([answer.spi.previous, answer.cpi.previous], [0.8, 1]);
    equal(answer.cost_variance, { value: -400, unit: "USD", previous: 0, change: null });
    equal(answer.series, [
      { period: "2025-10-27", complete: false, started: 0, completed: 0, on_time: 0 },
      { period: "2025-11-03", complete: true, started: 1, completed: 1, on_time: 0 }, // h1; w1 on the 8th
      { period: "2025-11-10", complete: true, started: 1, completed: 0, on_time: 0 }, // b1
      { period: "2025-11-17", complete: true, started: 0, completed: 0, on_time: 0 },
      { period: "2025-11-24", complete: true, started: 0, completed: 1, on_time: 1 }, // e1
    ]);
  },
  async "project completion says which projects it cannot judge"(t) {
    await send(t, [
      completed("n1", "2025-11-10", { planned_end: "31/10/2025" }), // no start, and a plan that is no date
      started("n2", "2025-11-12"),
      completed("n2", "2025-11-14", { planned_end: "2025-11-14" }), // on the day: in time
      money("cost_actual", "n1", "2025-11-01", 10),
      money("earned_value", "n2", "2025-11-01", 5),
    ]);
    const answer = await t.json("GET", `${PATH}/completion?${NOVEMBER}`, 200);
    equal([answer.completed.value, answer.without_planned_end, answer.without_start], [2, 1, 1]);
    equal([answer.on_time_rate.value, answer.on_time_rate.denominator], [1, 1]);
    equal([answer.average_delay_days.value, answer.average_deviation_days.value], [null, 0]);
    equal(answer.cycle_time_p85_days.value, 2);
    equal([answer.spi.value, answer.spi.denominator], [null, null]);
    equal(answer.meta.warnings, [
      "1 planned_end or actual_end are no dates (YYYY-MM-DD) and are ignored",
      "1 projects with costs or planned value have no earned_value: CPI and SPI are too low",
    ]);
    equal([answer.interval, answer.series.length], ["day", 30]);
  },
};

const people = (
  row: Row,
) => [row["beneficiaries"], row["direct"], row["indirect"], row["unspecified"], row["suppressed"]];

const REACH = [
  reached("h1", "2025-11-10", 40, { category: "children", direct: true, country: "KE" }),
  reached("h1", "2025-11-20", 20, { category: "adults", direct: false }),
  reached("w1", "2025-11-05", 3, { category: "adults", direct: true }),
  reached("w1", "2025-11-06", 7, { category: "adults" }),
  reached("w1", "2025-10-10", 20, { category: "adults", direct: true }),
  reached("w1", "2025-10-11", 10, { category: "adults", direct: "false" }), // a text means the same
  reached("w1", "2024-11-30", 35, { category: "children", direct: true }),
];

const reachCases: Record<string, (t: App) => Promise<void>> = {
  async "project impact tells whom the projects reached, and what each of them cost"(t) {
    await send(t, [...STORY, ...REACH]);
    const answer = await t.json("GET", `${PATH}/impact?${NOVEMBER}&interval=week`, 200);
    equal(numbers(answer.beneficiaries), [70, 30]);
    equal([numbers(answer.direct), numbers(answer.indirect), numbers(answer.unspecified)], [[43, 20], [20, 10], [
      7,
      0,
    ]]);
    equal([answer.suppressed, answer.currency, answer.cost.value], [false, "USD", 1_600]);
    const each = answer.cost_per_beneficiary;
    equal([each.value, each.numerator, each.denominator, each.previous], [1_600 / 70, 1_600, 70, 800 / 30]);
    const direct = answer.cost_per_direct_beneficiary;
    equal([direct.value, direct.denominator, direct.previous], [1_600 / 43, 43, 40]); // before: 800 / 20
    equal(answer.by_category.map((row: Row) => [row["category"], ...people(row)]), [
      ["children", 40, 40, 0, 0, false],
      ["adults", 30, 3, 20, 7, false],
    ]);
    equal(
      answer.by_project.map((
        row: Row,
      ) => [row["project_id"], ...people(row), row["cost"], row["cost_per_beneficiary"]]),
      [["h1", 60, 40, 20, 0, false, 900, 15], ["w1", 10, 3, 0, 7, false, 500, 50]],
    );
    equal(answer.series.map((row: Row) => [row["period"], ...people(row)]), [
      ["2025-10-27", 0, 0, 0, 0, false],
      ["2025-11-03", 10, 3, 0, 7, false],
      ["2025-11-10", 40, 40, 0, 0, false],
      ["2025-11-17", 20, 0, 20, 0, false],
      ["2025-11-24", 0, 0, 0, 0, false],
    ]);
    ok(answer.meta.warnings[0].startsWith("Reach is additive only where people are counted once"));
  },
  async "project beneficiaries tell who was reached, against the period before and the year before"(t) {
    await send(t, REACH);
    const answer = await t.json("GET", `${PATH}/beneficiaries?${NOVEMBER}&interval=week`, 200);
    equal(answer.beneficiaries, {
      ...{ value: 70, unit: "count", previous: 30, change: 40 / 30 },
      ...{ last_year: 35, change_on_last_year: 1 },
    });
    const { value, numerator, denominator, previous } = answer.direct_share;
    equal([value, numerator, denominator, previous], [43 / 63, 43, 63, 20 / 30]);
    equal(answer.by_country.map((row: Row) => [row["country"], row["beneficiaries"]]), [["KE", 40], [null, 30]]);
    equal(answer.series.map((row: Row) => row["beneficiaries"]), [0, 10, 40, 20, 0]);
    const layers = answer.series_by_category.map((layer: { category: string; points: Row[] }) => [
      layer.category,
      layer.points.map((point) => point["beneficiaries"]),
    ]);
    equal(layers, [["children", [0, 0, 40, 0, 0]], ["adults", [0, 10, 0, 20, 0]]]);
    const earlier = await t.json("GET", `${PATH}/beneficiaries?start_date=2024-11-25&end_date=2024-12-01`, 200);
    // Of the days before the first reading nothing is known.
    equal(earlier.series.map((row: Row) => row["beneficiaries"]), [null, null, null, null, null, 35, 0]);
    equal([earlier.beneficiaries.value, earlier.beneficiaries.previous, earlier.by_country], [35, null, []]);
  },
  async "project reach without a token has no cell of fewer than 5 people, nor one to find it by"(t) {
    await send(t, REACH);
    const impact = await t.json("GET", `${PATH}/impact?${NOVEMBER}&interval=week`, 200, { as: anonymous });
    // Of 43, 20 and 7 none is small. The 3 of w1 among the adults would be 43 − 40: both rows lose their parts.
    equal([impact.direct.value, impact.suppressed], [43, false]);
    equal(impact.by_category.map(people), [[40, null, null, null, true], [30, null, null, null, true]]);
    equal(impact.by_project.map(people), [[60, null, null, null, true], [10, null, null, null, true]]);
    equal(impact.series.map(people), [
      [0, 0, 0, 0, false],
      [10, null, null, null, true], // 3 of them direct
      [40, null, null, null, true], // else 3 were 43 − 40
      [20, null, null, null, true],
      [0, 0, 0, 0, false],
    ]);
    const all = await t.json("GET", `${PATH}/beneficiaries?${NOVEMBER}&interval=week`, 200, { as: anonymous });
    equal(all.series.map((row: Row) => row["beneficiaries"]), [0, 10, 40, 20, 0]);
  },
  async "project reach of fewer than 5 people, or in a category of fewer, is hidden without a token"(t) {
    await send(t, [
      reached("a", "2025-11-03", 4, { category: "youth", direct: true }),
      reached("a", "2025-11-03", 30, { category: "adults", direct: true }),
      reached("a", "2025-11-12", 50, { category: "children", direct: true }),
      reached("a", "2025-10-20", 2, { category: "youth", direct: true }),
    ]);
    const answer = await t.json("GET", `${PATH}/beneficiaries?${NOVEMBER}&interval=week`, 200, { as: anonymous });
    equal([answer.beneficiaries.value, answer.beneficiaries.previous, answer.beneficiaries.change], [84, null, null]);
    // The 4 are hidden, and the next smallest, the 30, as 84 − 50 − 30 are 4; in the order of their names.
    equal(answer.by_category.map((row: Row) => [row["category"], row["beneficiaries"], row["suppressed"]]), [
      ["children", 50, false],
      ["adults", null, true],
      ["youth", null, true],
    ]);
    equal(answer.series_by_category.map((layer: Row) => [layer["category"], layer["rest"]]), [
      ["children", false],
      [null, true],
    ]);
    equal(answer.series_by_category[1].points.map((point: Row) => point["beneficiaries"]), [0, 34, 0, 0, 0]);
    const october = await t.json(
      "GET",
      `${PATH}/beneficiaries?start_date=2025-10-01&end_date=2025-10-31&interval=month`,
      200,
      { as: anonymous },
    );
    equal([october.beneficiaries.value, october.direct.value, october.suppressed], [null, null, true]);
    equal([october.direct_share.value, october.direct_share.numerator], [null, null]);
    equal(october.series[0], { period: "2025-10-01", complete: true, beneficiaries: null, suppressed: true });
    equal(october.series_by_category[0].points[0].beneficiaries, null);
    equal((await t.json("GET", `${PATH}/impact?${NOVEMBER}`, 200)).by_category[2].beneficiaries, 4); // with a token
  },
};

const askingCases: Record<string, (t: App) => Promise<void>> = {
  async "project analytics in another zone go by its days, and say which numbers do not"(t) {
    await send(t, [
      started("z1", "2025-11-30T23:30:00Z"), // 1 December in Berlin
      started("z2", "2025-10-31T23:30:00Z"), // 1 November in Berlin
      money("cost_actual", "z1", "2025-11-30T23:30:00Z", 8),
      money("cost_actual", "z1", "2025-11-15T12:00:00Z", 2),
      reached("z1", "2025-11-30T23:30:00Z", 9, { direct: true }),
      reached("z2", "2025-11-15T12:00:00Z", 6, { direct: true }),
    ]);
    const berlin = `${NOVEMBER}&timezone=Europe/Berlin`;
    const statistics = await t.json("GET", `${PATH}/statistics?${berlin}`, 200);
    equal([statistics.started.value, statistics.spent.value, statistics.spent_to_date.value], [1, 2, 10]);
    ok(statistics.meta.warnings.includes(
      "Statuses, levels, costs to date and costs of single projects go by the days of UTC",
    ));
    equal((await t.json("GET", `${PATH}/completion?${berlin}&interval=month`, 200)).series, [
      { period: "2025-11-01", complete: true, started: 1, completed: 0, on_time: 0 },
    ]);
    const impact = await t.json("GET", `${PATH}/impact?${berlin}&interval=month`, 200);
    equal([impact.beneficiaries.value, impact.direct.value, impact.series[0].beneficiaries], [6, 6, 6]);
    const india = await t.json("GET", `${PATH}/beneficiaries?${NOVEMBER}&timezone=Asia/Kolkata`, 200);
    equal([india.beneficiaries.value, india.meta.source], [6, "rows"]);
    equal((await t.json("GET", `${PATH}/impact?${NOVEMBER}`, 200)).beneficiaries.value, 15);
  },
  async "project analytics after retention know the sums and say what they lost"(t) {
    await send(t, [...STORY, ...REACH]);
    await t.db.query("select set_config('ops.keep_rollups', 'on', true)");
    await t.db.query("delete from metrics where date < '2025-11-01'");
    await t.db.query("insert into ops.settings (key, value) values ('detail_floor', '2025-11-01')");
    const statistics = await t.json("GET", `${PATH}/statistics?${NOVEMBER}`, 200);
    const x1 = statistics.projects.items.find((row: Row) => row["project_id"] === "x1");
    equal([x1.status, x1.started_on, x1.spent_to_date], [null, null, 0]); // all of x1 was before
    equal([numbers(statistics.spent_to_date), numbers(statistics.budget_planned)], [[2_400, 800], [4_000, 1_400]]);
    ok(statistics.meta.warnings.includes(
      "Starts, ends, types and statuses recorded before 2025-11-01 are no longer kept",
    ));
    const impact = await t.json("GET", `${PATH}/impact?${NOVEMBER}`, 200);
    equal([numbers(impact.beneficiaries), numbers(impact.direct)], [[70, 30], [43, null]]);
  },
  async "project analytics without a reading are empty, with the reason, and nothing is zero"(t) {
    const empty = await Promise.all(ROUTES.map((route) => t.json("GET", `${PATH}/${route}`, 200)));
    for (const { reason } of empty) ok(/^None of .* has been recorded$/.test(reason), reason);
    const [statistics, impact, completion, beneficiaries] = empty;
    equal([statistics.total.value, statistics.started.value, statistics.spent.value], [null, null, null]);
    equal([statistics.runway_days.value, statistics.projects], [null, { items: [], total: 0 }]);
    equal([impact.beneficiaries.value, impact.direct.value, impact.series, impact.by_project], [null, null, [], []]);
    equal([completion.completed.value, completion.completion_rate.value, completion.series], [null, null, []]);
    equal([beneficiaries.beneficiaries.value, beneficiaries.series, beneficiaries.series_by_category], [null, [], []]);
    await send(t, [started("l1", "2025-12-20"), reached("l1", "2025-12-20", 9)]);
    const later = await t.json("GET", `${PATH}/completion?${NOVEMBER}`, 200);
    equal([later.reason, later.started.value], ["Nothing was recorded before 2025-12-20", null]);
  },
  async "project analytics refuse a window that cannot be, and fields that they do not know"(t) {
    for (const route of ROUTES) {
      const pointers = async (query: string) =>
        (await t.json("GET", `${PATH}/${route}?${query}`, 422)).errors.map((error: Row) => error["pointer"]);
      equal(await pointers("start_date=2025-12-02&end_date=2025-12-01"), ["/query/end_date"]);
      equal(await pointers("start_date=2010-01-01&end_date=2025-12-01"), ["/query/start_date"]);
      equal(await pointers("timezone=Mars/Base"), ["/query/timezone"]);
      equal(await pointers("limits=2"), ["/query/limits"]);
      equal(await pointers(route === "statistics" ? "limit=0" : "interval=hour").then((own) => own.length), 1);
      const response = await t.request("GET", `${PATH}/${route}/`, { as: anonymous });
      equal([response.status, response.headers.get("cache-control")], [200, "private, no-cache"]);
      equal((await t.request("POST", `${PATH}/${route}`, { body: {} })).status, 405);
    }
    equal((await t.json("GET", `${PATH}/beneficiaries?currency=USD`, 422)).errors.length, 1); // people are no money
  },
};

export const projectAnalyticsCases = { ...statisticsCases, ...completionCases, ...reachCases, ...askingCases };
