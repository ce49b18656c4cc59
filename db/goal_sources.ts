import type { Db } from "./client.ts";
import type { MetricType, ServiceName } from "./schema/enums.ts";

/** The definitions of the metrics of one type. */
export async function definitionsOf(db: Db, metric_type: MetricType): Promise<Definition[]> {
  return await db.query<Definition>(
    `select service_name, metric_name, kind, unit, is_primary from ops.metric_definitions
     where metric_type::text = $1::text order by service_name, metric_name`,
    [metric_type],
  );
}

/** What a metric name means. */
export type Definition = {
  service_name: ServiceName;
  metric_name: string;
  kind: "flow" | "gauge" | "sample";
  unit: string | null;
  is_primary: boolean;
};
