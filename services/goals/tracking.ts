import type { FedSeries } from "../../db/goal_feeds.ts";
import { type Definition, definitionsOf } from "../../db/goal_sources.ts";
import type { GoalFields } from "../../db/goals.ts";
import { findSeries } from "../../db/metric_series.ts";
import type { Db } from "../../db/client.ts";
import type { MetricKind } from "../metrics/schema.ts";
import { invalid } from "../errors.ts";
import type { Aggregation, Tracking } from "./schema.ts";
import { isCountName, isCurrency, spelledAs } from "./units.ts";

/** What feeds a goal, in the spelling of its unit that is recorded: a series, or nothing but hands. */
export type Source = Pick<GoalFields, "service_name" | "metric_name" | "dimensions" | "aggregation" | "unit">;

/** What its author says about that; nothing at all leaves it to the metric type and the unit. */
export type SourceWish = Pick<GoalFields, "metric_type"> & Source & { tracking: Tracking | null };

const MANUAL = { service_name: null, metric_name: null, dimensions: null, aggregation: null };

const BY_KIND: Record<MetricKind, Aggregation> = { flow: "sum", gauge: "last", sample: "avg" };

/**
 * Finds the series that feeds a goal.
 *
 * Named by service and metric, either may be left out where the definitions leave no doubt. Not named at all, it is the
 * one primary metric of the type if there is exactly one and the goal's unit is the one that it is recorded in; where it
 * may be recorded in any currency and nothing is yet, any currency will do.
 * @throws {DomainError} `invalid` where the wish contradicts itself, or names something that is not one series
 */
export async function resolveSource(db: Db, wish: SourceWish): Promise<Source> {
  const named = NAMING.find((field) => wish[field] !== null);
  if (wish.tracking === "manual") {
    if (named === undefined) return { ...MANUAL, unit: wish.unit };
    throw invalid(`/${named}`, `says where readings come from; leave it out, or tracking "manual"`);
  }
  const definitions = await definitionsOf(db, wish.metric_type);
  const found = named === undefined ? onlyPrimary(wish, definitions) : pointedAt(wish, definitions);
  if (found === null) return { ...MANUAL, unit: wish.unit };
  const recorded = await recordedUnits(db, { ...found, metric_type: wish.metric_type });
  const unit = wish.aggregation === "count" ? wish.unit : spelledIn(wish.unit, found, recorded);
  if (named === undefined && !isMeant(unit, found, recorded)) {
    if (wish.tracking === null) return { ...MANUAL, unit: wish.unit };
    const why = `${found.service_name}/${found.metric_name} is not recorded in ${wish.unit}`;
    throw invalid("/tracking", `needs service_name and metric_name: ${why}`);
  }
  const kind = found.kind ?? "flow";
  const aggregation = wish.aggregation ?? BY_KIND[kind];
  if (aggregation === "sum" && kind !== "flow") {
    const wrong = kind === "gauge"
      ? "a level, which is not added over time"
      : "a distribution, whose values do not add up";
    throw invalid("/aggregation", `${found.metric_name} is ${wrong}: use ${BY_KIND[kind]}`);
  }
  if (aggregation !== "count") checkUnit(unit, found);
  const { service_name, metric_name } = found;
  return { service_name, metric_name, dimensions: wish.dimensions, aggregation, unit };
}

const NAMING = ["service_name", "metric_name", "dimensions", "aggregation"] as const;

/** A series; `kind` and `unit` only where it is defined. */
type Found = Pick<Definition, "service_name" | "metric_name"> & Partial<Pick<Definition, "kind" | "unit">>;

/** The one primary metric of the type; null where there is not exactly one and its author does not insist. */
function onlyPrimary({ metric_type, tracking }: SourceWish, definitions: readonly Definition[]): Found | null {
  const primaries = definitions.filter((definition) => definition.is_primary);
  const [only] = primaries;
  if (only !== undefined && primaries.length === 1) return only;
  if (tracking === null) return null;
  const choice = primaries.map(({ service_name, metric_name }) => `${service_name}/${metric_name}`).join(" and ");
  const why = only === undefined
    ? `nothing of type ${metric_type} is defined`
    : `${choice} are both of type ${metric_type}`;
  throw invalid("/tracking", `needs service_name and metric_name: ${why}`);
}

/** The units that a series has been recorded in, null for none. */
async function recordedUnits(db: Db, series: FedSeries): Promise<(string | null)[]> {
  const { service_name, metric_type, metric_name } = series;
  const found = await findSeries(db, { service_name, metric_type, metric_name });
  return found.series.map((one) => one.metric_unit);
}

/**
 * A goal's unit as its series has it. A series is of money where it is recorded in a currency, or is defined to be
 * recorded in any unit and has none yet.
 */
function spelledIn(unit: string, { unit: defined }: Found, recorded: readonly (string | null)[]): string {
  const known = [defined ?? null, ...recorded].filter((one) => one !== null);
  return spelledAs(unit, known, known.some(isCurrency) || (known.length === 0 && defined === null));
}

/** Whether a goal's unit says that a primary metric is meant. */
function isMeant(unit: string, { unit: defined }: Found, recorded: readonly (string | null)[]): boolean {
  if (defined !== undefined && defined !== null) return unit === defined;
  return recorded.includes(unit) || (isCurrency(unit) && recorded.every((one) => one === null));
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
