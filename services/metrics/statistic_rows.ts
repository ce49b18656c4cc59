import type { KnownSeries } from "../../db/metric_series.ts";
import type { MetricStatistics } from "./answers.ts";
import { type Bucket, type Interval, periodName } from "./axis.ts";
import type { Calendar } from "./calendar.ts";
import { type GroupValues, noReadings } from "./groups.ts";
import type { Sortable } from "./ordering.ts";
import type { Part } from "./parts.ts";
import type { GroupWord } from "./queries.ts";
import type { MetricKind } from "./schema.ts";

const IDENTITY = ["service_name", "metric_type", "metric_name"] as const;
const byIdentity = (group_by: readonly GroupWord[]) => IDENTITY.filter((word) => group_by.includes(word));

/** By which interval a word of group_by cuts time; none for other words. */
export function intervalOf(word: GroupWord): Interval[] {
  switch (word) {
    case "date":
      return ["day"];
    case "hour":
    case "week":
    case "month":
    case "quarter":
    case "year":
      return [word];
    default:
      return [];
  }
}

/** What a series is added up with: those of the same unit and kind, and of the same name unless names are grouped. */
export function groupKey(one: KnownSeries, group_by: readonly GroupWord[]): string {
  const named = byIdentity(group_by);
  return JSON.stringify([...(named.length > 0 ? named : IDENTITY).map((word) => one[word]), one.metric_unit, one.kind]);
}

/** What a group of series is. */
export type Head = {
  /** The words of group_by that are of the metric itself. */
  identity: Partial<Record<GroupWord, string>>;
  shown: Omit<MetricStatistics["items"][number], "group" | "values">;
  order: Sortable[];
  kind: MetricKind;
  first_day: string;
  /** How many metrics are added in it. */
  names: Set<string>;
};

/** What each group shows of the metric it is of; null where it has several. */
export function headsOf(targets: readonly (KnownSeries & { g: number })[], group_by: readonly GroupWord[]): Head[] {
  const named = byIdentity(group_by);
  const heads: Head[] = [];
  for (const { g, kind, metric_unit, ...one } of targets) {
    const before = heads[g]?.shown ?? one;
    const same = <Word extends typeof IDENTITY[number]>(word: Word) => before[word] === one[word] ? one[word] : null;
    const [service_name, metric_type, metric_name] = [same("service_name"), same("metric_type"), same("metric_name")];
    const first = heads[g]?.first_day ?? one.first_day;
    heads[g] = {
      identity: Object.fromEntries(named.map((word) => [word, one[word]])),
      shown: { service_name, metric_type, metric_name, metric_unit, kind },
      order: [service_name, metric_type, metric_name, metric_unit, kind],
      kind,
      first_day: first < one.first_day ? first : one.first_day,
      names: (heads[g]?.names ?? new Set()).add(IDENTITY.map((word) => one[word]).join(" ")),
    };
  }
  return heads;
}

/** Where a row stands by one word of group_by: what it is called, and how it is sorted. */
export type Place = { name: Sortable; order: Sortable };

/** One row of an answer: its numbers, and those of the same group in the window before. */
export type Row = {
  head: Head;
  places: Place[];
  own: GroupValues;
  /** Null where nothing is compared, and where the metric was not recorded yet. */
  before: GroupValues | null;
  /** Whether the caller may not see the numbers of the window, or of the one before. */
  hidden: { own: boolean; before: boolean };
};

type Naming = { heads: readonly Head[]; group_by: readonly GroupWord[]; split: readonly string[]; calendar: Calendar };

/**
 * The rows of an answer. What was there in the window before only has a row too, named by the same place in this window;
 * what stood where this window has no place, such as the sixth week of a month, is counted as `misplaced`.
 */
export function rowsOf(part: Part, old: Part | null, naming: Naming): { rows: Row[]; misplaced: number } {
  const keyIn = ({ places }: Part, { g, b, dimensions }: GroupValues) => JSON.stringify([g, places[b], dimensions]);
  const earlier = new Map(old?.values.map((one) => [keyIn(old, one), one]));
  const rowOf = (own: GroupValues, before: GroupValues | undefined, bucket: Bucket | undefined): Row[] => {
    const head = naming.heads[own.g];
    if (head === undefined) return [];
    const known = old !== null && head.first_day <= old.window.end_date;
    const hidden = {
      own: part.hidden.has(own),
      before: before !== undefined && old?.hidden.has(before) === true,
    };
    return [{
      head,
      places: naming.group_by.map((word) => placeIn(word, own, bucket, head, part.window.timezone, naming)),
      own,
      before: before ?? (known ? noReadings(own.g, own.b, own.dimensions) : null),
      hidden,
    }];
  };
  const rows = part.values.flatMap((own) => {
    const key = keyIn(part, own);
    const before = earlier.get(key);
    earlier.delete(key);
    return rowOf(own, before, part.cut.buckets[own.b]);
  });
  const bucketAt = new Map(part.places.map((place, b) => [place, part.cut.buckets[b]]));
  let misplaced = 0;
  const gone = [...earlier.values()].flatMap((before) => {
    const bucket = bucketAt.get(old?.places[before.b] ?? "");
    if (bucket === undefined) misplaced++;
    return bucket === undefined ? [] : rowOf(noReadings(before.g, before.b, before.dimensions), before, bucket);
  });
  return { rows: [...rows, ...gone], misplaced };
}

function placeIn(
  word: GroupWord,
  { dimensions }: GroupValues,
  bucket: Bucket | undefined,
  { identity }: Head,
  timezone: string,
  { split, calendar }: Naming,
): Place {
  const [interval] = intervalOf(word);
  if (interval !== undefined && bucket !== undefined) {
    return { name: periodName(interval, bucket, timezone, calendar), order: bucket.start };
  }
  const name = identity[word] ?? dimensions[split.indexOf(word.slice("dimension.".length))] ?? null;
  return { name, order: name };
}
