import type { Db } from "./client.ts";
import type { MetricType, ServiceName } from "./schema/enums.ts";

/** Names that are read at most. */
export const MOST_METRIC_NAMES = 100;

/** The metric names that a service has of a type, defined or recorded, in order; at most 100. */
export async function metricNames(db: Db, service: ServiceName, type: MetricType): Promise<string[]> {
  const rows = await db.query<{ metric_name: string }>(
    `select metric_name from ops.metric_definitions where service_name = $1 and metric_type = $2
     union select metric_name from ops.metric_rollups where service_name = $1 and metric_type = $2 and grain = 'd'
     order by metric_name limit $3`,
    [service, type, MOST_METRIC_NAMES],
  );
  return rows.map((row) => row.metric_name);
}
