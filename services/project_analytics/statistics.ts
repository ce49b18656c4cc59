import { type Figure, figure, quotient, rate } from "../analytics/figures.ts";
import { domainMeta, domainQuestion, nothingRecorded } from "../analytics/question.ts";
import type { Needs } from "../context.ts";
import type { Window } from "../metrics/axis.ts";
import { datesWarnings } from "./dates.ts";
import { happenedIn, lostWarnings, moneyOf, type Period, type PeriodMoney, periodOf, zoneWarnings } from "./period.ts";
import { LEVELS, MILESTONES, MONEY, portfolioOf, projectDates } from "./portfolio.ts";
import { MOST_OVERDUE, MOST_ROWS, type ProjectStatistics, type ProjectStatisticsQuery } from "./schema.ts";
import {
  BURN_DAYS,
  burnRate,
  byText,
  daysLate,
  isOpen,
  overdueOn,
  remainingBudget,
  runwayDays,
  type Standing,
  tally,
} from "./standing.ts";

const DEFAULT_LIMIT = 100;
const USED = [...LEVELS, ...MILESTONES, "cost_actual"];

/**
 * How many projects there are, in which state, and what they cost. Reads the roll-ups, the last reading of each project's
 * levels, its costs by day, and the few rows that are milestones.
 * @throws {DomainError} `invalid` for a window that cannot be
 */
export async function getProjectStatistics(
  ctx: Needs<"db" | "config">,
  query: ProjectStatisticsQuery,
): Promise<ProjectStatistics> {
  const question = await domainQuestion(ctx, "projects", query, MONEY);
  const dates = await projectDates(ctx, question);
  const picture = async (window: Window): Promise<Picture> => {
    const period = periodOf(question, window);
    const portfolio = await portfolioOf(ctx, question, dates, period);
    return { period, portfolio, money: await moneyOf(ctx, question, period) };
  };
  const whole = { ...question, series: question.recorded };
  const now = await picture(question.window);
  const then = await picture(question.before);
  const { portfolio, period: { as_of } } = now;
  const overdue = overdueOn(portfolio, as_of);
  return {
    as_of,
    ...countFigures(countsOf(now), countsOf(then)),
    by_status: tally(portfolio.map((one) => one.status)).slice(0, MOST_ROWS)
      .map(({ value, projects }) => ({ status: value, projects })),
    by_type: tally(portfolio.map((one) => one.project_type)).slice(0, MOST_ROWS)
      .map(({ value, projects }) => ({ project_type: value, projects })),
    overdue_projects: { items: overdue.slice(0, MOST_OVERDUE), total: overdue.length },
    ...moneyFigures(question.currency, now, then),
    projects: { items: rowsOf(portfolio, as_of).slice(0, query.limit ?? DEFAULT_LIMIT), total: portfolio.length },
    reason: nothingRecorded(whole, USED),
    meta: domainMeta(whole, "rows", {
      names: USED,
      warnings: [
        ...datesWarnings(dates),
        ...lostWarnings(portfolio, question),
        ...zoneWarnings(ctx.config.ORG_TIMEZONE, question),
      ],
    }),
  };
}

/** Everything about a period that these statistics rest on. */
type Picture = { period: Period; portfolio: Standing[]; money: PeriodMoney };

const COUNTS = ["total", "open", "started", "completed", "overdue"] as const;
type Count = typeof COUNTS[number];

/** How many projects there are at a period's end, and what happened in it; null where nothing had been recorded. */
function countsOf({ period, portfolio }: Picture): Record<Count, number | null> {
  const known = portfolio.length > 0;
  const events = (day: "started_on" | "completed_on") =>
    period.milestones_known ? portfolio.filter((one) => happenedIn(period, one[day])).length : null;
  return {
    total: known ? portfolio.length : null,
    open: known ? portfolio.filter((one) => isOpen(one, period.as_of)).length : null,
    started: events("started_on"),
    completed: events("completed_on"),
    overdue: known ? overdueOn(portfolio, period.as_of).length : null,
  };
}

function countFigures(now: Record<Count, number | null>, then: Record<Count, number | null>): Record<Count, Figure> {
  const of = (name: Count) => figure("count", now[name], then[name]);
  return {
    ...{ total: of("total"), open: of("open"), overdue: of("overdue") },
    ...{ started: of("started"), completed: of("completed") },
  };
}

/** The money of a period as one portfolio. */
function moneyFigures(currency: string | null, now: Picture, then: Picture) {
  const amount = (of: (picture: Picture) => number | null) => figure(currency, of(now), of(then));
  const used = ({ money }: Picture) => ({ numerator: money.spent_to_date, denominator: money.budget_planned });
  const burn = ({ money, period }: Picture) => burnRate(money.spent, period.days);
  const remaining = ({ portfolio, period }: Picture) => remainingBudget(portfolio, period.as_of);
  const runway = (picture: Picture) => runwayDays(remaining(picture), burn(picture));
  return {
    budget_planned: amount(({ money }) => money.budget_planned),
    spent: amount(({ money }) => money.spent),
    spent_to_date: amount(({ money }) => money.spent_to_date),
    budget_used: rate(used(now), used(then)),
    burn_rate: figure(currency === null ? null : `${currency} per ${BURN_DAYS} days`, burn(now), burn(then)),
    remaining_budget: amount(remaining),
    runway_days: figure("days", runway(now), runway(then)),
  };
}

type Row = ProjectStatistics["projects"]["items"][number];

/** Each project at the end of a day, the largest budget first. */
function rowsOf(portfolio: readonly Standing[], as_of: string): Row[] {
  const size = ({ budget }: Standing) => budget ?? -Infinity;
  const ranked = portfolio.toSorted((a, b) =>
    size(a) === size(b) ? byText(a.project_id, b.project_id) : size(b) - size(a)
  );
  return ranked.map((project) => {
    const { budget, planned_value, earned_value, spent_to_date } = project;
    return {
      ...project,
      days_late: daysLate(project, as_of),
      budget_used: quotient({ numerator: spent_to_date, denominator: budget }),
      spi: quotient({ numerator: earned_value, denominator: planned_value }),
      cpi: quotient({ numerator: earned_value, denominator: spent_to_date }),
    };
  });
}
