import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import type { DashboardData, WidgetSlot } from "./answers.ts";
import type { Content, Prepared } from "./content.ts";
import { faultOf } from "./faults.ts";
import { prepareHeatmap } from "./heatmap.ts";
import { prepareLines } from "./lines.ts";
import { openPage, type Page } from "./page.ts";
import { prepareBar, preparePie, prepareTable } from "./parts.ts";
import { type Answer, readBatch, together } from "./reads.ts";
import type { DashboardDataQuery } from "./schema.ts";
import { freshnessContent, goalContent } from "./standing.ts";
import { prepareStat } from "./stat.ts";
import { knownThrough } from "./through.ts";
import { inTurns, type Outcome } from "./turns.ts";
import type { Widget } from "./widgets.ts";

type Parts = Needs<"db" | "config" | "clock" | "log">;
type Resolved = Pick<DashboardData, "widgets" | "meta">;

/**
 * Resolves the widgets of one dashboard: settles what each asks, reads what several ask alike in one statement, and gives
 * each its own slot, also where it fails or is late.
 * @throws {DomainError} `invalid` for a period that is none
 */
export async function resolveWidgets(
  ctx: Parts,
  caller: Caller,
  widgets: readonly Widget[],
  query: DashboardDataQuery,
): Promise<Resolved> {
  const page = await openPage(ctx, caller, widgets, query);
  const prepared = await inTurns(ctx.clock, widgets.map((widget) => () => prepare(ctx, page, widget)));
  const contents = await contentsOf(ctx, prepared);
  const { data_through, warning } = knownThrough(page.through);
  return {
    widgets: widgets.map((widget, i) => slotOf(ctx, widget, contents[i])),
    meta: {
      ...{ as_of: page.as_of, data_through, period: page.period, timezone: page.timezone },
      warnings: warning === null ? [] : [warning],
    },
  };
}

async function prepare(ctx: Parts, page: Page, widget: Widget): Promise<Prepared> {
  switch (widget.type) {
    case "stat":
      return await prepareStat(ctx, page, widget);
    case "line":
    case "area":
      return await prepareLines(ctx, page, widget);
    case "bar":
      return await prepareBar(ctx, page, widget);
    case "pie":
      return await preparePie(ctx, page, widget);
    case "table":
      return await prepareTable(ctx, page, widget);
    case "heatmap":
      return await prepareHeatmap(ctx, page, widget);
    case "goal":
      return { by: "work", work: () => goalContent(ctx, page, widget) };
    case "freshness":
      return { by: "work", work: () => freshnessContent(ctx, page, widget) };
  }
}

/** Something to do for some widgets. */
type Piece = { widgets: readonly number[]; run(): Promise<void> };

/** Reads everything in turns, and lets each widget show what came of its own questions. */
async function contentsOf(ctx: Parts, prepared: readonly Outcome<Prepared>[]): Promise<Outcome<Content>[]> {
  const plans = prepared.map((one) => one.done ? one.value : null);
  const asked = plans.flatMap((plan, widget) =>
    plan?.by === "reads" ? plan.reads.map((question) => ({ widget, question })) : []
  );
  const answers = new Map<number, Answer>();
  const contents = new Map<number, Content>();
  const reads = together(asked.map(({ question }) => question)).map((batch): Piece => ({
    widgets: batch.parts.flatMap(({ index }) => asked[index]?.widget ?? []),
    run: async () => {
      for (const [index, answer] of await readBatch(ctx, batch)) answers.set(index, answer);
    },
  }));
  const works = plans.flatMap((plan, widget): Piece[] =>
    plan?.by === "work" ? [{ widgets: [widget], run: async () => void contents.set(widget, await plan.work()) }] : []
  );
  const pieces = [...reads, ...works];
  const outcomes = await inTurns(ctx.clock, pieces.map(({ run }) => run));
  return prepared.map((one, widget): Outcome<Content> => {
    if (!one.done) return one;
    const failure = outcomes.find((outcome, i) => !outcome.done && pieces[i]?.widgets.includes(widget));
    if (failure?.done === false) return failure;
    const own = asked.flatMap((question, index) => question.widget === widget ? answers.get(index) ?? [] : []);
    return attempt(() => one.value.by === "reads" ? one.value.show(own) : contents.get(widget));
  });
}

function attempt(show: () => Content | undefined): Outcome<Content> {
  try {
    const value = show();
    if (value !== undefined) return { done: true, value };
    return { done: false, error: new Error("A widget's work left nothing") };
  } catch (error) {
    return { done: false, error };
  }
}

function slotOf(ctx: Needs<"log">, { id, type, title }: Widget, outcome: Outcome<Content> | undefined): WidgetSlot {
  if (outcome?.done === true) {
    const status = outcome.value.reason === null ? "ok" : "empty";
    return { id, title, status, error: null, ...outcome.value };
  }
  const error = faultOf(outcome?.error, (cause) => ctx.log.error("widget failed", { widget: id, cause }));
  return { id, type, title, status: "error", data: null, reason: null, error, meta: null };
}
