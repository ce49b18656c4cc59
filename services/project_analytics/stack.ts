import type { ReachCell } from "../../db/project_analytics.ts";
import { hiddenRows } from "../analytics/table_suppression.ts";
import type { Projection } from "./people.ts";

/** Categories of a stacked series that stand for themselves, at most. */
export const MOST_STACKED = 20;

/** One layer of a stacked series: a category, or all others together; the people of each period, null where hidden. */
export type Layer = { category: string | null; rest: boolean; people: (number | null)[] };

/**
 * People by period and category, for a stacked chart: the largest categories one by one, and one layer of the rest, which
 * are the smaller ones and those that are hidden from the public as a whole. Of periods whose layers would tell about
 * fewer than 5 people, the public sees none.
 * @param categories those with a layer of their own, the most people first, at most 20 are
 * @param cells by bucket (from 1 on) and category
 * @param periods how many buckets have begun
 */
export function stackedBy(
  categories: readonly (string | null)[],
  cells: readonly Pick<ReachCell, "b" | "name" | "people">[],
  periods: number,
  projection: Projection,
): Layer[] {
  const own = categories.slice(0, MOST_STACKED);
  const placeOf = new Map(own.map((category, place) => [category, place]));
  const rows = Array.from({ length: periods }, () => new Array<number>(own.length + 1).fill(0));
  let others = false;
  for (const { b, name, people } of cells) {
    const row = rows[(b ?? 0) - 1];
    const place = placeOf.get(name) ?? own.length;
    if (row === undefined) continue;
    row[place] = (row[place] ?? 0) + people;
    others ||= place === own.length;
  }
  const hidden = projection === "all" ? [] : hiddenRows(rows).parts;
  const layer = (place: number) => rows.map((row, b) => hidden[b] === true ? null : row[place] ?? 0);
  return [
    ...own.map((category, place) => ({ category, rest: false, people: layer(place) })),
    ...(others ? [{ category: null, rest: true, people: layer(own.length) }] : []),
  ];
}
