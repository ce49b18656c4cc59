import { deepStrictEqual as equal, ok } from "node:assert/strict";
import {
  autocorrelations,
  averageRanks,
  correlationTest,
  lagScan,
  pairedEffectiveSize,
  pearson,
  spearman,
} from "../../../services/math/mod.ts";
import { CARS } from "./cars.ts";
import { closeTo } from "./close_to.ts";
import { normals } from "./seeded.ts";

const [SPEED, DIST] = [CARS.map(([speed]) => speed), CARS.map(([, dist]) => dist)];

Deno.test("a correlation of five pairs is what a hand calculation gives", () => {
  // x̄ = 3, ȳ = 4, Sxx = 10, Syy = 6, Sxy = 6: r = 6/√60. Ranks of y: 1, 2.5, 4.5, 2.5, 4.5 with Syy = 9, Sxy = 7.
  const [x, y] = [[1, 2, 3, 4, 5], [2, 4, 5, 4, 5]];
  closeTo(pearson(x, y), 6 / Math.sqrt(60), 1e-15);
  closeTo(spearman(x, y), 7 / Math.sqrt(90), 1e-15);
  // t = r√(3/(1 − r²)) = √(0.6·3/0.4) = √4.5 with 3 degrees of freedom.
  closeTo(correlationTest(6 / Math.sqrt(60), 5, 0.95)?.p_value ?? null, 0.1240270626575546, 1e-12); // scipy 1.17.1
});

Deno.test("coefficients, p-values and intervals are those of scipy 1.17.1 on R's cars", () => {
  const [r, rho] = [pearson(SPEED, DIST), spearman(SPEED, DIST)];
  closeTo(r, 0.8068949006892104, 1e-14); // scipy.stats.pearsonr
  closeTo(rho, 0.8303568388329935, 1e-14); // scipy.stats.spearmanr
  const test = correlationTest(r ?? NaN, 50, 0.9);
  closeTo(test?.p_value ?? null, 1.4898364962950752e-12, 1e-10);
  closeTo(test?.lower ?? null, 0.7054856374300263, 1e-12); // pearsonr(…).confidence_interval(0.9)
  closeTo(test?.upper ?? null, 0.8759264805353933, 1e-12);
  closeTo(correlationTest(rho ?? NaN, 50, 0.9, "spearman")?.p_value ?? null, 8.824558437619758e-14, 1e-10);
});

Deno.test("equal values share the mean of their ranks, and ranks do not care for the scale", () => {
  equal(averageRanks([3, 1, 3, 3, -2]), [4, 2, 4, 4, 1]);
  equal(averageRanks([]), []);
  closeTo(spearman([1, 2, 3, 4, 5], [1, 8, 27, 64, 1e15]), 1, 1e-15);
});

Deno.test("what does not vary has no correlation, and neither have too few pairs", () => {
  equal([pearson([1, 1, 1], [1, 2, 3]), pearson([1, 2, 3], [0.1, 0.1, 0.1]), spearman([2, 2], [1, 2])], [
    ...[null, null, null],
  ]);
  equal([pearson([], []), pearson([1], [2]), pearson([1, 2], [1]), pearson([1, NaN, 3], [1, 2, 3])], [
    ...[null, null, null, null],
  ]);
  equal(correlationTest(0.5, 2, 0.95), { p_value: null, lower: null, upper: null });
  equal(correlationTest(1, 3, 0.95), { p_value: 0, lower: null, upper: null });
  equal([correlationTest(1.1, 9, 0.95), correlationTest(0.5, 9, 1), correlationTest(NaN, 9, 0.9)], [null, null, null]);
});

Deno.test("the interval of Spearman's rho is the wider one of Bonett and Wright", () => {
  // atanh 0.5 = 0.549306, z = 1.959964, √(1.125/27) = 0.204124: tanh(0.149231) and tanh(0.949381).
  const test = correlationTest(0.5, 30, 0.95, "spearman");
  equal([test?.lower?.toFixed(5), test?.upper?.toFixed(5)], ["0.14813", "0.73950"]);
});

Deno.test("an autocorrelation of a series with gaps is that of the pairs that are known", () => {
  // Known 1, 2, 4, 5 of a span of 5: mean 3, deviations −2, −1, 1, 2 with a mean square of 2.5. Two pairs of neighbours,
  // 1·2 and 4·5, have a mean product of 2; times 1 − 1/5 that is 0.64. One pair lies 4 apart: −4·(1 − 4/5)/2.5.
  equal(autocorrelations([1, 2, null, 4, 5], 1), [0.64]);
  closeTo(autocorrelations([null, 1, 2, null, 4, 5, null], 4)?.[3] ?? null, -0.32, 1e-12);
  equal(autocorrelations([1, null, 2, null, 3, null, 4], 1), [0]); // no two are neighbours
  equal([autocorrelations([3, 3, 3], 1), autocorrelations([], 1), autocorrelations([1, null], 2)], [null, null, null]);
});

Deno.test("values on every fifth day are worth as many pairs as the same values week by week", () => {
  const normal = normals(31);
  const spread = (values: number[]) => values.flatMap((value) => [value, null, null, null, null]).slice(0, -4);
  for (let run = 0; run < 20; run++) {
    let [x, y] = [0, 0];
    const [xs, ys] = [Array.from({ length: 40 }, () => x += normal()), Array.from({ length: 40 }, () => y += normal())];
    const [dense, sparse] = [pairedEffectiveSize(xs, ys) ?? NaN, pairedEffectiveSize(spread(xs), spread(ys)) ?? NaN];
    // The same pairs at the same lags; only the span, 196 days for 40 values, is a little shorter than 40 times 5.
    ok(Math.abs(sparse / dense - 1) < 0.05, `${sparse} and ${dense}`);
  }
  const line = Array.from({ length: 24 }, (_, i) => i);
  closeTo(pairedEffectiveSize(spread(line), spread(line)), pairedEffectiveSize(line, line) ?? NaN, 0.2);
});

Deno.test("two independent random walks are worth few pairs, and noise is worth nearly all of them", () => {
  const normal = normals(11);
  const noise = () => Array.from({ length: 200 }, normal);
  const walk = () => {
    let at = 0;
    return noise().map((step) => at += step);
  };
  let [naive, adjusted] = [0, 0];
  for (let run = 0; run < 200; run++) {
    const [x, y] = [walk(), walk()];
    const r = pearson(x, y) ?? 0;
    const n = pairedEffectiveSize(x, y) ?? 0;
    if ((correlationTest(r, 200, 0.95)?.p_value ?? 1) < 0.05) naive++;
    if ((correlationTest(r, n, 0.95)?.p_value ?? 1) < 0.05) adjusted++;
    ok((pairedEffectiveSize(noise(), noise()) ?? 0) > 120);
  }
  // Spurious correlation (Yule 1926): most pairs of walks look related; counted as what they are worth, few do.
  ok(naive > 130, `naive ${naive}`);
  ok(adjusted < 40, `adjusted ${adjusted}`);
});

Deno.test("random walks with gaps of any kind are taken for related hardly more often than without", () => {
  const normal = normals(12);
  const walk = () => {
    let at = 0;
    return Array.from({ length: 200 }, () => at += normal());
  };
  const gaps: Record<string, (i: number) => boolean> = {
    "every fifth day": (i) => i % 5 === 0,
    "weekdays": (i) => i % 7 < 5,
    "three days of seven": (i) => i % 7 === 0 || i % 7 === 2 || i % 7 === 3,
    "one day of three by chance": () => normal() > 0.43,
  };
  for (const [name, isKnown] of Object.entries(gaps)) {
    let claimed = 0;
    for (let run = 0; run < 200; run++) {
      const known = Array.from({ length: 200 }, (_, i) => isKnown(i));
      const [x, y] = [walk(), walk()].map((all) => all.map((value, i) => known[i] ? value : null));
      if (x === undefined || y === undefined) continue;
      const pairs = known.flatMap((one, i) => one ? [i] : []);
      const r = pearson(pairs.map((i) => x[i] ?? 0), pairs.map((i) => y[i] ?? 0)) ?? 0;
      if ((correlationTest(r, pairedEffectiveSize(x, y) ?? 0, 0.95)?.p_value ?? 1) < 0.05) claimed++;
    }
    ok(claimed < 40, `${name}: ${claimed} of 200`); // below 40 without gaps, as above
  }
});

Deno.test("a scan finds the delay and who leads, and noise is not taken for one", () => {
  const normal = normals(5);
  const x = Array.from({ length: 120 }, normal);
  const later = x.map((_, i) => 2 * (x[i - 3] ?? 0) + 0.5 * normal());
  const found = lagScan(x, later, 14);
  equal([found?.max_lag, found?.best.lag, found?.best.n, found?.lags.length], [14, 3, 117, 29]);
  ok((found?.best.r ?? 0) > 0.9 && (found?.best.p_value ?? 1) < 1e-9);
  equal(lagScan(later, x, 14)?.best.lag, -3);
  let claimed = 0;
  for (let run = 0; run < 200; run++) {
    const scan = lagScan(Array.from({ length: 120 }, normal), Array.from({ length: 120 }, normal), 14);
    if ((scan?.best.p_value ?? 1) < 0.05) claimed++;
  }
  ok(claimed <= 20, `${claimed} of 200 at 5 %`); // without the correction about 150
});

Deno.test("a scan is bounded by a quarter of the length, and needs five pairs that vary", () => {
  equal(lagScan([1, 2, 3, 4, 5, 7, 6, 9], [1, 4, 2, 8, 5, 7, 1, 3], 100)?.max_lag, 2);
  equal(lagScan([1, 2, 3, 4], [1, 4, 2, 8], 3), null);
  equal(lagScan([1, 1, 1, 1, 1, 1], [1, 2, 3, 4, 5, 6], 1), null);
  equal(lagScan([1, null, 3, null, 5, null, 2], [null, 1, null, 2, 4, 5, 6], 0), null);
});
