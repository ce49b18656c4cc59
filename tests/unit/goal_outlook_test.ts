import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { addDays, daysBetween } from "../../services/days.ts";
import { Outlook } from "../../services/goals/forecast_schema.ts";
import type { OutlookInput } from "../../services/goals/forecast/input.ts";
import { goalOutlook } from "../../services/goals/forecast/outlook.ts";
import { generatedSeries } from "../bench/calibration/generated.ts";
import { reliability } from "../bench/calibration/reliability.ts";
import { replaySteps } from "../bench/calibration/replay.ts";
import { normals, uniforms } from "./math/seeded.ts";

const TODAY = "2025-12-24";

type Case = {
  terms?: Partial<OutlookInput["terms"]>;
  /** One value a day, of which the last is yesterday's. */
  values: number[];
  n?: (day: number) => number;
  kind?: "flow" | "gauge" | "sample";
  heard?: string;
};

/** A goal of ten days from 20 to 29 December, on the 24th. */
function input({ terms = {}, values, n = () => 1, kind = "flow", heard = "2025-12-23" }: Case): OutlookInput {
  const first = addDays(heard, 1 - values.length);
  return {
    seed: "00000000-0000-4000-8000-000000000001",
    terms: {
      ...{ direction: "increase", baseline_value: 0, target_value: 100, unit: "USD", aggregation: "sum" },
      ...{ start_date: "2025-12-20", end_date: "2025-12-29" },
      ...terms,
    },
    today: TODAY,
    current_value: 0,
    source: {
      ...{ by: "series", name: "crm/gifts", kind, heard: "2025-12-23" },
      days: values.map((value, day) => ({ date: addDays(first, day), value, n: n(day) })),
    },
  };
}

const constant = (value: number, days: number) => Array.from({ length: days }, () => value);

function near(actual: number | null, expected: number): void {
  ok(actual !== null && Math.abs(actual - expected) <= 1e-6 * Math.max(1, Math.abs(expected)), `${actual}`);
}

Deno.test("a window that has not begun brings all of its days, and none before", () => {
  const terms = { start_date: "2025-12-27", end_date: "2026-01-05", target_value: 75 };
  const seen = goalOutlook(input({ terms, values: constant(10, 60) }));
  near(seen.forecast_value, 100); // ten days
  equal([seen.current_value, seen.projected_completion_date], [0, "2026-01-03"]); // 70 with 2 January, 80 with the 3rd
  near(seen.daily_required, 75 / 10); // over the ten days of the window: none before it brings anything
  near(seen.daily_forecast, 10);
  equal(seen.fan.map(({ median }) => Math.round(median)).slice(0, 5), [0, 0, 0, 10, 20]); // from the 24th on
});

Deno.test("what a series that never varied just reaches, or just stays within, is certain", () => {
  // 7 a day: 61 days are 427, 10 days are 70; sums of such steps may end a hair below or above.
  const odds = (history: number, terms: Partial<OutlookInput["terms"]>, of: Partial<Case> = {}) =>
    goalOutlook(input({ terms, values: constant(7, history), ...of })).probability;
  const ceiling = { direction: "decrease", baseline_value: 1_000 } as const;
  for (const history of [60, 140, 400]) { // in days, and in weeks
    const long = { start_date: "2025-12-20", end_date: "2026-02-18" };
    equal([odds(history, { ...long, target_value: 427 }), odds(history, { ...long, target_value: 428 })], [1, 0]);
    const limits = [427, 426].map((target_value) => odds(history, { ...long, ...ceiling, target_value }));
    equal(limits, [1, 0]);
    const ahead = { start_date: "2026-01-03", end_date: "2026-01-12" };
    equal([odds(history, { ...ahead, target_value: 70 }), odds(history, { ...ahead, target_value: 70.1 })], [1, 0]);
    equal(odds(history, { ...ahead, ...ceiling, target_value: 70 }), 1);
    const third = { values: constant(0.1 + 0.2, history) }; // 0.30000000000000004
    equal(odds(history, { direction: "maintain", baseline_value: 0.1, target_value: 0.3 }, third), 1);
    equal(odds(history, { aggregation: "avg", target_value: 0.3 }, { ...third, kind: "sample" }), 1);
  }
});

Deno.test("a limit whose passing is certain, but has not come yet, is not said to be passed", () => {
  // 4 days · 7 are booked, 10 · 7 = 70 to come: beyond 60 in the end, and 28 now.
  const terms = { direction: "decrease", baseline_value: 1_000, target_value: 60 } as const;
  const { probability, recommended_action } = goalOutlook(input({ terms, values: constant(7, 60) }));
  equal([probability, recommended_action.code], [0, "change_plan"]);
  // (60 − 28) / 6 = 5.33 a day, 24 % below 7.
  equal(
    recommended_action.text,
    "Change the plan or the target: the limit allows 5.33 USD a day, 24 % below the forecast's 7 USD; " +
      "0 % of the simulated paths stay within it.",
  );
  const passed = goalOutlook(input({ terms: { ...terms, target_value: 27 }, values: constant(7, 60) }));
  equal(passed.recommended_action.text, "The limit of 27 USD is passed for good.");
});

Deno.test("an average that has yet to begin stands at its baseline, in the fan as well", () => {
  const terms = { aggregation: "avg", baseline_value: 40, start_date: "2025-12-27", end_date: "2026-01-05" } as const;
  const seen = goalOutlook(input({ terms, values: constant(50, 60), kind: "sample" }));
  equal([seen.current_value, ...seen.fan.slice(0, 3).map(({ median }) => median)], [40, 40, 40, 40]); // 24th to 26th
  near(seen.fan[3]?.median ?? null, 50);
});

Deno.test("of a goal to maintain value and fan are those of single days, by what its aggregation tells of them", () => {
  // Each day three gifts, 21 USD in all: 7 USD a gift. The band of each holds one of these numbers.
  const band = (aggregation: "sum" | "count" | "avg" | "last", baseline_value: number, target_value: number) => {
    const terms = { aggregation, direction: "maintain", baseline_value, target_value } as const;
    const seen = goalOutlook(input({ terms, values: constant(21, 60), n: () => 3 }));
    return [seen.current_value, Math.round(seen.forecast_value ?? 0), seen.probability];
  };
  equal(band("sum", 20, 22), [21, 21, 1]);
  equal(band("last", 20, 22), [21, 21, 1]);
  equal(band("count", 2, 4), [3, 3, 1]);
  equal(band("count", 20, 22), [3, 3, 0]);
  equal(band("avg", 6, 8), [7, 7, 1]);
});

Deno.test("an average weighs the days to come by the readings that days bring", () => {
  // Two readings a day. Booked from the 20th on: 4 days · 2 readings of 5; to come: 6 days · 2 readings of 5.
  const seen = goalOutlook(
    input({ terms: { aggregation: "avg" }, values: constant(5, 60), n: () => 2, kind: "sample" }),
  );
  near(seen.forecast_value, 5);
  equal([seen.daily_required, seen.daily_forecast], [null, null]);
  // A flow's average is that of its readings: 10 a day in two readings are 5 each.
  near(goalOutlook(input({ terms: { aggregation: "avg" }, values: constant(10, 60), n: () => 2 })).forecast_value, 5);
});

Deno.test("an average by days weighs each day ahead by the readings that its like brings", () => {
  // Saturdays and Sundays have one reading of 20, other days four of 5; yesterday, the last day, was a Tuesday.
  const weekend = (day: number) => [3, 2].includes((69 - day) % 7);
  const seen = goalOutlook(input({
    ...{ terms: { aggregation: "avg" }, kind: "sample", n: (day) => weekend(day) ? 1 : 4 },
    values: Array.from({ length: 70 }, (_, day) => weekend(day) ? 20 : 5),
  }));
  // Of the ten days from Saturday the 20th on four have 1 · 20 and six 4 · 5: 200 in 28 readings.
  equal(seen.model, "daily_paths");
  near(seen.forecast_value, 200 / 28);
});

Deno.test("an average of uneven days is the mean of the readings to come, not of the days", () => {
  // Each week one day with a single reading of 1,000 and six days with nine of 10: (1,000 + 540) / 55 = 28; the mean of
  // its days would be (1,000 + 60) / 7 = 151.
  const heavy = (day: number) => day % 7 === 3;
  const seen = goalOutlook(input({
    terms: { aggregation: "avg", start_date: "2025-12-24", end_date: "2026-01-31" },
    ...{ values: Array.from({ length: 140 }, (_, day) => heavy(day) ? 1_000 : 10), kind: "sample" },
    n: (day) => heavy(day) ? 1 : 9,
  }));
  equal(seen.model, "weekly_paths");
  near(seen.forecast_value, 28);
  // A level has one value a day, however often it was read: 3 of 7 days at 80 and 4 at 10 are 40 on average.
  const level = goalOutlook(input({
    terms: { aggregation: "avg", start_date: "2025-12-24", end_date: "2026-01-31" },
    ...{ values: Array.from({ length: 140 }, (_, day) => day % 7 < 3 ? 80 : 10), kind: "gauge" },
    n: (day) => day % 7 < 3 ? 9 : 1,
  }));
  near(level.forecast_value, 40);
});

Deno.test("a total is simulated in weeks from 28 days on, if 112 days are known; a level or a band never within a year", () => {
  const model = (days: number, end_date: string, terms: Case["terms"] = {}) =>
    goalOutlook(input({ values: constant(10, days), terms: { ...terms, end_date } })).model;
  equal([model(112, "2026-01-20"), model(111, "2026-01-20"), model(112, "2026-01-19")], [
    ...["weekly_paths", "daily_paths", "daily_paths"], // the 20th is the 28th day from the 24th on
  ]);
  equal(model(400, "2026-12-20", { aggregation: "last" }), "daily_paths");
  equal(model(400, "2026-12-20", { direction: "maintain", target_value: 20 }), "daily_paths");
});

Deno.test("a far end is simulated in weeks, the last one by its days", () => {
  const terms = { end_date: "2027-03-01" };
  const seen = goalOutlook(input({ terms, values: constant(10, 700) }));
  equal([seen.model, seen.n_history], ["weekly_paths", 100]);
  near(seen.forecast_value, 10 * (daysBetween("2025-12-20", "2027-03-01") + 1));
  equal([seen.fan.length, seen.fan.at(-1)?.date], [60, "2027-03-01"]);
});

Deno.test("a history is not stretched beyond four times its length, nor a band judged beyond a year", () => {
  const short = goalOutlook(input({ terms: { end_date: "2026-06-30" }, values: constant(10, 30) }));
  equal([short.status, short.probability], ["insufficient_history", null]);
  match(short.reason ?? "", /^48 days of history are needed for an end 189 days away, and crm\/gifts has 30$/);
  const band = { direction: "maintain", target_value: 20, end_date: "2027-03-01" } as const;
  equal(goalOutlook(input({ terms: band, values: constant(10, 700) })).status, "out_of_range");
  equal(goalOutlook(input({ terms: { end_date: "2035-12-01" }, values: constant(10, 1000) })).status, "out_of_range");
});

Deno.test("days that nobody has heard of are simulated like the days ahead", () => {
  const silent = { ...input({ values: constant(10, 60), heard: "2025-12-21" }) };
  const seen = goalOutlook({ ...silent, source: { ...silent.source, heard: "2025-12-21" } as OutlookInput["source"] });
  near(seen.forecast_value, 100); // two booked days and eight to come
  equal(seen.warnings, ["2 days before today without a reading: simulated like the days ahead"]);
  // On days on which the service sent other readings, there were no gifts: they are history, and nothing is to come for them.
  const quiet = goalOutlook(silent);
  equal([quiet.n_history, quiet.current_value, quiet.warnings], [62, 20, []]);
  ok(
    quiet.forecast_value !== null && quiet.forecast_value >= 20 && quiet.forecast_value < 80,
    `${quiet.forecast_value}`,
  );
});

const history = fc.oneof(
  fc.array(fc.double({ min: -1e15, max: 1e15, noNaN: true }), { maxLength: 60 }),
  fc.array(fc.constantFrom(0, 0, 0, 1, 1e-9, 1e15, 7), { maxLength: 60 }),
  fc.integer({ min: 0, max: 90 }).map((n) => constant(12.5, n)),
  fc.integer({ min: 1, max: 300 }).map((seed) => {
    const normal = normals(seed);
    return Array.from({ length: 60 }, () => 100 + 30 * normal());
  }),
);
const cases = fc.record({
  values: history,
  kind: fc.constantFrom("flow", "gauge", "sample"),
  terms: fc.record({
    direction: fc.constantFrom("increase", "decrease", "maintain"),
    aggregation: fc.constantFrom("sum", "count", "avg", "last"),
    baseline_value: fc.double({ min: -1e15, max: 1e15, noNaN: true }),
    target_value: fc.oneof(fc.double({ min: -1e15, max: 1e15, noNaN: true }), fc.integer({ min: -10, max: 2000 })),
    start_date: fc.integer({ min: -400, max: 30 }).map((days) => addDays(TODAY, days)),
    end_date: fc.integer({ min: 30, max: 500 }).map((days) => addDays(TODAY, days)),
  }),
}, { noNullPrototype: true });
const SETTINGS = { seed: 20_251_224, numRuns: 25 };

function byHand(of: OutlookInput): OutlookInput {
  const { source } = of;
  return { ...of, source: { by: "hand", days: source.days.filter((_, i) => i % 3 === 0) } };
}

Deno.test("no forecast holds NaN, Infinity or a probability outside 0–1, its fan nests, and it is always the same", () => {
  fc.assert(
    fc.property(cases, (one) => {
      for (const  of of[input(one as Case), byHand(input(one as Case))]) {
        const seen = goalOutlook(of);
        equal(Outlook.parse(seen), seen); // zod takes neither NaN nor Infinity for a number
        equal(goalOutlook(of), seen);
        ok(seen.probability === null ? seen.reason !== null : seen.reason === null);
        for (const point of seen.fan) {
          const { lower_95, lower_80, lower_50, median, upper_50, upper_80, upper_95 } = point;
          const order = [lower_95, lower_80, lower_50, median, upper_50, upper_80, upper_95];
          equal(order.toSorted((a, b) => a - b), order);
        }
        if (seen.status === "ok") equal(seen.fan.at(-1)?.date, of.terms.end_date);
        ok(seen.fan.length <= 60);
      }
    }),
    SETTINGS,
  );
});

Deno.test("a higher target is never more likely to be reached, nor a lower limit to be kept", () => {
  fc.assert(
    fc.property(cases, fc.double({ min: 0, max: 1e15, noNaN: true }), (one, more) => {
      for (const direction of ["increase", "decrease"] as const) {
        const of = input({ ...one, terms: { ...one.terms, direction } } as Case);
        const moved = { ...of, terms: { ...of.terms, target_value: of.terms.target_value + more } };
        const [nearer, further] = direction === "increase" ? [of, moved] : [moved, of];
        const [a, b] = [goalOutlook(nearer).probability, goalOutlook(further).probability];
        ok(a === null ? b === null : b !== null && a >= b, `${a} ${b}`);
      }
    }),
    { ...SETTINGS, numRuns: 12 },
  );
});

Deno.test("of 240 generated goals, about as many are reached as was said", () => {
  const uniform = uniforms(4711);
  const goals = generatedSeries(120, 420, 4711).flatMap(({ id, values }) =>
    [0, 1].flatMap((i) => {
      const known = 300 + 30 * i;
      const [history, future] = [values.slice(0, known), values.slice(known, known + 60)];
      const one = { id: `${id} ${i}`, history, future, frequency: "daily" as const, season_length: 7 };
      return replaySteps(one, "", uniform) ?? [];
    })
  );
  const { n, error, brier, linear_brier, coverage } = reliability(goals);
  const said = JSON.stringify({ error, brier, linear_brier, coverage });
  equal(n, 240);
  // It is 0.046, about what chance alone makes of so few; bands twice as wide make it 0.105, half as wide 0.086.
  ok(error < 0.08, said);
  ok(brier < linear_brier, said);
  for (const [i, level] of [0.5, 0.8, 0.95].entries()) ok(Math.abs((coverage[i] ?? 0) - level) < 0.07, said);
});
