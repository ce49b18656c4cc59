import { correlationTest, lagScan, pairedEffectiveSize, pearson, spearman } from "../math/mod.ts";
import type { TrendInterval } from "../analytics/trend.ts";
import { bothKnown } from "./both_known.ts";
import { cautions, interpretation } from "./correlation_wording.ts";
import type { CorrelatedPair } from "./correlation_schema.ts";
import type { PeriodSeries } from "./period_series.ts";
import { sharedMoves, withoutSharedSeason } from "./shared_moves.ts";
import { periodsOf } from "./wording.ts";

/** What a pair is looked at with. */
export type PairQuestion = { confidence_level: number; max_lag: number; interval: TrendInterval };

/** The numbers of a pair, before they are put into words. */
export type PairNumbers = Omit<CorrelatedPair, "interpretation" | "warnings">;

const FEWEST_PERIODS = 3;

/** Series on the same periods, and the places of those that are to be looked at in pairs. */
export type PairsInput = { series: PeriodSeries[]; pairs: [number, number][]; question: PairQuestion };

/** How each pair of series goes together, in the order asked. */
export function correlatedPairs({ series, pairs, question }: PairsInput): CorrelatedPair[] {
  return pairs.flatMap(([i, j]) => {
    const [a, b] = [series[i], series[j]];
    return a === undefined || b === undefined ? [] : [correlatedPair(a, b, question)];
  });
}

/** How two series on the same periods go together; only periods count in which both are known. */
function correlatedPair(a: PeriodSeries, b: PeriodSeries, question: PairQuestion): CorrelatedPair {
  const numbers = numbersOf(a, b, question);
  const pair = { a: a.label, b: b.label, values: { a: a.values, b: b.values } };
  const shared = sharedMoves(pair, numbers.changes, question.interval);
  return {
    ...numbers,
    interpretation: interpretation(numbers, question, shared),
    warnings: cautions(numbers, a.values.length, shared, question),
  };
}

function numbersOf(
  a: PeriodSeries,
  b: PeriodSeries,
  { confidence_level, max_lag, interval }: PairQuestion,
): PairNumbers {
  const [xs, ys] = bothKnown(a.values, b.values);
  const n = xs.length;
  const r = n < FEWEST_PERIODS ? null : pearson(xs, ys);
  const reason = r !== null ? null : lack({ a, b, xs, ys, interval });
  const names = { a: a.label, b: b.label, n, reason };
  if (r === null) {
    const none = { pearson: null, spearman: null, adjusted: null, changes: null, lag_scan: null };
    return { ...names, ...none, significant: false };
  }
  const adjusted = adjustedTest(r, a, b, confidence_level);
  return {
    ...names,
    pearson: tested(r, n, confidence_level, "pearson"),
    spearman: tested(spearman(xs, ys), n, confidence_level, "spearman"),
    adjusted,
    changes: changesOf(a.values, b.values, confidence_level),
    lag_scan: scanned(a, b, { confidence_level, max_lag, interval }),
    significant: (adjusted?.p_value ?? 1) < 1 - confidence_level,
  };
}

type Lacking = { a: PeriodSeries; b: PeriodSeries; xs: number[]; ys: number[]; interval: TrendInterval };

function lack({ a, b, xs, ys, interval }: Lacking): string {
  const missing = a.unrecorded ?? b.unrecorded;
  if (missing !== null) return missing;
  if (xs.length < FEWEST_PERIODS) {
    return `${a.label} and ${b.label} are both known in ${
      periodsOf(xs.length, interval)
    }, and ${FEWEST_PERIODS} are needed`;
  }
  const constant = [{ one: a, values: xs }, { one: b, values: ys }].find(({ values }) =>
    values.every((value) => value === values[0])
  );
  if (constant === undefined) {
    return `The values of ${a.label} and ${b.label} are too large or too close to be correlated`;
  }
  return `${constant.one.label} is the same in all ${
    periodsOf(xs.length, interval)
  }: what does not vary has no correlation`;
}

function tested(r: number | null, n: number, level: number, method: "pearson" | "spearman"): CorrelatedPair["pearson"] {
  const test = r === null ? null : correlationTest(r, n, level, method);
  return r === null || test === null ? null : { r, ...test };
}

function adjustedTest(r: number, a: PeriodSeries, b: PeriodSeries, level: number): CorrelatedPair["adjusted"] {
  const effective_n = pairedEffectiveSize(a.values, b.values);
  const test = effective_n === null ? null : correlationTest(r, effective_n, level);
  return effective_n === null || test === null ? null : { effective_n, ...test };
}

/** The correlation of the differences between neighbouring periods, where all four values are known. */
function changesOf(
  a: readonly (number | null)[],
  b: readonly (number | null)[],
  level: number,
): CorrelatedPair["changes"] {
  const [xs, ys] = bothKnown(differences(a), differences(b));
  const r = xs.length < FEWEST_PERIODS ? null : pearson(xs, ys);
  if (r === null) return null;
  return { r, p_value: correlationTest(r, xs.length, level)?.p_value ?? null, n: xs.length };
}

function differences(values: readonly (number | null)[]): (number | null)[] {
  return values.slice(1).map((value, i) => {
    const before = values[i] ?? null;
    return value === null || before === null ? null : value - before;
  });
}

/** A season that both have would set the lag: the scan is then of what is left without it. */
function scanned(
  a: PeriodSeries,
  b: PeriodSeries,
  { max_lag, confidence_level, interval }: PairQuestion,
): CorrelatedPair["lag_scan"] {
  const left = withoutSharedSeason({ a: a.values, b: b.values }, interval);
  const scan = left === null ? lagScan(a.values, b.values, max_lag) : lagScan(left.values.a, left.values.b, max_lag);
  if (scan === null || scan.max_lag === 0) return null;
  const { lag, r, n, p_value } = scan.best;
  const isTold = lag !== 0 && p_value !== null && p_value < 1 - confidence_level;
  const leads = !isTold ? null : lag > 0 ? a.label : b.label;
  const without_season = left?.length ?? null;
  return { max_lag: scan.max_lag, without_season, best: { lag, r, n, p_value, leads }, lags: scan.lags };
}
