import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { seasonalResidualScores, zScoreAnomalies } from "../../../services/math/mod.ts";
import { shiftEvidence, spellEvidence, stuckEvidence } from "../../../services/math/anomaly_evidence.ts";
import { anomalyFit } from "../../../services/math/anomaly_fit.ts";
import { rollingMedian } from "../../../services/math/rolling_median.ts";
import { withFaults } from "../../bench/anomalies/faults.ts";
import { averagePrecision, f1 } from "../../bench/anomalies/measures.ts";
import { generatedYears } from "../../bench/anomalies/years.ts";
import { closeTo } from "./close_to.ts";
import { normals, uniforms } from "./seeded.ts";

const DAYS = { season_length: 7, recurrences: [364, 365], threshold: 3.5 };
const WEEK = [0, 5, 3, 8, 20, -30, -40];

/** A year or more around 100, with weekdays, noise of 5, and what a test adds to a day. */
function days(n: number, added: (day: number) => number = () => 0, seed = 5): number[] {
  const normal = normals(seed);
  return Array.from({ length: n }, (_, day) => 100 + (WEEK[day % 7] ?? 0) + 5 * normal() + added(day));
}

/** What was found: the day and its kind. */
const found = (values: readonly (number | null)[], question = DAYS) =>
  seasonalResidualScores(values, question).flatMap(({ score, kind }, day) =>
    score >= question.threshold ? [[day, kind]] : []
  );

Deno.test("z-scores by hand, with the largest first", () => {
  // Mean 2, deviations −2, 0, 2, sample variance 8/2 = 4, so the z are −1, 0, 1.
  const small = zScoreAnomalies([0, null, 2, 4], 1);
  equal([small.mean, small.stddev, small.z, small.anomalies], [2, 2, [-1, null, 0, 1], [0, 3]]);
  // Ten 0 and an 11: mean 1, Σ of squares 10 + 100 = 110, variance 11, so z = 10/√11 = 3.015 = (n − 1)/√n.
  const one = zScoreAnomalies([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11], 3);
  equal(one.anomalies, [10]);
  closeTo(one.z[10] ?? NaN, 10 / Math.sqrt(11), 1e-12);
  closeTo(one.reachable, 10 / Math.sqrt(11), 1e-12);
});

Deno.test("how many values a z-score takes before it can reach a threshold", () => {
  // (n − 1)/√n ≥ 3 first at n = 11: 9/√10 = 2.846, 10/√11 = 3.015; ≥ 1.5 first at n = 4: 3/2.
  const needed = (threshold: number) => zScoreAnomalies([1, 2], threshold).needed;
  equal([needed(3), needed(1.5), needed(2)], [11, 4, 6]); // 4/√5 = 1.789, 5/√6 = 2.041
  closeTo(zScoreAnomalies([1, 2, 3, 4], 3).reachable, 1.5, 1e-12);
});

Deno.test("no values, one value and constants have no z-score anomaly", () => {
  equal([zScoreAnomalies([], 3).anomalies, zScoreAnomalies([], 3).reachable], [[], 0]);
  equal(zScoreAnomalies([7], 3).z, [0]);
  equal(zScoreAnomalies([0.1, 0.1, 0.1], 0).anomalies, []);
  equal(zScoreAnomalies([null, NaN], 3).z, [null, null]);
});

Deno.test("a rolling median is the median of what is known around each place", () => {
  equal(rollingMedian([1, 9, 2, null, 4], 1), [5, 2, 5.5, 3, 4]); // (1,9) (1,9,2) (9,2) (2,4) (4)
  equal(rollingMedian([null, null, 3], 1), [null, 3, 3]);
  equal([rollingMedian([], 3), rollingMedian([2, 1], 0), rollingMedian([2, 1], NaN)], [[], [2, 1], [2, 1]]);
  equal(rollingMedian([Number.MAX_VALUE, Number.MAX_VALUE], 1), [Number.MAX_VALUE, Number.MAX_VALUE]);
  const uniform = uniforms(3);
  const values = Array.from({ length: 200 }, () => uniform() < 0.1 ? null : Math.floor(20 * uniform()));
  for (const half of [1, 7, 30]) {
    equal(
      rollingMedian(values, half),
      values.map((_, i) => {
        const around = values.slice(Math.max(0, i - half), i + half + 1).filter((value) => value !== null)
          .sort((a, b) => a - b);
        const n = around.length;
        return ((around[(n - 1) >> 1] ?? NaN) + (around[n >> 1] ?? NaN)) / 2;
      }),
    );
  }
});

Deno.test("several values in a row on one side say more than each, the weakest times √(k/3)", () => {
  const four = spellEvidence([0, 2, 3, 2, 3, -5]);
  equal(four[0], 0);
  for (const day of [1, 2, 3, 4]) {
    // Alone 3/√3 = 1.73; two of at least 2: 1.63; three: 2; all four: 2·√(4/3) = 2.31.
    closeTo(four[day] ?? NaN, 2 * Math.sqrt(4 / 3), 1e-12);
  }
  closeTo(four[5] ?? NaN, 5 / Math.sqrt(3), 1e-12);
});

Deno.test("a value that stays the same is stuck where that is rare, and a habit where it is not", () => {
  const values: (number | null)[] = Array.from({ length: 99 }, (_, i) => i);
  values[50] = values[51] = values[52] = 49; // the 49 of day 49 three more times
  const stuck = stuckEvidence(values);
  // One stretch began among 99 values: p = 2/100, k = 3, √(2·3·ln 50) = 4.845; the first may be right.
  equal([stuck[49], stuck[53]], [0, 0]);
  for (const day of [50, 51, 52]) closeTo(stuck[day] ?? NaN, Math.sqrt(6 * Math.log(50)), 1e-12);
  ok(stuckEvidence(Array.from({ length: 99 }, (_, i) => i % 3 === 0 ? 0 : i)).every((score) => score === 0));
  ok(stuckEvidence(Array.from({ length: 99 }, (_, i) => Math.floor(i / 4))).every((score) => score === 0));
  ok(stuckEvidence(values.map(() => null)).every((score) => score === 0));
  ok(stuckEvidence(values.map((_, i) => i < 80 ? null : 7)).every((score) => score === 0), "of what is known");
});

Deno.test("a level that changes for good is a shift where it begins, and nowhere else", () => {
  const values = Array.from({ length: 60 }, (_, i) => i < 33 ? 10 : 16);
  const shifts = shiftEvidence(rollingMedian(values, 14), values, values.map(() => 2));
  equal(shifts.evidence.flatMap((size, day) => size === 0 ? [] : [[day, size, shifts.before[day]]]), [[33, 3, 10]]);
});

Deno.test("a spike, a drop and a missing day are found beside what was expected", () => {
  const scored = seasonalResidualScores(days(365, (day) => day === 200 ? 40 : day === 100 ? -40 : 0), DAYS);
  const [drop, spike] = [scored[100], scored[200]];
  equal([drop?.kind, spike?.kind], ["drop", "spike"]);
  for (const [i, one] of [[100, drop], [200, spike]] as const) {
    closeTo(one?.expected ?? NaN, 100 + (WEEK[i % 7] ?? 0), 0.1);
    ok((one?.score ?? 0) > 5 && (one?.lower ?? NaN) < (one?.expected ?? NaN));
  }
  ok((spike?.value ?? 0) > (spike?.upper ?? Infinity) && (drop?.value ?? 0) < (drop?.lower ?? -Infinity));
});

Deno.test("a year without faults shows next to nothing", () => {
  const flags = Array.from({ length: 10 }, (_, seed) => found(days(365, undefined, seed + 1)).length);
  ok(flags.reduce((a, b) => a + b, 0) <= 30, flags.join(" ")); // below one day in a hundred
  ok(found(days(365, (day) => day)).length <= 3, "a line up is no anomaly");
});

Deno.test("a line is no anomaly, from near 0 or down to it, whatever its noise", () => {
  const line = (n: number, from: number, slope: number, sd = 0, seed = 1) => {
    const normal = normals(seed);
    return Array.from({ length: n }, (_, day) => Math.max(0, from + slope * day + sd * normal()));
  };
  for (const n of [60, 120, 365]) {
    for (const slope of [3, 0.1]) {
      for (const from of [0, 10, 1e6]) {
        equal(found(line(n, from, slope)), [], `${n} days from ${from}`);
        equal(found(line(n, from + slope * n, -slope)), [], `${n} days down to ${from}`);
      }
    }
  }
  const since = [...Array<null>(200).fill(null), ...line(120, 10, 3), ...Array<null>(20).fill(null)];
  equal(found(since), [], "a line has its ends where it is known");
  // Of normal noise with threshold 3.5 one day in 2,000 is flagged; three a line is far more than that, and no habit.
  for (const [from, slope, sd] of [[10, 3, 1], [367, -3, 1], [100, 3, 1], [100, 3, 5], [10, 3, 0.05]] as const) {
    const flags = Array.from({ length: 20 }, (_, seed) => found(line(120, from, slope, sd, seed + 1)).length);
    ok(flags.reduce((a, b) => a + b, 0) <= 20 && flags.every((own) => own <= 4), `${from}, ${slope}, ${sd}: ${flags}`);
  }
  const spoilt = line(120, 10, 3, 1).map((value, day) => day === 2 || day === 60 ? value + 15 : value);
  const spikes = found(spoilt).map(([day]) => day);
  ok(spikes.includes(2) && spikes.includes(60), "but a fault on it is one, at its begin too");
});

Deno.test("skewed gifts are compared by their roots, a line as it is", () => {
  // From the scale back, twice as far is four times as much of a square, and twice as much of a value itself.
  const power = (values: number[]) => {
    const { back } = anomalyFit(values, 7);
    return Math.log2(back(1) / back(0.5));
  };
  const rooted = Array.from({ length: 20 }, (_, seed) => {
    const [normal, uniform] = [normals(seed + 1), uniforms(seed + 1)];
    return power(Array.from({ length: 365 }, () => uniform() < 0.3 ? 0 : Math.exp(6 + 1.2 * normal())));
  });
  ok(rooted.filter((one) => Math.abs(one - 2) < 1e-9).length >= 19, String(rooted));
  ok(Math.abs(power(Array.from({ length: 120 }, (_, day) => 10 + 3 * day)) - 1) < 1e-9);
});

Deno.test("where nothing is below 0, nothing below it is expected", () => {
  const normal = normals(3);
  // Down to 5 with a standard deviation of 3: 3.5 of them below the last days is below 0.
  const down = Array.from({ length: 120 }, (_, day) => Math.max(0, 362 - 3 * day + 3 * normal()));
  const lower = seasonalResidualScores(down, DAYS).map((one) => one.lower ?? NaN);
  ok(lower.every((one) => one >= 0) && lower.at(-1) === 0, String(lower.slice(-5)));
  const signed = seasonalResidualScores(down.map((value) => value - 10), DAYS).map((one) => one.lower ?? NaN);
  ok((signed.at(-1) ?? NaN) < -10);
});

Deno.test("a step is one anomaly at its begin, not one a day after it", () => {
  for (const size of [30, -30]) {
    const steps = found(days(365, (day) => day >= 200 ? size : 0));
    equal(steps.filter(([, kind]) => kind === "level_shift"), [[200, "level_shift"]]);
    ok(steps.length <= 3);
  }
});

Deno.test("a level that shifts for a week is found day by day, each by the spell if not by its size", () => {
  const flagged = found(days(365, (day) => day >= 200 && day < 207 ? 17 : 0)).map(([day]) => day);
  ok([200, 201, 202, 203, 204, 205, 206].filter((day) => flagged.includes(day)).length >= 6, String(flagged));
});

Deno.test("what comes back after a year is expected", () => {
  const holidays = (day: number) => day === 150 || day === 150 + 365 ? -60 : 0;
  ok(found(days(365, holidays)).some(([day]) => day === 150));
  const both = found(days(730, holidays)).map(([day]) => day);
  ok(!both.includes(150) && !both.includes(515));
  ok(found(days(730, (day) => day === 150 ? -60 : 0)).some(([day]) => day === 150), "but once is a fault");
});

Deno.test("days that are not known are no anomaly and hide none", () => {
  const values = days(365, (day) => day === 100 ? 40 : 0).map((value, day) => day % 3 === 0 ? null : value);
  const scored = seasonalResidualScores(values, DAYS);
  ok(scored.every(({ value, score, kind }) => value !== null || (score === 0 && kind === null)));
  equal(scored[100]?.kind, "spike");
});

Deno.test("series that are mostly zero, and small counts, are not full of anomalies", () => {
  const uniform = uniforms(6);
  const sparse = Array.from({ length: 365 }, () => uniform() < 0.1 ? Math.ceil(5 * uniform()) : 0);
  equal(found(sparse).length, 0);
  equal(found(sparse.map((value, day) => day === 50 ? 500 : value)), [[50, "spike"]]);
  equal(found(Array.from({ length: 365 }, (_, day) => [5, 5, 5, 5, 5, 0, 0][day % 7] ?? 0)).length, 0);
  equal(found(Array.from({ length: 365 }, (_, day) => day === 99 ? 0 : [5, 5, 5, 5, 5, 0, 0][day % 7] ?? 0)), [[
    99,
    "drop",
  ]]);
});

Deno.test("constants score 0, and one other value among them stands out, however small or large", () => {
  for (const size of [1e-9, 1, 1e15]) {
    ok(seasonalResidualScores(Array(60).fill(size), DAYS).every(({ score }) => score === 0));
    equal(found(Array.from({ length: 60 }, (_, day) => day === 30 ? size : 0)), [[30, "spike"]]);
  }
  for (const few of [[], [1], [2, 2], [null, null]]) {
    ok(seasonalResidualScores(few, DAYS).every(({ score }) => score === 0));
  }
  ok(seasonalResidualScores([1, 2], DAYS).every(({ score }) => score < 1));
});

Deno.test("scores do not depend on the unit", () => {
  const values = days(200);
  const scores = (unit: number) =>
    seasonalResidualScores(values.map((value) => value * unit), DAYS).map(({ score }) => score);
  const [own, small, large] = [scores(1), scores(1e-9), scores(1e12)];
  for (const [day, score] of own.entries()) {
    closeTo(small[day] ?? NaN, score, 1e-6);
    closeTo(large[day] ?? NaN, score, 1e-6);
  }
});

Deno.test("every score is finite, and the range holds the expected value, whatever the series", () => {
  const value = fc.oneof(
    fc.constant(null),
    fc.double(),
    fc.double({ min: 0, max: 1e3, noNaN: true }),
    fc.constantFrom(0, 1, 1e15, 1e-9, -3, Number.MAX_VALUE, Number.MIN_VALUE),
  );
  const series = fc.array(value, { maxLength: 60 });
  const question = fc.record({
    season_length: fc.integer({ min: 0, max: 12 }),
    threshold: fc.double({ min: 1, max: 20, noNaN: true }),
  });
  fc.assert(
    fc.property(series, question, (values, asked) => {
      const scored = seasonalResidualScores(values, asked);
      equal(scored.length, values.length);
      for (const { score, expected, lower, upper, ...rest } of scored) {
        ok([score, expected, lower, upper, rest.value].every((x) => x === null || Number.isFinite(x)));
        ok(score >= 0 && (score > 0) === (rest.kind !== null));
        if (expected !== null && lower !== null && upper !== null) ok(lower <= expected && expected <= upper);
      }
      const { mean, stddev, z, reachable, needed } = zScoreAnomalies(values, asked.threshold);
      ok([mean, stddev, ...z, reachable, needed].every((x) => x === null || Number.isFinite(x)));
    }),
    { seed: 20_240_607, numRuns: 300 },
  );
});

Deno.test("faults put into generated years are found twice as well as by the z-score", () => {
  const spoilt = generatedYears().slice(0, 20).map(({ values }, i) => withFaults(values, uniforms(i)));
  const mean = (of: (values: number[], faulty: boolean[]) => number) =>
    spoilt.reduce((sum, { values, faulty }) => sum + of(values, faulty), 0) / spoilt.length;
  const scores = (values: number[]) => seasonalResidualScores(values, DAYS).map(({ score }) => score);
  const ours = mean((values, faulty) => averagePrecision(scores(values), faulty));
  const plain = mean((values, faulty) =>
    averagePrecision(zScoreAnomalies(values, 3).z.map((z) => Math.abs(z ?? 0)), faulty)
  );
  ok(ours >= 0.85 && ours > 2 * plain, `average precision ${ours}, of the z-score ${plain}`);
  const flags = mean((values, faulty) => f1(scores(values).map((score) => score >= 3.5), faulty));
  ok(flags >= 0.75, `F1 ${flags}`);
});

Deno.test("average precision and F1 by hand", () => {
  // In order: a fault (1/1), none, a fault (2/3): (1 + 2/3)/2. Two of one score come together: 2 faults of 3.
  closeTo(averagePrecision([3, 2, 1], [true, false, true]), (1 + 2 / 3) / 2, 1e-12);
  closeTo(averagePrecision([5, 5, 5, 1], [true, false, true, false]), 2 / 3, 1e-12);
  closeTo(f1([true, true, false], [true, false, true]), 0.5, 1e-12); // one of two flagged, one of two found
});

Deno.test("a steady growth is no fall behind at its ends, and its last day can be an anomaly", () => {
  const growth = days(365, (day) => 50_000 + 20 * day);
  ok(found(growth).length <= 3, JSON.stringify(found(growth)));
  equal(found(growth.map((value, day) => day === 364 ? value + 60 : value)).at(-1), [364, "spike"]);
});
