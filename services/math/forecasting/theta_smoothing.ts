import { at } from "./at.ts";
import { bestAlpha, roundingOf, type Smoothing } from "./smoothing.ts";

/**
 * The dynamic theta model (Fiorucci et al. 2016): the one-step expectation is
 * ℓ + w·[(1 − α)ᵗ·A + (1 − (1 − α)ᵗ⁺¹)/α·B], with the level ℓ smoothed by α, the line A + B·(t + 1) fitted to the t
 * values seen so far, and w = 1 − 1/θ.
 *
 * A weight of 0.5 is the standard theta method (θ = 2; Assimakopoulos & Nikolopoulos 2000, as simple exponential
 * smoothing with half the line's slope by Hyndman & Billah 2003), whose α is handed in; "best" finds α and w in 0–1
 * by least squares: for a fixed α the errors are linear in w and in the first level. They are those of `learnt`, values
 * of the same places of which at most the last is another, so that the lines before it are the same.
 */
export function thetaSmoothing(
  values: Float64Array,
  weight: "best" | { weight: number; alpha: number },
  damping: number,
  learnt = values,
): Smoothing {
  const lines = growingLines(values);
  const alpha = weight === "best"
    ? bestAlpha((candidate) => fitted(learnt, lines, candidate, null).cost, roundingOf(learnt))
    : weight.alpha;
  const { first, w } = fitted(learnt, lines, alpha, weight === "best" ? null : weight.weight);
  const n = values.length;
  const level = new Float64Array(n + 1);
  const slope = new Float64Array(n + 1);
  let smoothed = first;
  let left = 1;
  for (let t = 0; t <= n; t++) {
    slope[t] = w * at(lines.slope, t);
    level[t] = smoothed + w * lineTerm(lines, t, alpha, left) - at(slope, t);
    smoothed += alpha * (at(values, t) - smoothed);
    left *= 1 - alpha;
  }
  return { level, slope, damping, alpha };
}

type Lines = { intercept: Float64Array; slope: Float64Array };

/** After t values, the least squares line through them, at the places 1 … t. */
function growingLines(values: Float64Array): Lines {
  const n = values.length;
  const intercept = new Float64Array(n + 1);
  const slope = new Float64Array(n + 1);
  intercept[0] = at(values, 0);
  let sum = 0;
  let moment = 0;
  for (let t = 1; t <= n; t++) {
    const value = at(values, t - 1);
    sum += value;
    moment += t * value;
    // About the middle (t + 1)/2, where Σ(place − middle)² = t(t² − 1)/12.
    slope[t] = t === 1 ? 0 : (12 * (moment - ((t + 1) / 2) * sum)) / (t * (t * t - 1));
    intercept[t] = sum / t - (at(slope, t) * (t + 1)) / 2;
  }
  return { intercept, slope };
}

function lineTerm(lines: Lines, t: number, alpha: number, left: number): number {
  return left * at(lines.intercept, t) + ((1 - left * (1 - alpha)) / alpha) * at(lines.slope, t);
}

/** The error at t is r − left·first − w·term; w is solved for, in 0–1, where none is given. */
function fitted(
  values: Float64Array,
  lines: Lines,
  alpha: number,
  given: number | null,
): { first: number; w: number; cost: number } {
  let [level, left, ll, ld, dd, lr, dr, rr] = [0, 1, 0, 0, 0, 0, 0, 0];
  for (let t = 0; t < values.length; t++) {
    const r = at(values, t) - level;
    const d = lineTerm(lines, t, alpha, left);
    ll += left * left;
    ld += left * d;
    dd += d * d;
    lr += left * r;
    dr += d * r;
    rr += r * r;
    level += alpha * r;
    left *= 1 - alpha;
    if (left < FORGOTTEN) left = 0;
  }
  const determinant = ll * dd - ld * ld;
  const solved = determinant > SINGULAR * ll * dd ? (ll * dr - ld * lr) / determinant : 0;
  const w = given ?? Math.min(1, Math.max(0, solved));
  const first = (lr - w * ld) / ll;
  const cost = rr - 2 * first * lr - 2 * w * dr + first * first * ll + 2 * first * w * ld + w * w * dd;
  return { first, w, cost };
}

const FORGOTTEN = 1e-15;
const SINGULAR = 1e-12;
