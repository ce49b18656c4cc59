import { deepStrictEqual as equal } from "node:assert/strict";
import { punctuality } from "../../services/project_analytics/punctuality.ts";
import {
  burnRate,
  daysLate,
  isOpen,
  overdueOn,
  remainingBudget,
  runwayDays,
  type Standing,
  tally,
  withoutValue,
} from "../../services/project_analytics/standing.ts";

const DAY = "2025-11-30";
const project = (change: Partial<Standing> = {}): Standing => ({
  ...{ project_id: "p", project_type: null, started_on: "2025-01-01", planned_end: null, completed_on: null },
  ...{ status: "active", budget: null, planned_value: null, earned_value: null, spent_to_date: 0, spent: 0 },
  ...change,
});

Deno.test("a project is open until it is completed, by a milestone or its status, or cancelled", () => {
  equal(isOpen(project(), DAY), true);
  equal(isOpen(project({ status: null }), DAY), true);
  equal(isOpen(project({ status: "on_hold" }), DAY), true);
  equal(isOpen(project({ completed_on: "2025-11-30" }), DAY), false);
  equal(isOpen(project({ completed_on: "2025-12-01" }), DAY), true); // not yet
  equal(isOpen(project({ status: "Completed" }), DAY), false);
  equal(isOpen(project({ status: "cancelled" }), DAY), false);
});

Deno.test("a project is overdue from the day after its planned end, as long as it is open", () => {
  equal(daysLate(project({ planned_end: "2025-11-30" }), DAY), null);
  equal(daysLate(project({ planned_end: "2025-11-29" }), DAY), 1);
  equal(daysLate(project({ planned_end: "2025-11-29", status: "cancelled" }), DAY), null);
  equal(daysLate(project({ planned_end: "2025-11-29", completed_on: "2025-11-30" }), DAY), null);
  const late = (project_id: string, planned_end: string) => project({ project_id, planned_end });
  const ids = overdueOn([late("b", "2025-11-20"), late("a", "2025-11-20"), late("c", "2025-10-01"), project()], DAY);
  equal(ids.map((one) => [one.project_id, one.days_late]), [["c", 60], ["a", 10], ["b", 10]]); // 1 October + 60 days
});

Deno.test("the remaining budget is of the open projects that have one, and no project's is negative", () => {
  const open = project({ budget: 500, spent_to_date: 120 });
  equal(
    remainingBudget([open, project({ budget: 300, status: "completed" }), project({ spent_to_date: 9 })], DAY),
    380,
  );
  equal(remainingBudget([open, project({ budget: 100, spent_to_date: 800 })], DAY), 380); // 380 + 0
  equal(remainingBudget([project({ budget: 100, spent_to_date: 800 })], DAY), 0);
  equal(remainingBudget([project()], DAY), null);
});

Deno.test("burn is cost per 30 days, and runway what is left at that burn", () => {
  equal(burnRate(620, 31), 600);
  equal([burnRate(0, 31), burnRate(null, 31), burnRate(5, 0)], [0, null, null]);
  equal(runwayDays(1_200, 600), 60);
  equal([runwayDays(1_200, 0), runwayDays(1_200, null), runwayDays(null, 600)], [null, null, null]);
  equal(runwayDays(0, 600), 0);
});

Deno.test("a tally has the most first, and what is not known last among equals", () => {
  equal(tally([null, "b", "a", "b"]), [
    { value: "b", projects: 2 },
    { value: "a", projects: 1 },
    { value: null, projects: 1 },
  ]);
});

Deno.test("costs without earned value are warned about, unless nobody records any", () => {
  const costly = project({ spent_to_date: 5 });
  equal(withoutValue([costly]), []);
  equal(withoutValue([costly, project({ earned_value: 3 }), project()]).length, 1);
});

const NOVEMBER = {
  ...{ start_date: "2025-11-01", end_date: DAY, timezone: "UTC", as_of: DAY, days: 30 },
  milestones_known: true,
};

Deno.test("punctuality takes means of delays, and interpolates cycle times", () => {
  const ended = (started_on: string | null, planned_end: string | null, completed_on: string) =>
    project({ started_on, planned_end, completed_on });
  const found = punctuality([
    ended("2025-10-22", "2025-11-01", "2025-11-01"), // 10 days, in time
    ended("2025-10-14", "2025-11-01", "2025-11-03"), // 20 days, 2 late
    ended("2025-11-02", "2025-11-10", "2025-11-05"), // 3 days, 5 early; of the period's cohort
    ended(null, null, "2025-11-30"),
    ended("2025-11-20", null, "2025-12-01"), // of the cohort, not yet completed
  ], NOVEMBER);
  equal(found, {
    started: 2,
    completed: 4,
    completion_rate: { numerator: 4, denominator: 2 },
    cohort_completion_rate: { numerator: 1, denominator: 2 },
    on_time_rate: { numerator: 2, denominator: 3 },
    without_planned_end: 1,
    average_delay_days: 2,
    average_deviation_days: -1, // (0 + 2 − 5) / 3
    cycle_time_p50_days: 10, // of 3, 10, 20
    cycle_time_p85_days: 17, // at 0.85 · 2 = 1.7: 10 + 0.7 · 10
    without_start: 1,
  });
});

Deno.test("punctuality is unknown, not zero, before any milestone", () => {
  const found = punctuality([], { ...NOVEMBER, milestones_known: false });
  equal([found.started, found.completed, found.completion_rate], [null, null, { numerator: null, denominator: null }]);
  equal([found.average_delay_days, found.cycle_time_p50_days], [null, null]);
});
