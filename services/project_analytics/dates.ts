import type { Milestone } from "../../db/project_analytics.ts";
import { daysBetween } from "../days.ts";
import { date } from "../schema.ts";

/** When a project began, should end and did end, as its milestones say; local days. */
export type ProjectDates = {
  project_id: string;
  project_type: string | null;
  /** Of its first `project_started`. */
  started_on: string | null;
  /** The latest one that is a date. */
  planned_end: string | null;
  /** Of its latest `project_completed`: the actual_end that it names, else the day of the reading. */
  completed_on: string | null;
};

/** The dates of all projects by id, and what could not be read of them. */
export type AllDates = { projects: ReadonlyMap<string, ProjectDates>; bad_dates: number; unnamed: number };

/**
 * What the milestones, in the order of their timestamps, say about each project. A project that was started or completed
 * more than once counts once: started by the first, completed by the latest.
 */
export function datesOf(milestones: readonly Milestone[]): AllDates {
  const projects = new Map<string, ProjectDates>();
  let [bad_dates, unnamed] = [0, 0];
  const readDate = (text: string | null) => {
    if (isDate(text)) return text;
    if (text !== null) bad_dates++;
    return null;
  };
  for (const { metric_name, project_id, day, project_type, planned_end, actual_end } of milestones) {
    if (project_id === null) {
      unnamed++;
      continue;
    }
    const known = projects.get(project_id);
    const ended = readDate(actual_end) ?? day;
    projects.set(project_id, {
      project_id,
      project_type: project_type ?? known?.project_type ?? null,
      started_on: metric_name === "project_started" ? earlier(known?.started_on, day) : known?.started_on ?? null,
      planned_end: readDate(planned_end) ?? known?.planned_end ?? null,
      completed_on: metric_name === "project_completed" ? ended : known?.completed_on ?? null,
    });
  }
  return { projects, bad_dates, unnamed };
}

/** Whether a text is a calendar date, as `YYYY-MM-DD`. */
export function isDate(text: string | null): text is string {
  return text !== null && date.safeParse(text).success;
}

const earlier = (a: string | null | undefined, b: string) => a === null || a === undefined || b < a ? b : a;

/** Warnings about milestones that could not be read as they should be. */
export function datesWarnings({ bad_dates, unnamed }: AllDates): string[] {
  return [
    ...(bad_dates > 0 ? [`${bad_dates} planned_end or actual_end are no dates (YYYY-MM-DD) and are ignored`] : []),
    ...(unnamed > 0
      ? [`${unnamed} readings of project_started or project_completed name no project: not counted`]
      : []),
  ];
}

/** Days from the start to the end: 0 for a project of one day; null where one is missing or the end comes first. */
export function cycleDays({ started_on, completed_on }: ProjectDates): number | null {
  if (started_on === null || completed_on === null || completed_on < started_on) return null;
  return daysBetween(started_on, completed_on);
}

/** Days from the planned to the actual end: 0 in time, negative before it; null where one is missing. */
export function delayDays({ planned_end, completed_on }: ProjectDates): number | null {
  return planned_end === null || completed_on === null ? null : daysBetween(planned_end, completed_on);
}
