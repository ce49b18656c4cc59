import { backtestMeasures, heldWithin, linearPredictions, type OriginScore, type Prediction } from "../math/mod.ts";
import type { z } from "@hono/zod-openapi";
import type { Found } from "./carry_on.ts";
import type { Known } from "./kept.ts";
import { seasonName } from "./labels.ts";
import { type Period, TERMS } from "./periods.ts";
import type { Question } from "./question.ts";
import type { Facts } from "./reading.ts";
import type { PredictionResponse } from "./schema.ts";
import type { Backtest, Meta, Seasonality } from "./series_schema.ts";
import { SEASONAL_P_VALUE } from "./study.ts";

/** Which series an answer is about, as far as the question came to know it. */
export function answered({ asked, chosen }: Question) {
  return {
    ...{ service_name: asked.service_name, metric_type: asked.metric_type },
    metric_name: chosen?.metric_name ?? asked.metric_name ?? null,
    unit: chosen?.unit ?? null,
    kind: chosen?.kind ?? null,
    dimensions: asked.dimensions ?? null,
  };
}

/** What an answer rests on. */
export function metaOf(
  { history, timezone, now, warnings }: Question,
  { first_day, data_through, complete, warnings: ofHistory }: Facts,
  { data_version, computed_at, cached }: Omit<Known<unknown>, "answer">,
): z.infer<typeof Meta> {
  return {
    period: { start_date: first_day ?? history.start_date, end_date: history.end_date, timezone },
    ...{ data_through, complete, warnings: [...warnings, ...ofHistory] },
    ...{ data_version, computed_at, cached },
    age_s: Math.max(0, Math.floor((Date.parse(now) - Date.parse(computed_at)) / 1000)),
  };
}

/** Where the history goes. */
export function trendOf(found: Found | null) {
  const trend = found?.study.trend ?? null;
  return {
    trend: trend?.trend ?? null,
    trend_p_value: trend?.p_value ?? null,
    trend_strength: found?.study.strengths.trend_strength ?? null,
  };
}

/** A backtest at the level asked. */
export function backtestOf(scores: readonly OriginScore[] | null, level: number): Backtest | null {
  const measures = scores === null ? null : backtestMeasures(scores);
  if (scores === null || measures === null) return null;
  const { origins, n, mase, wape } = measures;
  return { origins, horizon: scores[0]?.n ?? 0, n, mase, wape, coverage: heldWithin(scores, level) / n };
}

/** 1 − WAPE, at least 0. */
export function accuracyOf(backtest: Backtest | null): number | null {
  return backtest === null || backtest.wape === null ? null : Math.max(0, 1 - backtest.wape);
}

/** How the forecast was made. */
export function modelOf(found: Found | null): PredictionResponse["model"] {
  if (found === null) return null;
  return found.study.forecast.model === "exponential_smoothing" ? "exponential_smoothing" : "theta_damped_combination";
}

/** What the season is like, with its places in the calendar's order. */
export function seasonalityOf(period: Period, { study, mean_level, season_starts }: Found): Seasonality {
  const { seasonal_strength, seasonal_p_value, season } = study.strengths;
  const { season_length } = TERMS[period];
  const detected = seasonal_p_value !== null && seasonal_p_value < SEASONAL_P_VALUE;
  const places = season.map((difference, place) => {
    const share = difference / mean_level;
    const index = mean_level > 0 && Number.isFinite(share) ? 1 + share : null;
    return { ...seasonName(period, season_starts[place] ?? ""), difference, index };
  });
  return {
    ...{ detected, p_value: seasonal_p_value },
    ...{ period: season_length === 1 ? null : season_length, unit: period, strength: seasonal_strength },
    ...{ kind: study.forecast.season?.kind ?? null, annual: study.forecast.annual },
    pattern: detected
      ? places.sort((a, b) => a.order - b.order).map(({ name, difference, index }) => ({ name, difference, index }))
      : [],
  };
}

/** The straight line through the history at the periods told, cut off at a floor; null beyond the range of numbers. */
export function lineAhead({ study: { line, forecast }, skipped }: Found, level: number): Prediction[] | null {
  const least = forecast.floor ?? -Infinity;
  const steps = forecast.mean.map((_, i) => line.n + skipped + i);
  return linearPredictions(line, steps, level)?.map(({ mean, lower, upper }) => ({
    ...{ mean: Math.max(least, mean), lower: Math.max(least, lower), upper: Math.max(least, upper) },
  })) ?? null;
}
