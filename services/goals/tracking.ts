import { type Definition, definitionsOf } from "../../db/goal_sources.ts";
import type { GoalFields } from "../../db/goals.ts";
import type { Db } from "../../db/client.ts";
import type { MetricKind } from "../metrics/schema.ts";
import { invalid } from "../errors.ts";
import type { Aggregation, Tracking } from "./schema.ts";

/** What feeds a goal: a series, or nothing but hands. */
export type Source = Pick<GoalFields, "service_name" | "metric_name" | "dimensions" | "aggregation">;

/** What its author says about that; nothing at all leaves it to the metric type and the unit. */
export type SourceWish = Pick<GoalFields, "metric_type" | "unit"> & Source & { tracking: Tracking | null };

export const MANUAL: Source = { service_name: null, metric_name: null, dimensions: null, aggregation: null };

const BY_KIND: Record<MetricKind, Aggregation> = { flow: "sum", gauge: "last", sample: "avg" };

/**
 * Finds the series that feeds a goal.
 *
 * Named by service and metric, either may be left out where the definitions leave no doubt. Not named at all, it is the
 * one primary metric of the type if there is exactly one and the goal's unit is one that it is recorded in.
 * @throws {DomainError} `invalid` where the wish contradicts itself, or names something that is not one series
 */
export async function resolveSource(db: Db, wish: SourceWish): Promise<Source> {
  const named = NAMING.find((field) => wish[field] !== null);
  if (wish.tracking === "manual") {
    if (named === undefined) return MANUAL;
    throw invalid(`/${named}`, `says where readings come from; leave it out, or tracking "manual"`);
  }
  const definitions = await definitionsOf(db, wish.metric_type);
  const found = named === undefined ? obvious(wish, definitions) : pointedAt(wish, definitions);
  if (found === null) return MANUAL;
  const kind = found.kind ?? "flow";
  const aggregation = wish.aggregation ?? BY_KIND[kind];
  if (aggregation === "sum" && kind !== "flow") {
    const wrong = kind === "gauge"
      ? "a level, which is not added over time"
      : "a distribution, whose values do not add up";
    throw invalid("/aggregation", `${found.metric_name} is ${wrong}: use ${BY_KIND[kind]}`);
  }
  if (aggregation !== "count") checkUnit(wish.unit, found);
  const { service_name, metric_name } = found;
  return { service_name, metric_name, dimensions: wish.dimensions, aggregation };
}

const NAMING = ["service_name", "metric_name", "dimensions", "aggregation"] as const;

/** A series; `kind` and `unit` only where it is defined. */
type Found = Pick<Definition, "service_name" | "metric_name"> & Partial<Pick<Definition, "kind" | "unit">>;

/** The one primary metric of the type, if the goal's unit says that it is meant. */
function obvious({ metric_type, unit, tracking }: SourceWish, definitions: readonly Definition[]): Found | null {
  const primaries = definitions.filter((definition) => definition.is_primary);
  const [only] = primaries;
  if (only !== undefined && primaries.length === 1 && (only.unit === null ? isCurrency(unit) : unit === only.unit)) {
    return only;
  }
  if (tracking === null) return null;
  const choice = primaries.map(({ service_name, metric_name }) => `${service_name}/${metric_name}`).join(" and ");
  const why = only === undefined
    ? `nothing of type ${metric_type} is defined`
    : primaries.length > 1
    ? `${choice} are both of type ${metric_type}`
    : `${choice} is not recorded in ${unit}`;
  throw invalid("/tracking", `needs service_name and metric_name: ${why}`);
}

/** The series that service, name or both point at. */
function pointedAt({ metric_type, service_name, metric_name }: SourceWish, definitions: readonly Definition[]): Found {
  const fitting = definitions.filter((definition) =>
    (service_name === null || definition.service_name === service_name) &&
    (metric_name === null ? definition.is_primary : definition.metric_name === metric_name)
  );
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  if (service_name !== null && metric_name !== null) return { service_name, metric_name };
  const missing = service_name === null ? "service_name" : "metric_name";
  const choice = fitting.map((definition) => `${definition.service_name}/${definition.metric_name}`).join(", ");
  throw invalid(`/${missing}`, `is needed: ${choice || `no definition of type ${metric_type} tells it`}`);
}

/** A count may be called after what is counted; any other unit is the one that the readings carry. */
function checkUnit(unit: string, { metric_name, unit: recorded }: Found): void {
  if (recorded === undefined || recorded === null || unit === recorded) return;
  if (recorded === "count" && isCountName(unit)) return;
  throw invalid("/unit", `${metric_name} is recorded in ${recorded}`);
}

/** Whether a unit may be a name for what is counted, such as people. */
export const isCountName = (unit: string) => !isCurrency(unit) && unit !== "%";

const isCurrency = (unit: string) => /^[A-Z]{3}$/.test(unit);
