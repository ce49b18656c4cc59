import type { Db } from "../../db/client.ts";
import { type Cell, type DimensionFilter, rollupCells, rowCells } from "../../db/metric_cells.ts";
import { type Level, rollupLevels, rowLevels } from "../../db/metric_levels.ts";
import type { KnownSeries } from "../../db/metric_series.ts";
import { invalid } from "../errors.ts";
import type { CutWindow } from "./axis.ts";
import { MOST_ROWS_READ, refuseLongReads } from "./row_reads.ts";
import type { MetricKind } from "./schema.ts";

/** Which numbers to read, for which groups of series. */
export type GroupsQuestion = {
  /** The series and the group of each; a group has one kind and one unit. Where there are persons, they are counted. */
  targets: (KnownSeries & { g: number; person_key?: string | null })[];
  cut: CutWindow;
  /** Buckets that begin after this instant have no level yet. */
  now: number;
  split: readonly string[];
  filters: readonly DimensionFilter[];
  distinct: readonly string[];
  percentiles: boolean;
  /** Rows that may be read; as many as Postgres can in time when absent. */
  most_rows?: number;
};

/** The numbers of one group in one bucket (from 0 on) and for one value of each dimension of the split. */
export type GroupValues =
  & Pick<Cell, "g" | "b" | "dimensions" | "n" | "distinct">
  & { [Name in "sum" | "running"]: number }
  & { [Name in "avg" | "min" | "max" | "stddev" | "last" | "median" | "p95"]: number | null }
  & {
    /** How many persons the readings are of, where they were counted. */
    people?: number;
    /** A gauge's level at the end of the bucket; null for other kinds, and before the first reading. */
    level: number | null;
  };

/** Where the numbers come from. */
export type Source = "rollups" | "rows";

/** Groups of one answer, at most. */
export const MOST_GROUPS = 20_000;

/**
 * Reads roll-ups where they know the answer, and rows where they do not: percentiles, dimensions, distinct counts, and
 * days of a zone that begin within an hour of UTC.
 * @throws {DomainError} `invalid` for more than 20,000 groups, or too many rows to read
 */
export async function readGroups(db: Db, question: GroupsQuestion): Promise<{ source: Source; values: GroupValues[] }> {
  const { targets, cut, split, filters, distinct, percentiles, most_rows = MOST_ROWS_READ.postgres } = question;
  const free = split.length > 0 || filters.length > 0;
  const detailed = free || distinct.length > 0 || percentiles || !cut.whole_hours;
  const gauges = targets.filter((target) => target.kind === "gauge");
  const levelsFromRows = (free || cut.by === "time") && gauges.length > 0;
  await refuseLongReads(db, cut, most_rows, {
    cells: detailed ? targets : [],
    levels: levelsFromRows ? gauges : [],
    levels_from_start: free,
  });
  const rows = { axis: cut, split, filters, distinct, percentiles, limit: MOST_GROUPS + 1 };
  const cells = detailed
    ? await rowCells(db, targets, rows)
    : await rollupCells(db, targets, cut.by === "date" ? "d" : "h", cut.cuts);
  const levels = gauges.length === 0
    ? []
    : levelsFromRows
    ? await rowLevels(db, gauges, rows)
    : await rollupLevels(db, gauges, cut.cuts);
  const values = merge(cells, levels, question);
  if (cells.length > MOST_GROUPS || levels.length > MOST_GROUPS || values.length > MOST_GROUPS) {
    throw invalid(
      "/query/group_by",
      `makes more than ${MOST_GROUPS} groups; filter, shorten the window, or group by less`,
    );
  }
  return { source: detailed || levelsFromRows ? "rows" : "rollups", values };
}

/** The cells, and for gauges each bucket from the first level on, as a level holds until the next reading. */
function merge(cells: readonly Cell[], levels: readonly Level[], { cut, now }: GroupsQuestion): GroupValues[] {
  const values = new Map<string, GroupValues>();
  const key = (g: number, b: number, dimensions: readonly unknown[]) => `${g} ${b} ${JSON.stringify(dimensions)}`;
  for (const cell of cells) {
    values.set(key(cell.g, cell.b, cell.dimensions), { ...cell, b: cell.b - 1, level: null });
  }
  const begun = cut.buckets.filter((bucket) => bucket.start <= now).length;
  for (const [i, { g, b, dimensions, level }] of levels.entries()) {
    const next = levels[i + 1];
    const same = next !== undefined && next.g === g && JSON.stringify(next.dimensions) === JSON.stringify(dimensions);
    const until = same ? next.b - 1 : begun;
    for (let bucket = Math.max(1, b); bucket <= until && values.size <= MOST_GROUPS; bucket++) {
      const at = key(g, bucket, dimensions);
      values.set(at, { ...(values.get(at) ?? noReadings(g, bucket - 1, dimensions)), level });
    }
  }
  return [...values.values()];
}

/** The numbers of a group that has no reading in a bucket. */
export function noReadings(g: number, b: number, dimensions: Cell["dimensions"]): GroupValues {
  const none = { avg: null, min: null, max: null, stddev: null, last: null, median: null, p95: null, level: null };
  return { g, b, dimensions, n: 0, sum: 0, running: 0, distinct: [], people: 0, ...none };
}

/** What may be asked of readings; `distinct.KEY` beside them. */
export const MEASURES = ["count", "sum", "avg", "min", "max", "stddev", "last", "median", "p95"] as const;
export type Measure = typeof MEASURES[number] | { distinct: number };

/** One measure of a group. A gauge's sum and last are its level; samples do not add up, so they have no sum. */
export function measured(kind: MetricKind, measure: Measure, values: GroupValues): number | null {
  if (typeof measure === "object") return values.distinct[measure.distinct] ?? 0;
  switch (measure) {
    case "count":
      return values.n;
    case "sum":
      return kind === "flow" ? values.sum : kind === "gauge" ? values.level : null;
    case "last":
      return kind === "gauge" ? values.level : values.last;
    default:
      return values[measure];
  }
}

/** Gives each series the group of its key, in the order in which the keys appear. */
export function grouped(
  series: readonly KnownSeries[],
  keyOf: (one: KnownSeries) => string,
): GroupsQuestion["targets"] {
  const groups = new Map<string, number>();
  return series.map((one) => {
    const key = keyOf(one);
    const g = groups.get(key) ?? groups.size;
    groups.set(key, g);
    return { ...one, g };
  });
}
