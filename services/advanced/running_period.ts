import type { Day } from "../metrics/mod.ts";
import type { MetricKind } from "../metrics/schema.ts";
import { fitForecast, type Forecast, type ForecastQuestion } from "../math/mod.ts";
import { type Cell, cellsOf } from "./cells.ts";

/** A running period of which some days are known, and the complete ones before it: all in days from 1970-01-01. */
export type RunningPeriod = {
  kind: MetricKind;
  days: readonly Day[];
  /** The first day of each complete period, oldest first, and what each amounts to. */
  starts: readonly number[];
  values: readonly number[];
  /** The first day of the period after that of a day. */
  next: (start: number) => number;
  /** Its first day. */
  start: number;
  /** Its known days, and those after them: at least one each. */
  known: number;
  left: number;
  /** What is recorded of it, from so many readings. */
  so_far: number;
  readings: number;
};

/**
 * A period by its two parts, now and in the periods before. A part of a flow is its sum, of a gauge by how much its level
 * changed, of a sample the average of its readings. NaN where a part is not known.
 */
export type Parts = {
  /** The first days of each complete period, as many as are known of the running one; and its own. */
  first: number[];
  now: number;
  /** The last days of each complete period, as many as are left of the running one. */
  rest: number[];
  /** Days in the first part, and in the rest. */
  known: number;
  left: number;
  /** The whole period is `base` and `weight` times the rest. */
  base: number;
  weight: number;
};

/** The parts of the periods, counted from both ends: months differ in length, but not in how many days are left. */
export function partsOf(period: RunningPeriod): Parts {
  const { kind, days, starts, values, next, start, known, left, so_far, readings } = period;
  const startOf = placing([...starts, start]);
  const cut = (part: (day: number, start: number) => boolean) =>
    cellsOf(kind, days, (day) => {
      const at = startOf(day);
      return at !== null && part(day, at) ? at : null;
    });
  const firsts = cut((day, at) => day - at < known);
  const rests = cut((day, at) => day >= next(at) - left);
  const common = { known, left };
  if (kind === "gauge") {
    const heads = cut((day, at) => day < next(at) - left);
    const before = (i: number) => values[i - 1] ?? NaN;
    return {
      ...common,
      first: starts.map((at, i) => (firsts.get(at)?.value ?? before(i)) - before(i)),
      now: so_far - before(starts.length),
      rest: starts.map((at, i) => (values[i] ?? NaN) - (heads.get(at)?.value ?? before(i))),
      ...{ base: so_far, weight: 1 },
    };
  }
  const unread = kind === "flow" ? 0 : NaN;
  const valuesOf = (cells: Map<number, Cell>) => starts.map((at) => cells.get(at)?.value ?? unread);
  const expected = starts.reduce((sum, at) => sum + (rests.get(at)?.n ?? 0), 0) / starts.length;
  const weight = kind === "flow" ? 1 : expected / (readings + expected);
  const base = kind === "flow" ? so_far : (1 - weight) * so_far;
  return { ...common, first: valuesOf(firsts), now: so_far, rest: valuesOf(rests), base, weight };
}

/** The latest of ascending starts that a day is not before; null before the first. */
function placing(starts: readonly number[]): (day: number) => number | null {
  return (day) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? Infinity) <= day) low = middle + 1;
      else high = middle;
    }
    return starts[low - 1] ?? null;
  };
}

/** Below this share of what is known a surprise, or a scale of errors, is rounding. */
const ROUNDING = 1e-9;

/**
 * The forecast of a period's rest, by those of the periods before, which had the same weekdays or days of the month.
 *
 * By how much the first part surprised is one more error of n to learn from: after 16 equal weeks and a first day like no
 * other, the rest is in doubt too. Null where no rest is known.
 */
export function restForecast(parts: Parts, question: Omit<ForecastQuestion, "horizon">, kind: MetricKind) {
  const fit = (values: readonly number[]) => fitForecast(values, { ...question, horizon: 1 });
  const [rest, first] = [fit(parts.rest), fit(parts.first)];
  if (rest === null) return null;
  const { mean, spread: [scale = 0], growth, errors, floor, n } = rest;
  const surprise = first === null ? 0 : surpriseOf(parts, first, scale, kind);
  const forecast: Forecast = {
    mean,
    spread: [Math.hypot(Math.sqrt(n) * scale, surprise) / Math.sqrt(n + 1)],
    growth,
    errors,
    floor,
  };
  return { base: parts.base, weight: parts.weight, forecast };
}

/**
 * The forecast of a level's periods after the running one, which goes on from where that one is expected to end, with
 * its doubt: that is where they begin, and neither they nor a step of this period can be told without it.
 */
export function levelAfter(
  values: readonly number[],
  { base, weight, forecast: { mean: [rest = 0], spread: [doubt = 0] } }: NonNullable<ReturnType<typeof restForecast>>,
  question: ForecastQuestion,
): Forecast | null {
  const fitted = fitForecast([...values, base + weight * rest], question);
  if (fitted === null) return null;
  const { mean, spread, growth, errors, floor } = fitted;
  return { mean, spread: spread.map((scale) => Math.hypot(scale, weight * doubt)), growth, errors, floor };
}

/**
 * What the first part was off by, in terms of the rest: as much more or less as the rest always errs, but no more than if
 * its days erred like those of the first part, independently: a sum or a change by the root of them, an average by the
 * inverse.
 */
function surpriseOf({ known, left, now }: Parts, first: Forecast, scale: number, kind: MetricKind): number {
  const { mean: [expected = now], spread: [usual = 0] } = first;
  const rounding = ROUNDING * Math.max(Math.abs(now), Math.abs(expected));
  if (Math.abs(now - expected) <= rounding) return 0;
  const days = Math.sqrt(kind === "sample" ? known / left : left / known);
  return (now - expected) * (usual > rounding ? Math.min(days, scale / usual) : days);
}
