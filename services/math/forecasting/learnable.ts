import { at } from "./at.ts";

/** Below so many values every one is needed as it is, and hardly a change was ever seen to compare the newest with. */
const FEWEST = 8;

/**
 * The history to learn seasons and smoothing weights from: the newest value no further from the one before it than
 * neighbours ever were. Whether a value beyond that is an outlier or a new level only the next one can tell: it counts
 * for the level as much as values did before it, but does not itself decide how much that is.
 */
export function learnable(values: Float64Array): Float64Array {
  const n = values.length;
  if (n < FEWEST) return values;
  const furthest = furthestStep(values, n - 1);
  const before = at(values, n - 2);
  const learnt = values.slice();
  learnt[n - 1] = Math.min(before + furthest, Math.max(before - furthest, at(values, n - 1)));
  return learnt;
}

/** The furthest that two neighbours among the first `count` values are apart. */
export function furthestStep(values: Float64Array, count: number): number {
  let furthest = 0;
  for (let i = 1; i < count; i++) furthest = Math.max(furthest, Math.abs(at(values, i) - at(values, i - 1)));
  return furthest;
}
