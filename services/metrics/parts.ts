import type { Found } from "../../db/metric_series.ts";
import type { Caller } from "../access.ts";
import { comparedWindow, type Comparison } from "../analytics/comparison.ts";
import { type AskedWindow, resolveWindow } from "../analytics/window.ts";
import type { Needs } from "../context.ts";
import { type CutWindow, cutWindow, type Window } from "./axis.ts";
import { type Calendar, calendarOf, type Interval } from "./calendar.ts";
import { type GroupsQuestion, type GroupValues, readGroups, type Source } from "./groups.ts";
import { localDay } from "./local_time.ts";
import { matchesByMonth, placesOf } from "./places.ts";
import { mostRowsRead } from "./row_reads.ts";
import { smallCells, withPersons } from "./small_cells.ts";

/** When a question is about: its window, and the one that it is compared with. */
export type Span = {
  window: Window & { complete: boolean };
  before: Window | null;
  /** Milliseconds since 1970. */
  now: number;
  calendar: Calendar;
  /** Whether the window has begun and is not over. */
  running: boolean;
  /** Whether the days of the two windows match by month and day of the month. */
  byMonth: boolean;
};

/**
 * Settles when a question is about.
 * @throws {DomainError} `invalid` for a window that ends before it starts
 */
export function spanOf(
  config: Needs<"config">["config"],
  query: AskedWindow & { compare?: Comparison | undefined },
  found: Pick<Found, "now">,
): Span {
  const window = resolveWindow(query, config.ORG_TIMEZONE, found.now);
  const now = Date.parse(found.now);
  const today = localDay(window.timezone, now);
  const { compare } = query;
  return {
    window,
    before: compare === undefined ? null : comparedWindow(window, compare, today),
    now,
    calendar: calendarOf(config),
    running: !window.complete && window.start_date <= today,
    byMonth: compare !== undefined && matchesByMonth(window, compare),
  };
}

/** What was read of one window. */
export type Part = {
  window: Window;
  cut: CutWindow;
  /** For each bucket its place in the window, which the same bucket of the other window shares. */
  places: readonly string[];
  values: readonly GroupValues[];
  /** Those of them that the caller may not see. */
  hidden: ReadonlySet<GroupValues>;
  source: Source;
};

/** What to read of a window. */
export type PartQuestion = Omit<GroupsQuestion, "cut" | "now" | "most_rows"> & { intervals: readonly Interval[] };

/** The numbers of one window of a span, as far as the caller may see them. */
export async function readPart(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  { now, calendar, byMonth }: Span,
  window: Window,
  { intervals, ...question }: PartQuestion,
): Promise<Part> {
  const cut = cutWindow(window, intervals, ctx.config.ORG_TIMEZONE, { calendar });
  const targets = withPersons(caller, question.targets, question);
  const most_rows = mostRowsRead(ctx.config);
  const { source, values } = await readGroups(ctx.db, { ...question, targets, cut, now, most_rows });
  const places = placesOf(cut, intervals, { timezone: window.timezone, byMonth, calendar });
  return { window, cut, places, values, hidden: smallCells(targets, values), source };
}
