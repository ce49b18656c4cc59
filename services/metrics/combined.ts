import { decimalSum } from "../math/decimal_sum.ts";
import { pooledStddev } from "../math/pooled_stddev.ts";
import { type GroupValues, noReadings } from "./groups.ts";
import type { MeasureWord } from "./queries.ts";
import type { MetricKind } from "./schema.ts";

const NOT_COMBINED: ReadonlySet<MeasureWord> = new Set(["median", "p95", "last"]);

/** Whether a measure of several cells follows from that of each: all but percentiles, distinct counts and last readings. */
export function combines(kind: MetricKind, word: MeasureWord): boolean {
  return !word.startsWith("distinct.") && (!NOT_COMBINED.has(word) || (kind === "gauge" && word === "last"));
}

/**
 * What cells of one kind and unit amount to together, without what does not combine. Sums are exact, the average is that
 * of all readings, the deviation is pooled; the level of a gauge is that of the latest period among them.
 */
export function combined(kind: MetricKind, cells: readonly GroupValues[]): GroupValues {
  const none = noReadings(cells[0]?.g ?? 0, 0, []);
  const read = cells.filter((cell) => cell.n > 0);
  const n = read.reduce((count, cell) => count + cell.n, 0);
  const sum = decimalSum(read.map((cell) => cell.sum));
  return {
    ...none,
    n,
    sum: sum ?? 0,
    avg: n === 0 || sum === null ? null : sum / n,
    min: extreme(read.map((cell) => cell.min), Math.min),
    max: extreme(read.map((cell) => cell.max), Math.max),
    stddev: pooledStddev(read.map((cell) => ({ n: cell.n, mean: cell.avg ?? 0, stddev: cell.stddev }))),
    level: kind === "gauge" ? latestLevel(cells) : null,
  };
}

function extreme(values: readonly (number | null)[], of: (a: number, b: number) => number): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => of(a, b));
}

function latestLevel(cells: readonly GroupValues[]): number | null {
  const known = cells.flatMap(({ b, level }) => level === null ? [] : [{ b, level }]);
  const latest = known.reduce((b, cell) => Math.max(b, cell.b), -1);
  const levels = known.filter((cell) => cell.b === latest).map((cell) => cell.level);
  return levels.length === 0 ? null : decimalSum(levels);
}
