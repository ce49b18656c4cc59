import { at } from "./at.ts";
import { dampedSmoothing } from "./damped_smoothing.ts";
import { furthestStep } from "./learnable.ts";
import { levelAlpha, levelSmoothing } from "./level_smoothing.ts";
import { dampedSteps, expectedAt, type Smoothing } from "./smoothing.ts";
import { thetaSmoothing } from "./theta_smoothing.ts";

/** The mean of a few smoothings of one series without its season. */
export type Combination = {
  name: string;
  /** The mean of the smoothings' α. */
  alpha: number;
  /** A function of the origin (values seen, 0 to n) that tells what was expected k steps on, k ≥ 1. */
  expectation(k: number): (origin: number) => number;
};

/** What is known of the series before it is smoothed. */
export type SeriesTraits = {
  /** `relative`: errors grow with the level, which is never negative. `zeros`: most values are 0. `absolute`: neither. */
  scale: "relative" | "zeros" | "absolute";
  /** Whether a level goes on from a newest value that is unlike all before. */
  persists: boolean;
  /** True for days: their level is also smoothed without a trend, and the theta trend fades. */
  daily: boolean;
};

/** Where most values are 0, the level may be as slow as the plain mean of all, but need not be slower than this. */
const SLOWEST = 0.02;
/** How much of a daily theta trend is left after each day: half of it in five months. */
const DAILY_FADING = 0.995;

/**
 * The plain mean of the optimised theta, the standard theta and the damped trend, and for days the level alone: a mean
 * of sound and different methods is hard to beat (Bates & Granger 1969; Makridakis et al. 2020).
 *
 * A relative series is smoothed as square roots, which steadies its variance (Bartlett 1936) and lets a trend grow
 * faster than a line but slower than compound interest. Where most values are 0, no trend can be told: the level alone.
 * The weights are those that smooth `learnt` best, which is `values` but for the last (`learnable`).
 */
export function combine(values: Float64Array, learnt: Float64Array, traits: SeriesTraits): Combination {
  const { scale, daily, persists } = traits;
  const scaled = (one: Float64Array) => scale === "relative" ? one.map((value) => Math.sqrt(Math.max(0, value))) : one;
  const n = values.length;
  const seen = persists ? learnt : values; // what goes beyond is added to the level below
  const beyond = at(values, n - 1) - at(seen, n - 1);
  const smoothings = scale === "zeros"
    ? [levelSmoothing(seen, levelAlpha(learnt, Math.min(SLOWEST, 1 / n)), learnt)]
    : trending(scaled(seen), scaled(learnt), daily);
  const back = scale === "relative" ? (root: number) => Math.max(0, root) ** 2 : (value: number) => value;
  return {
    name: scale === "zeros" ? "exponential_smoothing" : "theta_damped_combination",
    alpha: smoothings.reduce((sum, { alpha }) => sum + alpha / smoothings.length, 0),
    expectation: (k) => {
      const steps = smoothings.map(({ damping }) => dampedSteps(damping, k));
      return (origin) => back(expectedAt(smoothings, origin, steps)) + (origin === n ? beyond : 0);
    },
  };
}

function trending(values: Float64Array, learnt: Float64Array, daily: boolean): Smoothing[] {
  const alpha = levelAlpha(learnt);
  const believed = believedBy(alpha, values, learnt);
  const fading = daily ? DAILY_FADING : 1;
  const smoothings = [
    thetaSmoothing(believed, "best", fading, learnt),
    thetaSmoothing(believed, { weight: 0.5, alpha }, fading, learnt),
    dampedSmoothing(believed, learnt),
  ];
  return daily ? [...smoothings, levelSmoothing(believed, alpha, learnt)] : smoothings;
}

/**
 * What is learnt from, and of what the newest value goes beyond it the share α, up to once more the furthest that
 * neighbours ever were apart: a level that moves with its values goes along, but not with what is unlike all before, and
 * one that averages over many is not thrown by one outlier.
 */
function believedBy(alpha: number, values: Float64Array, learnt: Float64Array): Float64Array {
  const most = furthestStep(learnt, learnt.length - 1);
  return learnt.map((value, i) => value + alpha * Math.min(most, Math.max(-most, at(values, i) - value)));
}
