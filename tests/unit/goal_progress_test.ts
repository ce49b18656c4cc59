import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { yearBefore } from "../../services/days.ts";
import {
  type GoalTerms,
  isReached,
  type Measure,
  progressFigures,
  progressPercentage,
} from "../../services/goals/progress.ts";
import { type GoalState, settle } from "../../services/goals/settle.ts";
import { bandDays, everyDay, shareBooked, windowValue } from "../../services/goals/window.ts";

/** The quick start's goal: 100,000 in the 31 + 28 + 31 = 90 days of the first quarter of 2025. */
const Q1: GoalTerms = {
  direction: "increase",
  baseline_value: 0,
  target_value: 100_000,
  start_date: "2025-01-01",
  end_date: "2025-03-31",
};
const at = (value: number): Measure => ({ value, band: null });
const on = (today: string, booked_last_year: number | null = null) => ({
  ...{ today, status: "active" as const, booked_last_year },
});

Deno.test("what adding up has lost to rounding keeps no goal from being reached", () => {
  const third = 33.3333333333333; // as decimals with 15 digits add up: 99.9999999999999 in all
  equal(isReached({ ...Q1, target_value: 100 }, at(3 * third)), true);
  const down = { ...Q1, direction: "decrease" as const, baseline_value: 1, target_value: 0.2 };
  equal(isReached(down, at((0.1 + 0.2 + 0.3) / 3 + 1e-16)), true); // 0.20000000000000012
  equal(isReached({ ...Q1, target_value: 100 }, at(99.999999)), false);
  equal(isReached({ ...Q1, target_value: 0, baseline_value: -1 }, at(-1e-9)), false);
});

Deno.test("progress is the share of the way from baseline to target, in both directions", () => {
  equal(progressPercentage(Q1, at(25_000)), 25);
  // From 40 to 80: at 50 a quarter of the way.
  equal(progressPercentage({ ...Q1, baseline_value: 40, target_value: 80 }, at(50)), 25);
  // From 80 down to 40: at 50 three quarters.
  equal(progressPercentage({ ...Q1, direction: "decrease", baseline_value: 80, target_value: 40 }, at(50)), 75);
  // Beyond the target, and the wrong way.
  equal(progressPercentage(Q1, at(150_000)), 150);
  equal(progressPercentage({ ...Q1, baseline_value: 40, target_value: 80 }, at(30)), -25);
});

Deno.test("progress of a goal to maintain is the share of its days inside the band, however low the first of the two", () => {
  const band: GoalTerms = { ...Q1, direction: "maintain", baseline_value: 90, target_value: 80 };
  // 80, 85 and 90 are inside, 79 and 91 are not, and the unknown day does not count: 3 of 5.
  const days = [80, 85, 90, 79, 91, null].map((value) => ({ value }));
  equal(bandDays(band, days), { inside: 3, days: 5 });
  equal(progressPercentage(band, { value: 91, band: { inside: 3, days: 5 } }), 60);
  equal(progressPercentage(band, { value: 85, band: { inside: 0, days: 0 } }), 0);
  equal(isReached(band, { value: 85, band: { inside: 0, days: 0 } }), false);
  equal(isReached(band, { value: 85, band: { inside: 5, days: 5 } }), true);
});

Deno.test("half way through, the figures are what a hand calculation gives", () => {
  // 15 February: 31 + 14 = 45 of 90 days are over, so half is expected; 40 % of it is there: pace 0.8.
  // 60,000 are left for the 45 days from today on. At 40,000 / 45 a day they take 67.5, so 68 days: until 23 April.
  equal(progressFigures(Q1, at(40_000), on("2025-02-15")), {
    progress_percentage: 40,
    remaining_value: 60_000,
    total_days: 90,
    days_elapsed: 45,
    days_remaining: 45,
    expected: 50,
    expected_basis: "linear",
    pace: 0.8,
    pace_state: "behind",
    on_track: false,
    daily_required_progress: 60_000 / 45,
    projected_completion_date: "2025-04-23",
  });
});

Deno.test("on track from 0.95 of the expected pace on, behind from 0.75 on, else at risk", () => {
  const state = (value: number) => {
    const { pace_state, on_track } = progressFigures(Q1, at(value), on("2025-02-15"));
    return [pace_state, on_track];
  };
  // Half is expected: 47,500 is 0.95 of it, 37,500 is 0.75.
  equal(state(47_500), ["on_track", true]);
  equal(state(47_499), ["behind", false]);
  equal(state(37_500), ["behind", false]);
  equal(state(37_499), ["at_risk", false]);
});

Deno.test("days count from today's date on and never go below zero", () => {
  const days = (today: string) => {
    const { days_elapsed, days_remaining, daily_required_progress } = progressFigures(Q1, at(10_000), on(today));
    return [days_elapsed, days_remaining, daily_required_progress];
  };
  equal(days("2024-12-31"), [0, 91, 90_000 / 91]); // not begun
  equal(days("2025-01-01"), [0, 90, 1_000]); // its first day
  equal(days("2025-03-31"), [89, 1, 90_000]); // its last
  equal(days("2025-04-01"), [90, 0, null]); // over
});

Deno.test("nothing is expected on the first day, so nothing is late", () => {
  const { expected, pace, on_track, projected_completion_date } = progressFigures(Q1, at(0), on("2025-01-01"));
  equal([expected, pace, on_track, projected_completion_date], [0, null, true, null]);
});

Deno.test("nothing more is required of a goal that is met, over or cancelled", () => {
  const required = (value: number, today: string, status: "active" | "cancelled" = "active") => {
    const figures = progressFigures(Q1, at(value), { today, status, booked_last_year: null });
    return [figures.daily_required_progress, figures.projected_completion_date];
  };
  equal(required(100_000, "2025-02-15"), [null, null]);
  equal(required(50_000, "2025-04-01"), [null, null]);
  equal(required(50_000, "2025-02-15", "cancelled"), [null, null]);
});

Deno.test("a projected day that the calendar does not reach is none", () => {
  equal(progressFigures(Q1, at(0.0001), on("2025-02-15")).projected_completion_date, null);
  equal(progressFigures(Q1, at(-5), on("2025-02-15")).projected_completion_date, null);
});

Deno.test("last year's shape replaces the straight line", () => {
  // A year ago 60 % of the window's total had been booked by now: 40 % of the target is two thirds of that.
  const { expected, expected_basis, pace } = progressFigures(Q1, at(40_000), on("2025-02-15", 0.6));
  equal([expected, expected_basis, (pace ?? 0).toFixed(6)], [60, "last_year", "0.666667"]);
});

Deno.test("the share that was booked leaves out the day itself, and is none where it means nothing", () => {
  const days = [["2024-01-01", 10], ["2024-01-02", 20], ["2024-01-03", 70]].map(([date, value]) => ({
    date: String(date),
    value: Number(value),
  }));
  equal(shareBooked(days, "2024-01-03"), 0.3); // (10 + 20) / 100
  equal(shareBooked(days, "2024-01-01"), 0);
  equal(shareBooked([], "2024-01-03"), null);
  equal(shareBooked([...days, { date: "2024-01-04", value: -1 }], "2024-01-03"), null);
  equal(yearBefore("2024-02-29"), "2023-02-28");
  equal(yearBefore("2025-03-01"), "2024-03-01");
});

Deno.test("the days of a window amount to what their kind allows", () => {
  const days = [
    { date: "2025-01-01", value: 10, n: 2 },
    { date: "2025-01-02", value: 0, n: 0 },
    { date: "2025-01-03", value: 20, n: 1 },
    { date: "2025-01-04", value: 0, n: 0 },
  ];
  equal(windowValue("sum", "flow", days), 30);
  equal(windowValue("count", "flow", days), 3);
  equal(windowValue("last", "flow", days), 20); // the last day with a reading
  equal(windowValue("avg", "flow", days), 10); // 30 over 3 readings
  // A sample's day is an average of its readings: (10·2 + 40·1) / 3.
  const sample = [{ date: "2025-01-01", value: 10, n: 2 }, { date: "2025-01-02", value: null, n: 0 }, {
    date: "2025-01-03",
    value: 40,
    n: 1,
  }];
  equal(windowValue("avg", "sample", sample), 20);
  equal(windowValue("last", "sample", []), null);
  equal(windowValue("sum", "flow", []), 0);
});

Deno.test("a level stays until the next reading, also from before the window", () => {
  const days = [{ date: "2024-12-30", value: 5, n: 1 }, { date: "2025-01-02", value: 8, n: 1 }];
  const level = everyDay(days, { start: "2025-01-01", end: "2025-01-03", carry: true });
  equal(level.map((day) => day.value), [5, 8, 8]);
  equal(windowValue("avg", "gauge", level), 7); // (5 + 8 + 8) / 3
  equal(windowValue("last", "gauge", level), 8);
  const flow = everyDay(days, { start: "2025-01-01", end: "2025-01-03", carry: false });
  equal(flow.map((day) => day.value), [null, 8, null]);
});

const goal = (more: Partial<GoalState> = {}): GoalState => ({
  ...Q1,
  ...{ current_value: 0, progress_percentage: 0, status: "active", aggregation: null },
  ...{ alert_threshold: 75, alert_sent: false },
  ...more,
});
const running = { today: "2025-02-15", closing: true };
const after = { today: "2025-04-01", closing: true };

Deno.test("an alert is sent once, and armed again two points below its threshold", () => {
  const step = (sent: boolean, value: number) => {
    const { alert_sent, events } = settle(goal({ alert_sent: sent }), at(value), running);
    return [alert_sent, events.map((event) => event.kind)];
  };
  equal(step(false, 74_999), [false, []]);
  equal(step(false, 75_000), [true, ["goal_alert"]]);
  equal(step(true, 80_000), [true, []]);
  equal(step(true, 73_000), [true, []]); // 73 is not below 75 − 2
  equal(step(true, 72_999), [false, []]);
  equal(settle(goal({ alert_threshold: null }), at(90_000), running).alert_sent, false);
});

Deno.test("a total that should stay low does not alert from its first day on", () => {
  const ceiling = goal({ direction: "decrease", baseline_value: 200_000, aggregation: "sum" });
  equal(settle(ceiling, at(10), running).alert_sent, false);
});

Deno.test("a goal ends the day after its window, and only by the evaluator", () => {
  const end = (value: number, when: { today: string; closing: boolean }) => settle(goal(), at(value), when).status;
  equal(end(100_000, { today: "2025-03-31", closing: true }), "active");
  equal(end(100_000, { today: "2025-04-01", closing: false }), "active");
  equal(end(100_000, after), "achieved");
  equal(end(99_999, after), "failed");
  const { events } = settle(goal({ alert_threshold: null }), at(99_999), after);
  equal(events, [{
    kind: "goal_failed",
    detail: { current_value: 99_999, target_value: 100_000, progress_percentage: 99.999, date: "2025-04-01" },
  }]);
});

Deno.test("a late reading turns failed into achieved, and nothing turns back", () => {
  const late = settle(goal({ status: "failed" }), at(100_000), { today: "2025-04-09", closing: false });
  equal([late.status, late.events.map((event) => event.kind)], ["achieved", ["goal_achieved_late"]]);
  equal(settle(goal({ status: "achieved" }), at(1), after).status, "achieved");
  equal(settle(goal({ status: "cancelled" }), at(100_000), after).status, "cancelled");
});

Deno.test("no input makes a figure that JSON cannot say", () => {
  const number = fc.double({ min: -1e15, max: 1e15, noNaN: true });
  const day = fc.integer({ min: 0, max: 47_800 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
  fc.assert(
    fc.property(
      number,
      number,
      number,
      day,
      fc.integer({ min: 0, max: 3_652 }),
      day,
      (from, to, value, start, n, now) => {
        fc.pre(from !== to);
        const end_date = new Date(Date.parse(start) + n * 86_400_000).toISOString().slice(0, 10);
        const direction = to > from ? "increase" as const : "decrease" as const;
        const terms = { direction, baseline_value: from, target_value: to, start_date: start, end_date };
        const figures = progressFigures(terms, at(value), on(now));
        for (const figure of Object.values(figures)) ok(typeof figure !== "number" || Number.isFinite(figure));
        ok(figures.days_remaining >= 0 && figures.days_elapsed >= 0);
        // While the window runs, every one of its days has passed or is left.
        if (now >= start && now <= end_date) equal(figures.days_elapsed + figures.days_remaining, figures.total_days);
      },
    ),
    { seed: 8009, numRuns: 2_000 },
  );
});
