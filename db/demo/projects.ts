import { COST_SHARES, type Project, PROJECTS, REACH, STORY } from "./charity.ts";
import { type Day, dayNumber } from "./days.ts";
import { cents, type DemoMetric, metric, type Reading, type Story } from "./metric.ts";
import { type Random, seededRandom } from "./random.ts";

type Status = "planned" | "active" | "on_hold" | "completed";

/** A project with its dates as day numbers, and what has been booked so far. */
interface Running {
  readonly project: Project;
  readonly announced: number;
  readonly start: number;
  readonly planned_end: number;
  readonly actual_end: number;
  /** First and last day on hold; an empty stretch when there is none. */
  readonly hold: readonly [number, number];
  /** Day number up to which each category has posted its cost. */
  readonly posted: Map<string, number>;
}

/** The projects service: starts and ends, status and earned value every Friday, costs by category, people reached. */
export function projectsStory(): Story {
  const portfolio = PROJECTS.map(asRunning);
  return (day) =>
    portfolio.filter(({ announced }) => announced <= day.number).flatMap((running) => {
      const random = seededRandom(STORY.seed, running.project.project_id, day.number);
      return [
        ...milestones(running, day),
        ...costs(running, day, random),
        ...beneficiaries(running, day, random),
        ...levels(running, day),
      ];
    });
}

function asRunning(project: Project): Running {
  const start = dayNumber(project.start);
  return {
    project,
    start,
    announced: dayNumber(project.announced),
    planned_end: dayNumber(project.planned_end),
    actual_end: dayNumber(project.actual_end),
    hold: project.on_hold ? [dayNumber(project.on_hold.from), dayNumber(project.on_hold.to)] : [0, -1],
    posted: new Map(),
  };
}

function statusOn({ start, actual_end, hold }: Running, day: number): Status {
  if (day < start) return "planned";
  if (day >= actual_end) return "completed";
  return hold[0] <= day && day <= hold[1] ? "on_hold" : "active";
}

/** The end is known only once it has come, so a start carries no actual_end. */
function milestones(running: Running, day: Day): DemoMetric[] {
  const { project_id, project_type, planned_end, actual_end } = running.project;
  const known = { project_id, project_type, planned_end };
  const event = (name: string, second: number, dimensions: Reading["dimensions"]) =>
    row(day, { type: "project", name, value: 1, unit: "count", dimensions, second, key: project_id });
  return [
    ...(day.number === running.start ? [event("project_started", 8 * 3_600, known)] : []),
    ...(day.number === running.actual_end ? [event("project_completed", 16 * 3_600, { ...known, actual_end })] : []),
  ];
}

/** Status and money levels on Fridays, and on any day the status changes or the project is announced. */
function levels(running: Running, day: Day): DemoMetric[] {
  const status = statusOn(running, day.number);
  const changed = day.number === running.announced || status !== statusOn(running, day.number - 1);
  if (day.weekday !== 5 && !changed) return [];
  const { project_id, budget_usd } = running.project;
  const level = (name: string, value: number, unit: string, more = {}) =>
    row(day, {
      type: "project",
      name,
      value,
      unit,
      dimensions: { project_id, ...more },
      second: 18 * 3_600,
      key: `${project_id}:${day.date}`,
    });
  return [
    level("project_status", 1, "count", { status }),
    level("budget_planned", budget_usd, STORY.currency),
    level("planned_value", cents(budget_usd * plannedShare(running, day.number)), STORY.currency),
    level("earned_value", cents(budget_usd * earnedShare(running, day.number)), STORY.currency),
  ];
}

/** Each category posts on its weekday, and all of them once more at the end, what the work since then has cost. */
function costs(running: Running, day: Day, random: Random): DemoMetric[] {
  const { project_id, project_type, budget_usd, cpi } = running.project;
  if (day.number < running.start || day.number > running.actual_end) return [];
  return Object.entries(COST_SHARES[project_type]).flatMap(([category, { share, weekday }]) => {
    if (day.weekday !== weekday && day.number !== running.actual_end) return [];
    const since = running.posted.get(category) ?? running.start - 1;
    running.posted.set(category, day.number);
    const earned = earnedShare(running, day.number) - earnedShare(running, since);
    const value = cents(budget_usd * share * (earned / cpi * random.lognormal(0.99, 0.15) + idleShare(running, day)));
    const dimensions = { project_id, category };
    const key = `${project_id}:${category}:${day.date}`;
    return value > 0
      ? [
        row(day, {
          type: "project",
          name: "cost_actual",
          value,
          unit: STORY.currency,
          dimensions,
          second: 15 * 3_600,
          key,
        }),
      ]
      : [];
  });
}

/** Rent and wages go on while a project is on hold: 0.1 % of its budget a week. */
function idleShare(running: Running, day: Day): number {
  return statusOn(running, day.number) === "on_hold" ? 0.001 : 0;
}

function beneficiaries(running: Running, day: Day, random: Random): DemoMetric[] {
  const { project_id, project_type, people_per_week } = running.project;
  if (day.weekday > 5 || statusOn(running, day.number) !== "active") return [];
  const { categories, months, indirect_per_direct } = REACH[project_type];
  const warmUp = Math.min(1, (day.number - running.start + 7) / 56);
  const daily = people_per_week / 5 * (months[day.month - 1] ?? 1) * warmUp;
  const reached = (category: string, direct: boolean, mean: number) =>
    row(day, {
      type: "beneficiary",
      name: "beneficiaries_reached",
      value: random.poisson(mean * random.lognormal(1, 0.12)),
      unit: "count",
      dimensions: { project_id, category, direct },
      second: 17 * 3_600,
      key: `${project_id}:${category}:${direct ? "direct" : "indirect"}:${day.date}`,
    });
  return Object.entries(categories).flatMap(([category, share]) => [
    ...(day.weekday % 2 === 1 ? [reached(category, true, daily * share * 5 / 3)] : []),
    ...(day.weekday === 5 ? [reached(category, false, daily * share * 5 * indirect_per_direct)] : []),
  ]);
}

/** Share of the budget's work that should be done by the end of a day. */
function plannedShare({ start, planned_end }: Running, day: number): number {
  return sCurve((day - start + 1) / (planned_end - start + 1));
}

/** Share that is done: the same curve over the days truly worked. */
function earnedShare(running: Running, day: number): number {
  const worked = (until: number) => until - running.start + 1 - heldDays(running, until);
  return sCurve(worked(Math.min(day, running.actual_end)) / worked(running.actual_end));
}

function heldDays({ hold: [from, to] }: Running, until: number): number {
  return Math.max(0, Math.min(until, to) - from + 1);
}

/** Slow start, fast middle, slow end: 3x² − 2x³ on 0–1. */
function sCurve(x: number): number {
  const t = Math.max(0, Math.min(1, x));
  return t * t * (3 - 2 * t);
}

function row(day: Day, reading: Reading): DemoMetric {
  return metric("projects", day, reading);
}
