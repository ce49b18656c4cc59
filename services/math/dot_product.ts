/**
 * Σ aᵢbᵢ as if it were computed with twice the digits of a double and rounded once (Ogita, Rump & Oishi 2005, Dot2; the
 * error of each product after Veltkamp and Dekker 1971). 0 for nothing; a list that ends early ends the sum.
 *
 * Not finite where a value is not, or a product overflows: callers scale first or guard the answer.
 */
export function dotProduct(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = Math.min(a.length, b.length);
  let total = 0;
  let lost = 0;
  for (let i = 0; i < n; i++) {
    const x = a[i] ?? NaN;
    const y = b[i] ?? NaN;
    const product = x * y;
    const next = total + product;
    const back = next - total;
    lost += total - (next - back) + (product - back) + productError(x, y, product);
    total = next;
  }
  return total + lost;
}

const SPLITTER = 2 ** 27 + 1;

/** What rounding took from x·y. */
function productError(x: number, y: number, product: number): number {
  const [xHigh, yHigh] = [upperHalf(x), upperHalf(y)];
  const [xLow, yLow] = [x - xHigh, y - yHigh];
  return xLow * yLow - (product - xHigh * yHigh - xLow * yHigh - xHigh * yLow);
}

/** The first 26 bits of a double. */
function upperHalf(x: number): number {
  const scaled = SPLITTER * x;
  return scaled - (scaled - x);
}
