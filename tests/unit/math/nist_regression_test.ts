import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { linearModel } from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";
import { CERTIFIED } from "./nist_regression.ts";

for (const certified of CERTIFIED) {
  const { name, y, x, intercept, estimates, relative } = certified;
  Deno.test(`a regression has the certified digits of NIST StRD ${name}`, () => {
    const model = linearModel({ y, x, intercept, level: 0.95 });
    ok(model.status === "ok", model.status);
    equal(model.estimates.length, estimates.length);
    for (const [j, [value, error]] of estimates.entries()) {
      closeTo(model.estimates[j]?.value ?? NaN, value, relative, `B${j}`);
      closeTo(model.estimates[j]?.standard_error ?? NaN, error, relative, `error of B${j}`);
    }
    closeTo(model.residual_sd, certified.residual_sd, relative, "residual sd");
    closeTo(model.r_squared, certified.r_squared, relative, "R²");
    closeTo(model.regression_ss, certified.regression_ss, relative, "regression SS");
    closeTo(model.residual_ss, certified.residual_ss, relative, "residual SS");
    if (certified.f === null) equal(model.f, null);
    else closeTo(model.f?.statistic ?? NaN, certified.f, relative, "F");
  });
}
