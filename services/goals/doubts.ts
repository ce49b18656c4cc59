import type { GoalFields } from "../../db/goals.ts";
import type { Series } from "../../db/metrics_ingest.ts";
import { whyUnrecorded } from "../metrics/unrecorded.ts";
import { nearest } from "../wording.ts";
import { unitsMeantBy } from "./units.ts";

type Fed = Pick<GoalFields, "service_name" | "metric_type" | "metric_name" | "unit" | "aggregation">;

/**
 * Why no reading that its service has sent counts for a goal: none has its metric's name, or none its unit.
 * @param recorded the series of the service
 */
export function doubtsOf(goal: Fed, recorded: readonly Series[]): string[] {
  const { service_name, metric_type, metric_name, unit, aggregation } = goal;
  if (service_name === null || metric_name === null) return [];
  const asked = { service_name, metric_type, metric_name };
  const alike = recorded.filter((one) => one.metric_type === metric_type);
  const named = alike.filter((one) => one.metric_name === metric_name);
  if (named.length === 0) {
    const close = nearest(metric_name, alike.map((one) => one.metric_name));
    const question = close === null ? "" : `; did you mean ${JSON.stringify(close)}?`;
    return [`${whyUnrecorded(recorded, asked)}${question}`];
  }
  const meant = unitsMeantBy(unit);
  const counts = aggregation === "count" || named.some(({ metric_unit: one }) => one === null || meant.includes(one));
  return counts ? [] : [`${whyUnrecorded(recorded, { ...asked, metric_unit: unit })}, which the goal does not count`];
}
