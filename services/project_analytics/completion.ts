import { type Figure, figure, rate } from "../analytics/figures.ts";
import { domainMeta, domainQuestion, nothingRecorded } from "../analytics/question.ts";
import { intervalFor, type Period as TrendPeriod, trendPeriods } from "../analytics/trend.ts";
import type { Needs } from "../context.ts";
import { decimalSum } from "../math/mod.ts";
import { datesWarnings, delayDays, type ProjectDates } from "./dates.ts";
import { happenedIn, lostWarnings, moneyOf, type Period, type PeriodMoney, periodOf, zoneWarnings } from "./period.ts";
import { MILESTONES, MONEY, portfolioOf, projectDates } from "./portfolio.ts";
import { type Punctuality, punctuality } from "./punctuality.ts";
import type { ProjectCompletion, ProjectCompletionQuery } from "./schema.ts";
import { withoutValue } from "./standing.ts";

const USED = [...MILESTONES, "planned_value", "earned_value", "cost_actual"];

/**
 * How many projects are finished, how punctually, and for how much. Reads the rows that are milestones, the roll-ups of
 * money, and the last levels of each project to tell which lack one.
 * @throws {DomainError} `invalid` for a window that cannot be, or of more than 1,000 periods
 */
export async function getProjectCompletion(
  ctx: Needs<"db" | "config">,
  query: ProjectCompletionQuery,
): Promise<ProjectCompletion> {
  const question = await domainQuestion(ctx, "projects", query, MONEY);
  const organisation = ctx.config.ORG_TIMEZONE;
  const interval = intervalFor(query.interval, question.window);
  const periods = trendPeriods(ctx, question.window, interval, question.now);
  const dates = await projectDates(ctx, question);
  const projects = [...dates.projects.values()];
  const look = async (period: Period): Promise<Look> => ({
    ...punctuality(projects, period),
    ...await moneyOf(ctx, question, period),
  });
  const period = periodOf(question, question.window);
  const now = await look(period);
  const then = await look(periodOf(question, question.before));
  const portfolio = await portfolioOf(ctx, question, dates, period);
  return {
    ...punctualityFigures(now, then),
    ...valueFigures(question.currency, now, then),
    interval,
    series: period.milestones_known ? periods.map((one) => pointOf(projects, one, question.today)) : [],
    reason: nothingRecorded(question, USED),
    meta: domainMeta(question, "rows", {
      names: USED,
      warnings: [
        ...datesWarnings(dates),
        ...lostWarnings(portfolio, question),
        ...withoutValue(portfolio),
        ...zoneWarnings(organisation, question),
      ],
    }),
  };
}

/** A period of completion. */
type Look = Punctuality & PeriodMoney;

type DaysName =
  | "average_delay_days"
  | "average_deviation_days"
  | "cycle_time_p50_days"
  | "cycle_time_p85_days";

function punctualityFigures(now: Punctuality, then: Punctuality) {
  const count = (name: "started" | "completed"): Figure => figure("count", now[name], then[name]);
  const days = (name: DaysName): Figure => figure("days", now[name], then[name]);
  return {
    started: count("started"),
    completed: count("completed"),
    completion_rate: rate(now.completion_rate, then.completion_rate),
    cohort_completion_rate: rate(now.cohort_completion_rate, then.cohort_completion_rate),
    on_time_rate: rate(now.on_time_rate, then.on_time_rate),
    without_planned_end: now.without_planned_end,
    average_delay_days: days("average_delay_days"),
    average_deviation_days: days("average_deviation_days"),
    cycle_time_p50_days: days("cycle_time_p50_days"),
    cycle_time_p85_days: days("cycle_time_p85_days"),
    without_start: now.without_start,
  };
}

/** Earned value (ANSI/EIA-748): SPI = EV / PV, CPI = EV / AC, CV = EV − AC, all to date. */
function valueFigures(currency: string | null, now: PeriodMoney, then: PeriodMoney) {
  const spi = (money: PeriodMoney) => ({ numerator: money.earned_value, denominator: money.planned_value });
  const cpi = (money: PeriodMoney) => ({ numerator: money.earned_value, denominator: money.spent_to_date });
  const variance = ({ earned_value, spent_to_date }: PeriodMoney) =>
    earned_value === null || spent_to_date === null ? null : decimalSum([earned_value, -spent_to_date]);
  return {
    spi: rate(spi(now), spi(then)),
    cpi: rate(cpi(now), cpi(then)),
    cost_variance: figure(currency, variance(now), variance(then)),
  };
}

/** What happened in one period of the series, up to today. */
function pointOf(
  projects: readonly ProjectDates[],
  { period, complete, start_date, end_date }: TrendPeriod,
  today: string,
): ProjectCompletion["series"][number] {
  const within = { start_date, as_of: end_date < today ? end_date : today };
  const completed = projects.filter((one) => happenedIn(within, one.completed_on));
  return {
    period,
    complete,
    started: projects.filter((one) => happenedIn(within, one.started_on)).length,
    completed: completed.length,
    on_time: completed.filter((one) => (delayDays(one) ?? 1) <= 0).length,
  };
}
