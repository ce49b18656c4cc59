import { deepStrictEqual as equal } from "node:assert/strict";
import { RELATIVE_WINDOWS, relativeWindow } from "../../services/dashboards/windows.ts";

const days = (...args: Parameters<typeof relativeWindow>) => {
  const { start_date, end_date } = relativeWindow(...args);
  return `${start_date} ${end_date}`;
};

Deno.test("a dashboard's relative windows on a Wednesday in December", () => {
  equal(RELATIVE_WINDOWS.map((word) => [word, days(word, "2025-12-24")]), [
    ["last_7_days", "2025-12-17 2025-12-23"],
    ["last_30_days", "2025-11-24 2025-12-23"], // 7 days of November and 23 of December
    ["last_90_days", "2025-09-25 2025-12-23"], // 6 + 31 + 30 + 23
    ["last_12_months", "2024-12-01 2025-11-30"], // the running month is left out
    ["this_month", "2025-12-01 2025-12-31"],
    ["last_month", "2025-11-01 2025-11-30"],
    ["this_quarter", "2025-10-01 2025-12-31"],
    ["this_year", "2025-01-01 2025-12-31"],
    ["last_year", "2024-01-01 2024-12-31"],
  ]);
});

Deno.test("a dashboard's relative windows on the first day of a year, and at the end of a leap February", () => {
  equal(days("last_month", "2025-01-01"), "2024-12-01 2024-12-31");
  equal(days("last_12_months", "2025-01-01"), "2024-01-01 2024-12-31");
  equal(days("this_quarter", "2025-01-01"), "2025-01-01 2025-03-31");
  equal(days("last_7_days", "2025-01-01"), "2024-12-25 2024-12-31");
  equal(days("this_month", "2024-02-29"), "2024-02-01 2024-02-29");
  equal(days("last_12_months", "2024-03-31"), "2023-03-01 2024-02-29");
});

Deno.test("a dashboard's year is the organisation's fiscal year", () => {
  const fromJuly = { week_start: "monday", fiscal_start: 7 } as const;
  equal(days("this_year", "2025-12-24", fromJuly), "2025-07-01 2026-06-30");
  equal(days("last_year", "2025-12-24", fromJuly), "2024-07-01 2025-06-30");
  equal(days("this_year", "2025-06-30", fromJuly), "2024-07-01 2025-06-30");
});
