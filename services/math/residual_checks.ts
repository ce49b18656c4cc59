import { chiSquareTails } from "./chi_square_tails.ts";
import { centred } from "./centred.ts";
import { linearModel } from "./linear_model.ts";

/** A statistic that is chi-square where the assumption holds, and how rare one so large then is. */
export type ChiSquareTest = { statistic: number; df: number; p_value: number };

/**
 * Durbin & Watson's (1950) d = Σ (eₜ − eₜ₋₁)² / Σ eₜ², 0 to 4, of residuals in the order of time: about 2 where neighbours
 * are independent, below where they are alike, above where they alternate. Null where all are 0 or one is not finite.
 * @example
 * ```ts
 * durbinWatson([1, -1, 1, -1]); // 3
 * ```
 */
export function durbinWatson(residuals: readonly number[]): number | null {
  const size = residuals.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(size > 0 && size < Infinity)) return null;
  let [steps, own] = [0, 0];
  for (const [i, value] of residuals.entries()) {
    own += (value / size) ** 2;
    if (i > 0) steps += ((value - (residuals[i - 1] ?? 0)) / size) ** 2;
  }
  return steps / own;
}

/**
 * Whether residuals in the order of time hang together up to `lags` steps back: n·R² of the residuals on x and their own
 * lagged values, with zeros before the first (Breusch 1978; Godfrey 1978). Null where that regression has no solution.
 * @example
 * ```ts
 * const x = [[1, 2, 3, 4, 5, 6, 7, 8]];
 * breuschGodfrey([1, 2, 1, -1, -3, -2, 1, 1], x, 1)?.df; // 1
 * ```
 */
export function breuschGodfrey(
  residuals: readonly number[],
  x: readonly (readonly number[])[],
  lags: number,
): ChiSquareTest | null {
  const lagged = Array.from({ length: lags }, (_, k) => residuals.map((_, i) => residuals[i - k - 1] ?? 0));
  return explainedTest(residuals, [...x, ...lagged], lags);
}

/**
 * Whether the residuals' spread depends on x: n·R² of the squared residuals on x (Breusch & Pagan 1979, as Koenker 1981
 * made it hold without normality). Null where that regression has no solution.
 * @example
 * ```ts
 * breuschPagan([1, -1, 2, -2, 4, -4], [[1, 1, 2, 2, 3, 3]]); // { statistic: 5.3571429, df: 1, p_value: 0.0206376 }
 * ```
 */
export function breuschPagan(residuals: readonly number[], x: readonly (readonly number[])[]): ChiSquareTest | null {
  return explainedTest(residuals.map((value) => value * value), x, x.length);
}

/**
 * Whether values have the skewness S and kurtosis K of a normal distribution: n/6·(S² + (K − 3)²/4) (Jarque & Bera 1980),
 * chi-square with 2 degrees of freedom for many values. Null for fewer than two, a constant, or one that is not finite.
 * @example
 * ```ts
 * jarqueBera([-2, -1, 0, 1, 2]); // { statistic: 0.3520833, df: 2, p_value: 0.838583 }
 * ```
 */
export function jarqueBera(values: readonly number[]): ChiSquareTest | null {
  const about = centred(values);
  if (about === null || about.size === 0) return null;
  const n = values.length;
  const moment = (power: number) => about.deviations.reduce((total, one) => total + one ** power, 0) / n;
  const variance = moment(2);
  const skew = moment(3) / variance ** 1.5;
  const excess = moment(4) / variance ** 2 - 3;
  return chiSquareTest((n / 6) * (skew ** 2 + excess ** 2 / 4), 2);
}

/** n·R² of y on x, against chi-square. */
function explainedTest(y: readonly number[], x: readonly (readonly number[])[], df: number): ChiSquareTest | null {
  const model = linearModel({ y, x, level: 0.95 });
  if (df < 1 || model.status !== "ok" || model.r_squared === null) return null;
  return chiSquareTest(y.length * model.r_squared, df);
}

function chiSquareTest(statistic: number, df: number): ChiSquareTest | null {
  const tails = chiSquareTails(statistic, df);
  return tails === null ? null : { statistic, df, p_value: tails.outside };
}
