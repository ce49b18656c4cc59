import { ok } from "node:assert/strict";
import {
  correlationTest,
  linearFit,
  linearModel,
  pearson,
  quantile,
  spearman,
  summary,
} from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";
import { EXPECTED, REFERENCES } from "./reference_series.ts";

for (const { kind, n, x, y, expected } of REFERENCES) {
  Deno.test(`statistics of ${kind} series of ${n} have the digits of a computation with 60`, () => {
    const { mean, variance, median } = summary(x);
    const sorted = x.toSorted((a, b) => a - b);
    const [r, rho, fit] = [pearson(x, y), spearman(x, y), linearFit(x, y)];
    const model = linearModel({ y, x: [x], level: 0.95 });
    ok(r !== null && rho !== null && fit !== null && model.status === "ok");
    const actual = [
      ...[mean, variance, median, quantile(sorted, 0.05), quantile(sorted, 0.95)],
      ...[r, correlationTest(r, n, 0.95)?.p_value ?? null, rho, correlationTest(rho, n, 0.95)?.p_value ?? null],
      ...[fit.slope, fit.intercept, fit.slope_standard_error],
    ];
    for (const [i, name] of EXPECTED.entries()) closeTo(actual[i] ?? null, expected[i] ?? NaN, 1e-9, name);
    const [intercept, slope] = model.estimates;
    closeTo(slope?.value ?? null, fit.slope, 1e-9);
    closeTo(intercept?.value ?? null, fit.intercept, 1e-9);
    closeTo(slope?.standard_error ?? null, fit.slope_standard_error, 1e-9);
    closeTo(slope?.p_value ?? null, fit.slope_p_value, 1e-9);
    closeTo(model.r_squared, r * r, 1e-9);
  });
}
