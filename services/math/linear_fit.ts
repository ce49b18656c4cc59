import { sum } from "simple-statistics";
import { studentTTails } from "./student_t_tails.ts";

/** A straight line y = intercept + slope·x through n points, and how far it can be trusted. */
export type LinearFit = {
  n: number;
  /** Degrees of freedom of the residuals, n − 2. */
  df: number;
  intercept: number;
  slope: number;
  intercept_standard_error: number;
  slope_standard_error: number;
  /** Residual standard deviation, √(RSS/df), in units of y. */
  residual_sd: number;
  /** Null where y is constant: there is nothing to explain. */
  r_squared: number | null;
  /** Slope over its standard error; null where the residuals are zero. */
  slope_t: number | null;
  /** Two-sided, for the hypothesis of no slope: 1 where y is constant, 0 where a sloping line fits exactly. */
  slope_p_value: number;
  x_mean: number;
  y_mean: number;
  /** Σ(x − x̄)². */
  sxx: number;
};

/**
 * Ordinary least squares of y on x, about the means (Draper & Smith 1998, chapter 1).
 *
 * Null where no line is defined: fewer than 3 points, lengths that differ, a constant x, a value that is not
 * finite; and where a sum of squares leaves the range of a double (spreads above about 1e150 or below 1e-145).
 * A constant y answers the flat line through it with zero residuals.
 * 13 digits of NIST StRD Norris: compensated sums, and residuals summed as they are, not by difference.
 * @example
 * ```ts
 * const { slope, residual_sd, r_squared } = linearFit([1, 2, 3, 4], [2, 4, 5, 8]);
 * [slope, residual_sd, r_squared]; // [1.9, 0.591608, 0.962667]
 * ```
 */
export function linearFit(xs: readonly number[], ys: readonly number[]): LinearFit | null {
  const n = xs.length;
  if (n < 3 || ys.length !== n || isConstant(xs)) return null;
  const x = centred(xs);
  const y = centred(ys);
  const sxx = sumOfProducts(x.deviations, x.deviations);
  const syy = sumOfProducts(y.deviations, y.deviations);
  if (!(sxx > SMALLEST_SQUARES && (syy > SMALLEST_SQUARES || isConstant(ys)))) return null;
  const slope = sumOfProducts(x.deviations, y.deviations) / sxx;
  const residuals = residualsOf(x.deviations, y.deviations, slope);
  const rss = sumOfProducts(residuals, residuals);
  const residualSd = Math.sqrt(rss / (n - 2));
  const slopeError = residualSd / Math.sqrt(sxx);
  const fit = {
    n,
    df: n - 2,
    intercept: y.mean - slope * x.mean,
    slope,
    intercept_standard_error: residualSd * Math.hypot(1 / Math.sqrt(n), x.mean / Math.sqrt(sxx)),
    slope_standard_error: slopeError,
    residual_sd: residualSd,
    r_squared: syy === 0 ? null : Math.min(1, Math.max(0, 1 - rss / syy)),
    ...significance(slope, slopeError, n - 2),
    x_mean: x.mean,
    y_mean: y.mean,
    sxx,
  };
  return Object.values(fit).every((value) => value === null || Number.isFinite(value)) ? fit : null;
}

/** Squares below this have lost digits to underflow. */
const SMALLEST_SQUARES = 1e-290;

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

type Centred = { mean: number; deviations: number[] };

function centred(values: readonly number[]): Centred {
  const mean = isConstant(values) ? values[0] ?? NaN : sum(values) / values.length;
  const deviations: number[] = [];
  for (const value of values) deviations.push(value - mean);
  return { mean, deviations };
}

function residualsOf(dxs: readonly number[], dys: readonly number[], slope: number): number[] {
  const residuals: number[] = [];
  for (let i = 0; i < dxs.length; i++) residuals.push((dys[i] ?? NaN) - slope * (dxs[i] ?? NaN));
  return residuals;
}

/** Σab − ΣaΣb/n: the second term takes back the rounding of the means (Chan, Golub & LeVeque 1983). */
function sumOfProducts(a: readonly number[], b: readonly number[]): number {
  const total = compensatedProducts(a, b) - (sum(a) * sum(b)) / a.length;
  return a === b ? Math.max(0, total) : total;
}

/** Σab with what each addition rounds off carried along (Neumaier 1974), and no list of products in between. */
function compensatedProducts(a: readonly number[], b: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < a.length; i++) {
    const product = (a[i] ?? NaN) * (b[i] ?? NaN);
    const next = total + product;
    lost += Math.abs(total) >= Math.abs(product) ? total - next + product : product - next + total;
    total = next;
  }
  return total + lost;
}

function significance(slope: number, error: number, df: number): Pick<LinearFit, "slope_t" | "slope_p_value"> {
  const t = slope / error;
  const tails = Number.isFinite(t) ? studentTTails(t, df) : null;
  if (tails === null) return { slope_t: null, slope_p_value: slope === 0 ? 1 : 0 };
  return { slope_t: t, slope_p_value: tails.outside };
}
