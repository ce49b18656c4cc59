import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { breuschGodfrey, breuschPagan, durbinWatson, jarqueBera, linearModel } from "../../../services/math/mod.ts";
import { CARS } from "./cars.ts";
import { closeTo } from "./close_to.ts";
import { CERTIFIED } from "./nist_regression.ts";

const LONGLEY = CERTIFIED.find(({ name }) => name === "Longley");
const [SPEED, DIST] = [CARS.map(([speed]) => speed), CARS.map(([, dist]) => dist)];

function fitted(y: readonly number[], x: readonly (readonly number[])[], level = 0.95) {
  const model = linearModel({ y, x, level });
  ok(model.status === "ok", model.status);
  return model;
}

Deno.test("intervals, adjusted R², F and influence are those of statsmodels 0.15.0, OLS(dist ~ speed, cars)", () => {
  const model = fitted(DIST, [SPEED], 0.99);
  closeTo(model.adjusted_r_squared, 0.6438102011907145, 1e-12);
  closeTo(model.f?.p_value ?? null, 1.4898364962950807e-12, 1e-10);
  equal(model.estimates.map(({ lower, upper }) => [lower.toFixed(8), upper.toFixed(8)]), [
    ["-35.70661033", "0.54842055"],
    ["2.81791872", "5.04689880"],
  ]);
  closeTo(model.cooks_distances[48] ?? null, 0.34039593360643833, 1e-11);
  closeTo(model.leverages[48] ?? null, 0.07398540145985401, 1e-12);
  closeTo(model.leverages.reduce((sum, one) => sum + one, 0), 2, 1e-13);
  closeTo(model.variance_inflation[0] ?? null, 1, 1e-13);
});

Deno.test("checks of the residuals are those of statsmodels 0.15.0 on R's cars", () => {
  const { residuals } = fitted(DIST, [SPEED]);
  closeTo(durbinWatson(residuals), 1.6762253234350974, 1e-12);
  const tests: [ReturnType<typeof jarqueBera>, number, number][] = [
    [breuschGodfrey(residuals, [SPEED], 1), 1.2908016346883266, 0.25590027215267186],
    [breuschGodfrey(residuals, [SPEED], 3), 3.093601773496596, 0.3774175632388226],
    [breuschPagan(residuals, [SPEED]), 3.214879927174641, 0.07297154505407806],
    [jarqueBera(residuals), 8.188783628925888, 0.016665879147925434],
  ];
  for (const [actual, statistic, p_value] of tests) {
    closeTo(actual?.statistic ?? null, statistic, 1e-11);
    closeTo(actual?.p_value ?? null, p_value, 1e-11);
  }
});

Deno.test("inflation, p-values and checks are those of statsmodels 0.15.0 on Longley", () => {
  ok(LONGLEY);
  const model = fitted(LONGLEY.y, LONGLEY.x);
  const inflation = [
    ...[135.53243828000367, 1788.5134827182983, 33.61889059604986, 3.5889301934455404, 399.15102231263205],
    758.9805974069244,
  ];
  for (const [j, value] of inflation.entries()) closeTo(model.variance_inflation[j] ?? null, value, 1e-9);
  equal(model.estimates.map(({ p_value }) => p_value.toFixed(8)), [
    ...["0.00356040", "0.86314083", "0.31268106", "0.00253509", "0.00094437", "0.82621180", "0.00303680"],
  ]);
  closeTo(model.adjusted_r_squared, 0.992465007628816, 1e-12);
  closeTo(model.f?.p_value ?? null, 4.98403052872481e-10, 1e-11); // by mpmath, as in f_and_chi_square_tails_test.ts
  closeTo(durbinWatson(model.residuals), 2.5594876892797256, 1e-9);
  closeTo(breuschGodfrey(model.residuals, LONGLEY.x, 2)?.statistic ?? null, 2.8762444708401436, 1e-8);
  closeTo(breuschPagan(model.residuals, LONGLEY.x)?.statistic ?? null, 2.5096632074721974, 1e-9);
  closeTo(jarqueBera(model.residuals)?.statistic ?? null, 0.6841355859265188, 1e-9);
});

Deno.test("what is made up of others is named: a multiple, a sum, a constant beside the intercept", () => {
  const [a, b] = [[1, 4, 2, 8, 5, 7], [3, 1, 4, 1, 5, 9]];
  const y = [1, 2, 3, 4, 5, 7];
  const over = (x: number[][]) => linearModel({ y, x, level: 0.95 });
  equal(over([a, a.map((value) => value / 3)]), { status: "collinear", column: 1 });
  equal(over([a, b, a.map((value, i) => 0.1 * value - 0.7 * (b[i] ?? 0))]), { status: "collinear", column: 2 });
  equal(over([y.map(() => 1e9)]), { status: "collinear", column: 0 });
  equal(over([a, y.map(() => 0)]), { status: "collinear", column: 1 });
});

Deno.test("rows must outnumber estimates, and values must be finite", () => {
  equal(linearModel({ y: [1, 2], x: [[1, 3]], level: 0.95 }), { status: "too_few_rows", needed: 3 });
  equal(linearModel({ y: [], x: [], level: 0.95 }), { status: "too_few_rows", needed: 2 });
  equal(linearModel({ y: [1, 2, NaN], x: [[1, 3, 4]], level: 0.95 }), { status: "out_of_range" });
  equal(linearModel({ y: [1, 2, 3], x: [[1, 3, 5, 4]], level: 0.95 }), { status: "out_of_range" });
});

Deno.test("a constant y has the flat plane, no R² and no F; an exact fit has no t", () => {
  const flat = fitted([5, 5, 5, 5], [[1, 2, 4, 8]]);
  equal([flat.r_squared, flat.f, flat.estimates[1]?.value, flat.estimates[1]?.p_value], [null, null, 0, 1]);
  const exact = fitted([1, 3, 5, 7.0], [[0, 1, 2, 3]]);
  equal([exact.residual_sd, exact.r_squared, exact.f], [0, 1, null]);
  equal(exact.estimates.map(({ t, p_value }) => [t, p_value]), [[null, 0], [null, 0]]);
  equal([durbinWatson(exact.residuals), jarqueBera(exact.residuals)], [null, null]);
});
