import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { seasonalDecomposition, seriesStrengths } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";
import { normals } from "./seeded.ts";

/** Five weeks of seven days, rising a little, with a low end of each week. */
const WEEKS = [
  ...[31, 28, 35, 30, 42, 18, 12, 33, 30, 34, 36, 45, 20, 10, 30, 33, 38, 35, 47, 22, 15],
  ...[36, 31, 40, 39, 44, 25, 13, 38, 36, 41, 37, 50, 24, 18],
];

Deno.test("the season of five weeks is that of statsmodels, and the strengths follow from its parts", () => {
  // statsmodels 0.15: seasonal_decompose(values, period=7); strengths and F of its parts by numpy 2 and scipy 1.17, with
  // 29 values inside, 35/7 degrees of freedom for the moving average and 6 for the season.
  const found = seriesStrengths(WEEKS, 7);
  const season = [2.901020408163264, 0.8653061224489812, 6.401020408163266, 4.16530612244898, 13.901020408163266];
  for (const [place, expected] of [...season, -9.63469387755102, -18.598979591836734].entries()) {
    closeTo(found.season[place] ?? null, expected, 1e-12, `place ${place}`);
  }
  closeTo(found.trend_strength, 0.5121550992351869, 1e-12);
  closeTo(found.seasonal_strength, 0.965226849105678, 1e-12);
  closeTo(found.seasonal_p_value, 2.9274029811195323e-13, 1e-6);
});

Deno.test("three short seasons stand on a straight line, by least squares of both at once", () => {
  // numpy 2: lstsq of four places and a slope; F(3, 7) by scipy 1.17.
  const found = seriesStrengths([12, 5, 9, 20, 14, 7, 8, 24, 15, 6, 12, 25], 4);
  const season = [1.1458333333333375, -6.895833333333341, -3.6041666666666714, 9.354166666666671];
  for (const [place, expected] of season.entries()) closeTo(found.season[place] ?? null, expected, 1e-9);
  closeTo(found.trend_strength, 0.5880640810241604, 1e-9);
  closeTo(found.seasonal_strength, 0.9647574238583818, 1e-9);
  closeTo(found.seasonal_p_value, 5.437432056118919e-6, 1e-7);
});

Deno.test("the parts of a decomposition add up to the values, and its season to nothing", () => {
  const parts = seasonalDecomposition(WEEKS, 7);
  ok(parts !== null);
  const { first, trend, season, remainder } = parts;
  for (const [i, rest] of remainder.entries()) {
    closeTo((trend[i] ?? NaN) + (season[(first + i) % 7] ?? NaN) + rest, WEEKS[first + i] ?? NaN, 1e-12);
  }
  closeTo(season.reduce((sum, place) => sum + place, 0), 0, 1e-12);
});

Deno.test("a pure season has strength 1 and no trend, a line the other way round, a constant neither", () => {
  const pure = seriesStrengths(Array.from({ length: 28 }, (_, day) => day % 7 === 6 ? 9 : 2), 7);
  equal([pure.trend_strength, pure.seasonal_p_value], [0, 0]);
  closeTo(pure.seasonal_strength, 1, 1e-12);
  const line = seriesStrengths(Array.from({ length: 28 }, (_, day) => 3 * day), 7);
  closeTo(line.trend_strength, 1, 1e-12);
  equal([line.seasonal_strength, line.seasonal_p_value], [0, 1]);
  equal(seriesStrengths(Array(28).fill(5), 7), {
    ...{ trend_strength: 0, seasonal_strength: 0, seasonal_p_value: 1, season: Array(7).fill(0) },
  });
});

Deno.test("without two whole seasons there is a trend's strength alone, and without five values none", () => {
  const short = seriesStrengths([1, 2, 4, 3, 6, 5, 8, 7, 9, 12, 10, 11, 13], 7);
  equal([short.seasonal_strength, short.seasonal_p_value, short.season], [null, null, []]);
  ok((short.trend_strength ?? 0) > 0.8);
  for (const few of [[], [1], [1, 2], [1, 2, 3, 4]]) {
    equal(seriesStrengths(few, 1), {
      ...{ trend_strength: null, seasonal_strength: null, seasonal_p_value: null, season: [] },
    });
  }
});

Deno.test("noise is taken for a season about five times in a hundred", () => {
  const normal = normals(11);
  let seasons = 0;
  for (let i = 0; i < 1000; i++) {
    const { seasonal_p_value } = seriesStrengths(Array.from({ length: 70 }, normal), 7);
    if (seasonal_p_value !== null && seasonal_p_value < 0.05) seasons++;
  }
  ok(seasons >= 25 && seasons <= 80, `${seasons} of 1000`);
});
