import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { linearFit } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";
import { CARS } from "./cars.ts";

/** NIST StRD Norris: 36 calibrations of ozone monitors, [y, x]. */
const NORRIS: [number, number][] = [
  [0.1, 0.2],
  [338.8, 337.4],
  [118.1, 118.2],
  [888.0, 884.6],
  [9.2, 10.1],
  [228.1, 226.5],
  [668.5, 666.3],
  [998.5, 996.3],
  [449.1, 448.6],
  [778.9, 777.0],
  [559.2, 558.2],
  [0.3, 0.4],
  [0.1, 0.6],
  [778.1, 775.5],
  [668.8, 666.9],
  [339.3, 338.0],
  [448.9, 447.5],
  [10.8, 11.6],
  [557.7, 556.0],
  [228.3, 228.1],
  [998.0, 995.8],
  [888.8, 887.6],
  [119.6, 120.2],
  [0.3, 0.3],
  [0.6, 0.3],
  [557.6, 556.8],
  [339.3, 339.1],
  [888.0, 887.2],
  [998.5, 999.0],
  [778.9, 779.0],
  [10.2, 11.1],
  [117.6, 118.3],
  [228.9, 229.2],
  [668.4, 669.1],
  [449.2, 448.9],
  [0.2, 0.5],
];

Deno.test("a line has the certified digits of NIST StRD Norris", () => {
  const fit = linearFit(NORRIS.map(([, x]) => x), NORRIS.map(([y]) => y));
  ok(fit);
  equal([fit.n, fit.df], [36, 34]);
  closeTo(fit.intercept, -0.262323073774029, 1e-12);
  closeTo(fit.slope, 1.00211681802045, 1e-14);
  closeTo(fit.intercept_standard_error, 0.232818234301152, 1e-12);
  closeTo(fit.slope_standard_error, 0.429796848199937e-3, 1e-12);
  closeTo(fit.residual_sd, 0.884796396144373, 1e-12);
  closeTo(fit.r_squared, 0.999993745883712, 1e-14);
  // The certified F statistic is the square of the slope's t.
  closeTo((fit.slope_t ?? NaN) ** 2, 5436385.54079785, 1e-12);
});

Deno.test("a line has the digits that R prints for summary(lm(dist ~ speed, cars))", () => {
  const fit = linearFit(CARS.map(([speed]) => speed), CARS.map(([, dist]) => dist));
  ok(fit);
  const printed = {
    intercept: fit.intercept.toFixed(4),
    slope: fit.slope.toFixed(4),
    errors: [fit.intercept_standard_error.toFixed(4), fit.slope_standard_error.toFixed(4)],
    t: fit.slope_t?.toFixed(3),
    p: fit.slope_p_value.toExponential(2),
    residuals: `${fit.residual_sd.toFixed(2)} on ${fit.df}`,
    r_squared: fit.r_squared?.toFixed(4),
  };
  equal(printed, {
    intercept: "-17.5791",
    slope: "3.9324",
    errors: ["6.7584", "0.4155"],
    t: "9.464",
    p: "1.49e-12",
    residuals: "15.38 on 48",
    r_squared: "0.6511",
  });
});

Deno.test("a line through five points is what a hand calculation gives", () => {
  // x̄ = 3, ȳ = 4, Sxx = 10, Sxy = 6, Syy = 6: slope 0.6, intercept 2.2, RSS = 6 − 0.6·6 = 2.4, s² = 0.8.
  const fit = linearFit([1, 2, 3, 4, 5], [2, 4, 5, 4, 5]);
  ok(fit);
  closeTo(fit.slope, 0.6, 1e-15);
  closeTo(fit.intercept, 2.2, 1e-15);
  closeTo(fit.residual_sd, Math.sqrt(0.8), 1e-15);
  closeTo(fit.slope_standard_error, Math.sqrt(0.08), 1e-15);
  closeTo(fit.intercept_standard_error, Math.sqrt(0.8 * (1 / 5 + 9 / 10)), 1e-15);
  closeTo(fit.r_squared, 0.6, 1e-15);
  closeTo(fit.slope_t, 0.6 / Math.sqrt(0.08), 1e-15);
  equal([fit.x_mean, fit.y_mean, fit.sxx], [3, 4, 10]);
});

Deno.test("a line does not lose its digits when both variables are moved far from zero", () => {
  const xs = [1, 2, 3, 4, 5].map((x) => x + 2 ** 40);
  const ys = [2, 4, 5, 4, 5].map((y) => y - 2 ** 40);
  const fit = linearFit(xs, ys);
  ok(fit);
  closeTo(fit.slope, 0.6, 1e-14);
  closeTo(fit.residual_sd, Math.sqrt(0.8), 1e-14);
});

Deno.test("a constant y answers the flat line through it, without a hint of a slope", () => {
  const fit = linearFit([1, 2, 4, 7], [0.1, 0.1, 0.1, 0.1]);
  ok(fit);
  equal([fit.slope, fit.intercept, fit.residual_sd], [0, 0.1, 0]);
  equal([fit.r_squared, fit.slope_t, fit.slope_p_value], [null, null, 1]);
});

Deno.test("points on a sloping line leave no residual, no t, and a p-value of 0", () => {
  const fit = linearFit([0, 1, 2, 3], [5, 8, 11, 14]);
  ok(fit);
  equal([fit.slope, fit.intercept, fit.residual_sd, fit.r_squared], [3, 5, 0, 1]);
  equal([fit.slope_t, fit.slope_p_value], [null, 0]);
});

Deno.test("there is no line through two points, above one x, or through values that are not finite", () => {
  equal(linearFit([], []), null);
  equal(linearFit([1, 2], [3, 4]), null);
  equal(linearFit([1, 2, 3], [3, 4]), null);
  equal(linearFit([2, 2, 2], [1, 2, 3]), null);
  equal(linearFit([1, 2, NaN], [1, 2, 3]), null);
  equal(linearFit([1, 2, 3], [1, Infinity, 3]), null);
});

Deno.test("there is no line where a sum of squares overflows or underflows", () => {
  equal(linearFit([1, 2, 3], [1e200, -1e200, 3e200]), null);
  equal(linearFit([1, 2, 3], [1e-200, 3e-200, 2e-200]), null);
});
