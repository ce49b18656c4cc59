import type { Needs } from "../context.ts";
import { forecastInterval } from "../math/mod.ts";
import { carryOn, type Found } from "./carry_on.ts";
import { accuracyOf, answered, backtestOf, lineAhead, metaOf, modelOf, seasonalityOf, trendOf } from "./present.ts";
import { askedBy } from "./question.ts";
import type { PredictionRequest, PredictionResponse } from "./schema.ts";
import { study } from "./study.ts";

type Days = PredictionResponse["predictions"];

/**
 * Carries the last 730 complete local days on, from today, with intervals for single days, and a straight line beside.
 *
 * Without enough history the answer says what is missing, and never a number. After the last reading, a day on which the
 * service sent others belongs to the history; beyond those nothing is known, and the forecast reaches over them with a
 * warning. What was computed is kept, and answers every level of confidence, while the day and the series stay as they
 * are; a write to the series ends that.
 * @throws {DomainError} `invalid` for a metric name that this service has none of, naming those it has
 */
export async function getPredictions(
  ctx: Needs<"db" | "config" | "log">,
  { prediction_days, confidence_level, ...asked }: PredictionRequest,
): Promise<PredictionResponse> {
  const question = await askedBy(ctx, asked, "day");
  const known = await carryOn(ctx, question, prediction_days, study);
  const { reason, facts, found } = known.answer;
  const seasonality = found === null ? null : seasonalityOf("day", found);
  const backtest = found === null ? null : backtestOf(found.study.backtest.engine, confidence_level);
  return {
    ...answered(question),
    ...{ prediction_days, confidence_level },
    ...{ status: found === null ? "insufficient_history" : "ok", reason },
    model: modelOf(found),
    ...trendOf(found),
    slope_per_day: found?.study.trend?.slope ?? null,
    seasonality,
    predictions: found === null ? [] : daysOf(found, confidence_level),
    model_accuracy: accuracyOf(backtest),
    backtest,
    baseline: found === null ? null : baselineOf(found, confidence_level),
    meta: metaOf(question, facts, known),
  };
}

function daysOf({ study: { forecast }, ahead }: Found, level: number): Days {
  const { lower, upper } = forecastInterval(forecast, level);
  return forecast.mean.map((mean, i) => ({
    date: ahead[i]?.start_date ?? "",
    ...{ predicted_value: mean, lower_bound: lower[i] ?? mean, upper_bound: upper[i] ?? mean },
  }));
}

function baselineOf(found: Found, level: number): PredictionResponse["baseline"] {
  const { study: { line, backtest }, ahead } = found;
  const points = lineAhead(found, level);
  if (points === null) return null;
  return {
    model: "linear_trend",
    slope_per_day: line.slope,
    predictions: points.map(({ mean, lower, upper }, i) => ({
      date: ahead[i]?.start_date ?? "",
      ...{ predicted_value: mean, lower_bound: lower, upper_bound: upper },
    })),
    backtest: backtestOf(backtest.linear_trend, level),
  };
}
