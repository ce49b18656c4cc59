import type { Needs } from "../context.ts";
import { decimalSum, type Forecast, forecastInterval } from "../math/mod.ts";
import { type Calendar, calendarOf } from "../metrics/calendar.ts";
import type { MetricKind } from "../metrics/schema.ts";
import { carryOn, type Found } from "./carry_on.ts";
import type { ForecastRequest, ForecastResponse } from "./forecasts_schema.ts";
import { labelOf } from "./labels.ts";
import type { Period } from "./periods.ts";
import { accuracyOf, answered, backtestOf, lineAhead, metaOf, modelOf, seasonalityOf, trendOf } from "./present.ts";
import { askedBy } from "./question.ts";
import { study } from "./study.ts";

type ForecastPeriod = ForecastResponse["forecasts"][number];

/**
 * Carries a series on by calendar periods, fitted to the complete ones of up to 20 years (730 days for days). The first
 * period told is the running one: what it has so far, and the forecast of the days left to it, by what such days of
 * earlier periods had.
 *
 * Answers like `getPredictions` where there is too little history, and keeps what it computed in the same way.
 * @throws {DomainError} `invalid` for a metric name that this service has none of, naming those it has
 */
export async function getForecasts(
  ctx: Needs<"db" | "config" | "log">,
  { period, periods, confidence_level, ...asked }: ForecastRequest,
): Promise<ForecastResponse> {
  const question = await askedBy(ctx, asked, period);
  const known = await carryOn(ctx, question, periods, study);
  const { reason, facts, found } = known.answer;
  const seasonality = found === null ? null : seasonalityOf(period, found);
  const backtest = found === null ? null : backtestOf(found.study.backtest.engine, confidence_level);
  const told = { period, calendar: calendarOf(ctx.config), level: confidence_level, kind: question.chosen?.kind };
  const forecasts = found === null ? [] : periodsOf(found, told);
  return {
    ...answered(question),
    ...{ period, periods, confidence_level },
    ...{ status: found === null ? "insufficient_history" : "ok", reason },
    model: modelOf(found),
    ...trendOf(found),
    slope_per_period: found?.study.trend?.slope ?? null,
    seasonality,
    forecasts,
    growth: growthOf(forecasts),
    historical_accuracy: accuracyOf(backtest),
    backtest,
    baseline: found === null ? null : baselineOf(found, confidence_level),
    history_periods: facts.history_periods,
    meta: metaOf(question, facts, known),
  };
}

type Told = { period: Period; calendar: Calendar; level: number; kind: MetricKind | undefined };

function periodsOf(found: Found, told: Told): ForecastPeriod[] {
  const { period, calendar, level } = told;
  const { study: { forecast }, ahead, running } = found;
  const history = boundsOf(forecast, level);
  const after = running.after === null ? history.slice(1) : boundsOf(running.after, level);
  return ahead.map(({ start_date, end_date, year_before }, i) => {
    const whole = (i === 0 ? history[0] : after[i - 1]) ?? { value: 0, lower_bound: 0, upper_bound: 0 };
    const in_progress = i === 0;
    return {
      ...{ start_date, end_date, label: labelOf(period, start_date, calendar) },
      ...(in_progress ? withSoFar(whole, found, told) : whole),
      in_progress,
      so_far: in_progress ? running.so_far : null,
      year_before,
    };
  });
}

type Bounds = Pick<ForecastPeriod, "value" | "lower_bound" | "upper_bound">;

function boundsOf(forecast: Forecast, level: number): Bounds[] {
  const { lower, upper } = forecastInterval(forecast, level);
  return forecast.mean.map((value, i) => ({
    value,
    lower_bound: lower[i] ?? value,
    upper_bound: upper[i] ?? value,
  }));
}

/**
 * The running period: what it has so far, and the forecast of its rest with its own doubt (`restForecast`). Told as a
 * whole where the rest cannot be told by itself. A flow that only grows is at least what is booked.
 */
function withSoFar(whole: Bounds, { running: { so_far, rest }, study }: Found, { kind, level }: Told): Bounds {
  if (so_far === null) return whole;
  const { floor } = study.forecast;
  const least = kind === "flow" && floor !== null ? so_far : floor ?? -Infinity;
  const { value, lower_bound, upper_bound } = rest === null ? whole : withRest(rest, level);
  return {
    value: Math.max(least, value),
    lower_bound: Math.max(least, lower_bound),
    upper_bound: Math.max(least, upper_bound),
  };
}

function withRest({ base, weight, forecast }: NonNullable<Found["running"]["rest"]>, level: number): Bounds {
  const [{ value, lower_bound, upper_bound } = { value: 0, lower_bound: 0, upper_bound: 0 }] = boundsOf(
    forecast,
    level,
  );
  const whole = (rest: number) => base + weight * rest;
  return { value: whole(value), lower_bound: whole(lower_bound), upper_bound: whole(upper_bound) };
}

function growthOf(forecasts: readonly ForecastPeriod[]): ForecastResponse["growth"] {
  const known = forecasts.flatMap(({ value, year_before }) => year_before === null ? [] : [{ value, year_before }]);
  const before = decimalSum(known.map((one) => one.year_before));
  if (known.length === 0 || before === null) return null;
  const numerator = known.reduce((sum, one) => sum + one.value, 0) - before;
  const denominator = Math.abs(before);
  return { value: denominator === 0 ? null : numerator / denominator, numerator, denominator };
}

function baselineOf(found: Found, level: number): ForecastResponse["baseline"] {
  const points = lineAhead(found, level);
  if (points === null) return null;
  const { line, backtest } = found.study;
  return {
    model: "linear_trend",
    slope_per_period: line.slope,
    values: points.map(({ mean }) => mean),
    backtest: backtestOf(backtest.linear_trend, level),
  };
}
