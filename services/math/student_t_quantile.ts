import { logBeta } from "./log_beta.ts";
import { normalQuantile } from "./normal_quantile.ts";
import type { Tails } from "./normal_tails.ts";
import { SMALLEST_DF, studentTTails } from "./student_t_tails.ts";

/**
 * The quantile of Student's t: the t with P(T ≤ t) = p, for 0 < p < 1 and `df` degrees of freedom, 0.001 to
 * Infinity.
 *
 * Relative error about 1e-12. Null outside that domain, and where the answer exceeds the largest double (a far
 * tail of a tiny df). Newton's method on ln P against ln t, where the curve is concave, kept inside a bracket
 * (Press et al., Numerical Recipes, 9.4); it starts from the normal quantile, which is never beyond the answer.
 * @example
 * ```ts
 * studentTQuantile(0.975, 10); // 2.228139
 * ```
 */
export function studentTQuantile(p: number, df: number): number | null {
  const z = normalQuantile(p);
  if (z === null || !(df >= SMALLEST_DF)) return null;
  if (z === 0 || df > 1e17) return z;
  const size = solve(Math.abs(z), wantedTails(p), df);
  return size === null || z > 0 ? size : -size;
}

const MAX_LOG = 709;
const MAX_STEPS = 200;

function wantedTails(p: number): Tails {
  return { inside: 2 * Math.abs(p - 0.5), outside: 2 * Math.min(p, 1 - p) };
}

/** The t > 0 that divides the distribution as wanted. */
function solve(start: number, wanted: Tails, df: number): number | null {
  let u = Math.log(start);
  let low = u - 1;
  let high = MAX_LOG;
  for (let i = 0; i < MAX_STEPS; i++) {
    const tails = studentTTails(Math.exp(u), df);
    if (tails === null) return null;
    const excess = logExcess(tails, wanted);
    if (excess > 0) low = u;
    else high = u;
    const newton = u + excess / slope(Math.exp(u), tails, wanted, df);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    const settled = Math.abs(next - u) <= 1e-15 * Math.max(1, Math.abs(u));
    u = next;
    if (settled) break;
  }
  return u < MAX_LOG - 1 ? Math.exp(u) : null;
}

/** Above 0 while t is too small. Measured on the smaller of the two probabilities, which carries the digits. */
function logExcess(tails: Tails, wanted: Tails): number {
  return wanted.outside < wanted.inside
    ? Math.log(tails.outside / wanted.outside)
    : Math.log(wanted.inside / tails.inside);
}

/** How fast the excess falls as ln t grows: twice t times the density, over the probability measured. */
function slope(t: number, tails: Tails, wanted: Tails, df: number): number {
  const logDensity = -((df + 1) / 2) * Math.log1p((t / df) * t) - Math.log(df) / 2 - (logBeta(df / 2, 0.5) ?? 0);
  const measured = wanted.outside < wanted.inside ? tails.outside : tails.inside;
  return (2 * t * Math.exp(logDensity)) / measured;
}
