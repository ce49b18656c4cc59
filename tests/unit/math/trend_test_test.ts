import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { trendTest } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";
import { normals } from "./seeded.ts";

/** Annual flow of the Nile at Aswan from 1871 on, in 10⁸ m³ (Cobb 1978), as statsmodels 0.15 `datasets.nile` has it. */
const NILE = [
  ...[1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140],
  ...[1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969],
  ...[831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759],
  ...[781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890],
  ...[744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740],
];

Deno.test("the trend of the Nile is what statsmodels and the formula of Santer et al. make it", () => {
  const test = trendTest(NILE);
  ok(test !== null);
  // statsmodels 0.15: OLS(y, const + t).params[1], .bse[1], acf(.resid, nlags=1)[1]; scipy 1.17: t.sf.
  closeTo(test.slope, -2.714305430543054, 1e-12);
  const rho = (100 * 0.37494106309894726 + 2) / 96;
  closeTo(test.autocorrelation, rho, 1e-12);
  closeTo(test.effective_n, 100 * (1 - rho) / (1 + rho), 1e-12);
  closeTo(test.standard_error, 0.521554090157457 * Math.sqrt(98 / (test.effective_n - 2)), 1e-12);
  closeTo(test.p_value, 0.0019780947639135332, 1e-9);
  equal(test.trend, "decreasing");
});

Deno.test("without autocorrelation the trend's test is that of least squares", () => {
  const test = trendTest([1, 3, 2, 5, 4, 6, 5, 8]); // residuals that alternate: ρ = −0.82 counts as 0
  equal([test?.autocorrelation, test?.effective_n, test?.trend], [0, 8, "increasing"]);
  closeTo(test?.standard_error ?? null, 0.15853162186855685, 1e-12); // statsmodels 0.15, OLS.bse[1]
  closeTo(test?.p_value ?? null, 0.0019076824127723358, 1e-9); // OLS.pvalues[1]
});

Deno.test("the smoothest curve is worth four values, and still has a direction", () => {
  const test = trendTest([0, 1, 4, 9, 16, 25, 36, 49]);
  equal([test?.autocorrelation, test?.effective_n, test?.trend], [0.99, 4, "increasing"]);
  closeTo(test?.p_value ?? null, 0.038476052359176845, 1e-9); // scipy 1.17: 2·t.sf(7/√2, 2)
});

Deno.test("a trend does not depend on the unit, and turns with the sign", () => {
  const test = trendTest(NILE);
  for (const factor of [1e-9, -1, 1e12]) {
    const other = trendTest(NILE.map((value) => value * factor));
    closeTo(other?.p_value ?? null, test?.p_value ?? NaN, 1e-8);
    equal(other?.trend, factor > 0 ? "decreasing" : "increasing");
  }
});

Deno.test("what has no trend is called stable: 95 times in 100, and nearly as often where neighbours are alike", () => {
  for (const [rho, least] of [[0, 0.93], [0.5, 0.92], [0.8, 0.9]] as const) {
    const normal = normals(7);
    let stable = 0;
    for (let i = 0; i < 1000; i++) {
      let level = normal() / Math.sqrt(1 - rho * rho);
      const values = Array.from({ length: 120 }, () => level = rho * level + normal());
      if (trendTest(values)?.trend === "stable") stable++;
    }
    ok(stable / 1000 >= least && stable / 1000 <= 0.98, `ρ = ${rho}: ${stable / 1000}`);
  }
});

Deno.test("a constant is stable, a line is not, and fewer than five values say nothing", () => {
  equal(trendTest([5, 5, 5, 5, 5])?.trend, "stable");
  equal(trendTest([5, 5, 5, 5, 5])?.p_value, 1);
  const line = trendTest([10, 13, 16, 19, 22]);
  equal([line?.trend, line?.slope, line?.p_value], ["increasing", 3, 0]);
  for (const few of [[], [1], [1, 2], [1, 2, 3, 4], [1, 2, 3, 4, NaN]]) equal(trendTest(few), null);
});
