import { quantile } from "./quantile.ts";
import { rollingMedian } from "./rolling_median.ts";

/** What a series does when nothing is wrong, and what each value leaves of it. */
export type Baseline = {
  /** Level and pattern: null where nothing is known for long. */
  expected: (number | null)[];
  /** Value − expected; null where the value is not known. */
  residuals: (number | null)[];
  /** What is left without the pattern, but for the residuals. */
  level: (number | null)[];
  /** Steady growth over the whole series, and the season around it. */
  pattern: number[];
};

/** Values on either side of one that decide its level: faults of up to 14 in a row cannot move it. */
export const LEVEL_REACH = 14;
/** What the last digits of a sum may leave, of values of a size up to 1. */
export const ROUNDING = 1e-12;
/** Seasons on either side that decide a season's place: the pattern may change over a quarter of a year of weeks. */
const SEASON_REACH = 6;
const FEWEST_SEASONS = 3;

/**
 * Splits a series into steady growth, level, season and residual by medians, which neither faults nor steps blur.
 *
 * A step of the level stays one; a season needs three cycles. In the manner of STL's robust steps (Cleveland et al.
 * 1990), with running medians in place of weighted lines (Tukey 1977). Growth goes first, because the running median of
 * a steep line is each value itself.
 */
export function robustBaseline(values: readonly (number | null)[], season_length: number): Baseline {
  const length = Math.max(1, Math.floor(season_length) || 1);
  const lag = length <= LEVEL_REACH ? length * Math.floor(LEVEL_REACH / length) : LEVEL_REACH;
  const slope = slopeOf(values, lag);
  const steady = values.map((value, i) => value === null ? null : value - slope * i);
  const season = seasonOf(minus(steady, levelOf(steady, lag)), length);
  const deseasonalised = minus(steady, season);
  const level = levelOf(deseasonalised, lag);
  const pattern = season.map((height, i) => height + slope * i);
  return {
    expected: level.map((height, i) => height === null ? null : height + (pattern[i] ?? 0)),
    residuals: minus(deseasonalised, level),
    level,
    pattern,
  };
}

/**
 * Running medians. Towards the ends, where more values lie on one side, they are carried on by the slope there: else a
 * steady growth would look like a fall behind.
 * @param lag values between two that are compared for the slope: whole seasons
 */
function levelOf(values: readonly (number | null)[], lag: number): (number | null)[] {
  const last = values.length - 1;
  const growth = { first: -endSlope(values.toReversed(), lag), last: endSlope(values, lag) };
  return rollingMedian(values, LEVEL_REACH).map((median, i) => {
    const lacking = { before: Math.max(0, LEVEL_REACH - i), after: Math.max(0, i + LEVEL_REACH - last) };
    return median === null ? null : median + (lacking.after * growth.last - lacking.before * growth.first) / 2;
  });
}

const endSlope = (values: readonly (number | null)[], lag: number) =>
  slopeOf(values.slice(-2 * LEVEL_REACH - lag), lag);

/** The growth from one value to the next: the median change over a lag, divided by it; 0 where 14 or fewer are known. */
function slopeOf(values: readonly (number | null)[], lag: number): number {
  const changes = minus(values.slice(lag), values).filter((change) => change !== null).sort((a, b) => a - b);
  return changes.length <= LEVEL_REACH ? 0 : (quantile(changes, 0.5) ?? 0) / lag;
}

/** Of each place in the season the running median, about as many seasons back as ahead; 0 where nothing is known. */
function seasonOf(deviations: readonly (number | null)[], season_length: number): number[] {
  const season = deviations.map(() => 0);
  if (!(season_length >= 2 && deviations.length >= FEWEST_SEASONS * season_length)) return season;
  for (let place = 0; place < season_length; place++) {
    const own = deviations.filter((_, i) => i % season_length === place);
    for (const [cycle, usual] of rollingMedian(own, SEASON_REACH).entries()) {
      season[cycle * season_length + place] = usual ?? 0;
    }
  }
  return season;
}

function minus(values: readonly (number | null)[], others: readonly (number | null)[]): (number | null)[] {
  return values.map((value, i) => {
    const other = others[i] ?? null;
    return value === null || other === null ? null : value - other;
  });
}
