import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { fitForecast, type FittedForecast, forecastInterval } from "../../../services/math/mod.ts";
import { carriedForward, coverage, mase, mean, naive2, smape } from "../../support/forecast_scores.ts";
import { type Kind, KINDS, type KnownSeries, seriesOf } from "../../support/forecast_series.ts";
import { asked, isOrdered } from "./asked_forecast.ts";
import { closeTo } from "./close_to.ts";

/** What one forecast of a known series was worth, beside Naive2 and beside whoever knows the recipe. */
type Score = {
  name: string;
  ours: { smape: number; mase: number };
  naive: { smape: number; mase: number };
  knower: number;
  covered: { 80: number; 95: number };
};

const EACH = 20;
const scores = new Map(KINDS.map((kind) => [kind, seriesOf(kind, EACH).map(scored)]));

/**
 * OWA against Naive2 that each kind must stay under, about a tenth above what the engine reaches. A wandering level has
 * no better forecast than its last value. Around and at 0 neither percentages nor Naive2's factors mean anything.
 */
const MOST_OWA: Record<Exclude<Kind, "weekday_below_zero" | "intermittent">, number> = {
  steady: 0.75,
  trend: 0.88,
  damped_trend: 0.85,
  growth: 0.6,
  weekday: 0.7,
  month_of_year: 0.85,
  quarter_of_year: 0.75,
  year_of_days: 0.5,
  year_of_weeks: 0.35,
  level_break: 0.88,
  wandering: 1.05,
  missing_days: 0.75,
};

Deno.test("the guard set has at least 60 series, with a future each, and the same ones in every run", () => {
  const all = KINDS.flatMap((kind) => seriesOf(kind, EACH));
  ok(all.length >= 60);
  equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const { name, future, truth } of all) ok(future.length === truth.length && future.length > 0, name);
  equal(all, KINDS.flatMap((kind) => seriesOf(kind, EACH)));
});

Deno.test("Naive2 is the last value where there is no season, and the pattern where it repeats exactly", () => {
  equal(naive2([3, 1, 4, 1, 5], 4, 3), [5, 5, 5]);
  const pattern = [2, 4, 6, 8];
  const repeated = Array.from({ length: 20 }, (_, i) => pattern[i % 4] ?? 0);
  naive2(repeated, 4, 5).forEach((value, k) => closeTo(value, pattern[k % 4] ?? 0, 1e-12));
  // |5 − 4| of a sum of 9: 200/9; against changes of 1, 2: an error of 1 is two thirds of the mean change.
  closeTo(smape([5], [4]), 200 / 9, 1e-12);
  closeTo(mase([5], [4], [1, 2, 4], 1), 2 / 3, 1e-12);
});

Deno.test("the forecast beats Naive2 by a margin in every kind of series that has something to know", () => {
  const slipped = Object.entries(MOST_OWA).filter(([kind, most]) => !(owa(scoresOf(kind)) <= most));
  equal(slipped.map(([kind]) => `${kind}: ${owa(scoresOf(kind))}`), []);
});

Deno.test("over all kinds the forecast's error is at most seven tenths of Naive2's", () => {
  const overall = mean(Object.keys(MOST_OWA).map((kind) => owa(scoresOf(kind))));
  ok(overall <= 0.7, `${overall}`);
});

Deno.test("the forecast is nearly as good as that of who knows the recipe", () => {
  // Six years ahead of 24 values with noise, growth cannot be known: there the OWA alone is asked.
  const regret = (of: Score[]) => mean(of.map(({ ours }) => ours.mase)) / mean(of.map(({ knower }) => knower));
  const slipped = KINDS.filter((kind) => kind !== "growth" && !(regret(scoresOf(kind)) <= 1.3));
  equal(slipped.map((kind) => `${kind}: ${regret(scoresOf(kind))}`), []);
  for (const kind of ["steady", "weekday_below_zero", "year_of_days", "missing_days"]) {
    ok(regret(scoresOf(kind)) <= 1.06, `${kind}: ${regret(scoresOf(kind))}`);
  }
});

Deno.test("the intervals hold what they claim, in every kind of series and over all", () => {
  const bands = { 80: { kind: [0.72, 0.92], all: [0.77, 0.87] }, 95: { kind: [0.9, 0.99], all: [0.93, 0.975] } };
  for (const level of [80, 95] as const) {
    const shares = KINDS.map((kind) => ({ kind, share: mean(scoresOf(kind).map(({ covered }) => covered[level])) }));
    const within = (share: number, [low = 0, high = 1]: number[]) => low <= share && share <= high;
    equal(shares.filter(({ share }) => !within(share, bands[level].kind)), [], `at ${level} %`);
    const all = mean(shares.map(({ share }) => share));
    ok(within(all, bands[level].all), `${all} at ${level} % over all`);
  }
});

Deno.test("intervals widen with the level, hold the mean, and stay above 0 where the history did", () => {
  for (const kind of KINDS) {
    for (const series of seriesOf(kind, EACH)) {
      const forecast = fitted(series);
      ok(isOrdered(forecast), series.name);
      const bounds = forecastInterval(forecast, 0.99);
      if (series.history.some((value) => value < 0)) equal(forecast.floor, null, series.name);
      else ok(Math.min(...forecast.mean, ...bounds.lower) >= 0, series.name);
    }
  }
});

Deno.test("without a season the interval never narrows further ahead", () => {
  for (const series of seriesOf("wandering", EACH).map((each) => ({ ...each, season_length: 1 }))) {
    const forecast = fitForecast(series.history.map((value) => value - 2 * Math.max(...series.history)), {
      horizon: 60,
      season_length: 1,
      frequency: "monthly",
    });
    ok(forecast !== null && forecast.spread.every((size, k) => size >= (forecast.spread[k - 1] ?? 0)), series.name);
  }
});

function scored(series: KnownSeries): Score {
  const { name, future, truth, scaling } = series;
  const history = carriedForward(series.history);
  const forecast = fitted(series);
  const naive = naive2(history, scaling, future.length);
  const of = (values: number[]) => ({ smape: smape(values, future), mase: mase(values, future, history, scaling) });
  const covered = (level: number) => coverage(forecastInterval(forecast, level), future);
  const both = { 80: covered(0.8), 95: covered(0.95) };
  return { name, ours: of(forecast.mean), naive: of(naive), knower: of(truth).mase, covered: both };
}

function scoresOf(kind: string): Score[] {
  return [...scores].find(([each]) => each === kind)?.[1] ?? [];
}

/** Half the ratio of the mean sMAPE, half that of the mean MASE, as in the M4 competition. */
function owa(of: Score[]): number {
  const ratio = (measure: "smape" | "mase") =>
    mean(of.map(({ ours }) => ours[measure])) / mean(of.map(({ naive }) => naive[measure]));
  return (ratio("smape") + ratio("mase")) / 2;
}

function fitted({ history, future, season_length, frequency }: KnownSeries): FittedForecast {
  return asked(history, { horizon: future.length, season_length, frequency });
}
