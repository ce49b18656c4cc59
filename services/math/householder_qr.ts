import { dotProduct } from "./dot_product.ts";

/** X = QR of an n × p matrix with n ≥ p, as far as least squares need it. */
export type QrFactors = {
  n: number;
  /** Upper triangle R, by rows: row j has the entries from column j on. */
  r: number[][];
  /** Qᵀv. */
  rotate(v: readonly number[]): number[];
  /** Qv. */
  rotateBack(v: readonly number[]): number[];
};

/** A column that the ones before it make up, counted from 0. */
export type DependentColumn = { dependent: number };

/**
 * How much of a column must be new, as a share of its length. Below it rounding alone may have made it: a sum of other
 * columns is off by 1e-16. NIST's Filip, the worst that is solved, keeps 5e-8.
 */
const SMALLEST_SHARE = 1e-11;

/** A reflection of the entries from one on: along u, with 2/(uᵀu). */
type Mirror = { from: number; along: Float64Array; factor: number };

/**
 * Factors a matrix, given by columns, by reflections (Householder 1958; Golub 1965). The first column that those before it
 * make up is answered instead, as is one of zeros; columns must be finite and as long as each other.
 */
export function householderQr(columns: readonly (readonly number[])[]): QrFactors | DependentColumn {
  const n = columns[0]?.length ?? 0;
  const mirrors: Mirror[] = [];
  const rotated: Float64Array[] = [];
  const diagonal: number[] = [];
  for (const [j, column] of columns.entries()) {
    const image = reflected(mirrors, column);
    const rest = image.subarray(j);
    const size = length(rest);
    if (j >= n || !(size > length(image) * SMALLEST_SHARE)) return { dependent: j };
    const alpha = (rest[0] ?? 0) > 0 ? -size : size;
    const along = Float64Array.from(rest);
    along[0] = (rest[0] ?? 0) - alpha;
    mirrors.push({ from: j, along, factor: 2 / length(along) ** 2 });
    rotated.push(image);
    diagonal.push(alpha);
  }
  const r = diagonal.map((alpha, j) => [alpha, ...rotated.slice(j + 1).map((column) => column[j] ?? 0)]);
  return {
    n,
    r,
    rotate: (v) => [...reflected(mirrors, v)],
    rotateBack: (v) => [...reflected(mirrors.toReversed(), v)],
  };
}

function length(v: Float64Array): number {
  return Math.sqrt(dotProduct(v, v));
}

/** v − u·2(uᵀv)/(uᵀu) for one reflection after the other. */
function reflected(mirrors: readonly Mirror[], v: readonly number[]): Float64Array {
  const out = Float64Array.from(v);
  for (const { from, along, factor } of mirrors) {
    const rest = out.subarray(from);
    let product = 0;
    for (let i = 0; i < rest.length; i++) product += (rest[i] ?? 0) * (along[i] ?? 0);
    for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] ?? 0) - factor * product * (along[i] ?? 0);
  }
  return out;
}

/** The b with Rb = v, for the R of a factorisation. */
export function solveUpper(r: readonly (readonly number[])[], v: readonly number[]): number[] {
  const b = r.map(() => 0);
  for (let j = r.length - 1; j >= 0; j--) {
    const [pivot = NaN, ...row] = r[j] ?? [];
    b[j] = ((v[j] ?? NaN) - dotProduct(row, b.slice(j + 1))) / pivot;
  }
  return b;
}

/** The b with Rᵀb = v, for the R of a factorisation. */
export function solveLower(r: readonly (readonly number[])[], v: readonly number[]): number[] {
  const b: number[] = [];
  for (const [j, row] of r.entries()) {
    const above = b.map((_, k) => r[k]?.[j - k] ?? 0);
    b.push(((v[j] ?? NaN) - dotProduct(above, b)) / (row[0] ?? NaN));
  }
  return b;
}
