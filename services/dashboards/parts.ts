import type { Needs } from "../context.ts";
import { invalid } from "../errors.ts";
import type { PieData } from "./answers.ts";
import { type Breakdown, type Parts, prepareBreakdown } from "./breakdown.ts";
import { metaFor, shownMetric, silenceOf } from "./chosen.ts";
import type { Prepared } from "./content.ts";
import { NO_WHOLE } from "./hidden.ts";
import type { Page } from "./page.ts";
import { percentages } from "./percentages.ts";
import type { Answer } from "./reads.ts";
import { DEFAULT_LIMITS, type WidgetOf } from "./widgets.ts";

/** A metric by one word, the largest first. @throws {DomainError} `forbidden`, `invalid` */
export async function prepareBar(ctx: Needs<"db">, page: Page, widget: WidgetOf<"bar">): Promise<Prepared> {
  const { group_by, measure, limit = DEFAULT_LIMITS.bar } = widget;
  const measures = measure === undefined ? undefined : [measure];
  const breakdown = await prepareBreakdown(ctx, page, widget, { words: [group_by], measures, limit });
  return {
    by: "reads",
    reads: breakdown.reads,
    show: (answers) => {
      const { rows, other, hidden } = breakdown.partsOf(answers);
      const data = {
        ...{ ...headOf(widget, breakdown), group_by },
        rows: rows.map(({ group, values, n }) => ({ group: group[0] ?? null, value: values[0] ?? null, n })),
        other: other === null ? null : { groups: other.groups, value: other.values[0] ?? null, n: other.n },
        hidden: hidden && { groups: hidden.groups, value: hidden.values[0] ?? null, n: hidden.n },
      };
      return { type: "bar", data, ...aboutParts(page, breakdown, answers, rows.length) };
    },
  };
}

/** The parts of a whole. @throws {DomainError} `forbidden`, `invalid`; from `show` where a part is negative */
export async function preparePie(ctx: Needs<"db">, page: Page, widget: WidgetOf<"pie">): Promise<Prepared> {
  const { group_by, measure = "sum", limit = DEFAULT_LIMITS.pie } = widget;
  const breakdown = await prepareBreakdown(ctx, page, widget, { words: [group_by], measures: [measure], limit });
  return {
    by: "reads",
    reads: breakdown.reads,
    show: (answers) => {
      const parts = breakdown.partsOf(answers);
      const data = { ...headOf(widget, breakdown), group_by, ...sliced(parts) };
      const untold = parts.hidden !== null && parts.total === null;
      const about = aboutParts(page, breakdown, answers, parts.rows.length, untold ? [NO_WHOLE] : []);
      const zero = about.reason === null && data.total === 0 ? "All parts are 0, so that there is no whole" : null;
      return { type: "pie", data, meta: about.meta, reason: about.reason ?? zero };
    },
  };
}

/** A metric by up to three words and with up to six measures. @throws {DomainError} `forbidden`, `invalid` */
export async function prepareTable(ctx: Needs<"db">, page: Page, widget: WidgetOf<"table">): Promise<Prepared> {
  const { group_by, measures: asked, limit = DEFAULT_LIMITS.table } = widget;
  const breakdown = await prepareBreakdown(ctx, page, widget, { words: group_by, measures: asked, limit });
  return {
    by: "reads",
    reads: breakdown.reads,
    show: (answers) => {
      const { rows, other, hidden } = breakdown.partsOf(answers);
      const metric = shownMetric(widget.metric, breakdown.chosen.series);
      const data = { metric, group_by, measures: [...breakdown.measures], rows, other, hidden };
      return { type: "table", data, ...aboutParts(page, breakdown, answers, rows.length) };
    },
  };
}

function headOf({ metric }: WidgetOf<"bar" | "pie">, { chosen, measures }: Breakdown) {
  return { metric: shownMetric(metric, chosen.series), measure: measures[0] ?? null };
}

function aboutParts(
  page: Page,
  { chosen }: Breakdown,
  answers: readonly Answer[],
  rows: number,
  warnings: readonly string[] = [],
) {
  const meta = metaFor(page, { ...chosen, warnings: [...chosen.warnings, ...warnings] }, answers);
  return { reason: rows === 0 ? silenceOf(chosen, answers) : null, meta };
}

function sliced({ rows, other, hidden, total, least }: Parts): Pick<PieData, "slices" | "other" | "hidden" | "total"> {
  const covered = total === null ? null : hidden?.values[0] ?? null;
  const smallest = least === null ? covered : Math.min(least, covered ?? least);
  if (smallest !== null && smallest < 0) {
    throw invalid("/type", `a pie has no negative parts, and the smallest is ${smallest}; a bar shows it`);
  }
  const values = [...rows.map((row) => row.values[0] ?? 0), other?.values[0] ?? 0, covered ?? 0];
  const percents = percentages(values);
  const part = (i: number) => ({
    share: total === null ? null : total === 0 ? 0 : (values[i] ?? 0) / total,
    percentage: total === null ? null : percents[i] ?? 0,
  });
  const slice = (i: number) => ({ value: values[i] ?? 0, ...part(i) });
  const rest = rows.length;
  return {
    slices: rows.map(({ group }, i) => ({ group: group[0] ?? null, ...slice(i) })),
    other: other && { groups: other.groups, ...slice(rest) },
    hidden: hidden && { groups: hidden.groups, value: covered, ...part(rest + 1) },
    total,
  };
}
