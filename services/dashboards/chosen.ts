import type { DimensionFilter } from "../../db/metric_cells.ts";
import type { KnownSeries } from "../../db/metric_series.ts";
import type { AnalyticsMeta } from "../analytics/schema.ts";
import { FEWEST_PEOPLE } from "../analytics/suppression.ts";
import type { Needs } from "../context.ts";
import { invalid } from "../errors.ts";
import { metaOf, nothingFound } from "../metrics/about.ts";
import { type CutWindow, cutWindow, type Interval, MOST_BUCKETS, type Window } from "../metrics/axis.ts";
import { choose } from "../metrics/choose.ts";
import { grouped, type GroupValues, measured } from "../metrics/groups.ts";
import { dayOf, localDay } from "../metrics/local_time.ts";
import type { Span } from "../metrics/parts.ts";
import { refusePersonal } from "../metrics/personal.ts";
import type { MeasureWord } from "../metrics/queries.ts";
import type { MetricKind } from "../metrics/schema.ts";
import { withPersons } from "../metrics/small_cells.ts";
import { measureOf } from "../metrics/statistic_items.ts";
import type { ShownMetric } from "./answers.ts";
import { comparable } from "./comparable.ts";
import { type Page, spanFor } from "./page.ts";
import type { Answer, Question } from "./reads.ts";
import type { WidgetMetric, WidgetWindow } from "./widgets.ts";

/** A widget about a metric. */
type Asking = { metric: WidgetMetric; window?: WidgetWindow | undefined; timezone?: string | undefined };

/** How the numbers of a widget are told apart, and which are read. */
export type Telling = { parts: readonly string[]; measures: readonly MeasureWord[] };

/** A widget's question, settled: which series, which days, and how to read them. */
export type Chosen = {
  /** Without a window before it: a stat sets that. */
  span: Span;
  /** Empty where nothing is recorded; of one metric and unit unless metric_name tells them apart. */
  series: KnownSeries[];
  warnings: string[];
  /** Everything that matches the widget's metric, chosen or not. */
  recorded: readonly KnownSeries[];
  filters: readonly DimensionFilter[];
  split: readonly string[];
  distinct: readonly string[];
};

const DIMENSION = "dimension.";
const DISTINCT = "distinct.";

/**
 * Settles what a widget asks.
 * @throws {DomainError} `forbidden` where an anonymous caller would see numbers by a dimension about persons
 */
export async function chosenFor(
  { db }: Needs<"db">,
  page: Page,
  widget: Asking,
  { parts, measures }: Telling,
): Promise<Chosen> {
  const { service_name, metric_type, metric_name, metric_unit, dimensions = {} } = widget.metric;
  const filters = Object.entries(dimensions).map(([key, value]) => ({ key, values: [value] }));
  const split = parts.flatMap((word) => word.startsWith(DIMENSION) ? word.slice(DIMENSION.length) : []);
  const distinct = measures.flatMap((word) => word.startsWith(DISTINCT) ? word.slice(DISTINCT.length) : []);
  refusePersonal(page.caller, [...filters.map(({ key }) => key), ...split, ...distinct]);
  const recorded = page.series.filter((one) =>
    one.service_name === service_name && one.metric_type === metric_type &&
    (metric_name === undefined || one.metric_name === metric_name) &&
    (metric_unit === undefined || one.metric_unit === metric_unit)
  );
  const { series, warnings } = parts.includes("metric_name")
    ? comparable(recorded)
    : await choose(db, recorded, "nothing", localDay(page.org, page.now));
  return { span: spanFor(page, widget), series, warnings, recorded, filters, split, distinct };
}

/**
 * How a widget's days are cut.
 * @param most buckets
 * @throws {DomainError} `invalid` for more than that
 */
export function cutOf(
  { org, calendar }: Page,
  window: Window,
  intervals: readonly Interval[],
  most: number = MOST_BUCKETS,
): CutWindow {
  return cutWindow(window, intervals, org, { calendar, most });
}

/** What to read for a widget over a cut; each metric name and unit is a group of its own. */
export function questionOf(
  { caller, now, most_rows }: Page,
  { series, filters, split, distinct }: Chosen,
  cut: CutWindow,
  measures: readonly MeasureWord[],
): Question {
  const targets = grouped(series, (one) => JSON.stringify([one.metric_name, one.metric_unit]));
  return {
    targets: withPersons(caller, targets, { split, filters }),
    ...{ cut, now, split, filters, distinct, most_rows },
    percentiles: measures.includes("median") || measures.includes("p95"),
    levels: series.every(({ kind }) => measures.every((word) => isLevel(kind, word))),
  };
}

/** Whether a measure is a gauge's level, and not one of its readings. */
export const isLevel = (kind: MetricKind, word: MeasureWord) => kind === "gauge" && (word === "last" || word === "sum");

/** @throws {DomainError} `invalid` for the sum of samples */
export function checkMeasure({ kind, metric_name }: KnownSeries, word: MeasureWord): void {
  if (kind !== "sample" || word !== "sum") return;
  throw invalid("/measure", `${metric_name} is a distribution, whose values do not add up; use avg, median or count`);
}

/** Which measure is wanted of which stretch of days, and the local day of now. */
type Wanted = {
  word: MeasureWord;
  distinct: readonly string[];
  days: Pick<Window, "start_date" | "end_date">;
  today: string;
};

/**
 * A measure of one stretch of days. From its first reading on a flow that has none was 0, also one that has stopped;
 * before it, of days that have not begun, and of anything else, nothing is known.
 */
export function amountOf(
  own: GroupValues | undefined,
  head: KnownSeries,
  { word, distinct, days, today }: Wanted,
): number | null {
  if (own !== undefined && (own.n > 0 || own.level !== null)) {
    return measured(head.kind, measureOf(word, distinct), own);
  }
  const adds = word === "count" || (word === "sum" && head.kind === "flow");
  return adds && head.first_day <= days.end_date && days.start_date <= today ? 0 : null;
}

/** The local days of a bucket. */
export function daysOfBucket({ day, end }: CutWindow["buckets"][number], { timezone }: Window) {
  return { start_date: dayOf(day), end_date: localDay(timezone, end - 1) };
}

/** Which metric a widget shows; its name and unit only where all its series have the same. */
export function shownMetric(asked: WidgetMetric, series: readonly KnownSeries[]): ShownMetric {
  const { service_name, metric_type, metric_name = null, metric_unit = null } = asked;
  const [head] = series;
  if (head === undefined) return { service_name, metric_type, metric_name, metric_unit, kind: null };
  const same = <Field extends "metric_name" | "metric_unit" | "kind">(field: Field) =>
    series.every((one) => one[field] === head[field]) ? head[field] : null;
  const [name, unit, kind] = [same("metric_name"), same("metric_unit"), same("kind")];
  return { service_name, metric_type, metric_name: name, metric_unit: unit, kind };
}

/** Why a widget shows nothing: because it may not, or because there is nothing. */
export function silenceOf({ recorded, span }: Chosen, answers: readonly Answer[]): string {
  if (answers.some(({ hidden }) => hidden.size > 0)) return HIDDEN;
  return nothingFound(recorded, span.window);
}

/** Why a reader without a token does not see a number. */
export const HIDDEN =
  `Of fewer than ${FEWEST_PEOPLE} persons, or a number by which such could be told: seeing it needs a token`;

/** What a widget says about itself. */
export function metaFor(
  { floor }: Page,
  { span, series, warnings }: Chosen,
  answers: readonly Answer[],
): AnalyticsMeta {
  const parts = answers.map((answer) => {
    const start_date = dayOf(answer.cut.buckets[0]?.day ?? 0);
    return { ...answer, window: { ...span.window, start_date }, places: [] };
  });
  return metaOf(span, { parts, series, floor }, warnings);
}
