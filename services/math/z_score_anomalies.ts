import { finiteOrNull } from "./finite_or_null.ts";
import { summary } from "./summary.ts";

/** How far each value is from the mean of all. */
export type ZScores = {
  mean: number | null;
  /** Of the sample, n − 1. */
  stddev: number | null;
  /** (value − mean) / stddev, 0 where the values do not differ; null for a value that is not known. */
  z: (number | null)[];
  /** Places whose |z| is at least the threshold, the largest first. */
  anomalies: number[];
  /** The largest |z| that a value can have among so many, (n − 1)/√n. */
  reachable: number;
  /** Values that it takes before a |z| can be as large as the threshold. */
  needed: number;
};

/**
 * The anomalies of the textbook: values at least `threshold` sample standard deviations from the mean.
 *
 * Among n values none can be further than (n − 1)/√n (Shiffler 1988, The American Statistician 42), so that fewer than 11
 * never show one at 3. Null and values that are not finite are left out; fewer than 2 values and constants have no
 * anomaly. A spread beyond the range of a double scores 0.
 * @param threshold above 0
 * @example
 * ```ts
 * zScoreAnomalies([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9], 3).anomalies; // [10]
 * zScoreAnomalies([1, 1, 1, 9], 3).reachable; // 1.5
 * ```
 */
export function zScoreAnomalies(values: readonly (number | null)[], threshold: number): ZScores {
  const known = values.filter((value) => value !== null && Number.isFinite(value)).map(Number);
  const { n, mean, stddev } = summary(known);
  const z = values.map((value) => value === null || !Number.isFinite(value) ? null : scoreOf(value, mean, stddev));
  const sizes = z.map((score) => Math.abs(score ?? 0));
  const anomalies = [...sizes.keys()].filter((i) => (sizes[i] ?? 0) >= threshold && z[i] !== 0)
    .sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
  const root = (threshold + Math.sqrt(threshold * threshold + 4)) / 2;
  return {
    ...{ mean, stddev, z, anomalies, reachable: n === 0 ? 0 : (n - 1) / Math.sqrt(n) },
    needed: Number.isFinite(root) ? Math.ceil(root * root - 1e-9) : Number.MAX_SAFE_INTEGER,
  };
}

function scoreOf(value: number, mean: number | null, stddev: number | null): number {
  if (mean === null || stddev === null || stddev === 0) return 0;
  return finiteOrNull((value - mean) / stddev) ?? 0;
}
