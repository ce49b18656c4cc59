import type { GoalRow } from "../../../db/goals.ts";
import { type GoalForecastResponse, Outlook } from "../forecast_schema.ts";
import { trackingOf } from "../present.ts";
import { noOutlook } from "./no_outlook.ts";

/** An outlook, when it was computed and from which state of the history. */
export type Known = {
  outlook: Outlook;
  as_of: string | null;
  computed_at: string | null;
  data_version: string | null;
};

type Held = { answer: unknown; computed_at: string | null };

/** What was kept, if it can be read: null for nothing, and for what another version of the service has written. */
export function legible(held: Held | null, { as_of, data_version }: Omit<Known, "outlook" | "computed_at">) {
  const parsed = Outlook.safeParse(held?.answer);
  if (held === null || !parsed.success) return null;
  return { outlook: parsed.data, computed_at: held.computed_at, as_of, data_version };
}

/** Nothing is left to forecast. */
export function endedOutlook({ status, end_date, current_value, today }: GoalRow): Known {
  const reason = status === "active" ? `The window ended on ${end_date}` : `The goal is ${status}`;
  const outlook = { ...noOutlook({ status: "ended", reason }), current_value };
  return { outlook, as_of: today, computed_at: null, data_version: null };
}

/** Nobody has computed it yet. */
export function missing(): Known {
  const reason = "The next goal update computes it; GET /goals/{goal_id}/forecast does so now";
  return { outlook: noOutlook({ status: "not_computed", reason }), as_of: null, computed_at: null, data_version: null };
}

/** A forecast as it is answered: it names neither whom the readings are about nor who made the goal. */
export function present(goal: GoalRow, { outlook, as_of, computed_at, data_version }: Known): GoalForecastResponse {
  const { status, reason, warnings, data_through, probability, ...numbers } = outlook;
  const { id, name, metric_type, unit, direction, baseline_value, target_value } = goal;
  const { start_date, end_date, timezone } = goal;
  return {
    ...{ goal_id: id, name, metric_type, unit, goal_status: goal.status, tracking: trackingOf(goal), direction },
    ...{ baseline_value, target_value, status, reason, probability },
    forecast_confidence: probability,
    will_achieve: probability === null ? null : probability >= 0.5,
    ...numbers,
    current_value: status === "not_computed" ? goal.current_value : outlook.current_value,
    seed: id,
    meta: { period: { start_date, end_date, timezone }, as_of, computed_at, data_version, data_through, warnings },
  };
}
