import { chiSquareTails } from "./chi_square_tails.ts";

/** Groups compared by their ranks. */
export type KruskalWallis = {
  h: number;
  df: number;
  /** P(χ² ≥ h), exact for many values only. */
  p_value: number;
  /** ε² = h / (n − 1), 0 to 1 (Tomczak & Tomczak 2014). */
  epsilon_squared: number;
};

/**
 * Whether some group tends to have larger values than another, by ranks over all of them (Kruskal & Wallis 1952), with
 * their correction for ties; groups without a value are left out. Neither skew nor a few extremes move it.
 *
 * Null for fewer than two groups, where all values are the same, and for values that are NaN.
 * @example
 * ```ts
 * const { h, df, p_value } = kruskalWallis([[1, 2, 3], [4, 5, 6]]);
 * [h, df, p_value]; // [3.8571429, 1, 0.0495346]
 * ```
 */
export function kruskalWallis(groups: readonly (readonly number[])[]): KruskalWallis | null {
  const parts = groups.filter((group) => group.length > 0);
  const values = parts.flatMap((part, group) => part.map((value) => ({ value, group })));
  if (parts.length < 2 || values.some(({ value }) => Number.isNaN(value))) return null;
  const n = values.length;
  const middle = (n + 1) / 2;
  const sums = parts.map(() => 0);
  let squares = 0;
  values.sort((a, b) => a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
  for (let first = 0, next = 0; first < n; first = next) {
    while (next < n && values[next]?.value === values[first]?.value) next++;
    const offset = (first + 1 + next) / 2 - middle; // equal values share the mean of their ranks
    for (const { group } of values.slice(first, next)) sums[group] = (sums[group] ?? 0) + offset;
    squares += (next - first) * offset * offset;
  }
  if (squares === 0) return null;
  const between = parts.reduce((sum, part, group) => sum + (sums[group] ?? 0) ** 2 / part.length, 0);
  const h = ((n - 1) * between) / squares;
  const df = parts.length - 1;
  const tails = chiSquareTails(h, df);
  return tails === null ? null : { h, df, p_value: tails.outside, epsilon_squared: Math.min(1, between / squares) };
}
