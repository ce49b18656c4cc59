import { centred } from "./centred.ts";
import { dotProduct } from "./dot_product.ts";
import { finiteOrNull } from "./finite_or_null.ts";
import { fTails } from "./f_tails.ts";
import { type LeastSquares, leastSquares } from "./least_squares.ts";
import { studentTQuantile } from "./student_t_quantile.ts";
import { studentTTails } from "./student_t_tails.ts";

/** What is to be explained by what. */
export type LinearModelQuestion = {
  y: readonly number[];
  /** The regressors, each as long as y. */
  x: readonly (readonly number[])[];
  /** Whether a constant is fitted too; its estimate comes first. True when absent. */
  intercept?: boolean;
  /** Of the intervals, 0 to 1. */
  level: number;
};

/** A coefficient, in units of y over units of its x. */
export type Estimate = {
  value: number;
  standard_error: number;
  /** The value over its standard error; null where the fit is exact. */
  t: number | null;
  /** Two-sided, for the hypothesis that it is 0. Where the fit is exact: 1 for a 0, else 0. */
  p_value: number;
  lower: number;
  upper: number;
};

/** A linear regression and how far it can be trusted, its residuals taken as independent and of one variance. */
export type LinearModel = {
  status: "ok";
  n: number;
  /** Degrees of freedom of the residuals: n less the number of estimates. */
  df: number;
  /** The intercept first, where there is one, then in the order of x. */
  estimates: Estimate[];
  /** Share of the sum of squares (about the mean, where there is an intercept) that is explained; null for a constant y. */
  r_squared: number | null;
  /** 1 − (1 − R²)(n − 1)/df, with an intercept (Theil 1961); n instead of n − 1 without. */
  adjusted_r_squared: number | null;
  /** √(RSS/df), in units of y. */
  residual_sd: number;
  regression_ss: number;
  residual_ss: number;
  /** Whether anything is explained at all: P(F ≥ statistic); null where the fit is exact or y constant. */
  f: { statistic: number; df1: number; df2: number; p_value: number } | null;
  /** How much its fellow regressors widen each one's variance, 1 for not at all; empty without an intercept. */
  variance_inflation: number[];
  residuals: number[];
  fitted: number[];
  /** 0 to 1. */
  leverages: number[];
  /** How far all fitted values move when a row is left out (Cook 1977); null where leaving it out leaves no fit. */
  cooks_distances: (number | null)[];
};

/** Why there is no model; `column` counts x from 0. */
export type NoLinearModel =
  | { status: "too_few_rows"; needed: number }
  | { status: "collinear"; column: number }
  | { status: "out_of_range" };

/**
 * Ordinary least squares of y on one or several x (Draper & Smith 1998), by `leastSquares`.
 *
 * Needs more rows than estimates; an x that is constant (beside an intercept) or made up of those before it is named, and
 * values, squares, lengths or a level that cannot be computed with are out of range.
 * @example
 * ```ts
 * const model = linearModel({ y: [2, 4, 5, 4, 5], x: [[1, 2, 3, 4, 5]], level: 0.95 });
 * model.status === "ok" && [model.r_squared, model.residual_sd, model.f?.statistic]; // [0.6, 0.8944272, 4.5]
 * ```
 */
export function linearModel(question: LinearModelQuestion): LinearModel | NoLinearModel {
  const { y, x, intercept = true, level } = question;
  const p = x.length + (intercept ? 1 : 0);
  const df = y.length - p;
  if (p === 0 || df < 1) return { status: "too_few_rows", needed: p + 1 };
  const { columns, target, contrasts } = movedSystem(y, x, intercept);
  const solved = leastSquares(columns, target);
  if ("dependent" in solved) return { status: "collinear", column: solved.dependent - (intercept ? 1 : 0) };
  const quantile = studentTQuantile(0.5 + level / 2, df);
  if ("out_of_range" in solved || quantile === null || !(level > 0)) return { status: "out_of_range" };
  const squares = squaresOf(solved, y, intercept);
  const residual_sd = Math.sqrt(squares.residual / df);
  const isExact = squares.residual === 0;
  const residuals = isExact ? y.map(() => 0) : solved.residuals;
  const coefficients = isExact ? withoutRounding(solved.coefficients, columns, target) : solved.coefficients;
  const model: LinearModel = {
    status: "ok",
    n: y.length,
    df,
    estimates: contrasts.map(({ weights, plus }) => {
      const value = dotProduct([...weights, plus], [...coefficients, 1]);
      return estimate(value, residual_sd * Math.sqrt(solved.unscaledVariance(weights)), df, quantile);
    }),
    ...explained(squares, y.length, p, intercept),
    residual_sd,
    regression_ss: Math.max(0, squares.total - squares.residual),
    residual_ss: squares.residual,
    variance_inflation: intercept ? inflation(solved, columns.slice(1)) : [],
    residuals,
    fitted: y.map((value, i) => value - (residuals[i] ?? NaN)),
    leverages: solved.leverages,
    cooks_distances: solved.leverages.map((leverage, i) =>
      finiteOrNull((((residuals[i] ?? NaN) / residual_sd) ** 2 * leverage) / p / (1 - leverage) ** 2)
    ),
  };
  return isFiniteModel(model) ? model : { status: "out_of_range" };
}

/** A system with the same residuals, and how each estimate is made of its coefficients: Σ weightⱼbⱼ + plus. */
type MovedSystem = { columns: number[][]; target: number[]; contrasts: { weights: number[]; plus: number }[] };

/** Beside an intercept, y and x less what `exactShift` says; the intercept puts it back. */
function movedSystem(y: readonly number[], x: readonly (readonly number[])[], intercept: boolean): MovedSystem {
  const move = (column: readonly number[], shift: number) => column.map((value) => value - shift);
  const shifts = x.map((column) => intercept ? exactShift(column) : 0);
  const moved = x.map((column, j) => move(column, shifts[j] ?? 0));
  const slope = (j: number) => ({ weights: shifts.map((_, k) => k === j ? 1 : 0), plus: 0 });
  if (!intercept) return { columns: moved, target: [...y], contrasts: shifts.map((_, j) => slope(j)) };
  const plus = exactShift(y);
  const constant = { weights: [1, ...shifts.map((shift) => -shift)], plus };
  const slopes = shifts.map((_, j) => ({ weights: [0, ...slope(j).weights], plus: 0 }));
  return { columns: [y.map(() => 1), ...moved], target: move(y, plus), contrasts: [constant, ...slopes] };
}

/**
 * What to take from each value of a column that varies little beside its size, so that it and a constant can be told
 * apart: its mean, and only where each difference is exact in doubles (Sterbenz 1974).
 */
function exactShift(column: readonly number[]): number {
  const about = centred(column);
  return about === null || about.size >= Math.abs(about.mean) / 2 ? 0 : about.mean;
}

function isFiniteModel({ estimates, residual_ss, regression_ss, fitted, variance_inflation }: LinearModel): boolean {
  const numbers = [residual_ss, regression_ss, ...fitted, ...variance_inflation];
  return numbers.every(Number.isFinite) &&
    estimates.every((one) => Object.values(one).every((value) => value === null || Number.isFinite(value)));
}

type Squares = { total: number; residual: number };

/** Residuals of this share of y are rounding. */
const ROUNDING = 4 * Number.EPSILON;

function squaresOf({ residuals }: LeastSquares, y: readonly number[], intercept: boolean): Squares {
  const about = intercept ? centred(y) : null;
  const total = about === null ? dotProduct(y, y) : dotProduct(about.deviations, about.deviations) * about.size ** 2;
  const most = ROUNDING * largestOf(y);
  const isExact = residuals.every((residual) => Math.abs(residual) <= most);
  return { total, residual: isExact ? 0 : dotProduct(residuals, residuals) };
}

/** The coefficients of an exact fit: one that moves no value by more than rounding is 0. */
function withoutRounding(coefficients: readonly number[], columns: readonly number[][], target: readonly number[]) {
  const most = ROUNDING * largestOf(target);
  return coefficients.map((value, j) => Math.abs(value) * largestOf(columns[j] ?? []) <= most ? 0 : value);
}

const largestOf = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function explained({ total, residual }: Squares, n: number, p: number, intercept: boolean) {
  if (total === 0) return { r_squared: null, adjusted_r_squared: null, f: null };
  const [df1, df2] = [intercept ? p - 1 : p, n - p];
  const r_squared = Math.min(1, Math.max(0, 1 - residual / total));
  const statistic = Math.max(0, (total - residual) / df1 / (residual / df2));
  const tails = df1 > 0 && Number.isFinite(statistic) ? fTails(statistic, df1, df2) : null;
  return {
    r_squared,
    adjusted_r_squared: 1 - (1 - r_squared) * ((intercept ? n - 1 : n) / df2),
    f: tails === null ? null : { statistic, df1, df2, p_value: tails.outside },
  };
}

function estimate(value: number, standard_error: number, df: number, quantile: number): Estimate {
  const t = finiteOrNull(value / standard_error);
  const p_value = t === null ? (value === 0 ? 1 : 0) : studentTTails(t, df)?.outside ?? 1;
  const reach = quantile * standard_error;
  return { value, standard_error, t, p_value, lower: value - reach, upper: value + reach };
}

/** Σ (x − x̄)² times a slope's unscaled variance: 1/(1 − R²) of each x on the others (Marquardt 1970). */
function inflation({ unscaledVariance }: LeastSquares, x: readonly (readonly number[])[]): number[] {
  return x.map((column, j) => {
    const about = centred(column);
    const squares = about === null ? NaN : dotProduct(about.deviations, about.deviations) * about.size ** 2;
    return Math.max(1, squares * unscaledVariance([0, ...x.map((_, k) => k === j ? 1 : 0)]));
  });
}
