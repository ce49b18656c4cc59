import { decimalSum } from "../math/mod.ts";
import { daysBetween } from "../days.ts";
import type { ProjectDates } from "./dates.ts";

/** Where one project stands at the end of a day. Amounts are of one currency; null: never recorded. */
export type Standing = ProjectDates & {
  /** As its last `project_status` says it; null where there is none. */
  status: string | null;
  budget: number | null;
  planned_value: number | null;
  earned_value: number | null;
  /** All it has cost until then, and since the first day of the period. */
  spent_to_date: number | null;
  spent: number | null;
};

/** Statuses of a project that ended without being completed: it is neither open nor overdue. */
const GIVEN_UP: ReadonlySet<string> = new Set(["cancelled", "canceled"]);

const hasStatus = ({ status }: Standing, words: ReadonlySet<string>) =>
  status !== null && words.has(status.toLowerCase());

const DONE: ReadonlySet<string> = new Set(["completed"]);

/** Completed by the end of a day: by a `project_completed`, or by its last status. */
export function isCompleted(project: Standing, day: string): boolean {
  return (project.completed_on !== null && project.completed_on <= day) || hasStatus(project, DONE);
}

/** Neither completed nor cancelled; what is only planned is open too. */
export function isOpen(project: Standing, day: string): boolean {
  return !isCompleted(project, day) && !hasStatus(project, GIVEN_UP);
}

/** Days since the planned end of an open project, from 1 on; null where it is not overdue at the end of the day. */
export function daysLate(project: Standing, day: string): number | null {
  if (project.planned_end === null || project.planned_end >= day || !isOpen(project, day)) return null;
  return daysBetween(project.planned_end, day);
}

/** An open project whose planned end has passed. */
export type Overdue = Pick<Standing, "project_id" | "project_type" | "status"> & {
  planned_end: string;
  days_late: number;
};

/** The overdue projects at the end of a day, the latest first. */
export function overdueOn(portfolio: readonly Standing[], day: string): Overdue[] {
  return portfolio.flatMap((project): Overdue[] => {
    const { project_id, project_type, status, planned_end } = project;
    const days_late = daysLate(project, day);
    return days_late === null || planned_end === null
      ? []
      : [{ project_id, project_type, status, planned_end, days_late }];
  }).sort((a, b) => b.days_late - a.days_late || byText(a.project_id, b.project_id));
}

/** How many projects have each value, the most first; null last among equals. */
export function tally(values: readonly (string | null)[]): { value: string | null; projects: number }[] {
  return [...Map.groupBy(values, (value) => value)]
    .map(([value, own]) => ({ value, projects: own.length }))
    .sort((a, b) =>
      b.projects - a.projects || Number(a.value === null) - Number(b.value === null) ||
      byText(a.value ?? "", b.value ?? "")
    );
}

/** Order by code units, the same on every machine. */
export const byText = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;

/**
 * Σ max(0, budget − cost to date) of the open projects that have a budget: what one has overspent is not taken from the
 * others. Null where none has one.
 */
export function remainingBudget(portfolio: readonly Standing[], day: string): number | null {
  const left = portfolio.filter((project) => isOpen(project, day)).flatMap(({ budget, spent_to_date }) =>
    budget === null ? [] : [Math.max(0, decimalSum([budget, -(spent_to_date ?? 0)]) ?? 0)]
  );
  return left.length === 0 ? null : decimalSum(left);
}

/** Days over which a burn rate is spread. */
export const BURN_DAYS = 30;

/** Cost per 30 days: cost × 30 / days; null where nothing is known or no day has passed. */
export function burnRate(spent: number | null, days: number): number | null {
  return spent === null || days <= 0 ? null : spent * BURN_DAYS / days;
}

/** Days that a budget lasts at a burn rate: remaining × 30 / burn rate; null without burn. */
export function runwayDays(remaining: number | null, burn_rate: number | null): number | null {
  if (remaining === null || burn_rate === null || burn_rate <= 0) return null;
  const days = remaining * BURN_DAYS / burn_rate;
  return Number.isFinite(days) ? days : null;
}

/** Warnings about projects whose costs or plans stand in CPI and SPI without what they earned; none where none tells it. */
export function withoutValue(portfolio: readonly Standing[]): string[] {
  if (portfolio.every((one) => one.earned_value === null)) return [];
  const lacking = portfolio.filter((one) =>
    one.earned_value === null && ((one.spent_to_date ?? 0) > 0 || (one.planned_value ?? 0) > 0)
  );
  return lacking.length === 0
    ? []
    : [`${lacking.length} projects with costs or planned value have no earned_value: CPI and SPI are too low`];
}
