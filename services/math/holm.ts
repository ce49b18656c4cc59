/**
 * P-values of several tests, adjusted so that the chance of any false alarm among them stays below the level that each is
 * compared with (Holm 1979), in the order given. A value that is NaN is taken as 1, none leaves 0 to 1.
 * @example
 * ```ts
 * holm([0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 * ```
 */
export function holm(pValues: readonly number[]): number[] {
  const bounded = pValues.map((p) => Number.isNaN(p) ? 1 : Math.min(1, Math.max(0, p)));
  const order = bounded.map((_, i) => i).sort((a, b) => (bounded[a] ?? 1) - (bounded[b] ?? 1));
  const adjusted = bounded.map(() => 1);
  let largest = 0;
  for (const [rank, at] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (bounded.length - rank) * (bounded[at] ?? 1)));
    adjusted[at] = largest;
  }
  return adjusted;
}
