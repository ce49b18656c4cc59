import type { GoalEventDetail, GoalEventKind } from "../../db/goal_events.ts";
import type { GoalStatus } from "../../db/schema/enums.ts";
import { type GoalTerms, isCeiling, isReached, type Measure, progressPercentage } from "./progress.ts";

/** What of a goal a new measure may change, and what decides about it. */
export type GoalState = GoalTerms & {
  current_value: number;
  progress_percentage: number;
  status: GoalStatus;
  alert_threshold: number | null;
  alert_sent: boolean;
};

/** What happened to a goal: a row of `ops.events`, and a run that tells it. */
export type GoalEvent = { kind: GoalEventKind; detail: GoalEventDetail };

/** The goal afterwards, and what to tell. */
export type Settlement =
  & Pick<GoalState, "current_value" | "progress_percentage" | "status" | "alert_sent">
  & { events: GoalEvent[] };

/** Points on the other side of the threshold at which an alert may be sent again. */
const REARM_POINTS = 2;

/**
 * What a measure does to a goal, on a local date.
 *
 * An active goal alerts once when progress reaches the threshold, and arms again 2 points below it; one that is met from
 * its first day on (to maintain, or a total that should stay low) alerts when progress falls below, and arms again 2
 * points above. It ends the day after its window when `closing`; a failed goal that turns out to be met becomes achieved,
 * at any time.
 */
export function settle(goal: GoalState, measure: Measure, at: { today: string; closing: boolean }): Settlement {
  const progress_percentage = progressPercentage(goal, measure);
  const alerted = alertOf(goal, measure, progress_percentage);
  const ended = statusOf(goal, measure, at);
  const happened: GoalEventKind[] = [];
  if (alerted && !goal.alert_sent) happened.push("goal_alert");
  if (ended !== goal.status) happened.push(ENDINGS[`${goal.status} ${ended}`] ?? "goal_failed");
  const detail = { current_value: measure.value, target_value: goal.target_value, progress_percentage, date: at.today };
  return {
    current_value: measure.value,
    progress_percentage,
    status: ended,
    alert_sent: alerted,
    events: happened.map((kind) => ({
      kind,
      detail: kind === "goal_alert" ? { ...detail, alert_threshold: goal.alert_threshold ?? 0 } : detail,
    })),
  };
}

const ENDINGS: Record<string, GoalEventKind> = {
  "active achieved": "goal_achieved",
  "active failed": "goal_failed",
  "failed achieved": "goal_achieved_late",
};

/** Whether a goal is met from its first day on, so that its alert is about falling below. */
export function alertsBelow(terms: Pick<GoalTerms, "direction" | "aggregation">): boolean {
  return terms.direction === "maintain" || isCeiling(terms);
}

/** Whether the alert is sent as it stands: by this measure, or before and not armed again. */
function alertOf(goal: GoalState, { band }: Measure, progress: number): boolean {
  const { alert_threshold, alert_sent, status, direction } = goal;
  if (alert_threshold === null) return false;
  if (status !== "active") return alert_sent;
  const slack = alert_sent ? REARM_POINTS : 0;
  if (!alertsBelow(goal)) return progress >= alert_threshold - slack;
  const known = direction !== "maintain" || (band !== null && band.days > 0);
  return known && progress < alert_threshold + slack;
}

function statusOf(goal: GoalState, measure: Measure, { today, closing }: { today: string; closing: boolean }) {
  const { status, end_date } = goal;
  if (status === "failed") return isReached(goal, measure) ? "achieved" : "failed";
  if (status !== "active" || !closing || today <= end_date) return status;
  return isReached(goal, measure) ? "achieved" : "failed";
}
