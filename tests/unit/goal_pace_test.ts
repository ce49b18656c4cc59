import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { bookedLastYear, type Measured } from "../../services/goals/measure.ts";
import { type GoalTerms, progressFigures } from "../../services/goals/progress.ts";
import { addDays } from "../../services/days.ts";
import type { DailySeries } from "../../services/metrics/mod.ts";

/** The 90 days of the first quarter of 2025; on 15 February 45 of them are over. */
const Q1: GoalTerms = {
  ...{ direction: "increase", baseline_value: 0, target_value: 100_000, aggregation: "sum" },
  ...{ start_date: "2025-01-01", end_date: "2025-03-31" },
};
const HALF = { today: "2025-02-15", status: "active" as const, booked_last_year: null };
const figures = (terms: GoalTerms, value: number, booked_last_year: number | null = null) =>
  progressFigures(terms, { value, band: null }, { ...HALF, booked_last_year });

Deno.test("a total is on its way from 0, whatever its baseline", () => {
  // Half of 100,000 is expected: 50,000, which is 0 % of the way from 50,000; 75,000 would be 50 %.
  const terms = { ...Q1, baseline_value: 50_000 };
  const { expected, progress_percentage, pace, on_track } = figures(terms, 60_000);
  equal([expected, progress_percentage, pace, on_track], [0, 20, 1.2, true]); // 60,000 of the 50,000 that are due
  // After 60 days two thirds of 100,000 are expected: 16,667 of the 50,000 beyond the baseline, 33.3 %.
  const later = progressFigures(terms, { value: 58_000, band: null }, { ...HALF, today: "2025-03-02" });
  equal([later.expected.toFixed(6), later.progress_percentage, (later.pace ?? 0).toFixed(6), later.pace_state], [
    ...["33.333333", 16, "0.870000"], // 58,000 / 66,667
    "behind",
  ]);
  // 60,000 in 45 days are 1,333 a day: 40,000 take 30 days, from 15 February to 16 March.
  equal(figures(terms, 60_000).projected_completion_date, "2025-03-16");
});

Deno.test("a total of which nothing came is not on track, however far its baseline is ahead", () => {
  const after = (days: number, baseline_value: number, target_value: number, value: number) => {
    const today = addDays(Q1.start_date, days);
    const { pace, pace_state, on_track } = progressFigures(
      { ...Q1, baseline_value, target_value },
      { value, band: null },
      { ...HALF, today },
    );
    return [pace, pace_state, on_track];
  };
  equal(after(45, 50, 100, 0), [0, "at_risk", false]); // 50 are due
  equal(after(45, 290, 300, 0), [0, "at_risk", false]); // 150 are due
  equal(after(45, 4_000, 5_000, 250), [0.1, "at_risk", false]); // of 2,500 due
  equal(after(45, 4_000, 5_000, 2_000), [0.8, "behind", false]);
  equal(after(0, 50, 100, 0), [null, "on_track", true]); // nothing is due on the first day
  // A total that may be negative: from −50 to 100, at half-time 50 are due.
  equal(after(45, -50, 100, 40), [0.8, "behind", false]);
});

Deno.test("an average has no speed: its target is due from the second day on, and no day has to bring a share of it", () => {
  const terms: GoalTerms = { ...Q1, baseline_value: 40, target_value: 55, aggregation: "avg" };
  const { expected, progress_percentage, pace, pace_state, ...rest } = figures(terms, 46);
  // 6 of the 15 from 40 to 55.
  equal([expected, progress_percentage, pace, pace_state], [100, 40, 0.4, "at_risk"]);
  equal([rest.daily_required_progress, rest.projected_completion_date, rest.remaining_value], [null, null, 9]);
  equal(figures(terms, 55).pace_state, "on_track");
  const first = progressFigures(terms, { value: 40, band: null }, { ...HALF, today: Q1.start_date });
  equal([first.expected, first.pace, first.pace_state], [0, null, "on_track"]);
});

Deno.test("a total needs the days of its window, a level all days up to its end", () => {
  // On 22 December the ten days from the 27th on have yet to begin; to their end it is 15 days.
  const ahead = { ...Q1, start_date: "2025-12-27", end_date: "2026-01-05", target_value: 75 };
  const needed = (terms: GoalTerms) => {
    const { days_remaining, daily_required_progress } = progressFigures(terms, { value: 0, band: null }, {
      ...HALF,
      today: "2025-12-22",
    });
    return [days_remaining, daily_required_progress];
  };
  equal(needed(ahead), [15, 7.5]); // 75 / 10
  equal(needed({ ...ahead, aggregation: "last" }), [15, 5]); // 75 / 15
});

Deno.test("a total to keep low that is over its limit is at risk, however little that is of its way from the baseline", () => {
  // 210 where 200 are allowed, from 600 on: (600 − 210) / (600 − 200) = 97.5 % of the 125 % that are due, 0.78.
  const ceiling: GoalTerms = { ...Q1, direction: "decrease", baseline_value: 600, target_value: 200 };
  const { progress_percentage, pace, pace_state, on_track } = figures(ceiling, 210);
  equal([progress_percentage, pace, pace_state, on_track], [97.5, 0.78, "at_risk", false]);
});

Deno.test("a total to keep low is on its way up to its limit", () => {
  // At most 100,000, after 200,000: half of the limit is 50,000, progress (200 − 50) / 100 = 150 %.
  const ceiling: GoalTerms = { ...Q1, direction: "decrease", baseline_value: 200_000 };
  const thrifty = figures(ceiling, 40_000);
  equal([thrifty.expected, thrifty.progress_percentage, thrifty.pace_state], [150, 160, "on_track"]);
  // On the way to 160,000: (200 − 80) / 100 = 120 % of 150 %.
  const wasteful = figures(ceiling, 80_000);
  equal([wasteful.progress_percentage, wasteful.pace, wasteful.pace_state], [120, 0.8, "behind"]);
  // Over the limit: there is no way back, so none is required or projected.
  const over = figures(ceiling, 120_000);
  equal([over.progress_percentage, over.pace_state], [80, "at_risk"]);
  equal([over.daily_required_progress, over.projected_completion_date], [null, null]);
  // A year ago 30 % had been spent by now: 30,000 of the limit, 170 %.
  equal(figures(ceiling, 30_000, 0.3).expected, 170);
});

Deno.test("a level is on its way from its baseline, up or down", () => {
  const up: GoalTerms = { ...Q1, baseline_value: 8_000, target_value: 10_000, aggregation: "last" };
  equal([figures(up, 9_000).expected, figures(up, 9_000).pace], [50, 1]);
  // 1,000 of 2,000 in 45 days: the others take 45 too, from 15 February to 31 March.
  equal(figures(up, 9_000).projected_completion_date, "2025-03-31");
  const down: GoalTerms = { ...up, direction: "decrease", baseline_value: 10, target_value: 2 };
  // From 10 down to 2: at 7 three of eight, where four are expected.
  const { expected, progress_percentage, pace, pace_state, daily_required_progress } = figures(down, 7);
  equal([expected, progress_percentage, pace, pace_state], [50, 37.5, 0.75, "behind"]);
  equal(daily_required_progress, 5 / 45);
  // Further up than it began: the wrong way.
  equal([figures(down, 12).pace, figures(down, 12).pace_state], [-0.5, "at_risk"]);
});

Deno.test("what flows back makes progress negative, and nothing else", () => {
  const { progress_percentage, pace, pace_state, daily_required_progress, projected_completion_date } = figures(
    Q1,
    -5_000,
  );
  equal([progress_percentage, pace, pace_state], [-5, -0.1, "at_risk"]);
  equal([daily_required_progress, projected_completion_date], [105_000 / 45, null]);
});

Deno.test("no aggregation and no share makes a figure that JSON cannot say", () => {
  const number = fc.double({ min: -1e15, max: 1e15, noNaN: true });
  const aggregation = fc.constantFrom("sum" as const, "count" as const, "avg" as const, "last" as const, null);
  const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(number, number, number, aggregation, share, (from, to, value, how, booked) => {
      fc.pre(from !== to);
      const direction = to > from ? "increase" as const : "decrease" as const;
      const terms = { ...Q1, direction, baseline_value: from, target_value: to, aggregation: how };
      for (const figure of Object.values(figures(terms, value, booked))) {
        ok(typeof figure !== "number" || Number.isFinite(figure));
      }
    }),
    { seed: 8009, numRuns: 2_000 },
  );
});

/** A goal over such days, on such a day. */
const goalOver = (start_date: string, end_date: string, today: string, more: Partial<Measured> = {}): Measured => ({
  ...{ id: "g", name: "Gifts", description: null, metric_type: "donation", target_value: 100, unit: "USD" },
  ...{ start_date, end_date, today, alert_threshold: null, service_name: "partners_crm" },
  ...{ metric_name: "donation_received", dimensions: null, aggregation: "sum", direction: "increase" },
  ...{ baseline_value: 0, timezone: "UTC", current_value: 0 },
  ...more,
});

/** A flow that had 1 on each day from `first` on, or what `of` says. */
const daily =
  (first: string, of = (_date: string) => 1) => ({ start_date = first, end_date = first }): Promise<DailySeries> => {
    const days: DailySeries["days"] = [];
    for (let date = start_date > first ? start_date : first; date <= end_date; date = addDays(date, 1)) {
      days.push({ date, value: of(date), n: 1 });
    }
    return Promise.resolve({ metric_name: "x", unit: "USD", kind: "flow", warnings: [], data_through: end_date, days });
  };

Deno.test("on a leap day as much of last year is over as of this one", async () => {
  const on = (today: string) => bookedLastYear(goalOver("2024-02-01", "2024-03-31", today), daily("2022-01-01"));
  // Last year's window has 28 + 31 = 59 days: 27 before 28 February, 28 before the leap day and before 1 March.
  equal([await on("2024-02-28"), await on("2024-02-29"), await on("2024-03-01")], [27 / 59, 28 / 59, 28 / 59]);
  // A year later it is the window before that has the leap day: 29 + 31 = 60 days, 29 of them before 1 March.
  const later = (today: string) => bookedLastYear(goalOver("2025-02-01", "2025-03-31", today), daily("2022-01-01"));
  equal([await later("2025-02-28"), await later("2025-03-01")], [27 / 60, 29 / 60]);
});

Deno.test("last year's shape needs all of last year's window, over and with nothing that flows back", async () => {
  const year = goalOver("2025-01-01", "2025-12-31", "2025-07-01");
  equal(await bookedLastYear(year, daily("2024-01-01")), 182 / 366); // 31+29+31+30+31+30 of 366 days
  equal(await bookedLastYear(year, daily("2024-01-02")), null); // it began a day too late
  equal(await bookedLastYear(year, daily("2023-06-01", (date) => date === "2024-03-03" ? -1 : 1)), null);
  equal(await bookedLastYear(year, daily("2023-06-01", () => 0)), null); // nothing had been booked at all
  // Of a window of two years the one before overlaps it: it is over only in the second year.
  const two = (today: string) => bookedLastYear(goalOver("2024-01-01", "2025-12-31", today), daily("2022-01-01"));
  equal([await two("2024-12-31"), await two("2025-01-01")], [null, 365 / 731]); // the 365 of 2023, of those and the 366 of 2024
});

Deno.test("levels and goals to maintain have no last year to follow", async () => {
  const half = (more: Partial<Measured>) =>
    bookedLastYear(goalOver("2025-01-01", "2025-12-31", "2025-07-01", more), daily("2022-01-01"));
  equal(await half({ aggregation: "last" }), null);
  equal(await half({ aggregation: "avg" }), null);
  equal(await half({ direction: "maintain", baseline_value: 50 }), null);
  equal(await half({ metric_name: null, service_name: null }), null);
  equal(await half({ aggregation: "count" }), 182 / 366);
});
