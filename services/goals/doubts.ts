import type { GoalFields } from "../../db/goals.ts";
import type { Series } from "../../db/metrics_ingest.ts";
import { nearest } from "../wording.ts";
import { unitsMeantBy } from "./units.ts";

type Fed = Pick<GoalFields, "service_name" | "metric_type" | "metric_name" | "unit" | "aggregation">;

/**
 * Why no reading that its service has sent counts for a goal: none has its metric's name, or none its unit.
 * @param recorded the series of the service
 */
export function doubtsOf(goal: Fed, recorded: readonly Series[]): string[] {
  const { service_name, metric_type, metric_name, unit, aggregation } = goal;
  if (metric_name === null) return [];
  const alike = recorded.filter((one) => one.metric_type === metric_type);
  const named = alike.filter((one) => one.metric_name === metric_name);
  if (named.length === 0) {
    const close = nearest(metric_name, alike.map((one) => one.metric_name));
    const question = close === null ? "" : `; did you mean ${JSON.stringify(close)}?`;
    return [`No ${metric_type} reading was ever recorded as ${service_name}/${metric_name}${question}`];
  }
  const units = named.map((one) => one.metric_unit);
  const meant = unitsMeantBy(unit);
  if (aggregation === "count" || units.some((one) => one === null || meant.includes(one))) return [];
  return [
    `The readings of ${metric_name} are recorded in ${units.join(" and ")} only; none counts for a goal in ${unit}`,
  ];
}
