import { deepStrictEqual as equal } from "node:assert/strict";
import { comparedWindow } from "../../services/analytics/comparison.ts";
import { momentsOf, yearsTo } from "../../services/partner_analytics/moments.ts";

const question = (start_date: string, end_date: string, today = "2026-06-01") => {
  const window = { start_date, end_date, timezone: "UTC" };
  const as_of = start_date <= today && today < end_date ? today : end_date;
  return { window, before: comparedWindow(window, "previous_period", today), as_of };
};

Deno.test("the 12 calendar months of a partner's year end with the period and begin after the same day a year before", () => {
  equal(yearsTo("2025-12-31"), { year_start: "2025-01-01", last_year_start: "2024-01-01" });
  equal(yearsTo("2025-03-10"), { year_start: "2024-03-11", last_year_start: "2023-03-11" });
  equal(yearsTo("2024-02-29"), { year_start: "2023-03-01", last_year_start: "2022-03-01" });
  equal(yearsTo("2025-02-28"), { year_start: "2024-03-01", last_year_start: "2023-03-01" });
});

Deno.test("the moments of a partner question are the period and the one before, each with the one before it", () => {
  const [now, then] = momentsOf(question("2025-03-01", "2025-03-31"));
  equal(now, {
    ...{ start_date: "2025-03-01", end_date: "2025-03-31", before_start: "2025-02-01", before_end: "2025-02-28" },
    ...{ year_start: "2024-04-01", last_year_start: "2023-04-01" },
  });
  equal(then, {
    ...{ start_date: "2025-02-01", end_date: "2025-02-28", before_start: "2025-01-01", before_end: "2025-01-31" },
    ...{ year_start: "2024-03-01", last_year_start: "2023-03-01" },
  });
});

Deno.test("a running partner period ends today, and the earlier ones have as many days of their months", () => {
  const [now, then] = momentsOf(question("2025-03-01", "2025-03-31", "2025-03-10"));
  equal([now.start_date, now.end_date, now.year_start], ["2025-03-01", "2025-03-10", "2024-03-11"]);
  equal([now.before_start, now.before_end], ["2025-02-01", "2025-02-10"]);
  equal([then.start_date, then.end_date, then.before_start, then.before_end], [
    ...["2025-02-01", "2025-02-10", "2025-01-01", "2025-01-10"],
  ]);
  // 30 days of March, and February has 28.
  const [, short] = momentsOf(question("2025-04-01", "2025-04-30", "2025-04-29"));
  equal([short.start_date, short.end_date, short.before_start, short.before_end], [
    ...["2025-03-01", "2025-03-29", "2025-02-01", "2025-02-28"],
  ]);
});
