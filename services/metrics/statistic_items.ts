import { relativeChange } from "../analytics/figures.ts";
import type { MetricStatistics } from "./answers.ts";
import { combined, combines } from "./combined.ts";
import { type GroupValues, type Measure, measured } from "./groups.ts";
import type { GroupWord, MeasureWord } from "./queries.ts";
import type { MetricKind } from "./schema.ts";
import type { Row } from "./statistic_rows.ts";

type Item = MetricStatistics["items"][number];
type Rest = MetricStatistics["other"][number];
type Numbers = Item["values"];

/** What is told of each row. */
export type Telling = {
  group_by: readonly GroupWord[];
  measures: readonly MeasureWord[];
  /** The dimensions whose values are counted. */
  distinct: readonly string[];
  compared: boolean;
};

/** A measure, as the group's numbers know it. */
export function measureOf(word: MeasureWord, distinct: readonly string[]): Measure {
  return isDistinct(word) ? { distinct: distinct.indexOf(word.slice("distinct.".length)) } : word;
}

const isDistinct = (word: MeasureWord): word is `distinct.${string}` => word.startsWith("distinct.");

/** A row as it is answered. */
export function itemOf({ head, places, own, before, hidden }: Row, telling: Telling): Item {
  const group = Object.fromEntries(telling.group_by.map((word, i) => [word, places[i]?.name ?? null]));
  const seen = { own: hidden.own ? null : own, before: hidden.before ? null : before };
  return {
    ...head.shown,
    group,
    ...numbersOf(head.kind, seen, telling),
    ...(hidden.own || hidden.before ? { suppressed: true as const } : {}),
  };
}

/**
 * The rows that the limit left out, added up for each metric. Rows that the caller may not see are counted among them and
 * nothing else.
 */
export function restOf(rows: readonly Row[], telling: Telling): Rest[] {
  return [...Map.groupBy(rows, (row) => row.head)].map(([{ shown, kind }, all]): Rest => {
    const own = all.filter((row) => !row.hidden.own).map((row) => row.own);
    const before = all.flatMap((row) => row.hidden.before ? [] : row.before ?? []);
    const added = {
      own: own.length === 0 ? null : combined(kind, own),
      before: before.length === 0 ? null : combined(kind, before),
    };
    const numbers = numbersOf(kind, added, telling, (word) => combines(kind, word));
    return { ...shown, rows: all.length, ...numbers, ...(own.length === 0 ? { suppressed: true as const } : {}) };
  });
}

type Numbered = { own: GroupValues | null; before: GroupValues | null };

/** @param isTold whether a measure is known at all; else it is null */
function numbersOf(
  kind: MetricKind,
  { own, before }: Numbered,
  { measures, distinct, compared }: Telling,
  isTold: (word: MeasureWord) => boolean = () => true,
): Pick<Item, "values" | "previous" | "change"> {
  const of = (cell: GroupValues | null): Numbers =>
    Object.fromEntries(measures.map((word) => [
      word,
      cell === null || !isTold(word) ? null : measured(kind, measureOf(word, distinct), cell),
    ]));
  const [values, previous] = [of(own), of(before)];
  if (!compared) return { values };
  const change = measures.map((word) => [word, relativeChange(values[word] ?? null, previous[word] ?? null)]);
  return { values, previous: { values: previous }, change: Object.fromEntries(change) };
}
