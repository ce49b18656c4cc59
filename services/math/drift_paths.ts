import { normalQuantile } from "./normal_quantile.ts";
import type { Paths } from "./simulate_paths.ts";

/** A level that was read at some times, ascending; the unit of time is the caller's. */
export type LevelReading = { at: number; value: number };

/** How far and how often to look ahead. */
export type DriftQuestion = {
  count: number;
  steps: number;
  /** Time from one step to the next; the first step is so far from the last reading. */
  step: number;
  uniform: () => number;
};

/**
 * Ways that a level may go from its last reading on: a random walk with drift, whose readings may be any time apart.
 *
 * Over a time t the level changes by drift·t with variance σ²·t. From m changes Δv over Δt, both of which sum to what
 * lies between the first reading and the last: drift = ΣΔv / ΣΔt and σ² = Σ (Δv − drift·Δt)²/Δt / (m − 1). What these
 * estimates may be wrong is in the paths: each has a drift of its own, of variance σ²/ΣΔt, and a σ of its own, so that
 * the level after a time is Student's t with m − 1 degrees of freedom. Null with fewer than three readings, and where
 * they are not at ascending times or not finite. The predictive distribution of a Brownian motion with drift under a
 * flat prior (Zellner 1971, An Introduction to Bayesian Inference in Econometrics).
 * @example
 * ```ts
 * const readings = [{ at: 0, value: 10 }, { at: 1, value: 15 }, { at: 3, value: 25 }];
 * const paths = driftPaths(readings, { count: 1, steps: 2, step: 1, uniform: seededUniforms("a") });
 * Array.from(paths.values); // [30, 35]
 * ```
 */
export function driftPaths(readings: readonly LevelReading[], question: DriftQuestion): Paths | null {
  const walk = fittedWalk(readings);
  if (walk === null) return null;
  const { last, drift, sigma, freedom, span } = walk;
  const { count, steps, step, uniform } = question;
  const values = new Float64Array(count * steps);
  const normal = () => normalQuantile(uniform() || 1e-12) ?? 0;
  for (let path = 0; path < count; path++) {
    let squares = 0;
    for (let i = 0; i < freedom; i++) squares += normal() ** 2;
    const own = sigma * Math.sqrt(freedom / Math.max(squares, 1e-9));
    const speed = drift + (own / Math.sqrt(span)) * normal();
    let level = last;
    for (let k = 0; k < steps; k++) {
      level += speed * step + own * Math.sqrt(step) * normal();
      values[path * steps + k] = Math.min(MOST, Math.max(-MOST, level || 0));
    }
  }
  return { count, steps, values };
}

const MOST = 1e300;
/** More degrees of freedom make no difference that 1,000 paths could show. */
const MOST_FREEDOM = 60;

function fittedWalk(readings: readonly LevelReading[]) {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || readings.length < 3) return null;
  const span = last.at - first.at;
  const drift = (last.value - first.value) / span;
  let squares = 0;
  for (const [i, { at, value }] of readings.entries()) {
    const before = readings[i - 1];
    if (before === undefined) continue;
    const time = at - before.at;
    if (!(time > 0)) return null;
    squares += (value - before.value - drift * time) ** 2 / time;
  }
  const changes = readings.length - 1;
  const sigma = Math.sqrt(squares / (changes - 1));
  if (![drift, sigma, last.value].every(Number.isFinite)) return null;
  return { last: last.value, drift, sigma, span, freedom: Math.min(MOST_FREEDOM, changes - 1) };
}
