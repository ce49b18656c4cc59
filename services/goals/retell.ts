import { insertGoalReadings } from "../../db/goal_readings.ts";
import { findGoal } from "../../db/goals.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import { measure, type ReadSeries, sharedSeries } from "./measure.ts";
import { progressPercentage } from "./progress.ts";

const WEEK_DAYS = 7;

/**
 * Writes the readings that a fed goal would have had, had it been there since its window began: one a week, as of the
 * evening (20:00 UTC), where the value changed. For the demo, whose goals are younger than their history.
 * @returns how many
 */
export async function retellGoal(ctx: Needs<"db" | "config">, id: string): Promise<number> {
  const goal = await findGoal(ctx.db, id);
  if (goal === null || goal.metric_name === null) return 0;
  const last = goal.today < goal.end_date ? addDays(goal.today, -1) : goal.end_date;
  const whole = sharedSeries(ctx);
  const read: ReadSeries = async (query) => {
    const series = await whole({ ...query, end_date: last });
    return { ...series, days: series.days.filter(({ date }) => date <= (query.end_date ?? last)) };
  };
  const readings: { value: number; progress_percentage: number; recorded_at: string }[] = [];
  for (let day = addDays(goal.start_date, WEEK_DAYS - 1); day <= last; day = addDays(day, WEEK_DAYS)) {
    const reading = await measure(ctx, { ...goal, today: day }, read);
    if (reading.empty || reading.value === readings.at(-1)?.value) continue;
    const progress_percentage = progressPercentage(goal, reading);
    readings.push({ value: reading.value, progress_percentage, recorded_at: `${day}T20:00:00Z` });
  }
  const source = { goal_id: id, source: "metrics" as const, recorded_by: null };
  await insertGoalReadings(ctx.db, readings.map((reading) => ({ ...source, ...reading })));
  return readings.length;
}
