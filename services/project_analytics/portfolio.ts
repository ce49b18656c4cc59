import { type LastReading, lastReadings, milestones, projectCosts } from "../../db/project_analytics.ts";
import type { DomainQuestion } from "../analytics/question.ts";
import type { Needs } from "../context.ts";
import { type AllDates, datesOf, isDate, type ProjectDates } from "./dates.ts";
import type { Period } from "./period.ts";
import { byText, type Standing } from "./standing.ts";

/** The levels that say where a project stands. */
export const LEVELS = ["project_status", "budget_planned", "planned_value", "earned_value"] as const;
/** What says when it began and ended. */
export const MILESTONES = ["project_started", "project_completed"] as const;
/** The metrics of projects that are amounts of money. */
export const MONEY = ["budget_planned", "planned_value", "earned_value", "cost_actual"] as const;

type Asked = Pick<DomainQuestion, "series" | "window">;

/** The place of levels of another currency: they make a project known, and say nothing more of it. */
const KNOWN_BY = LEVELS.length;

/** The dates of all projects, by local days of the window's zone. */
export async function projectDates(ctx: Needs<"db" | "config">, { series, window }: Asked): Promise<AllDates> {
  const own = series.filter((one) => isOf(one.metric_name, MILESTONES)).map((one, g) => ({ ...one, g }));
  const zone = window.timezone === ctx.config.ORG_TIMEZONE ? null : window.timezone;
  return datesOf(own.length === 0 ? [] : await milestones(ctx.db, own, zone));
}

/**
 * Every project that is known at the end of a period, by its id: by a level, a cost, or a milestone. What happened later is
 * not known yet. Levels and costs are of the organisation's days. Amounts are of the one currency; what is recorded in
 * another makes a project known all the same.
 */
export async function portfolioOf(
  ctx: Needs<"db">,
  { series, recorded }: Pick<DomainQuestion, "series" | "recorded">,
  { projects }: AllDates,
  { start_date, as_of }: Pick<Period, "start_date" | "as_of">,
): Promise<Standing[]> {
  const levels = recorded.flatMap((one) => {
    const g = LEVELS.findIndex((name) => name === one.metric_name);
    return g < 0 || one.kind !== "gauge" ? [] : [{ ...one, g: series.includes(one) ? g : KNOWN_BY }];
  });
  const costsIn = (all: DomainQuestion["series"]) =>
    all.filter((one) => one.metric_name === "cost_actual").map((one, g) => ({ ...one, g }));
  const costs = costsIn(series);
  const foreign = costsIn(recorded.filter((one) => !series.includes(one)));
  const costsSince = async (targets: typeof costs, start_date: string | null) =>
    targets.length === 0 ? [] : await projectCosts(ctx.db, targets, { start_date, end_date: as_of });
  const readings = levels.length === 0 ? [] : await lastReadings(ctx.db, levels, as_of);
  // Where costs are recorded at all, a project without any has cost nothing.
  const nothing = costs.some((one) => one.first_day <= as_of) ? 0 : null;
  const portfolio = new Map<string, Standing>();
  for (const dates of projects.values()) {
    const known = knownBy(dates, as_of);
    if (known.started_on ?? known.completed_on) portfolio.set(dates.project_id, unread(known, nothing));
  }
  const put = (project_id: string, more: Partial<Standing>) => {
    const dates = knownBy(projects.get(project_id) ?? undated(project_id), as_of);
    const known = portfolio.get(project_id) ?? unread(dates, nothing);
    portfolio.set(project_id, { ...known, ...more });
  };
  for (const { project_id } of await costsSince(foreign, null)) put(project_id, {});
  for (const { project_id, cost } of await costsSince(costs, null)) put(project_id, { spent_to_date: cost });
  for (const { project_id, cost } of await costsSince(costs, start_date)) put(project_id, { spent: cost });
  for (const reading of readings) {
    if (reading.project_id !== null) put(reading.project_id, levelOf(reading, projects.get(reading.project_id)));
  }
  return [...portfolio.values()].sort((a, b) => byText(a.project_id, b.project_id));
}

const isOf = (name: string, names: readonly string[]) => names.includes(name);

/** Starts and ends of later days have not happened yet; a planned end is as it is known today. */
function knownBy(dates: ProjectDates, day: string): ProjectDates {
  const by = (one: string | null) => one !== null && one <= day ? one : null;
  return { ...dates, started_on: by(dates.started_on), completed_on: by(dates.completed_on) };
}

/** What one reading says; a status may name the type and the planned end of a project without milestones. */
function levelOf(reading: LastReading, dates: ProjectDates | undefined): Partial<Standing> {
  switch (LEVELS[reading.g]) {
    case "project_status":
      return {
        status: reading.status,
        project_type: dates?.project_type ?? reading.project_type,
        planned_end: dates?.planned_end ?? (isDate(reading.planned_end) ? reading.planned_end : null),
      };
    case "budget_planned":
      return { budget: reading.value };
    case "planned_value":
      return { planned_value: reading.value };
    case "earned_value":
      return { earned_value: reading.value };
    default:
      return {};
  }
}

const undated = (project_id: string): ProjectDates => ({
  ...{ project_id, project_type: null, started_on: null, planned_end: null, completed_on: null },
});

const unread = (dates: ProjectDates, spent: number | null): Standing => ({
  ...dates,
  ...{ status: null, budget: null, planned_value: null, earned_value: null, spent_to_date: spent, spent },
});
