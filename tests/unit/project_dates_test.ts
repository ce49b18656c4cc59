import { deepStrictEqual as equal } from "node:assert/strict";
import type { Milestone } from "../../db/project_analytics.ts";
import { cycleDays, datesOf, datesWarnings, delayDays } from "../../services/project_analytics/dates.ts";

const none = { project_type: null, planned_end: null, actual_end: null };
const start = (day: string, more: Partial<Milestone> = {}): Milestone => ({
  ...{ metric_name: "project_started", project_id: "p", day, ...none, ...more },
});
const end = (day: string, more: Partial<Milestone> = {}): Milestone => ({
  ...{ metric_name: "project_completed", project_id: "p", day, ...none, ...more },
});
const only = (...milestones: Milestone[]) => datesOf(milestones).projects.get("p");

Deno.test("a project was started by its first start and completed by its latest completion", () => {
  equal(
    only(
      start("2025-02-01", { project_type: "water", planned_end: "2025-06-30" }),
      start("2025-01-15"),
      end("2025-06-20", { actual_end: "2025-06-18" }),
      end("2025-07-10", { actual_end: "2025-07-09", planned_end: "2025-07-31" }),
    ),
    {
      project_id: "p",
      project_type: "water",
      started_on: "2025-01-15",
      planned_end: "2025-07-31",
      completed_on: "2025-07-09",
    },
  );
});

Deno.test("without an actual_end, or with one that is no date, the day of the completion counts", () => {
  equal(only(end("2025-06-20"))?.completed_on, "2025-06-20");
  for (const actual_end of ["20.06.2025", "2025-02-30", "2025-06-20T00:00:00Z", "later"]) {
    equal(only(end("2025-06-20", { actual_end }))?.completed_on, "2025-06-20");
  }
});

Deno.test("a planned end that is no date leaves the one before, and is counted; readings without a project are too", () => {
  const dates = datesOf([
    start("2025-01-01", { planned_end: "2025-05-31" }),
    end("2025-06-01", { planned_end: "May", actual_end: "June" }),
    start("2025-01-01", { project_id: null }),
  ]);
  equal(dates.projects.get("p")?.planned_end, "2025-05-31");
  equal([dates.bad_dates, dates.unnamed], [2, 1]);
  equal(datesWarnings(dates), [
    "2 planned_end or actual_end are no dates (YYYY-MM-DD) and are ignored",
    "1 readings of project_started or project_completed name no project: not counted",
  ]);
  equal(datesWarnings(datesOf([])), []);
});

Deno.test("cycle time and delay are in days, and unknown where a date is missing", () => {
  const known = { project_id: "p", project_type: null };
  const dates = { ...known, started_on: "2024-02-28", planned_end: "2024-03-05", completed_on: "2024-03-01" };
  equal([cycleDays(dates), delayDays(dates)], [2, -4]); // 2024 has a 29 February
  equal(cycleDays({ ...dates, started_on: "2024-03-02" }), null); // an end before the start
  equal([cycleDays({ ...dates, started_on: null }), delayDays({ ...dates, planned_end: null })], [null, null]);
});
