import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { comparedWindow, type Comparison } from "../../services/analytics/comparison.ts";
import { figure, quotient, rate, relativeChange } from "../../services/analytics/figures.ts";
import { FEWEST_PEOPLE, suppressed } from "../../services/analytics/suppression.ts";
import { addDays, daysBetween } from "../../services/days.ts";

const compared = (start_date: string, end_date: string, comparison: Comparison, through: string | null = null) => {
  const window = comparedWindow({ start_date, end_date, timezone: "UTC" }, comparison, through);
  return [window.start_date, window.end_date];
};

Deno.test("whole calendar months are compared with as many calendar months before", () => {
  equal(compared("2025-03-01", "2025-03-31", "previous_period"), ["2025-02-01", "2025-02-28"]);
  equal(compared("2024-03-01", "2024-03-31", "previous_period"), ["2024-02-01", "2024-02-29"]);
  equal(compared("2025-01-01", "2025-03-31", "previous_period"), ["2024-10-01", "2024-12-31"]);
  equal(compared("2025-01-01", "2025-12-31", "previous_period"), ["2024-01-01", "2024-12-31"]);
  equal(compared("2025-01-01", "2025-02-28", "previous_period"), ["2024-11-01", "2024-12-31"]);
});

Deno.test("any other window is compared with as many days just before", () => {
  equal(compared("2025-03-03", "2025-03-09", "previous_period"), ["2025-02-24", "2025-03-02"]);
  equal(compared("2025-03-01", "2025-03-30", "previous_period"), ["2025-01-30", "2025-02-28"]);
  equal(compared("2025-03-01", "2025-03-01", "previous_period"), ["2025-02-28", "2025-02-28"]);
});

Deno.test("a year before means the same dates, and whole months stay whole", () => {
  equal(compared("2025-02-01", "2025-02-28", "previous_year"), ["2024-02-01", "2024-02-29"]);
  equal(compared("2024-02-01", "2024-02-29", "previous_year"), ["2023-02-01", "2023-02-28"]);
  equal(compared("2025-02-10", "2025-02-28", "previous_year"), ["2024-02-10", "2024-02-28"]);
});

Deno.test("a running window is compared with as many days as count of it, another as a whole", () => {
  equal(compared("2025-03-01", "2025-03-31", "previous_period", "2025-03-10"), ["2025-02-01", "2025-02-10"]);
  equal(compared("2025-03-01", "2025-03-31", "previous_period", "2025-03-31"), ["2025-02-01", "2025-02-28"]);
  equal(compared("2025-04-01", "2025-04-30", "previous_period", "2025-04-29"), ["2025-03-01", "2025-03-29"]);
  equal(compared("2025-04-01", "2025-04-30", "previous_period", "2025-04-30"), ["2025-03-01", "2025-03-30"]);
  equal(compared("2025-04-01", "2025-04-30", "previous_period", null), ["2025-03-01", "2025-03-31"]);
  equal(compared("2025-01-01", "2025-12-31", "previous_year", "2025-03-10"), ["2024-01-01", "2024-03-09"]); // 69 days
  equal(compared("2025-03-01", "2025-03-31", "previous_period", "2025-02-10"), ["2025-02-01", "2025-02-28"]);
});

Deno.test("what any window that is over is compared with is as long, or the calendar's months, and touches it", () => {
  const day = fc.integer({ min: 0, max: 3_000 }).map((days) => addDays("2018-01-01", days));
  fc.assert(fc.property(day, fc.integer({ min: 0, max: 800 }), (start, days) => {
    const end = addDays(start, days);
    const [from = "", until = ""] = compared(start, end, "previous_period", "2030-01-01");
    equal(addDays(until, 1), start);
    const whole = start.endsWith("-01") && addDays(end, 1).endsWith("-01");
    ok(whole ? from.endsWith("-01") : daysBetween(from, until) === days);
  }));
});

Deno.test("a figure's change is relative to the size of what was before", () => {
  equal(figure("USD", 150, 100), { value: 150, unit: "USD", previous: 100, change: 0.5 });
  equal(relativeChange(-50, -100), 0.5); // a loss that halved is a gain of half
  equal([relativeChange(5, 0), relativeChange(null, 5), relativeChange(5, null)], [null, null, null]);
});

Deno.test("a rate without a denominator has no value, and its change is in points", () => {
  const before = { numerator: 1, denominator: 4 };
  const half = { numerator: 2, denominator: 4 };
  equal(rate(half, before), { ...half, value: 0.5, previous: 0.25, change: 0.25 });
  equal(rate({ numerator: 2, denominator: 0 }, before), {
    ...{ numerator: 2, denominator: 0, value: null },
    ...{ previous: 0.25, change: null },
  });
  equal(quotient({ numerator: 1e300, denominator: 1e-300 }), null);
});

Deno.test("small cells are hidden, and one more where subtraction would give them away", () => {
  const hides = (...people: number[]) => suppressed(people.map((people) => ({ people })));
  equal(hides(40, 12, 5), [false, false, false]);
  equal(hides(40, 3, 12), [false, true, true]); // 3 alone would be the whole less 40 and 12
  equal(hides(40, 4, 4), [false, true, true]); // 8 people together tell nothing about 4
  equal(hides(40, 1, 2, 9), [false, true, true, true]); // 3 together are still too few
  equal(hides(0, 3), [false, true]); // nobody to hide it with
});

Deno.test("what is hidden in a breakdown is at least five people in two cells, or all that there are", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 }), (people) => {
    const hidden = suppressed(people.map((people) => ({ people })));
    const behind = people.filter((_, i) => hidden[i]);
    for (const [i, own] of people.entries()) if (own > 0 && own < FEWEST_PEOPLE) ok(hidden[i]);
    if (behind.length === 0) return;
    const together = behind.reduce((sum, own) => sum + own, 0);
    const all = people.every((own, i) => hidden[i] || own === 0);
    ok(all || (behind.length > 1 && together >= FEWEST_PEOPLE));
  }));
});
