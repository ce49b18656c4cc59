import type { Quotient } from "../analytics/figures.ts";
import { quantile } from "../math/quantile.ts";
import { cycleDays, delayDays, type ProjectDates } from "./dates.ts";
import { happenedIn, type Period } from "./period.ts";

/** How a period's projects were finished; everything null where no milestone had been recorded. */
export type Punctuality = {
  started: number | null;
  completed: number | null;
  completion_rate: Quotient;
  cohort_completion_rate: Quotient;
  on_time_rate: Quotient;
  without_planned_end: number;
  average_delay_days: number | null;
  average_deviation_days: number | null;
  cycle_time_p50_days: number | null;
  cycle_time_p85_days: number | null;
  without_start: number;
};

/**
 * How a period's projects were finished. completion_rate = completed / started, both in the period; of the cohort: those
 * started in it and completed by its end / started in it. on_time_rate = completed on or before the planned end /
 * completed with a planned end. Delay = actual − planned end: its mean over the late ones, and over all (signed).
 * Cycle time = actual end − start; its percentiles are interpolated (type 7 of Hyndman & Fan 1996, percentile_cont).
 */
export function punctuality(projects: readonly ProjectDates[], period: Period): Punctuality {
  const started = projects.filter((one) => happenedIn(period, one.started_on));
  const completed = projects.filter((one) => happenedIn(period, one.completed_on));
  const finished = started.filter((one) => one.completed_on !== null && one.completed_on <= period.as_of);
  const delays = known(completed.map(delayDays));
  const cycles = known(completed.map(cycleDays)).sort((a, b) => a - b);
  const counted = (n: number) => period.milestones_known ? n : null;
  const share = (part: number, whole: number) => ({ numerator: counted(part), denominator: counted(whole) });
  return {
    started: counted(started.length),
    completed: counted(completed.length),
    completion_rate: share(completed.length, started.length),
    cohort_completion_rate: share(finished.length, started.length),
    on_time_rate: share(delays.filter((days) => days <= 0).length, delays.length),
    without_planned_end: completed.length - delays.length,
    average_delay_days: mean(delays.filter((days) => days > 0)),
    average_deviation_days: mean(delays),
    cycle_time_p50_days: quantile(cycles, 0.5),
    cycle_time_p85_days: quantile(cycles, 0.85),
    without_start: completed.length - cycles.length,
  };
}

const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
