import { type Baseline, LEVEL_REACH, robustBaseline, ROUNDING } from "./anomaly_baseline.ts";
import { anomalyScale } from "./anomaly_scale.ts";

/** Values on the scale on which they are compared, as what is usual of them, and how far each is from that. */
export type AnomalyFit = {
  /** From the scale back to the values: never falling, so that what is above stays above. */
  back(at: number): number;
  base: Baseline;
  /** How far from its expected value each usually is. */
  scale: number[];
  /** Signed, in units of the scale; 0 where a value is not known. */
  scores: number[];
};

/**
 * By how much more, in standard deviations, the ends of the roots may be off than their middle, compared with the values
 * themselves, before these are taken as they are.
 */
const BENT = 0.2;
/** What is farther off than that is a fault rather than a bend. */
const MOST_BENT = 4;

/**
 * Level, season and scale of values. Those that are never negative are compared by their square roots, which gives counts
 * of every size the same spread (Bartlett 1936); but not where these bend what is straight: a steady growth from near 0
 * is steep at first by its roots, so that its first days are far from the slope of the weeks around them.
 */
export function anomalyFit(values: readonly (number | null)[], season_length: number): AnomalyFit {
  const known = values.flatMap((value) => value ?? []);
  const most = known.reduce((high, value) => Math.max(high, Math.abs(value)), 0);
  const unit = most === 0 ? 1 : most; // so that nothing overflows
  const within = (value: number) => Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value * unit));
  const isSigned = known.some((value) => value < 0);
  const least = isSigned ? -Infinity : 0; // where nothing is below 0, nothing below it is expected
  const plain = fitBy((value) => value / unit, (at) => within(Math.max(least, at)), values, season_length);
  if (isSigned) return plain;
  const rooted = fitBy(
    (value) => Math.sqrt(value / unit),
    (root) => within(Math.max(0, root) ** 2),
    values,
    season_length,
  );
  return bendOf(rooted) > bendOf(plain) + BENT ? plain : rooted;
}

function fitBy(
  of: (value: number) => number,
  back: (at: number) => number,
  values: readonly (number | null)[],
  season_length: number,
): AnomalyFit {
  const base = withoutRounding(robustBaseline(values.map((value) => value === null ? null : of(value)), season_length));
  const scale = anomalyScale(base.residuals, season_length);
  return { back, base, scale, scores: inUnitsOf(base.residuals, scale) };
}

/**
 * How much farther from what was expected the first and the last 14 values are than those between, on average, faults as
 * moderate ones. Not the ends alone: skewed values are farther off by their roots than as they are, everywhere.
 */
function bendOf({ scores }: AnomalyFit): number {
  const isEnd = (i: number) => i < LEVEL_REACH || i >= scores.length - LEVEL_REACH;
  const off = (some: readonly number[]) =>
    some.reduce((sum, score) => sum + Math.min(Math.abs(score), MOST_BENT) / some.length, 0);
  return off(scores.filter((_, i) => isEnd(i))) - off(scores.filter((_, i) => !isEnd(i)));
}

/** What the last digits of a sum leave is no difference. */
function withoutRounding(base: Baseline): Baseline {
  return {
    ...base,
    residuals: base.residuals.map((residual) => residual !== null && Math.abs(residual) < ROUNDING ? 0 : residual),
  };
}

function inUnitsOf(residuals: readonly (number | null)[], scale: readonly number[]): number[] {
  return residuals.map((residual, i) => {
    const unit = scale[i] ?? 0;
    return residual === null || unit === 0 ? 0 : residual / unit;
  });
}
