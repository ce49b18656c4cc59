import { sum } from "simple-statistics";

/** Columns on one scale. */
export type Standardised = {
  /** One row for each of the rows, with a number for each column that differs. */
  rows: number[][];
  /** The columns that differ, by their places. */
  columns: number[];
  /** Of each of the given columns. */
  means: number[];
  /** Population standard deviations (divided by n) of each of the given columns; 0 for a constant. */
  deviations: number[];
};

/**
 * Takes its mean from each column and divides by its standard deviation, so that no unit weighs more than another.
 *
 * Columns whose values are all the same are left out, as are those whose spread leaves the range of a double. Rows must
 * be of one length and finite; null where they are not.
 * @example
 * ```ts
 * standardise([[1, 7], [3, 7]])?.rows; // [[-1], [1]]
 * ```
 */
export function standardise(rows: readonly (readonly number[])[]): Standardised | null {
  const width = rows[0]?.length ?? 0;
  if (!rows.every((row) => row.length === width && row.every(Number.isFinite))) return null;
  const spread = Array.from({ length: width }, (_, column) => spreadOf(rows.map((row) => row[column] ?? 0)));
  const columns = [...spread.keys()].filter((column) => (spread[column]?.deviation ?? 0) > 0);
  const scaled = (row: readonly number[], column: number) => {
    const { mean = 0, deviation = 1 } = spread[column] ?? {};
    return ((row[column] ?? 0) - mean) / deviation;
  };
  return {
    rows: rows.map((row) => columns.map((column) => scaled(row, column))),
    columns,
    means: spread.map(({ mean }) => mean),
    deviations: spread.map(({ deviation }) => deviation),
  };
}

function spreadOf(values: readonly number[]): { mean: number; deviation: number } {
  const [first = 0] = values;
  if (values.every((value) => value === first)) return { mean: first, deviation: 0 };
  const mean = sum([...values]) / values.length;
  const deviation = Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length);
  // Where a value would be infinitely many deviations away, the spread has left the range of a double.
  const furthest = Math.max(...values.map((value) => Math.abs(value - mean)));
  return Number.isFinite(mean) && Number.isFinite(deviation) && Number.isFinite(furthest / deviation)
    ? { mean, deviation }
    : { mean: Number.isFinite(mean) ? mean : first, deviation: 0 };
}
