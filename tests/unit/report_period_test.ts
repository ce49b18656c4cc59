import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { periodBefore, reportPeriod } from "../../services/reports/period.ts";

const TODAY = "2025-12-24"; // a Wednesday

Deno.test("a month ends on its own last day, leap years included", () => {
  const month = (month: string) => reportPeriod({ report_type: "monthly", parameters: { month } }, TODAY);
  equal(month("2025-12"), { start: "2025-12-01", end: "2025-12-31" });
  equal(month("2024-02"), { start: "2024-02-01", end: "2024-02-29" });
  equal(month("2100-02"), { start: "2100-02-01", end: "2100-02-28" });
});

Deno.test("previous is the last complete period before today", () => {
  equal(reportPeriod({ report_type: "daily", parameters: { date: "previous" } }, TODAY).start, "2025-12-23");
  equal(reportPeriod({ report_type: "weekly", parameters: { week: "previous" } }, TODAY), {
    start: "2025-12-15",
    end: "2025-12-21",
  });
  equal(reportPeriod({ report_type: "monthly", parameters: { month: "previous" } }, "2025-01-31").start, "2024-12-01");
  equal(reportPeriod({ report_type: "annual", parameters: { year: "previous" } }, TODAY).end, "2024-12-31");
});

// ISO 8601: 2020 had 53 weeks, and its week 1 began on Monday 2019-12-30.
Deno.test("ISO weeks begin on Monday, and a year may have 53 of them", () => {
  const week = (week: string) => reportPeriod({ report_type: "weekly", parameters: { week } }, TODAY);
  equal(week("2020-W01"), { start: "2019-12-30", end: "2020-01-05" });
  equal(week("2020-W53"), { start: "2020-12-28", end: "2021-01-03" });
  throws(() => week("2025-W53"), /2025 has no week 53/);
});

Deno.test("a range that ends before it starts is refused", () => {
  const range = { start_date: "2025-02-02", end_date: "2025-02-01" };
  throws(() => reportPeriod({ report_type: "custom", parameters: range }, TODAY), /end_date/);
});

Deno.test("the period before a month is the calendar month before, and before a range as many days", () => {
  equal(periodBefore("monthly", { start: "2024-03-01", end: "2024-03-31" }), {
    start: "2024-02-01",
    end: "2024-02-29",
  });
  equal(periodBefore("annual", { start: "2025-01-01", end: "2025-12-31" }), { start: "2024-01-01", end: "2024-12-31" });
  equal(periodBefore("custom", { start: "2025-01-11", end: "2025-01-20" }), { start: "2025-01-01", end: "2025-01-10" });
});
