import { at } from "./at.ts";

/**
 * The x of A·x = b by Cholesky's factors, for a symmetric positive definite A of `size` rows, of which the lower half
 * is read. Null where A is not positive definite to within rounding.
 */
export function solveSymmetric(matrix: Float64Array, b: Float64Array, size: number): Float64Array | null {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = at(matrix, i * size + j);
      for (let k = 0; k < j; k++) rest -= at(factor, i * size + k) * at(factor, j * size + k);
      if (i === j && !(rest > 1e-12 * at(matrix, i * size + i))) return null;
      factor[i * size + j] = i === j ? Math.sqrt(rest) : rest / at(factor, j * size + j);
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] = at(x, i) - at(factor, i * size + k) * at(x, k);
    x[i] = at(x, i) / at(factor, i * size + i);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] = at(x, i) - at(factor, k * size + i) * at(x, k);
    x[i] = at(x, i) / at(factor, i * size + i);
  }
  return x;
}
