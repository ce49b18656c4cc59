import { hasGoalReading } from "../../db/goal_readings.ts";
import type { GoalFields, GoalFindings, GoalRow } from "../../db/goals.ts";
import { localToday } from "../../db/today.ts";
import type { Needs } from "../context.ts";
import { DomainError, invalid, sqlState } from "../errors.ts";
import type { GoalCreate, GoalUpdate } from "./schema.ts";
import { alertsBelow } from "./settle.ts";
import { checkTerms } from "./terms.ts";
import { resolveSource, type Source } from "./tracking.ts";

/** A goal that was said but not yet computed. */
export type Draft = GoalFields & GoalFindings & { id: string; today: string };

/**
 * A new goal from what its author says, with every default filled in.
 * @throws {DomainError} `invalid`
 */
export async function draftGoal(
  ctx: Needs<"db" | "config">,
  id: string,
  said: Omit<GoalCreate, "created_by">,
): Promise<Draft> {
  const { tracking, service_name, metric_name, dimensions, aggregation, ...rest } = said;
  const terms = {
    ...rest,
    description: said.description ?? null,
    alert_threshold: said.alert_threshold ?? null,
    direction: said.direction ?? "increase",
    baseline_value: said.baseline_value ?? 0,
    timezone: said.timezone ?? ctx.config.ORG_TIMEZONE,
  };
  checkTerms(terms);
  const today = await todayIn(ctx, terms.timezone);
  const source = await resolveSource(ctx.db, {
    metric_type: said.metric_type,
    unit: said.unit,
    service_name: service_name ?? null,
    metric_name: metric_name ?? null,
    dimensions: dimensions ?? null,
    aggregation: aggregation ?? null,
    tracking: tracking ?? null,
  });
  const nothing = { current_value: terms.baseline_value, progress_percentage: 0 };
  return { ...terms, ...source, ...nothing, id, today, status: "active", alert_sent: false };
}

type Changes = Omit<GoalUpdate, "version">;

/**
 * A stored goal with changes. Where its terms are others, the alert is armed and an ended goal is open again.
 * @throws {DomainError} `invalid`; `invalid_state` where nothing but the status would open an ended goal, which the next
 * update would only end, and tell of, once more
 */
export async function editedGoal(ctx: Needs<"db" | "config">, before: GoalRow, changes: Changes): Promise<GoalRow> {
  const terms = {
    ...before,
    name: changes.name ?? before.name,
    description: changes.description === undefined ? before.description : changes.description,
    metric_type: changes.metric_type ?? before.metric_type,
    target_value: changes.target_value ?? before.target_value,
    unit: changes.unit ?? before.unit,
    start_date: changes.start_date ?? before.start_date,
    end_date: changes.end_date ?? before.end_date,
    alert_threshold: changes.alert_threshold === undefined ? before.alert_threshold : changes.alert_threshold,
    direction: changes.direction ?? before.direction,
    baseline_value: changes.baseline_value ?? before.baseline_value,
    timezone: changes.timezone ?? before.timezone,
  };
  checkTerms(terms);
  const edited = { ...terms, ...await editedSource(ctx, before, changes) };
  if (edited.timezone !== before.timezone) edited.today = await todayIn(ctx, edited.timezone);
  const moved = TERMS.some((field) => JSON.stringify(edited[field]) !== JSON.stringify(before[field]));
  if (moved || isAheadOf(edited.alert_threshold, before)) edited.alert_sent = false;
  const ended = before.status === "achieved" || before.status === "failed";
  if (ended && !moved && changes.status === "active") {
    throw new DomainError("invalid_state", `This goal is ${before.status}; other terms open it again`);
  }
  edited.status = changes.status ?? (ended && moved ? "active" : before.status);
  if (await isUnread(ctx, edited)) edited.current_value = edited.baseline_value;
  return edited;
}

/** Whether nothing has told a goal's value yet, so that it stands at its baseline, wherever that has moved. */
async function isUnread({ db }: Needs<"db">, { id, metric_name }: GoalRow): Promise<boolean> {
  return metric_name === null && !await hasGoalReading(db, id);
}

/** Whether a new threshold lies where progress has yet to come to: then its crossing is another one. */
function isAheadOf(threshold: number | null, { alert_threshold, progress_percentage, ...terms }: GoalRow): boolean {
  if (threshold === null || threshold === alert_threshold) return false;
  return alertsBelow(terms) ? progress_percentage >= threshold : progress_percentage < threshold;
}

/** What makes a goal another goal. */
const TERMS = [
  ...["target_value", "baseline_value", "direction", "start_date", "end_date", "timezone", "unit"] as const,
  ...["metric_type", "service_name", "metric_name", "dimensions", "aggregation"] as const,
] satisfies (keyof GoalRow)[];

/** The series after an edit: as it was, unless the edit says anything that decides about it. */
async function editedSource(ctx: Needs<"db">, before: GoalRow, changes: Changes): Promise<Source> {
  const { tracking, service_name, metric_name, aggregation, dimensions } = changes;
  const asked = [tracking, service_name, metric_name, aggregation, dimensions].some((field) => field !== undefined);
  const metric_type = changes.metric_type ?? before.metric_type;
  const unit = changes.unit ?? before.unit;
  const sameType = metric_type === before.metric_type;
  const kept: Source = { ...before, unit };
  if (!asked && (before.metric_name === null || (sameType && unit === before.unit))) return pick(kept);
  // What was found for another type, service or name says nothing about the new one.
  const stays = tracking !== "manual" && sameType && (service_name ?? before.service_name) === before.service_name;
  const sameName = stays && (metric_name ?? before.metric_name) === before.metric_name;
  return await resolveSource(ctx.db, {
    ...{ metric_type, unit, tracking: tracking ?? null },
    service_name: service_name ?? (stays ? before.service_name : null),
    metric_name: metric_name ?? (stays ? before.metric_name : null),
    dimensions: dimensions === undefined ? (stays ? before.dimensions : null) : dimensions,
    aggregation: aggregation ?? (sameName ? before.aggregation : null),
  });
}

const pick = ({ service_name, metric_name, dimensions, aggregation, unit }: Source): Source => ({
  ...{ service_name, metric_name, dimensions, aggregation, unit },
});

/** Today in a zone; the runtime may know zones that the database does not. */
async function todayIn({ db }: Needs<"db">, timezone: string): Promise<string> {
  try {
    return await localToday(db, timezone);
  } catch (error) {
    if (sqlState(error) === "22023") throw invalid("/timezone", "is not a time zone that the database knows");
    throw error;
  }
}
