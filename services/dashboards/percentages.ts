/**
 * Whole percentages of shares that together are exactly 100: each share is rounded down, and what is missing goes, one
 * percent each, to those that lost most by it, the earlier one where two lost the same (largest remainder; Hamilton,
 * 1792).
 * @param values at least 0 and not all 0
 * @example
 * ```ts
 * percentages([1, 1, 1]); // [34, 33, 33]
 * ```
 */
export function percentages(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  if (!(total > 0) || !Number.isFinite(total)) return values.map(() => 0);
  const exact = values.map((value) => 100 * (value / total));
  const whole = exact.map(Math.floor);
  const missing = 100 - whole.reduce((sum, percent) => sum + percent, 0);
  const lost = exact.map((percent, i) => ({ i, lost: percent - (whole[i] ?? 0) }));
  const next = lost.sort((a, b) => b.lost - a.lost || a.i - b.i).slice(0, Math.max(0, missing)).map(({ i }) => i);
  return whole.map((percent, i) => next.includes(i) ? percent + 1 : percent);
}
