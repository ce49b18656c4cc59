import { quantile } from "./quantile.ts";
import { rollingMedian } from "./rolling_median.ts";

/** Of a normal distribution: standard deviations to one median absolute deviation, and to the 90 % quantile of sizes. */
const PER_MAD = 1.4826;
const PER_TAIL = 1 / 1.6449;
/** Values on either side that decide how restless the series is at a place. */
const RESTLESS_REACH = 30;
const FEW_CHANGES = 20;
const LEAST_SHARE = 0.1;

/**
 * How far from its expected value each value usually is, in units of the values; all 0 where no residual differs from 0.
 *
 * The whole series' scale times the square root of how much wider or narrower it is at this place of the season, and
 * around this time. The scale of values is the largest of three, which one fault in ten does not move: from the median
 * absolute deviation; from the 90 % quantile, where the tails are heavy; and from the median of what is not 0, times
 * k/(k + 20) for k of these, so that a handful of changes in a constant series are large, and a habit of them is not.
 */
export function anomalyScale(residuals: readonly (number | null)[], season_length: number): number[] {
  const sizes = residuals.map((residual) => residual === null ? null : Math.abs(residual));
  const typical = scaleOf(sizes);
  if (typical === 0) return sizes.map(() => 0);
  const wider = (scale: number) => Math.sqrt((scale + LEAST_SHARE * typical) / ((1 + LEAST_SHARE) * typical));
  const season = Math.max(1, Math.floor(season_length) || 1);
  const places = Array.from(
    { length: Math.min(season, sizes.length) },
    (_, place) => wider(scaleOf(sizes.filter((_, i) => i % season === place))),
  );
  const ofPlace = (i: number) => places[i % season] ?? 1;
  const even = sizes.map((size, i) => size === null ? null : size / ofPlace(i));
  const shape = rollingMedian(even, RESTLESS_REACH).map((usual, i) =>
    ofPlace(i) * (usual === null ? 1 : wider(PER_MAD * usual))
  );
  const whole = scaleOf(sizes.map((size, i) => size === null ? null : size / (shape[i] ?? 1)));
  return shape.map((factor) => whole * factor);
}

function scaleOf(sizes: readonly (number | null)[]): number {
  const known = sizes.filter((size) => size !== null).sort((a, b) => a - b);
  const changes = known.filter((size) => size > 0);
  const habit = changes.length / (changes.length + FEW_CHANGES);
  return Math.max(
    PER_MAD * (quantile(known, 0.5) ?? 0),
    PER_TAIL * (quantile(known, 0.9) ?? 0),
    PER_MAD * habit * (quantile(changes, 0.5) ?? 0),
  );
}
