import { type Clusters, kMeans } from "./k_means.ts";
import { seededUniforms } from "./seeded_uniforms.ts";
import { silhouettes } from "./silhouette.ts";

/** Groups, and how clear they are. */
export type ChosenClusters = Clusters & {
  k: number;
  /** The mean silhouette; null for one group. */
  silhouette: number | null;
  /** The mean silhouette of each group's points; null for one group, and where no point of a group was measured. */
  silhouettes: (number | null)[];
  /** Points whose silhouettes were measured. */
  measured: number;
  /** Each number of groups that was tried. */
  tried: { k: number; silhouette: number | null; within: number }[];
};

/** How many groups to look for: just `k`, or the clearest of 2 to `k_max`. */
export type ClusterQuestion = { k?: number | undefined; k_max: number };

/** Points of which silhouettes are measured, at most: the work grows with the square. */
export const MOST_MEASURED = 1_500;
const SEED = "clusters";

/**
 * Groups points by k-means for every number of groups, and takes the number with the largest mean silhouette, of as clear
 * ones the smallest. The same points give the same groups. Of more than 1,500 points, silhouettes are measured on 1,500
 * drawn by a fixed seed, among each other.
 *
 * Null where `kMeans` is null; fewer groups than asked where fewer points differ.
 * @example
 * ```ts
 * const { k, sizes } = chooseClusters([[0], [1], [100], [101]], { k_max: 3 });
 * [k, sizes]; // [2, [2, 2]]
 * ```
 */
export function chooseClusters(
  points: readonly (readonly number[])[],
  { k, k_max }: ClusterQuestion,
): ChosenClusters | null {
  const sample = sampleOf(points.length);
  const most = Math.max(1, Math.min(k_max, points.length - 1));
  const asked = k === undefined ? Array.from({ length: Math.max(1, most - 1) }, (_, i) => Math.min(i + 2, most)) : [k];
  let best: ChosenClusters | null = null;
  const tried: ChosenClusters["tried"] = [];
  for (const count of asked) {
    const found = kMeans(points, { k: count, uniform: seededUniforms(`${SEED} ${count}`) });
    if (found === null) return null;
    const own = { ...found, k: found.sizes.length, ...clarity(points, found, sample), tried };
    if (tried.some(({ k }) => k === own.k)) break; // no more points differ
    tried.push({ k: own.k, silhouette: own.silhouette, within: own.within });
    if (best === null || (own.silhouette ?? -1) > (best.silhouette ?? -1)) best = own;
    if (own.k < count) break;
  }
  return best;
}

function clarity(points: readonly (readonly number[])[], { labels, sizes }: Clusters, sample: readonly number[]) {
  const own = sample.map((i) => labels[i] ?? 0);
  const found = silhouettes(sample.map((i) => points[i] ?? []), own);
  const mean = (values: readonly number[]) =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    silhouette: mean(found),
    silhouettes: sizes.map((_, group) => mean(found.filter((_, i) => own[i] === group))),
    measured: sample.length,
  };
}

/** Places in ascending order: all, or as many as are measured, each as likely. */
function sampleOf(n: number): number[] {
  const places = Array.from({ length: n }, (_, i) => i);
  if (n <= MOST_MEASURED) return places;
  const uniform = seededUniforms(SEED);
  for (let i = 0; i < MOST_MEASURED; i++) {
    const j = i + Math.floor(uniform() * (n - i));
    [places[i], places[j]] = [places[j] ?? 0, places[i] ?? 0];
  }
  return places.slice(0, MOST_MEASURED).sort((a, b) => a - b);
}
