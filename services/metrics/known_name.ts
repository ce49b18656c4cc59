import { metricNames, MOST_METRIC_NAMES } from "../../db/metric_names.ts";
import type { Db } from "../../db/client.ts";
import type { MetricType, ServiceName } from "../../db/schema/enums.ts";
import { invalid } from "../errors.ts";
import { nearest } from "../wording.ts";

/** A metric as it is asked for. */
export type AskedName = { service_name: ServiceName; metric_type: MetricType; metric_name?: string | undefined };

const MOST_NAMED = 10;

/**
 * A name that a service has nothing of is a slip, if it has others; without any, there is just no history yet.
 * @param pointer of the object with the name
 * @throws {DomainError} `invalid`, naming the nearest and those that are known
 */
export async function refuseUnknownName(db: Db, asked: AskedName, pointer = ""): Promise<void> {
  const { service_name, metric_type, metric_name } = asked;
  if (metric_name === undefined) return;
  const names = await metricNames(db, service_name, metric_type);
  if (names.length === 0 || names.includes(metric_name)) return;
  const close = nearest(metric_name, names);
  const hint = close === null ? "." : `; did you mean ${JSON.stringify(close)}?`;
  const known = someOf(names, MOST_METRIC_NAMES);
  throw invalid(`${pointer}/metric_name`, `is not a metric of ${service_name} / ${metric_type}${hint} Known: ${known}`);
}

/**
 * The first ten of some names, and how many more there are.
 * @param most names that were read: of as many there may be more than these
 * @example
 * ```ts
 * someOf(["a", "b"], 100); // "a, b"
 * ```
 */
export function someOf(names: readonly string[], most = Infinity): string {
  const more = names.length - MOST_NAMED;
  const shown = names.slice(0, MOST_NAMED).join(", ");
  return more <= 0 ? shown : `${shown} and ${names.length < most ? "" : "at least "}${more} more`;
}
