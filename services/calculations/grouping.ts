import { chooseClusters, type ChosenClusters, standardise } from "../math/mod.ts";

/** Objects to group: a row of finite numbers each. */
export type GroupingInput = { rows: number[][]; k: number | null; k_max: number };

/** The groups, and what they were made by. */
export type Grouping = {
  /** The columns that differ; the others were left out. */
  columns: number[];
  clusters: ChosenClusters;
  /** How far each object is from the centre of its group, in standard deviations. */
  distances: number[];
};

/** Groups objects by what differs of them; null where nothing does. */
export function groupObjects({ rows, k, k_max }: GroupingInput): Grouping | null {
  const standard = standardise(rows);
  if (standard === null || standard.columns.length === 0) return null;
  const clusters = chooseClusters(standard.rows, { k: k ?? undefined, k_max });
  if (clusters === null) return null;
  const distances = standard.rows.map((row, i) => {
    const centre = clusters.centres[clusters.labels[i] ?? 0] ?? [];
    return Math.hypot(...row.map((value, column) => value - (centre[column] ?? 0)));
  });
  return { columns: standard.columns, clusters, distances };
}
