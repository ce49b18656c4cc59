import type { KnownSeries } from "../../db/metric_series.ts";
import type { MetricType, ServiceName } from "../../db/schema/enums.ts";
import { someOf } from "./known_name.ts";

/** A series as it is asked for: of one service, some, or any. */
export type AskedSeries = {
  service_name?: ServiceName | undefined;
  services?: readonly ServiceName[] | undefined;
  metric_type: MetricType;
  metric_name?: string | undefined;
  metric_unit?: string | undefined;
};

/**
 * Why no recorded series is meant, naming what there is instead: the units of the metric, the metrics of the type.
 * @param recorded every series there is
 * @example
 * ```ts
 * whyUnrecorded([], { service_name: "projects", metric_type: "donation" }); // "projects records nothing of type donation"
 * ```
 */
export function whyUnrecorded(
  recorded: readonly Pick<KnownSeries, "service_name" | "metric_type" | "metric_name" | "metric_unit">[],
  { service_name, services, metric_type, metric_name, metric_unit }: AskedSeries,
): string {
  const asked = service_name === undefined ? services : [service_name];
  const sent = recorded.filter((one) =>
    one.metric_type === metric_type && (asked === undefined || asked.includes(one.service_name))
  );
  const who = service_name ?? (services === undefined ? "any service" : `any of ${services.join(", ")}`);
  if (sent.length === 0) {
    return service_name === undefined
      ? `Nothing of type ${metric_type} is recorded by ${who}`
      : `${service_name} records nothing of type ${metric_type}`;
  }
  const named = sent.filter((one) => metric_name === undefined || one.metric_name === metric_name);
  if (named.length === 0) {
    const names = someOf([...new Set(sent.map((one) => one.metric_name))].sort());
    return `No ${metric_name} is recorded; of type ${metric_type} there is ${names}`;
  }
  const units = someOf([...new Set(named.map((one) => one.metric_unit ?? "no unit"))].sort());
  return `No ${metric_name ?? metric_type} is recorded in ${metric_unit ?? "this unit"}; there is ${units}`;
}
