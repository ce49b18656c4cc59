import type { Needs } from "../context.ts";
import { DomainError, invalid } from "../errors.ts";
import { summary } from "../math/mod.ts";
import type { CutWindow, Window } from "../metrics/axis.ts";
import type { GroupValues } from "../metrics/groups.ts";
import { offsetAt } from "../metrics/local_time.ts";
import type { HeatmapData } from "./answers.ts";
import { checkMeasure, chosenFor, cutOf, HIDDEN, metaFor, questionOf, shownMetric, silenceOf } from "./chosen.ts";
import type { Prepared } from "./content.ts";
import type { Page } from "./page.ts";
import type { WidgetOf } from "./widgets.ts";

type Heatmap = WidgetOf<"heatmap">;
type Word = NonNullable<Heatmap["measure"]>;

/** Hours of the longest window: a leap year and its clock change. */
const MOST_HOURS = 366 * 24 + 1;

/**
 * A metric by the weekday and hour of its timestamps, on the wall of the widget's zone.
 * @throws {DomainError} `invalid` for a level, which has no hours, and for a window of more than a year; `forbidden`, also
 * from `show` where an hour is of so few persons that an anonymous caller may not see it
 */
export async function prepareHeatmap(ctx: Needs<"db">, page: Page, widget: Heatmap): Promise<Prepared> {
  const chosen = await chosenFor(ctx, page, widget, { parts: [], measures: [] });
  const [head] = chosen.series;
  if (head?.kind === "gauge") {
    throw invalid("/metric", `${head.metric_name} is a level, which holds through all hours; a line shows it`);
  }
  const word = widget.measure ?? (head === undefined ? null : head.kind === "sample" ? "avg" : "sum");
  if (head !== undefined && word !== null) checkMeasure(head, word);
  const cut = cutOf(page, chosen.span.window, ["hour"], MOST_HOURS);
  return {
    by: "reads",
    reads: head === undefined ? [] : [questionOf(page, chosen, cut, [])],
    show: (answers) => {
      if (answers.some(({ hidden }) => hidden.size > 0)) throw new DomainError("forbidden", HIDDEN);
      const cells = word === null ? [] : cellsOf(answers[0]?.values ?? [], word, cut, chosen.span.window);
      return {
        type: "heatmap",
        data: { metric: shownMetric(widget.metric, chosen.series), measure: word, cells },
        reason: cells.length === 0 ? silenceOf(chosen, answers) : null,
        meta: metaFor(page, chosen, answers),
      };
    },
  };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Hours of the week in which something was recorded, from Monday's first on. */
function cellsOf(
  values: readonly GroupValues[],
  word: Word,
  { buckets }: CutWindow,
  { timezone }: Window,
): HeatmapData["cells"] {
  const byHour = Map.groupBy(values.filter(({ n }) => n > 0), ({ b }) => {
    const start = buckets[b]?.start ?? 0;
    const wall = start + offsetAt(timezone, start);
    const day = Math.floor(wall / DAY_MS);
    return (day + 3) % 7 * 24 + Math.floor((wall - day * DAY_MS) / HOUR_MS); // day 0, 1970-01-01, was a Thursday
  });
  return [...byHour].sort(([a], [b]) => a - b).map(([hour, own]) => {
    const n = own.reduce((sum, one) => sum + one.n, 0);
    const sum = summary(own.map((one) => one.sum)).sum ?? 0;
    const value = { count: n, sum, avg: sum / n }[word];
    return { weekday: Math.floor(hour / 24) + 1, hour: hour % 24, value, n };
  });
}
