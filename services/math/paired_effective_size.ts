import { autocorrelations } from "./autocorrelations.ts";

/**
 * How many independent pairs two series in the order of time are worth for their correlation, from 2 to the number of
 * pairs: n / (1 + 2·Σ nₖ/n·ρₓ(k)·ρᵧ(k)) over the lags up to a fifth of the span from the first pair to the last, where nₖ
 * pairs have another k steps later: n − k without gaps (Bartlett 1935; Bayley & Hammersley 1946; the number of lags after
 * Pyper & Peterman 1998). Series that both drift or both have seasons are worth far fewer than they seem, so that a high
 * correlation of them is little evidence. A sum below 0 adds nothing.
 *
 * A step where either is null is no pair. Null for lengths that differ, and where either is constant or not finite.
 * @example
 * ```ts
 * pairedEffectiveSize([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]); // 4.6430639
 * ```
 */
export function pairedEffectiveSize(
  xs: readonly (number | null)[],
  ys: readonly (number | null)[],
): number | null {
  if (xs.length !== ys.length) return null;
  const paired = xs.map((x, i) => x !== null && (ys[i] ?? null) !== null);
  const n = paired.filter(Boolean).length;
  const span = paired.lastIndexOf(true) - paired.indexOf(true) + 1;
  const lags = Math.floor(span / 5);
  const x = autocorrelations(xs.map((value, i) => paired[i] ? value : null), lags);
  const y = autocorrelations(ys.map((value, i) => paired[i] ? value : null), lags);
  if (x === null || y === null) return null;
  const shared = x.reduce((total, rho, i) => total + (pairsApart(paired, i + 1, n) / n) * rho * (y[i] ?? 0), 0);
  return Math.max(2, n / (1 + 2 * Math.max(0, shared)));
}

/** How many of n pairs have another so many steps later. */
function pairsApart(paired: readonly boolean[], lag: number, n: number): number {
  if (n === paired.length) return n - lag;
  let count = 0;
  for (let i = lag; i < paired.length; i++) if (paired[i] && paired[i - lag]) count++;
  return count;
}
