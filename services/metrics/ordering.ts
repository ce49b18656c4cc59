import { invalid } from "../errors.ts";
import { nearest } from "../wording.ts";
import type { MetricStatistics } from "./answers.ts";

/** What rows are sorted by. */
export type Sortable = string | number | boolean | null;

/** A row, and what it is sorted by: its place by each word of group_by, then the metric. Together they are unique. */
export type Entry = { item: MetricStatistics["items"][number]; keys: readonly Sortable[] };

/**
 * The order of an answer: by a measure or a group where one is asked for, then by the groups. Nulls come last.
 * @throws {DomainError} `invalid` for a word that is neither a measure nor a group of this answer
 */
export function orderOf(
  asked: string | undefined,
  groups: readonly string[],
  measures: readonly string[],
): (a: Entry, b: Entry) => number {
  const byKeys = (a: Entry, b: Entry) => a.keys.reduce<number>((order, key, i) => order || compare(key, b.keys[i]), 0);
  if (asked === undefined) return byKeys;
  const word = asked.replace(/^-/, "");
  const legal = [...groups, ...measures];
  if (!legal.includes(word)) {
    const close = nearest(word, legal);
    const hint = close === null ? "" : `; did you mean ${close}?`;
    throw invalid("/query/order_by", `must be one of ${legal.join(", ")}${hint}`);
  }
  const sign = asked.startsWith("-") ? -1 : 1;
  const at = groups.indexOf(word);
  const valueOf = ({ item, keys }: Entry) => at === -1 ? item.values[word] ?? null : keys[at] ?? null;
  return (a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    return (left === null || right === null ? 1 : sign) * compare(left, right) || byKeys(a, b);
  };
}

function compare(a: Sortable | undefined = null, b: Sortable | undefined = null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  if (typeof a !== typeof b) return typeof a < typeof b ? -1 : 1;
  return a < b ? -1 : 1;
}
