import { dotProduct } from "./dot_product.ts";
import { householderQr, type QrFactors, solveLower, solveUpper } from "./householder_qr.ts";

/** The b that makes Σ (y − Xb)² smallest, and what its inference needs. */
export type LeastSquares = {
  coefficients: number[];
  /** y − Xb. */
  residuals: number[];
  /** The variance of Σ wⱼbⱼ over that of the residuals: wᵀ(XᵀX)⁻¹w. Not finite where it exceeds the largest double. */
  unscaledVariance(weights: readonly number[]): number;
  /** How far each row is from the middle of X, 0 to 1; they add up to the number of columns. */
  leverages: number[];
};

/** Why there is no solution: which column the ones before it make up, or numbers that no double can hold. */
export type NoLeastSquares = { dependent: number } | { out_of_range: true };

/**
 * Least squares by Householder's QR with columns scaled by powers of two, and then refined: residuals of the system are
 * computed with twice the digits and solved for again (Björck 1967). On data that doubles hold exactly nearly all digits
 * come out, also of badly conditioned ones.
 *
 * X is given by columns, an intercept as a column of ones. Needs at least as many rows as columns, and finite values.
 * @example
 * ```ts
 * const fit = leastSquares([[1, 1, 1, 1, 1], [1, 2, 3, 4, 5]], [2, 4, 5, 4, 5]);
 * "coefficients" in fit && fit.coefficients; // [2.2, 0.6]
 * ```
 */
export function leastSquares(
  columns: readonly (readonly number[])[],
  y: readonly number[],
): LeastSquares | NoLeastSquares {
  if (![y, ...columns].every((column) => column.length === y.length && column.every(Number.isFinite))) {
    return { out_of_range: true };
  }
  const scales = columns.map(scaleOf);
  const x = columns.map((column, j) => column.map((value) => value * (scales[j] ?? 1)));
  const yScale = scaleOf(y);
  const qr = householderQr(x);
  if ("dependent" in qr) return qr;
  const { b, residuals } = solveRefined(qr, x, y.map((value) => value * yScale));
  const solution = {
    coefficients: b.map((value, j) => (value * (scales[j] ?? 1)) / yScale),
    residuals: residuals.map((value) => value / yScale),
    leverages: leveragesOf(qr),
  };
  if (!Object.values(solution).every((values) => values.every(Number.isFinite))) return { out_of_range: true };
  return { ...solution, unscaledVariance: (weights) => varianceOf(qr, weights.map((w, j) => w * (scales[j] ?? 1))) };
}

/** The power of two that brings the largest value between 1 and 2: a product with it is exact. */
function scaleOf(values: readonly number[]): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest === 0 ? 1 : 2 ** -Math.floor(Math.log2(largest));
}

type Solution = { b: number[]; residuals: number[] };

const MOST_REFINEMENTS = 3;

function solveRefined(qr: QrFactors, x: readonly number[][], y: readonly number[]): Solution {
  const p = x.length;
  const rotated = qr.rotate(y);
  let b = solveUpper(qr.r, rotated.slice(0, p));
  let residuals = qr.rotateBack(rotated.map((value, i) => i < p ? 0 : value));
  let last = Infinity;
  for (let step = 0; step < MOST_REFINEMENTS; step++) {
    const more = correction(qr, x, y, { b, residuals });
    const size = Math.hypot(...more.b);
    if (!(size < last / 2)) break;
    b = b.map((value, j) => value + (more.b[j] ?? 0));
    residuals = residuals.map((value, i) => value + (more.residuals[i] ?? 0));
    last = size;
  }
  return { b, residuals };
}

/** What is missing of r + Xb = y and Xᵀr = 0. */
function correction(qr: QrFactors, x: readonly number[][], y: readonly number[], { b, residuals }: Solution): Solution {
  const p = x.length;
  const weights = [1, -1, ...b.map((value) => -value)];
  const f = y.map((value, i) =>
    dotProduct(weights, [value, residuals[i] ?? NaN, ...x.map((column) => column[i] ?? NaN)])
  );
  const h = solveLower(qr.r, x.map((column) => -dotProduct(column, residuals)));
  const d = qr.rotate(f);
  return {
    b: solveUpper(qr.r, h.map((value, j) => (d[j] ?? NaN) - value)),
    residuals: qr.rotateBack(d.map((value, i) => i < p ? h[i] ?? NaN : value)),
  };
}

/** wᵀ(RᵀR)⁻¹w: the squared length of R⁻ᵀw. */
function varianceOf({ r }: QrFactors, weights: readonly number[]): number {
  const image = solveLower(r, weights);
  return dotProduct(image, image);
}

/** The squared lengths of the rows of Q's first columns. */
function leveragesOf({ n, r, rotateBack }: QrFactors): number[] {
  const total = Array.from({ length: n }, () => 0);
  for (const k of r.keys()) {
    const column = rotateBack(total.map((_, i) => i === k ? 1 : 0));
    for (const [i, value] of column.entries()) total[i] = (total[i] ?? 0) + value * value;
  }
  return total.map((value) => Math.min(1, value));
}
