import type { DomainQuestion } from "../analytics/question.ts";
import { totalsOf } from "../analytics/totals.ts";
import type { Needs } from "../context.ts";
import { daysBetween } from "../days.ts";
import type { Window } from "../metrics/axis.ts";
import { MILESTONES } from "./portfolio.ts";
import type { Standing } from "./standing.ts";

/** A period as it was when it ended, or as it is today where it is not over. */
export type Period = Window & {
  /** Its last day that has come: the day at whose end things stand so. */
  as_of: string;
  /** Its days that have come; 0 or less for one that has not begun. */
  days: number;
  /** Whether any milestone had been recorded by its end: without, none are known, which is not the same as none. */
  milestones_known: boolean;
};

/** A window of a question as a period. */
export function periodOf({ series, today }: Pick<DomainQuestion, "series" | "today">, window: Window): Period {
  const as_of = window.end_date < today ? window.end_date : today;
  const milestones_known = series.some((one) =>
    MILESTONES.some((name) => name === one.metric_name) && one.first_day <= window.end_date
  );
  return { ...window, as_of, days: daysBetween(window.start_date, as_of) + 1, milestones_known };
}

/** Whether something happened in a period, up to today; null never did. */
export function happenedIn({ start_date, as_of }: Pick<Period, "start_date" | "as_of">, day: string | null): boolean {
  return day !== null && start_date <= day && day <= as_of;
}

/** The money of a period, of one currency; null where it was never recorded. */
export type PeriodMoney = Record<
  "budget_planned" | "planned_value" | "earned_value" | "spent_to_date" | "spent",
  number | null
>;

/** No cost is older. */
const FIRST_DAY = "1970-01-01";

/**
 * The money of a period, from the roll-ups. Levels and costs to date are those at the end of the organisation's day, so that
 * they agree with the numbers of single projects.
 */
export async function moneyOf(
  ctx: Needs<"db" | "config">,
  question: Pick<DomainQuestion, "series" | "now">,
  period: Period,
): Promise<PeriodMoney> {
  const timezone = ctx.config.ORG_TIMEZONE;
  const end = { start_date: period.as_of, end_date: period.as_of, timezone };
  const levels = await totalsOf(ctx, question, end, ["budget_planned", "planned_value", "earned_value"]);
  const { cost_actual: spent } = await totalsOf(ctx, question, period, ["cost_actual"]);
  const all = { ...end, start_date: FIRST_DAY };
  const { cost_actual: spent_to_date } = await totalsOf(ctx, question, all, ["cost_actual"]);
  return { ...levels, spent, spent_to_date };
}

/** What a caller in another zone is told. */
export function zoneWarnings(organisation: string, { window }: Pick<DomainQuestion, "window">): string[] {
  if (window.timezone === organisation) return [];
  return [`Statuses, levels, costs to date and costs of single projects go by the days of ${organisation}`];
}

/** What is told where some of the rows that milestones and statuses were read from are no longer kept. */
export function lostWarnings(portfolio: readonly Standing[], { floor }: Pick<DomainQuestion, "floor">): string[] {
  if (floor === null || portfolio.every((one) => one.started_on !== null && one.planned_end !== null)) return [];
  return [`Starts, ends, types and statuses recorded before ${floor} are no longer kept`];
}
