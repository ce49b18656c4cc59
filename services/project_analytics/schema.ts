import { z } from "@hono/zod-openapi";
import { Figure, Rate } from "../analytics/figures.ts";
import { DomainMeta, MoneyQuery, reason } from "../analytics/schema.ts";
import { interval, MOST_PERIODS, periodShape, TREND_INTERVALS } from "../analytics/trend.ts";
import { queryInteger } from "../paging.ts";
import { date, strict } from "../schema.ts";

/** Rows of a list within an answer, at most. */
export const MOST_PROJECTS = 500;
export const MOST_OVERDUE = 50;
export const MOST_ROWS = 100;

/** What the statistics of projects are asked with. */
export const ProjectStatisticsQuery = strict({
  ...MoneyQuery.shape,
  limit: queryInteger(1, MOST_PROJECTS).optional().describe("Rows of `projects`; 100 when absent"),
});
export type ProjectStatisticsQuery = z.infer<typeof ProjectStatisticsQuery>;

/** What the completion of projects is asked with. */
export const ProjectCompletionQuery = strict({ ...MoneyQuery.shape, interval });
export type ProjectCompletionQuery = z.infer<typeof ProjectCompletionQuery>;

const id = z.string().describe("The project_id of the readings; of more than 512 bytes, its digest");
const type = z.string().nullable().describe("The project_type of its latest milestone; null where none names one");
const status = z.string().nullable().describe(
  "Of its last project_status up to as_of, as sent; null where there is none",
);
const count = z.int();
const index = (formula: string) => z.number().nullable().describe(formula);

const OverdueProject = z.strictObject({
  ...{ project_id: id, project_type: type, status, planned_end: date },
  days_late: z.int().describe("as_of − planned_end"),
});

const ProjectRow = z.strictObject({
  ...{ project_id: id, project_type: type, status },
  started_on: date.nullable().describe("Day of its first project_started"),
  planned_end: date.nullable(),
  completed_on: date.nullable().describe("actual_end of its latest project_completed, else that reading's day"),
  days_late: z.int().nullable().describe("as_of − planned_end; null where it is not overdue"),
  budget: z.number().nullable().describe("Its last budget_planned"),
  spent: z.number().nullable().describe("Σ cost_actual of the period"),
  spent_to_date: z.number().nullable().describe("Σ cost_actual up to the period's end"),
  budget_used: index("spent_to_date / budget"),
  planned_value: z.number().nullable().describe("Budgeted cost of the work scheduled until then"),
  earned_value: z.number().nullable().describe("Budgeted cost of the work done until then"),
  spi: index("Schedule performance index: earned_value / planned_value; below 1 is behind schedule"),
  cpi: index("Cost performance index: earned_value / spent_to_date; below 1 is over budget"),
});

/** How many projects there are, in which state, and what they cost. */
export const ProjectStatistics = z.strictObject({
  as_of: date.describe("The day at whose end the projects stand so: the period's last, or today where that is earlier"),
  total: Figure.describe("Projects known as of then: by a status, milestone, level or cost of any currency"),
  open: Figure.describe("Those neither completed nor cancelled; planned ones are open"),
  started: Figure.describe("Projects whose first project_started lies in the period"),
  completed: Figure.describe("Projects whose latest project_completed ends in the period; each counts once"),
  overdue: Figure.describe("Open projects whose planned_end is before as_of"),
  by_status: z.array(z.strictObject({ status, projects: count })).max(MOST_ROWS),
  by_type: z.array(z.strictObject({ project_type: type, projects: count })).max(MOST_ROWS),
  overdue_projects: z.strictObject({ items: z.array(OverdueProject).max(MOST_OVERDUE), total: count })
    .describe("The latest first"),
  budget_planned: Figure.describe("Σ of each project's last budget_planned up to the period's end"),
  spent: Figure.describe("Σ cost_actual of the period"),
  spent_to_date: Figure.describe("Σ cost_actual from the first one up to the period's end"),
  budget_used: Rate.describe("spent_to_date / budget_planned"),
  burn_rate: Figure.describe("Cost per 30 days over the period: spent × 30 / days of the period that have come"),
  remaining_budget: Figure.describe(
    "Σ max(0, budget − spent_to_date) of the open projects with a budget: what one has overspent does not reduce what the " +
      "others have left",
  ),
  runway_days: Figure.describe("remaining_budget × 30 / burn_rate; null without burn"),
  projects: z.strictObject({ items: z.array(ProjectRow).max(MOST_PROJECTS), total: count })
    .describe("Each project as of then; the largest budget first, those without one last"),
  reason,
  meta: DomainMeta,
}).openapi("ProjectStatistics");
export type ProjectStatistics = z.infer<typeof ProjectStatistics>;

const CompletionPoint = z.strictObject({
  ...periodShape,
  started: count.describe("Projects started in it"),
  completed: count.describe("Projects completed in it"),
  on_time: count.describe("Of these, those completed on or before planned_end"),
});

/** How many projects are finished, how punctually, and for how much. */
export const ProjectCompletion = z.strictObject({
  started: Figure.describe("Projects whose first project_started lies in the period"),
  completed: Figure.describe("Projects completed in the period: by actual_end, else by the day of project_completed"),
  completion_rate: Rate.describe("completed / started, both of the period: above 1 where more are finished than begun"),
  cohort_completion_rate: Rate.describe("Of the projects started in the period, the share completed by its end"),
  on_time_rate: Rate.describe(
    "Completed on or before planned_end / completed, of those with a planned_end",
  ),
  without_planned_end: count.describe("Completed in the period without a planned_end that is a date"),
  average_delay_days: Figure.describe("Mean of actual_end − planned_end over the late ones alone"),
  average_deviation_days: Figure.describe("Mean of actual_end − planned_end over all; negative: before the plan"),
  cycle_time_p50_days: Figure.describe("Median of actual_end − start; interpolated (type 7, percentile_cont)"),
  cycle_time_p85_days: Figure.describe("Days within which 85 % were finished; interpolated likewise"),
  without_start: count.describe("Completed in the period without a start on or before the end: no cycle time"),
  spi: Rate.describe("Schedule performance index of all projects at the period's end: earned_value / planned_value"),
  cpi: Rate.describe(
    "Cost performance index of all projects at the period's end: earned_value / Σ cost_actual to date",
  ),
  cost_variance: Figure.describe("earned_value − Σ cost_actual to date; negative: over budget"),
  interval: z.enum(TREND_INTERVALS),
  series: z.array(CompletionPoint).max(MOST_PERIODS).describe("Every period of the window that has begun"),
  reason,
  meta: DomainMeta,
}).openapi("ProjectCompletion");
export type ProjectCompletion = z.infer<typeof ProjectCompletion>;
