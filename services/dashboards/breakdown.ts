import type { Needs } from "../context.ts";
import { type Interval, periodName } from "../metrics/axis.ts";
import { combined, combines } from "../metrics/combined.ts";
import { type GroupValues, measured } from "../metrics/groups.ts";
import type { MeasureWord } from "../metrics/queries.ts";
import type { MetricKind } from "../metrics/schema.ts";
import { DEFAULT_MEASURE } from "../metrics/series_lines.ts";
import { measureOf } from "../metrics/statistic_items.ts";
import { checkMeasure, type Chosen, chosenFor, cutOf, questionOf } from "./chosen.ts";
import type { Page } from "./page.ts";
import { type Hidden, isTold } from "./hidden.ts";
import type { Answer, Question } from "./reads.ts";
import { type GroupWord, isPeriod, type PeriodWord, type WidgetOf } from "./widgets.ts";

/** What a group is called by one word of group_by. */
export type Label = string | number | boolean | null;

/** A group, and its measures in their order. */
export type Row = { group: Label[]; values: (number | null)[]; n: number };

/** The groups of a widget that are shown, and all others together. */
export type Parts = {
  rows: Row[];
  other: (Omit<Row, "group"> & { groups: number }) | null;
  /** Those that the caller may not see, together. */
  hidden: Hidden | null;
  /** The first measure of all groups together, hidden ones too, and the smallest of those that are shown. */
  total: number | null;
  least: number | null;
};

/** What to break down a metric by, what to measure, and how many groups to show. */
export type Wish = { words: readonly GroupWord[]; measures: readonly MeasureWord[] | undefined; limit: number };

/** A breakdown that knows what to read. */
export type Breakdown = {
  chosen: Chosen;
  measures: readonly MeasureWord[];
  reads: readonly Question[];
  partsOf(answers: readonly Answer[]): Parts;
};

/**
 * Prepares the numbers of a metric by its names, dimensions or periods.
 * @throws {DomainError} `forbidden`, `invalid`
 */
export async function prepareBreakdown(
  ctx: Needs<"db">,
  page: Page,
  widget: WidgetOf<"bar" | "pie" | "table">,
  { words, measures: asked, limit }: Wish,
): Promise<Breakdown> {
  const chosen = await chosenFor(ctx, page, widget, { parts: words, measures: asked ?? [] });
  const [head] = chosen.series;
  if (head === undefined) {
    const nothing: Parts = { rows: [], other: null, hidden: null, total: null, least: null };
    return { chosen, measures: asked ?? [], reads: [], partsOf: () => nothing };
  }
  const measures = asked ?? [DEFAULT_MEASURE[head.kind]];
  for (const word of measures) checkMeasure(head, word);
  const cut = cutOf(page, chosen.span.window, words.filter(isPeriod).map(intervalOf));
  const question = questionOf(page, chosen, cut, measures);
  const names = namesOf(page, chosen, question, words);
  const shape = { kind: head.kind, measures, distinct: chosen.distinct, byTime: words.some(isPeriod) };
  return {
    ...{ chosen, measures, reads: [question] },
    partsOf: (answers) => {
      const [answer] = answers;
      const shown = (answer?.values ?? []).filter((own) => !answer?.hidden.has(own));
      const live = shown.filter(({ n, level }) => n > 0 || level !== 0); // a level of 0 that all its series have left
      const groups = live.map((own) => ({ own, group: names(own) }));
      return parts(groups, { covered: [...answer?.hidden ?? []], told: isTold(answer) }, limit, shape);
    },
  };
}

const intervalOf = (word: PeriodWord): Interval => word === "date" ? "day" : word;

type Group = { own: GroupValues; group: Label[] };

/** What the groups of an answer are called, by each word. */
function namesOf(page: Page, { span: { window }, split }: Chosen, question: Question, words: readonly GroupWord[]) {
  const { targets, cut } = question;
  const metric = new Map(targets.map(({ g, metric_name }) => [g, metric_name]));
  return ({ g, b, dimensions }: GroupValues): Label[] =>
    words.map((word) => {
      if (word === "metric_name") return metric.get(g) ?? null;
      if (!isPeriod(word)) return dimensions[split.indexOf(word.slice("dimension.".length))] ?? null;
      const bucket = cut.buckets[b];
      return bucket === undefined ? null : periodName(intervalOf(word), bucket, window.timezone, page.calendar);
    });
}

type Shape = { kind: MetricKind; measures: readonly MeasureWord[]; distinct: readonly string[]; byTime: boolean };

/** The largest first, then by name; those of a later period before or after. */
function inOrder(shape: Shape, periods: "latest_first" | "in_time"): (a: Group, b: Group) => number {
  const first = (own: GroupValues) => valuesOf(own, shape)[0] ?? null;
  const sign = periods === "in_time" ? 1 : -1;
  return (a, b) =>
    (shape.byTime ? sign * (a.own.b - b.own.b) : 0) || descending(first(a.own), first(b.own)) ||
    (JSON.stringify(a.group) < JSON.stringify(b.group) ? -1 : 1);
}

function descending(a: number | null, b: number | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return b - a;
}

const valuesOf = (own: GroupValues, { kind, measures, distinct }: Shape) =>
  measures.map((word) => measured(kind, measureOf(word, distinct), own));

/** The cells that are hidden, and whether what they are together may be told. */
type Covered = { covered: readonly GroupValues[]; told: boolean };

/** Of periods the latest are shown, in the order of time; of anything else the largest. */
function parts(groups: readonly Group[], { covered, told }: Covered, limit: number, shape: Shape): Parts {
  const ordered = groups.toSorted(inOrder(shape, "latest_first"));
  const kept = ordered.slice(0, limit).sort(inOrder(shape, "in_time"));
  const rest = ordered.slice(limit).map(({ own }) => own);
  const rows = kept.map(({ own, group }) => ({ group, values: valuesOf(own, shape), n: own.n }));
  const other = rest.length === 0 ? null : { groups: rest.length, ...merged(rest, shape) };
  const whole = merged([...groups.map(({ own }) => own), ...covered], shape);
  const total = told ? whole.values[0] ?? null : null;
  const firsts = groups.flatMap(({ own }) => valuesOf(own, shape)[0] ?? []);
  return {
    rows,
    other,
    hidden: hiddenRest(covered, told, shape),
    total,
    least: firsts.length === 0 ? null : Math.min(...firsts),
  };
}

/** Only what adds up is told of hidden cells: the largest of them, say, is the number of a single one. */
function hiddenRest(covered: readonly GroupValues[], told: boolean, shape: Shape): Hidden | null {
  if (covered.length === 0) return null;
  const { values, n } = merged(covered, shape);
  const adds = (word: MeasureWord | undefined) =>
    word === "sum" || word === "count" || (word === "last" && shape.kind === "gauge");
  return {
    groups: covered.length,
    values: values.map((value, i) => told && adds(shape.measures[i]) ? value : null),
    n: told ? n : null,
  };
}

/** The measures of several groups together, null for those that do not follow from the groups' own. */
function merged(all: readonly GroupValues[], { kind, measures, distinct }: Shape): Omit<Row, "group"> {
  if (all.length === 0) return { values: measures.map(() => null), n: 0 };
  const whole = combined(kind, all);
  const values = measures.map((word) => combines(kind, word) ? measured(kind, measureOf(word, distinct), whole) : null);
  return { values, n: whole.n };
}
