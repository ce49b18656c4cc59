import { linearFit } from "./linear_fit.ts";
import { studentTTails } from "./student_t_tails.ts";

/** The slope against its standard error: two-sided p < 0.05 is a direction, anything else is stable. */
export type Trend = "increasing" | "decreasing" | "stable";

/** Whether equally spaced values rise or fall by more than chance. */
export type TrendTest = {
  trend: Trend;
  /** Least squares, in units of the values a step. */
  slope: number;
  standard_error: number;
  /** Two-sided, for the hypothesis of no slope. */
  p_value: number;
  /** First autocorrelation of the residuals, 0 to 0.99, its bias corrected. */
  autocorrelation: number;
  /** As many independent values as these are worth, at least 4: even a smooth curve has a direction. */
  effective_n: number;
};

const SIGNIFICANCE = 0.05;
const MOST_AUTOCORRELATION = 0.99;
const FEWEST_EFFECTIVE = 4;

/**
 * Tests the slope of a straight line through equally spaced values, oldest first, in the face of residuals that hang
 * together: n values are worth n·(1 − ρ)/(1 + ρ), which the standard error and Student's t are adjusted to
 * (Santer et al. 2000, Journal of Geophysical Research 105). ρ is the residuals' first autocorrelation, where it is
 * positive, its bias of −(2 + 4ρ)/n taken back (Kendall 1954, Biometrika 41). Free of scale and unit.
 *
 * Null for fewer than 5 values, and where `linearFit` is. Of a random walk without drift about 1 in 8 has a trend.
 * @example
 * ```ts
 * trendTest([1, 3, 2, 5, 4, 6, 5, 8])?.trend; // "increasing"
 * ```
 */
export function trendTest(values: readonly number[]): TrendTest | null {
  const n = values.length;
  if (n < 5) return null;
  const fit = linearFit(values.map((_, step) => step), values);
  if (fit === null) return null;
  const { slope, residual_sd, slope_standard_error } = fit;
  const residuals = values.map((value, step) => value - fit.y_mean - slope * (step - fit.x_mean));
  const autocorrelation = residual_sd === 0 ? 0 : unbiased(firstAutocorrelation(residuals, residual_sd), n);
  const effective_n = Math.max(FEWEST_EFFECTIVE, n * (1 - autocorrelation) / (1 + autocorrelation));
  const df = effective_n - 2;
  const standard_error = slope_standard_error * Math.sqrt((n - 2) / df);
  const tails = standard_error === 0 ? null : studentTTails(slope / standard_error, df);
  const p_value = tails?.outside ?? (slope === 0 ? 1 : 0);
  const trend = p_value >= SIGNIFICANCE || slope === 0 ? "stable" : slope > 0 ? "increasing" : "decreasing";
  return { trend, slope, standard_error, p_value, autocorrelation, effective_n };
}

function unbiased(rho: number, n: number): number {
  return Math.min(MOST_AUTOCORRELATION, Math.max(0, (n * rho + 2) / (n - 4)));
}

/** Σ eₜ·eₜ₋₁ / Σ eₜ², of residuals whose mean is 0. */
function firstAutocorrelation(residuals: readonly number[], scale: number): number {
  let [shifted, own, before] = [0, 0, 0];
  for (const residual of residuals) {
    const e = residual / scale;
    shifted += e * before;
    own += e * e;
    before = e;
  }
  return own === 0 ? 0 : shifted / own;
}
