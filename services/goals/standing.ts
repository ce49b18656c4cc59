import { hasGoalReading } from "../../db/goal_readings.ts";
import { findGoal, type GoalRow } from "../../db/goals.ts";
import { findSeries } from "../../db/metric_series.ts";
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { doubtsOf } from "./doubts.ts";
import { bookedLastYear, measure, type Reading, sharedSeries } from "./measure.ts";
import { silence, trackingOf } from "./present.ts";
import { progressFigures } from "./progress.ts";
import type { GoalProgressResponse } from "./schema.ts";
import { visible } from "./visible.ts";

/**
 * How far a goal is and how far it should be, on its local date, from the metrics as they are now. Stores nothing.
 * @throws {DomainError} `not_found`
 */
export async function getGoalProgress(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  id: string,
): Promise<GoalProgressResponse> {
  const goal = visible(await findGoal(ctx.db, id), caller);
  const read = sharedSeries(ctx);
  const reading = await measure(ctx, goal, read);
  const { today, status } = goal;
  const figures = progressFigures(goal, reading, { today, status, booked_last_year: await bookedLastYear(goal, read) });
  const { name, metric_type, unit, direction, baseline_value, target_value, alert_threshold, alert_sent } = goal;
  return {
    goal_id: goal.id,
    ...{ name, metric_type, unit, status, tracking: trackingOf(goal), direction, baseline_value, target_value },
    current_value: reading.value,
    ...figures,
    ...{ alert_threshold, alert_sent },
    reason: await reasonOf(ctx, goal, reading),
    meta: {
      period: { start_date: goal.start_date, end_date: goal.end_date, timezone: goal.timezone },
      as_of: today,
      complete: today > goal.end_date,
      data_through: reading.data_through,
      warnings: [...reading.warnings, ...await warningsOf(ctx, goal, reading)],
    },
  };
}

/** Why the value says little. A goal by hand may have one that nobody told in its window: of the metrics that fed it before. */
async function reasonOf({ db }: Needs<"db">, goal: GoalRow, { empty }: Reading): Promise<string | null> {
  if (!empty) return null;
  const held = goal.metric_name === null && goal.today >= goal.start_date && await hasGoalReading(db, goal.id);
  return held ? "No reading by hand lies in the window; the value is from another one" : silence(goal);
}

/** What keeps readings from counting, where none does. */
async function warningsOf({ db }: Needs<"db">, goal: GoalRow, { empty }: Reading): Promise<string[]> {
  const { service_name } = goal;
  return empty && service_name !== null ? doubtsOf(goal, (await findSeries(db, { service_name })).series) : [];
}
