import {
  backtestForecast,
  engineModel,
  extendForecast,
  fitForecast,
  type FittedForecast,
  type Frequency,
  type LinearFit,
  linearFit,
  linearTrendModel,
  type OriginScore,
  rollingOrigins,
  type SeriesStrengths,
  seriesStrengths,
  type TrendTest,
  trendTest,
} from "../math/mod.ts";

/** Values, equally spaced and oldest first, and how far to carry them on. */
export type StudyInput = {
  values: readonly number[];
  frequency: Frequency;
  season_length: number;
  /** Whether the values are levels that stay as they are read (`ForecastQuestion`). */
  persists?: boolean;
  /** Steps after the values of which nothing is known, and those asked after these. */
  skip: number;
  horizon: number;
};

/** All that an answer at any level is made of: one fit, its baseline, and how both did on values not seen. */
export type Study = {
  /** The steps asked, from the first after the skipped ones on. */
  forecast: FittedForecast;
  line: LinearFit;
  /** Null for fewer than 5 values. */
  trend: TrendTest | null;
  strengths: SeriesStrengths;
  backtest: { engine: OriginScore[] | null; linear_trend: OriginScore[] | null };
};

/** A season that chance would not give in 95 of 100 series without one. */
export const SEASONAL_P_VALUE = 0.05;

const MOST_STEPS = 365;
const BACKTEST = { origins: 8, horizon: 28 };

/** Fits, judges and backtests a series; pure. Null where its values are too large or too close together for a fit. */
export function study({ values, frequency, season_length, persists = false, skip, horizon }: StudyInput): Study | null {
  const question = { season_length, frequency, persists };
  const fitted = fitForecast(values, { ...question, horizon: Math.min(MOST_STEPS, skip + horizon) });
  const line = linearFit(values.map((_, step) => step), values);
  const strengths = seriesStrengths(values, season_length);
  const trend = trendTest(withoutSeason(values, strengths));
  if (fitted === null || line === null) return null;
  const forecast = withoutTraces(after(extendForecast(fitted, skip + horizon, season_length), skip), values);
  if (!isFinite(forecast)) return null;
  const where = placesOf(values.length, horizon);
  return {
    ...{ forecast, line, trend, strengths },
    backtest: {
      engine: backtestForecast(values, { ...where, season_length }, engineModel(question)),
      linear_trend: backtestForecast(values, { ...where, season_length }, linearTrendModel),
    },
  };
}

/** Eight origins in the last half, each with the horizon asked, at most 28 steps and a quarter of the values. */
function placesOf(n: number, asked: number) {
  const horizon = Math.floor(Math.min(asked, BACKTEST.horizon, n / 4));
  return { origins: rollingOrigins(n, { earliest: Math.ceil(n / 2), horizon, most: BACKTEST.origins }), horizon };
}

/** A season would hide a slope, and pass for one where it is cut off. */
function withoutSeason(values: readonly number[], { season, seasonal_p_value }: SeriesStrengths): readonly number[] {
  if (seasonal_p_value === null || seasonal_p_value >= SEASONAL_P_VALUE) return values;
  return values.map((value, i) => value - (season[i % season.length] ?? 0));
}

function after(forecast: FittedForecast, skip: number): FittedForecast {
  return { ...forecast, mean: forecast.mean.slice(skip), spread: forecast.spread.slice(skip) };
}

/**
 * Smoothing leaves a trace of what is long over, and rounding one of a doubt: a millionth of the least value that ever
 * was is 0, and so is a scale of errors below the digits of the value.
 */
function withoutTraces(forecast: FittedForecast, values: readonly number[]): FittedForecast {
  const least = values.reduce((min, value) => value === 0 ? min : Math.min(min, Math.abs(value)), Infinity);
  const mean = forecast.mean.map((value) => Math.abs(value) < least * 1e-6 ? 0 : value);
  const spread = forecast.spread.map((scale, i) => scale < Math.abs(mean[i] ?? 0) * 1e-14 ? 0 : scale);
  return { ...forecast, mean, spread };
}

const isFinite = ({ mean, spread, errors }: FittedForecast) => [...mean, ...spread, ...errors].every(Number.isFinite);
