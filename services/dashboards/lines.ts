import type { Needs } from "../context.ts";
import { localDay } from "../metrics/local_time.ts";
import { DEFAULT_MEASURE, type Line, linesOf } from "../metrics/series_lines.ts";
import { pointsOf } from "../metrics/series_points.ts";
import type { SeriesData } from "./answers.ts";
import {
  amountOf,
  checkMeasure,
  type Chosen,
  chosenFor,
  cutOf,
  metaFor,
  questionOf,
  shownMetric,
  silenceOf,
} from "./chosen.ts";
import type { Prepared } from "./content.ts";
import type { Page } from "./page.ts";
import type { Answer, Question } from "./reads.ts";
import type { WidgetOf } from "./widgets.ts";

type Lines = WidgetOf<"line" | "area">;

const MOST_LINES = 20;

/**
 * A metric by calendar periods, once for each part that it is split by: the points are those of its time series.
 * @throws {DomainError} `forbidden`, `invalid`
 */
export async function prepareLines(ctx: Needs<"db">, page: Page, widget: Lines): Promise<Prepared> {
  const { interval = "day", split_by, measure, type } = widget;
  const measures = measure === undefined ? [] : [measure];
  const chosen = await chosenFor(ctx, page, widget, { parts: split_by === undefined ? [] : [split_by], measures });
  for (const head of chosen.series) checkMeasure(head, measure ?? DEFAULT_MEASURE[head.kind]);
  const cut = cutOf(page, chosen.span.window, [interval]);
  const question: Question = { ...questionOf(page, chosen, cut, measures), levels: false }; // a point counts readings
  return {
    by: "reads",
    reads: chosen.series.length === 0 ? [] : [question],
    show: (answers) => {
      const [answer] = answers;
      const lines = answer === undefined ? [] : linesOf(question.targets, { own: answer.values, before: [] }, widget);
      const series = answer === undefined
        ? []
        : lines.slice(0, MOST_LINES).map((line) => drawn(widget, chosen, line, answer));
      const zeros = widget.fill === "zero" && lines.some((line) => stoodAtZero(page, chosen, line));
      const empty = (!zeros || answer?.hidden.size !== 0) &&
        series.every(({ points }) => points.every(({ n, value }) => n === 0 && (value ?? 0) === 0));
      const meta = metaFor(page, { ...chosen, warnings: [...chosen.warnings, ...cutOff(lines.length)] }, answers);
      return { type, data: { interval, series }, reason: empty ? silenceOf(chosen, answers) : null, meta };
    },
  };
}

/** Whether a line without a reading was 0 in the window, and not unknown. */
function stoodAtZero({ now }: Page, { span: { window }, distinct }: Chosen, { head, measure }: Line): boolean {
  const today = localDay(window.timezone, now);
  return amountOf(undefined, head, { word: measure, distinct, days: window, today }) === 0;
}

function drawn(
  { metric, interval = "day", fill = "none" }: Lines,
  chosen: Chosen,
  line: Line,
  answer: Answer,
): SeriesData["series"][number] {
  const { span, distinct } = chosen;
  const part = { ...answer, window: span.window, places: [] };
  const drawing = { interval, fill, cumulative: false, rolling: null, distinct, span, part, old: null };
  const { head, measure, split } = line;
  return { metric: shownMetric(metric, [head]), measure, split, points: pointsOf(line, drawing) };
}

const cutOff = (lines: number) =>
  lines > MOST_LINES ? [`${lines} series, of which these are the ${MOST_LINES} with the most readings`] : [];
