import { averageRanks } from "./average_ranks.ts";
import { pearson } from "./pearson.ts";

/**
 * Spearman's rank correlation ρ of pairs (Spearman 1904), −1 to 1: Pearson's r of the ranks, where equal values share the
 * mean of theirs. It sees any rise of one with the other, not only a straight one, and no outlier moves it far.
 *
 * Null where `pearson` of the ranks is: fewer than two pairs, lengths that differ, NaN, a constant.
 * @example
 * ```ts
 * spearman([1, 2, 3, 4], [1, 10, 100, 1000]); // 1
 * ```
 */
export function spearman(xs: readonly number[], ys: readonly number[]): number | null {
  const [x, y] = [averageRanks(xs), averageRanks(ys)];
  return x === null || y === null ? null : pearson(x, y);
}
