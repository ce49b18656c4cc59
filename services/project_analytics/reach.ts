import { type ReachCell, reachCells, type ReachedBy, reachedPeople } from "../../db/project_analytics.ts";
import type { Caller } from "../access.ts";
import { cutOf } from "../analytics/cut.ts";
import { type DomainQuestion, nothingRecorded } from "../analytics/question.ts";
import { totalsOf } from "../analytics/totals.ts";
import {
  intervalFor,
  MOST_PERIODS,
  type Period as TrendPeriod,
  type TrendInterval,
  trendPeriods,
} from "../analytics/trend.ts";
import type { Needs } from "../context.ts";
import { invalid } from "../errors.ts";
import type { Window } from "../metrics/axis.ts";
import { type People, type Projection, projectionFor, type Shown, shownPeople } from "./people.ts";

/** The metric that counts people. */
export const REACHED = "beneficiaries_reached";
const NAMES = [REACHED] as const;

/** The people of a window by each of its breakdowns. */
export type ReachCells = Record<ReachedBy, ReachCell[]>;

/** Cells of one answer, at most. */
const MOST_CELLS = 20_000;

/**
 * The people reached in a window by period, category, project and country, in one pass over its rows.
 * @param stacked whether by period and category as well
 * @throws {DomainError} `invalid` for more than 20,000 cells
 */
async function reachedBy(
  ctx: Needs<"db" | "config">,
  question: Pick<DomainQuestion, "series" | "window">,
  interval: TrendInterval,
  stacked: boolean,
): Promise<ReachCells> {
  const own = targetsOf(question);
  const axis = cutOf(ctx, question.window, [interval], MOST_PERIODS);
  const cells = own.length === 0 ? [] : await reachCells(ctx.db, own, axis, { stacked, limit: MOST_CELLS + 1 });
  if (cells.length > MOST_CELLS) {
    throw invalid("/query/interval", `makes more than ${MOST_CELLS} cells; widen it or shorten the window`);
  }
  const of = (by: ReachedBy) => cells.filter((cell) => cell.by === by);
  return {
    ...{ period: of("period"), category: of("category"), project: of("project"), country: of("country") },
    period_category: of("period_category"),
  };
}

/** How many people were reached in a window, from the roll-ups; null where nobody had been yet. */
export async function totalReached(
  ctx: Needs<"db" | "config">,
  question: Pick<DomainQuestion, "series" | "now">,
  window: Window,
): Promise<number | null> {
  return (await totalsOf(ctx, question, window, NAMES))[REACHED];
}

/** The people of a window whose cells are read, and whose total is known. */
export function peopleOf(total: number | null, cells: readonly ReachCell[]): People {
  const sum = (of: (cell: ReachCell) => number) =>
    total === null ? null : cells.reduce((all, cell) => all + of(cell), 0);
  return {
    total,
    direct: sum((cell) => cell.direct),
    indirect: sum((cell) => cell.indirect),
    unspecified: sum(({ people, direct, indirect }) => people - direct - indirect),
  };
}

/**
 * The people reached in a window that another is compared with: the total of the roll-ups, and how they were reached of
 * the rows; that is null where some of these are no longer kept.
 */
async function peopleBefore(
  ctx: Needs<"db" | "config">,
  question: Pick<DomainQuestion, "series" | "now" | "floor">,
  window: Window,
): Promise<People> {
  const total = await totalReached(ctx, question, window);
  if (total === null || (question.floor !== null && window.start_date < question.floor)) {
    return { total, direct: null, indirect: null, unspecified: null };
  }
  const axis = cutOf(ctx, window);
  const { people, direct, indirect } = await reachedPeople(ctx.db, targetsOf(question), axis);
  return { total, direct, indirect, unspecified: people - direct - indirect };
}

const targetsOf = ({ series }: Pick<DomainQuestion, "series">) =>
  series.filter((one) => one.metric_name === REACHED).map((one, g) => ({ ...one, g }));

/** The people of a window and of the period before it, as one reader may see them. */
export type SeenReach = {
  projection: Projection;
  now: Shown<People>;
  then: Shown<People>;
  cells: ReachCells;
  interval: TrendInterval;
  /** The periods of the series; none where there is a reason for an empty answer. */
  periods: TrendPeriod[];
  reason: string | null;
};

/**
 * Reads the people of a window once by all its breakdowns, and those of the period before as a whole.
 * @param stacked whether by period and category as well
 * @throws {DomainError} `invalid` for more than 1,000 periods or 20,000 cells
 */
export async function seenReach(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  question: DomainQuestion,
  { interval: asked, stacked }: { interval: TrendInterval | undefined; stacked: boolean },
): Promise<SeenReach> {
  const { window, before, now } = question;
  const projection = projectionFor(caller);
  const interval = intervalFor(asked, window);
  const cells = await reachedBy(ctx, question, interval, stacked);
  const reason = nothingRecorded(question, NAMES);
  return {
    ...{ projection, cells, interval, reason },
    now: shownPeople(peopleOf(await totalReached(ctx, question, window), cells.period), projection),
    then: shownPeople(await peopleBefore(ctx, question, before), projection),
    periods: reason === null ? trendPeriods(ctx, window, interval, now) : [],
  };
}

/** What stands beside all counts of people. */
export const ADDITIVE =
  "Reach is additive only where people are counted once: who is in two readings counts twice in these sums";
