import { addDays } from "../../../services/days.ts";
import type { OutlookInput } from "../../../services/goals/forecast/input.ts";
import { goalOutlook } from "../../../services/goals/forecast/outlook.ts";
import { PATHS, seriesPaths } from "../../../services/goals/forecast/series_paths.ts";
import { type Frequency, linearFit, normalTails, quantile } from "../../../services/math/mod.ts";
import type { DailyValues } from "./generated.ts";

/** A goal of the past: what was said about it on a day before its end, and what became of it. */
export type Replayed = {
  group: string;
  probability: number;
  /** What a straight line with normal residuals says. */
  linear: number;
  reached: boolean;
  /** Where the final value lay in the fan: inside its 50, 80 and 95 % bands. */
  inside: [boolean, boolean, boolean];
};

const FIRST_DAY = "2022-01-03";

/** A goal of the past, but for its target. */
type Past = {
  id: string;
  values: number[];
  /** Days before today, days of the window among them, and days from today to its end. */
  known: number;
  elapsed: number;
  left: number;
  aggregation: "sum" | "avg";
  direction: "increase" | "decrease";
};

/** A goal on a daily series, through what the service uses; null where it says nothing. */
export function replayDaily(series: DailyValues, group: string, uniform: () => number): Replayed | null {
  const past = somePast(series, uniform);
  const { values, known, elapsed, left, aggregation, direction } = past;
  const window = values.slice(known - elapsed, known + left);
  const booked = total(values.slice(known - elapsed, known));
  const final = aggregation === "sum" ? total(window) : total(window) / window.length;
  const end = goalOutlook(inputOf(past, 1)).fan.at(-1);
  if (end === undefined) return null;
  const target = uniform() < 0.5
    ? between(QUANTILES.map((name) => end[name]), uniform())
    : usual(values.slice(0, known), left, booked, aggregation) * Math.exp(0.3 * (uniform() - 0.5));
  const { probability } = goalOutlook(inputOf(past, target));
  if (probability === null) return null;
  const needed = aggregation === "sum" ? target - booked : target * window.length - booked;
  const line = chanceOnLine(values.slice(0, known), left, needed);
  return {
    ...{ group, probability, linear: direction === "increase" ? line : 1 - line },
    reached: direction === "increase" ? final >= target : final <= target,
    inside: [
      final >= end.lower_50 && final <= end.upper_50,
      final >= end.lower_80 && final <= end.upper_80,
      final >= end.lower_95 && final <= end.upper_95,
    ],
  };
}

/** A day after the first quarter of the series, and a window of at most a year around it. */
function somePast({ id, values }: DailyValues, uniform: () => number): Past {
  const most = values.length - 28;
  const known = Math.floor(most / 4 + uniform() * (most * 3 / 4));
  const left = 1 + Math.floor(Math.min(values.length - known - 1, 365) * uniform() ** 1.5);
  const elapsed = Math.floor(Math.min(known, 90) * uniform());
  const aggregation = uniform() < 0.7 ? "sum" : "avg";
  const direction = uniform() < 0.8 ? "increase" : "decrease";
  return { id, values, known, elapsed, left, aggregation, direction };
}

function inputOf(
  { id, values, known, elapsed, left, aggregation, direction }: Past,
  target_value: number,
): OutlookInput {
  const date = (day: number) => addDays(FIRST_DAY, day);
  return {
    seed: `${id} ${known} ${left}`,
    terms: {
      ...{ direction, baseline_value: 0, target_value, unit: "USD", aggregation },
      ...{ start_date: date(known - elapsed), end_date: date(known + left - 1) },
    },
    today: date(known),
    current_value: 0,
    source: {
      ...{ by: "series", name: id, kind: aggregation === "sum" ? "flow" : "sample", heard: date(known - 1) },
      days: values.slice(0, known).map((value, day) => ({ date: date(day), value, n: 1 })),
    },
  };
}

const total = (days: readonly number[]) => days.reduce((sum, value) => sum + value, 0);

const QUANTILES = ["lower_95", "lower_80", "lower_50", "median", "upper_50", "upper_80", "upper_95"] as const;
const SHARES = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

/** The quantile at a share, between those that a fan shows. */
function between(values: readonly number[], share: number): number {
  const above = SHARES.findIndex((one) => one >= share);
  const at = above === -1 ? SHARES.length - 1 : Math.max(1, above);
  const [low = 0, high = 1] = [SHARES[at - 1], SHARES[at]];
  const [from = 0, to = 0] = [values[at - 1], values[at]];
  return from + ((share - low) / (high - low)) * (to - from);
}

/** What people set: as much again as in the days before. */
function usual(before: readonly number[], left: number, booked: number, aggregation: "sum" | "avg"): number {
  const recent = before.slice(-Math.max(7, left));
  const mean = recent.reduce((sum, value) => sum + value, 0) / recent.length;
  return aggregation === "sum" ? booked + mean * left : mean;
}

/** The probability that the days left bring so much, on a straight line through the history with normal residuals. */
function chanceOnLine(history: readonly number[], left: number, needed: number): number {
  const fit = linearFit(history.map((_, day) => day), history);
  if (fit === null) return 0.5;
  const mean = left * (fit.intercept + fit.slope * (history.length + (left - 1) / 2));
  const deviation = fit.residual_sd * Math.sqrt(left);
  if (!(deviation > 0)) return mean >= needed ? 1 : 0;
  const half = (normalTails((needed - mean) / deviation)?.outside ?? 1) / 2;
  return needed > mean ? half : 1 - half;
}

/** A series of any frequency, and what came next. */
type Stepped = { id: string; history: number[]; future: number[]; frequency: Frequency; season_length: number };

/** A total of the next steps of a series of any frequency. */
export function replaySteps(
  { id, history, future, frequency, season_length }: Stepped,
  group: string,
  uniform: () => number,
): Replayed | null {
  const horizon = 1 + Math.floor(future.length * uniform());
  const found = seriesPaths(history, { horizon, season_length, frequency, gathering: "total", seed: id });
  if (found === null) return null;
  const totals = Float64Array.from({ length: PATHS }, (_, path) => {
    return total([...found.paths.values.subarray(path * horizon, (path + 1) * horizon)]);
  }).sort();
  const at = (share: number) => quantile(totals, share) ?? 0;
  const target = uniform() < 0.5
    ? at(uniform())
    : usual(history, horizon, 0, "sum") * Math.exp(0.3 * (uniform() - 0.5));
  const final = total(future.slice(0, horizon));
  const isInside = (level: number) => final >= at((1 - level) / 2) && final <= at((1 + level) / 2);
  return {
    ...{ group, reached: final >= target, linear: chanceOnLine(history, horizon, target) },
    probability: totals.filter((value) => value >= target).length / PATHS,
    inside: [isInside(0.5), isInside(0.8), isInside(0.95)],
  };
}
