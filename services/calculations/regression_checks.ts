import type { TrendInterval } from "../analytics/trend.ts";
import { breuschGodfrey, breuschPagan, type ChiSquareTest, durbinWatson, jarqueBera } from "../math/mod.ts";
import type { RegressionChecks } from "./regression_schema.ts";
import { percent, periodsOf, pInWords } from "./wording.ts";

/** How many periods back residuals may hang together: a season, at most a fifth of the rows. */
const LAGS: Record<TrendInterval, number> = { day: 7, week: 4, month: 12, quarter: 4, year: 1 };

/** What the checks are made of; `alpha` is the level of significance. */
export type CheckedFit = {
  residuals: readonly number[];
  x: readonly (readonly number[])[];
  interval: TrendInterval;
  alpha: number;
};

/** The checks of what the p-values of a regression rest on, each with what it means. */
export function regressionChecks({ residuals, x, interval, alpha }: CheckedFit): RegressionChecks {
  const watson = durbinWatson(residuals);
  const lags = Math.max(1, Math.min(LAGS[interval], Math.floor(residuals.length / 5)));
  const say = (test: ChiSquareTest | null, holds: string, fails: string) =>
    test === null ? null : { ...test, says: verdict(test, alpha, holds, fails) };
  return {
    durbin_watson: watson === null ? null : { statistic: watson, says: watsonSays(watson, interval) },
    autocorrelation: say(
      breuschGodfrey(residuals, x, lags),
      `Residuals up to ${periodsOf(lags, interval)} apart may be independent`,
      `Residuals up to ${
        periodsOf(lags, interval)
      } apart hang together: standard errors and p-values are off, too small ` +
        "where neighbours are alike; a trend, a lag or a coarser interval may help",
    ),
    constant_variance: say(
      breuschPagan(residuals, x),
      "The spread of the residuals may be the same everywhere",
      "The spread of the residuals depends on x: standard errors are not to be relied on",
    ),
    normality: say(
      jarqueBera(residuals),
      "The residuals may be normal",
      "The residuals are not normal: with few rows intervals and p-values are off; look at the influential periods",
    ),
  };
}

function verdict({ p_value }: ChiSquareTest, alpha: number, holds: string, fails: string): string {
  return p_value < alpha
    ? `${fails} (${pInWords(p_value)})`
    : `${holds} (${pInWords(p_value)}, above ${percent(alpha)})`;
}

const ALIKE = 1.5;
const ALTERNATING = 2.5;

function watsonSays(statistic: number, interval: TrendInterval): string {
  if (statistic < ALIKE) return `Residuals of neighbouring ${interval}s are alike`;
  if (statistic > ALTERNATING) return `Residuals of neighbouring ${interval}s alternate`;
  return `Residuals of neighbouring ${interval}s look independent`;
}
