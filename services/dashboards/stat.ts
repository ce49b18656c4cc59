import type { KnownSeries } from "../../db/metric_series.ts";
import { comparedWindow } from "../analytics/comparison.ts";
import { quotient, relativeChange } from "../analytics/figures.ts";
import type { Needs } from "../context.ts";
import { isComplete, periodName, type Window } from "../metrics/axis.ts";
import { localDay } from "../metrics/local_time.ts";
import type { MeasureWord } from "../metrics/queries.ts";
import { DEFAULT_MEASURE } from "../metrics/series_lines.ts";
import { MOST_POINTS, type StatData } from "./answers.ts";
import {
  amountOf,
  checkMeasure,
  type Chosen,
  chosenFor,
  cutOf,
  daysOfBucket,
  isLevel,
  metaFor,
  questionOf,
  shownMetric,
  silenceOf,
} from "./chosen.ts";
import type { Content, Prepared } from "./content.ts";
import { at, type Layout, layoutOf, type Place, type Spark } from "./layout.ts";
import { metricKey, type Page } from "./page.ts";
import type { Answer } from "./reads.ts";
import type { WidgetOf } from "./widgets.ts";

type Stat = WidgetOf<"stat">;

/**
 * One number of a window, beside that of the window it is compared with.
 * @throws {DomainError} `forbidden`, `invalid`
 */
export async function prepareStat(ctx: Needs<"db">, page: Page, widget: Stat): Promise<Prepared> {
  const measures = widget.measure === undefined ? [] : [widget.measure];
  const settled = await chosenFor(ctx, page, widget, { parts: [], measures });
  const { span } = settled;
  const [head] = settled.series;
  const word = widget.measure ?? (head === undefined ? null : DEFAULT_MEASURE[head.kind]);
  if (head === undefined || word === null) {
    return { by: "reads", reads: [], show: () => contentOf(page, settled, nothing(widget, word), []) };
  }
  checkMeasure(head, word);
  const { compare = "previous_period", sparkline = true } = widget;
  const today = localDay(span.window.timezone, page.now);
  const before = compare === "none" ? null : comparedWindow(span.window, compare, today);
  const chosen: Chosen = { ...settled, span: { ...span, before } };
  const spark = sparkline ? sparkOf(page, span.window) : null;
  const layout = layoutOf(page, { window: span.window, compared: before, spark }, isLevel(head.kind, word));
  return {
    by: "reads",
    reads: layout.cuts.map((cut) => questionOf(page, chosen, cut, [word])),
    show: (answers) => {
      const data = { ...nothing(widget, word), metric: shownMetric(widget.metric, chosen.series) };
      const shown = { ...data, ...figures(page, chosen, { head, word, spark, layout }, answers) };
      shown.good_direction = page.directions.get(metricKey(head)) ?? null;
      shown.target_share = shareOf(shown.value, shown.target);
      return contentOf(page, chosen, shown, answers);
    },
  };
}

function contentOf(page: Page, chosen: Chosen, data: StatData, answers: readonly Answer[]): Content {
  const reason = data.value === null ? silenceOf(chosen, answers) : null;
  return { type: "stat", data, reason, meta: metaFor(page, chosen, answers) };
}

function nothing({ metric, target }: Stat, measure: string | null): StatData {
  const unknown = { value: null, previous: null, change: null, good_direction: null };
  const asked = { metric: shownMetric(metric, []), measure, target: target ?? null };
  return { ...asked, ...unknown, target_share: null, sparkline: null };
}

const shareOf = (value: number | null, target: number | null): StatData["target_share"] =>
  value === null || target === null
    ? null
    : { value: quotient({ numerator: value, denominator: target }), numerator: value, denominator: target };

type Asked = { head: KnownSeries; word: MeasureWord; spark: Spark | null; layout: Layout };
type Figures = Pick<StatData, "value" | "previous" | "change" | "sparkline">;

function figures(page: Page, chosen: Chosen, asked: Asked, answers: readonly Answer[]): Figures {
  const { span: { window, before }, distinct } = chosen;
  const { head, word, spark, layout } = asked;
  const today = localDay(window.timezone, page.now);
  const amount = (place: Place | null, days: Pick<Window, "start_date" | "end_date">) => {
    const own = at(answers, place);
    return own === "hidden" ? null : amountOf(own, head, { word, distinct, days, today });
  };
  const value = amount(layout.value, window);
  const previous = before === null ? null : amount(layout.previous, before);
  const { read, b: first } = layout.periods;
  const points = spark?.cut.buckets.flatMap((bucket, b) => {
    if (bucket.start > page.now) return [];
    return [{
      period: periodName(spark.interval, bucket, window.timezone, page.calendar),
      value: amount({ read, b: first + b }, daysOfBucket(bucket, window)),
      complete: isComplete(spark.interval, bucket, window, page.now, page.calendar),
    }];
  });
  return {
    ...{ value, previous, change: relativeChange(value, previous) },
    sparkline: spark === null ? null : { interval: spark.interval, points: points ?? [] },
  };
}

const SPARKS = ["day", "week", "month", "quarter", "year"] as const;

/** The finest periods of which a window has no more than a month has days. */
function sparkOf(page: Page, window: Window): Spark | null {
  for (const interval of SPARKS) {
    const cut = cutOf(page, window, [interval]);
    if (cut.buckets.length <= MOST_POINTS) return { interval, cut };
  }
  return null;
}
