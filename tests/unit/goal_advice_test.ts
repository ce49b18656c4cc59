import { deepStrictEqual as equal, match } from "node:assert/strict";
import { advise, type Grounds } from "../../services/goals/forecast/advice.ts";

/** 100 letters are wanted in ten days, and ten a day are to come. */
const GROUNDS: Grounds = {
  ...{ probability: 0.6, forecast_value: 100, daily_required: 9, daily_forecast: 10, reached: false, ceiling: false },
  terms: {
    ...{ direction: "increase", baseline_value: 0, target_value: 100, unit: "letters", aggregation: "sum" },
    ...{ start_date: "2025-12-01", end_date: "2025-12-10" },
  },
};
const told = (more: Partial<Grounds>) => advise({ ...GROUNDS, ...more });
const codes = (more: Partial<Grounds>, probabilities: number[]) =>
  probabilities.map((probability) => told({ ...more, probability }).code);

Deno.test("advice follows the probability: keep going from 80 %, watch from 50 %, act from 20 %, and below that change the plan", () => {
  const steps = [1, 0.8, 0.799, 0.5, 0.499, 0.2, 0.199, 0];
  equal(codes({}, steps), [
    ...["keep_going", "keep_going", "watch", "watch", "speed_up", "speed_up", "change_plan", "change_plan"],
  ]);
  equal(codes({ ceiling: true }, steps), [
    ...["keep_going", "keep_going", "watch", "watch", "slow_down", "slow_down", "change_plan", "change_plan"],
  ]);
  const band: Grounds["terms"] = { ...GROUNDS.terms, direction: "maintain" };
  equal(codes({ terms: band }, [0.9, 0.5, 0]), ["keep_going", "change_plan", "change_plan"]);
});

Deno.test("advice says the daily need beside the forecast, and how many paths reach the target", () => {
  equal(
    told({}).text,
    "Watch it: the target needs 9 letters a day, 10 % below the forecast's 10 letters; " +
      "60 % of the simulated paths reach it.",
  ); // 9 / 10 − 1 = −10 %
  equal(
    told({ probability: 0.3, daily_required: 12.5 }).text,
    "Speed up: the target needs 12.5 letters a day, 25 % above the forecast's 10 letters; " +
      "30 % of the simulated paths reach it.",
  );
  match(told({ daily_required: 10 }).text, /as much as the forecast's 10 letters/);
  match(told({ daily_required: 10.04 }).text, /10 letters a day, a little above the forecast's 10 letters/);
  match(told({ daily_required: 9.96 }).text, /9.96 letters a day, a little below the forecast's 10 letters/);
  match(told({ daily_forecast: 0 }).text, /9 letters a day, the forecast has 0 letters/);
  match(told({ daily_required: null }).text, /the forecast is 100 letters, the target 100 letters/);
});

Deno.test("advice neither rounds a chance to certainty nor doubt to none", () => {
  match(told({ probability: 0.004 }).text, /fewer than 1 % of the simulated paths/);
  match(told({ probability: 0.996 }).text, /more than 99 % of the simulated paths/);
});

Deno.test("a limit is stayed within, and passed only where the value is beyond it", () => {
  // Nothing that is simulated stays below 100, but today's value does.
  const limit = { ceiling: true, reached: true };
  equal(told({ ...limit, probability: 0 }).text.split(":")[0], "Change the plan or the target");
  match(
    told({ ...limit, probability: 0.3 }).text,
    /^Slow down: the limit allows .*30 % of the simulated paths stay within it/,
  );
  match(told({ ...limit, probability: 0.9 }).text, /^Keep going: .*90 % of the simulated paths stay within it/);
});

Deno.test("what is over for good is said as such", () => {
  equal(told({ probability: 1, reached: true }), { code: "none", text: "The target is reached for good." });
  equal(told({ probability: 0, ceiling: true, reached: false }), {
    code: "change_plan",
    text: "The limit of 100 letters is passed for good.",
  });
  equal(told({ probability: null }).code, "none");
});
