import type { Db } from "./client.ts";

/** What can happen to a goal that somebody may want to hear of. */
export const GOAL_EVENT_KINDS = ["goal_alert", "goal_achieved", "goal_failed", "goal_achieved_late"] as const;
export type GoalEventKind = typeof GOAL_EVENT_KINDS[number];

/** What an event says: numbers in the goal's unit, shares in percent, its local date. */
export type GoalEventDetail = {
  current_value: number;
  target_value: number;
  progress_percentage: number;
  alert_threshold?: number;
  date: string;
};

/**
 * Writes down what happened to goals, and queues for each event the run that tells the outside of it: in one statement, so
 * that neither is ever there without the other. The run has the event's id.
 */
export async function insertGoalEvents(
  tx: Db,
  events: readonly { kind: GoalEventKind; goal_id: string; detail: GoalEventDetail }[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `with event as (
       insert into ops.events (kind, subject_id, detail)
       select kind, goal_id, detail
       from jsonb_to_recordset($1::text::jsonb) as e(kind text, goal_id uuid, detail jsonb)
       returning id, kind, subject_id, detail)
     insert into ops.job_runs (id, job_type, fire_key, config, exclusive, max_attempts, scheduled_for, run_at)
     select e.id, 'custom', 'o:' || e.id,
       jsonb_build_object('handler', 'goal_alert', 'event', e.kind, 'goal_id', g.id, 'name', g.name, 'unit', g.unit)
         || e.detail,
       false, $2::int, ops.now(), ops.now()
     from event e join goals g on g.id = e.subject_id`,
    [JSON.stringify(events), ATTEMPTS],
  );
}

/** Attempts at telling: half a minute after the first, then twice as long each time, an hour in all. */
const ATTEMPTS = 8;
