/** What two series on the same periods have in those in which both are known, in the order of time. */
export function bothKnown(a: readonly (number | null)[], b: readonly (number | null)[]): [xs: number[], ys: number[]] {
  const pairs = a.flatMap((x, i) => {
    const y = b[i] ?? null;
    return x === null || y === null ? [] : [[x, y] as const];
  });
  return [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
}
