import { at } from "./at.ts";
import { roundingOf, type Smoothing } from "./smoothing.ts";

type Weights = { alpha: number; beta: number; damping: number };

/**
 * The damped additive trend (Gardner & McKenzie 1985): expected ℓ + φb; ℓ ← ℓ + φb + αe, b ← φb + αβe.
 *
 * For fixed α, β and φ the one-step errors are linear in the first level and slope, which are solved for; the first
 * slope is drawn half way to 0, because a few early values say little about it. The weights are the best of a coarse
 * grid, refined by halving steps, one weight at a time. Weights and firsts are those of `learnt`, of the same places.
 */
export function dampedSmoothing(values: Float64Array, learnt = values): Smoothing {
  const { alpha, beta, damping } = bestWeights((weights) => fitted(learnt, weights).cost, roundingOf(learnt));
  const first = fitted(learnt, { alpha, beta, damping });
  const n = values.length;
  const level = new Float64Array(n + 1);
  const slope = new Float64Array(n + 1);
  level[0] = first.level;
  slope[0] = first.slope;
  for (let t = 0; t < n; t++) {
    const expected = at(level, t) + damping * at(slope, t);
    const error = at(values, t) - expected;
    level[t + 1] = expected + alpha * error;
    slope[t + 1] = damping * at(slope, t) + alpha * beta * error;
  }
  return { level, slope, damping, alpha };
}

const GRID: readonly Weights[] = [0.05, 0.2, 0.4, 0.65, 0.9, 0.98].flatMap((alpha) =>
  [0.02, 0.1, 0.3].flatMap((beta) => [0.85, 0.92, 0.98].map((damping) => ({ alpha, beta, damping })))
);

function bestWeights(cost: (weights: Weights) => number, rounding: number): Weights {
  let best: Weights = { alpha: 0.4, beta: 0.1, damping: 0.92 };
  let least = Infinity;
  const consider = (weights: Weights) => {
    if (!isAllowed(weights)) return;
    const found = cost(weights);
    if (found < least - rounding) [best, least] = [weights, found];
  };
  GRID.forEach(consider);
  for (let step = 1; step >= 1 / 16; step /= 2) {
    for (let round = 0; round < 2; round++) {
      for (const sign of [-1, 1]) consider({ ...best, alpha: best.alpha + sign * 0.12 * step });
      for (const sign of [-1, 1]) consider({ ...best, beta: best.beta + sign * 0.08 * step });
      for (const sign of [-1, 1]) consider({ ...best, damping: best.damping + sign * 0.03 * step });
    }
  }
  return best;
}

function isAllowed({ alpha, beta, damping }: Weights): boolean {
  return alpha >= 0.01 && alpha <= 0.99 && beta >= 0 && beta <= 0.9 && damping >= 0.8 && damping <= 0.98;
}

/** Runs three recursions at once: r from nothing, u the effect of a first level of 1, v that of a first slope of 1. */
function fitted(
  values: Float64Array,
  { alpha, beta, damping }: Weights,
): { level: number; slope: number; cost: number } {
  let [level, slope, uLevel, uSlope, vLevel, vSlope] = [0, 0, 1, 0, 0, 1];
  let [uu, uv, vv, ur, vr, rr] = [0, 0, 0, 0, 0, 0];
  const gain = alpha * beta;
  for (let t = 0; t < values.length; t++) {
    const expected = level + damping * slope;
    const u = uLevel + damping * uSlope;
    const v = vLevel + damping * vSlope;
    const r = at(values, t) - expected;
    uu += u * u;
    uv += u * v;
    vv += v * v;
    ur += u * r;
    vr += v * r;
    rr += r * r;
    slope = damping * slope + gain * r;
    level = expected + alpha * r;
    uSlope = damping * uSlope - gain * u;
    uLevel = u - alpha * u;
    vSlope = damping * vSlope - gain * v;
    vLevel = v - alpha * v;
  }
  const drawn = 2 * vv;
  const determinant = uu * drawn - uv * uv;
  const b = determinant > 1e-12 * uu * drawn ? (uu * vr - uv * ur) / determinant : 0;
  const a = (ur - b * uv) / uu;
  return { level: a, slope: b, cost: rr - 2 * a * ur - 2 * b * vr + a * a * uu + 2 * a * b * uv + b * b * vv };
}
