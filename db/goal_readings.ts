import type { Db } from "./client.ts";
import type { GoalFindings } from "./goals.ts";

/** A value that a goal had, from its series or by hand. */
export type GoalReading = {
  goal_id: string;
  value: number;
  progress_percentage: number;
  source: "manual" | "metrics";
  recorded_by: string | null;
  /** RFC 3339; now when absent. */
  recorded_at?: string;
};

/** Appends readings; they never change afterwards. */
export async function insertGoalReadings(tx: Db, readings: readonly GoalReading[]): Promise<void> {
  if (readings.length === 0) return;
  await tx.query(
    `insert into ops.goal_readings (goal_id, value, progress_percentage, source, recorded_by, recorded_at)
     select goal_id, value, progress_percentage, source, recorded_by, coalesce(recorded_at, ops.now())
     from jsonb_to_recordset($1::text::jsonb) as r(
       goal_id uuid, value float8, progress_percentage float8, source text, recorded_by uuid, recorded_at timestamptz)`,
    [JSON.stringify(readings)],
  );
}

/** Whether a goal has had any reading, by hand or from its series. */
export async function hasGoalReading(db: Db, goal_id: string): Promise<boolean> {
  return (await db.query("select from ops.goal_readings where goal_id = $1 limit 1", [goal_id])).length > 0;
}

/** The last reading by hand of each local day up to `end`, oldest first, from the last one before `start` on. */
export async function manualDays(
  db: Db,
  goal: { id: string; timezone: string; start_date: string; end_date: string },
): Promise<{ date: string; value: number; n: number }[]> {
  return await db.query(
    `with days as (
       select distinct on (day) day, value, count(*) over (partition by day)::int as n
       from (select (recorded_at at time zone $2::text)::date as day, value, recorded_at, id
             from ops.goal_readings where goal_id = $1 and source = 'manual') r
       order by day, recorded_at desc, id desc)
     select day as date, value, n from days
     where day <= $4::date and day >= coalesce((select max(day) from days where day <= $3::date), '-infinity')
     order by day`,
    [goal.id, goal.timezone, goal.start_date, goal.end_date],
  );
}

/** Which of the goals have still the version named, held against other writers until the transaction ends. */
export async function lockUnchanged(tx: Db, goals: readonly { id: string; version: number }[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `select g.id from goals g join jsonb_to_recordset($1::text::jsonb) as r(id uuid, version int) using (id, version)
     where g.deleted_at is null order by g.id for no key update of g`,
    [JSON.stringify(goals.map(({ id, version }) => ({ id, version })))],
  );
  return new Set(rows.map((row) => row.id));
}

/** Stores what was found out about goals, each under its next version. */
export async function storeFindings(tx: Db, findings: readonly (GoalFindings & { id: string })[]): Promise<void> {
  if (findings.length === 0) return;
  await tx.query(
    `update goals g set current_value = f.current_value, progress_percentage = f.progress_percentage, status = f.status,
       alert_sent = f.alert_sent, version = g.version + 1, updated_at = ops.now()
     from jsonb_to_recordset($1::text::jsonb)
       as f(id uuid, current_value float8, progress_percentage float8, status goal_status, alert_sent boolean)
     where g.id = f.id`,
    [JSON.stringify(findings)],
  );
}
