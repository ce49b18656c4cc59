import type { TrendInterval } from "../analytics/trend.ts";
import { type LinearModel, linearModel, type NoLinearModel } from "../math/mod.ts";
import { regressionChecks } from "./regression_checks.ts";
import type { RegressionRows } from "./regression_rows.ts";
import { MOST_INFLUENTIAL, type Regression } from "./regression_schema.ts";
import { equation, interpretation } from "./regression_wording.ts";

/** What a regression is fitted to; `y` is the label of what is explained. */
export type FitInput = { rows: RegressionRows; y: string; confidence_level: number; interval: TrendInterval };

/** A regression but for the series that it is of. */
export type Fit = Omit<Regression, "y" | "x">;

/** Why nothing was fitted; a constant y leaves nothing to explain. */
export type NoFit = NoLinearModel | { status: "constant" };

/** What came of it. */
export type FittedRegression = { status: "ok"; fit: Fit } | NoFit;

/** Fits, checks and puts into words. */
export function fitRegression(input: FitInput): FittedRegression {
  const model = linearModel({ y: input.rows.y, x: input.rows.x, level: input.confidence_level });
  if (model.status !== "ok") return model;
  const { r_squared, adjusted_r_squared } = model;
  if (r_squared === null || adjusted_r_squared === null) return { status: "constant" };
  return { status: "ok", fit: { ...described(model, input), r_squared, adjusted_r_squared } };
}

function described(
  model: LinearModel,
  { rows: { terms, x, y: ys, periods }, y, confidence_level, interval }: FitInput,
): Omit<Fit, "r_squared" | "adjusted_r_squared"> {
  const alpha = 1 - confidence_level;
  const coefficients = model.estimates.map((estimate, j) => ({
    term: j === 0 ? "intercept" : terms[j - 1] ?? "",
    ...estimate,
    variance_inflation: j === 0 ? null : model.variance_inflation[j - 1] ?? null,
  }));
  const { n, df, residual_sd, f, residuals } = model;
  const checks = regressionChecks({ residuals, x, interval, alpha });
  return {
    ...{ confidence_level, n, df, equation: equation(y, coefficients), coefficients, residual_sd, f },
    checks,
    influential: influential(model, ys, periods),
    interpretation: interpretation(model, { y, coefficients, checks, alpha, interval }),
  };
}

function influential(model: LinearModel, y: readonly number[], periods: readonly string[]): Regression["influential"] {
  const { n, fitted, residuals, leverages } = model;
  return model.cooks_distances.flatMap((cooks_distance, i) => {
    if (cooks_distance === null || cooks_distance <= 4 / n) return [];
    const values = { y: y[i] ?? 0, fitted: fitted[i] ?? 0, residual: residuals[i] ?? 0 };
    return [{ period: periods[i] ?? "", ...values, leverage: leverages[i] ?? 0, cooks_distance }];
  }).sort((a, b) => b.cooks_distance - a.cooks_distance).slice(0, MOST_INFLUENTIAL);
}
