/**
 * The rank of each value, 1 for the smallest; equal values share the mean of the ranks that they take up.
 *
 * NaN sorts nowhere, so a list with one answers null.
 * @example
 * ```ts
 * averageRanks([10, 30, 10, 20]); // [1.5, 4, 1.5, 3]
 * ```
 */
export function averageRanks(values: readonly number[]): number[] | null {
  if (values.some(Number.isNaN)) return null;
  const order = values.map((value, at) => ({ value, at })).sort((a, b) =>
    a.value < b.value ? -1 : a.value > b.value ? 1 : 0
  );
  const ranks = values.map(() => 0);
  for (let first = 0, next = 0; first < order.length; first = next) {
    while (next < order.length && order[next]?.value === order[first]?.value) next++;
    for (const { at } of order.slice(first, next)) ranks[at] = (first + 1 + next) / 2;
  }
  return ranks;
}
