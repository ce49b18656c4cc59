import { at } from "./at.ts";
import { bestAlpha, roundingOf, type Smoothing } from "./smoothing.ts";

/** The α of simple exponential smoothing, from `lowest` on, by least squares of the one-step errors. */
export function levelAlpha(learnt: Float64Array, lowest?: number): number {
  return bestAlpha((candidate) => fitted(learnt, candidate).cost, roundingOf(learnt), lowest);
}

/**
 * Simple exponential smoothing (Brown 1956): ℓ ← ℓ + α(y − ℓ), no slope. For a given α the one-step errors are linear in
 * the first level, which therefore has a closed form: that of `learnt`, values of the same places. Needs one value.
 */
export function levelSmoothing(values: Float64Array, alpha: number, learnt: Float64Array): Smoothing {
  const level = new Float64Array(values.length + 1);
  level[0] = fitted(learnt, alpha).first;
  for (let t = 0; t < values.length; t++) {
    const now = at(level, t);
    level[t + 1] = now + alpha * (at(values, t) - now);
  }
  return { level, slope: new Float64Array(values.length + 1), damping: 1, alpha };
}

/** The error at t is r − p·first: r with a first level of 0, p the share of the first level still left. */
function fitted(values: Float64Array, alpha: number): { first: number; cost: number } {
  let level = 0;
  let left = 1;
  let pp = 0;
  let pr = 0;
  let rr = 0;
  for (let t = 0; t < values.length; t++) {
    const r = at(values, t) - level;
    pp += left * left;
    pr += left * r;
    rr += r * r;
    level += alpha * r;
    left *= 1 - alpha;
    if (left < FORGOTTEN) left = 0;
  }
  return { first: pr / pp, cost: rr - (pr * pr) / pp };
}

/** Below this a share adds nothing, and its square would slow the arithmetic down. */
const FORGOTTEN = 1e-15;
