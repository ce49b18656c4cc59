import { findSeries, type Found, type KnownSeries } from "../../db/metric_series.ts";
import { cutOf } from "../analytics/cut.ts";
import type { Needs } from "../context.ts";
import { DomainError, invalid } from "../errors.ts";
import { choose } from "../metrics/choose.ts";
import { type GroupValues, measured, readGroups } from "../metrics/groups.ts";
import { refuseUnknownName } from "../metrics/known_name.ts";
import { mostRowsRead } from "../metrics/row_reads.ts";
import { whyUnrecorded } from "../metrics/unrecorded.ts";
import type { MetricKind } from "../metrics/schema.ts";
import { type Aggregation, type ClusteringRequest, MOST_OBJECTS, PERIOD } from "./clustering_schema.ts";
import type { SeriesRef } from "./request.ts";
import type { CalculationMeta } from "./schema.ts";
import { isMeant, metaOf, type PlacedRef, readAligned } from "./series.ts";
import { type CalculationWindow, calculationWindow } from "./window.ts";

/** One feature: what it is, and its value for each object that has one. */
export type FeatureValues = {
  ref: SeriesRef;
  metric_name: string | null;
  unit: string | null;
  aggregation: Aggregation;
  /** Why nothing like it is recorded; null where something is. */
  unrecorded: string | null;
  values: Map<string, number>;
  /** Whether an object without a value has 0 of it. */
  adds_up: boolean;
};

/** The features of a question, and what the answer says about them. */
export type ClusteringObjects = { features: FeatureValues[]; meta: CalculationMeta };

/**
 * Reads the objects that a question is about: the values of a dimension, or the complete periods of the window.
 * @throws {DomainError} `invalid` for an unknown metric name, an aggregation that the metric does not have, an impossible
 *   window, more than 5,000 values of the dimension, and too many rows to read
 */
export function readObjects(ctx: Needs<"db" | "config">, request: ClusteringRequest): Promise<ClusteringObjects> {
  return request.entity === PERIOD ? readPeriods(ctx, request) : readMembers(ctx, request);
}

const USUAL: Record<MetricKind, Aggregation> = { flow: "sum", gauge: "last", sample: "avg" };

async function readPeriods(ctx: Needs<"db" | "config">, request: ClusteringRequest): Promise<ClusteringObjects> {
  const placed = request.features.map(({ aggregation, ...ref }, i) => {
    const pointer = `/features/${i}`;
    if (aggregation === undefined) return { ref, pointer };
    throw invalid(`${pointer}/aggregation`, "is not for periods: of each, a sum, a last level or an average is taken");
  });
  const { series, window, meta } = await readAligned(ctx, placed, request);
  const features = series.map(({ ref, metric_name, unit, kind, unrecorded, values }) => ({
    ...{ ref, metric_name, unit, aggregation: USUAL[kind], unrecorded, adds_up: false },
    values: new Map(window.periods.flatMap(({ period }, i): [string, number][] => {
      const value = values[i] ?? null;
      return value === null ? [] : [[period, value]];
    })),
  }));
  return { features, meta };
}

async function readMembers(ctx: Needs<"db" | "config">, request: ClusteringRequest): Promise<ClusteringObjects> {
  const found = await findSeries(ctx.db, {});
  const window = calculationWindow(ctx, request, found.now);
  const sources = new Map<string, Source>();
  const features: FeatureValues[] = [];
  // One after the other: each may read many rows. What two features have in common is read once.
  for (const [i, { aggregation, ...ref }] of request.features.entries()) {
    const pointer = `/features/${i}`;
    const key = JSON.stringify({ ...ref, label: undefined });
    const source = sources.get(key) ?? await readSource(ctx, { ref, pointer, entity: request.entity }, found, window);
    sources.set(key, source);
    features.push({ ref, ...featureOf(source, aggregation, `${pointer}/aggregation`) });
  }
  const read = [...sources.values()];
  const floor = found.detail_floor;
  const lost = floor !== null && window.start_date < floor ? [`Rows dated before ${floor} are no longer kept`] : [];
  const data_through = read.flatMap(({ series }) => series.map((one) => one.last_at)).sort().at(-1) ?? null;
  const warnings = read.flatMap((one) => one.warnings.map((warning) => `${one.metric_name}: ${warning}`));
  return { features, meta: metaOf(window, data_through, [...warnings, ...lost]) };
}

/** The readings of a series by the members of the entity. */
type Source = {
  series: readonly KnownSeries[];
  unrecorded: string | null;
  metric_name: string | null;
  unit: string | null;
  groups: readonly GroupValues[];
  warnings: string[];
};

async function readSource(
  ctx: Needs<"db" | "config">,
  { ref, pointer, entity }: PlacedRef & { entity: string },
  found: Found,
  window: CalculationWindow,
): Promise<Source> {
  const meant = found.series.filter((one) => isMeant(one, ref));
  if (meant.length === 0) await refuseUnknownName(ctx.db, ref, pointer);
  const { series, warnings } = await choose(ctx.db, meant, "nothing", window.today);
  const groups = series.length === 0 ? [] : await groupsBy(ctx, entity, ref, series, window);
  const unnamed = groups.some((group) => memberOf(group) === null);
  return {
    ...{ series, groups, unrecorded: meant.length === 0 ? whyUnrecorded(found.series, ref) : null },
    metric_name: series[0]?.metric_name ?? ref.metric_name ?? null,
    unit: series[0]?.metric_unit ?? ref.metric_unit ?? null,
    warnings: [...warnings, ...unnamed ? [`readings without ${entity} are left out`] : []],
  };
}

function featureOf(
  { series, unrecorded, metric_name, unit, groups }: Source,
  asked: Aggregation | undefined,
  pointer: string,
): Omit<FeatureValues, "ref"> {
  const kind = series[0]?.kind ?? "flow";
  const aggregation = asked ?? USUAL[kind];
  if (kind !== "flow" && aggregation === "sum") {
    throw invalid(pointer, `must be avg, count or last: ${kind === "gauge" ? "levels" : "samples"} do not add up`);
  }
  const adds_up = aggregation === "count" || (kind === "flow" && aggregation === "sum");
  const values = new Map<string, number>();
  for (const group of groups) {
    const [member, value] = [memberOf(group), measured(kind, aggregation, group)];
    // The number 7 and the text "7" are one member.
    if (member !== null && value !== null) values.set(member, value + (adds_up ? values.get(member) ?? 0 : 0));
  }
  return { metric_name, unit: aggregation === "count" ? null : unit, aggregation, unrecorded, values, adds_up };
}

async function groupsBy(
  ctx: Needs<"db" | "config">,
  entity: string,
  { dimensions = {} }: SeriesRef,
  series: readonly KnownSeries[],
  window: CalculationWindow,
): Promise<GroupValues[]> {
  const read = readGroups(ctx.db, {
    targets: series.map((one) => ({ ...one, g: 0 })),
    cut: cutOf(ctx, window),
    now: window.now,
    split: [entity],
    filters: Object.entries(dimensions).map(([key, value]) => ({ key, values: [value] })),
    ...{ distinct: [], percentiles: false, most_rows: mostRowsRead(ctx.config) },
  });
  const { values } = await read.catch((error) => {
    const tooMany = error instanceof DomainError && error.errors.some(({ pointer }) => pointer === "/query/group_by");
    throw tooMany ? tooManyObjects(entity) : error;
  });
  return values;
}

/** Refuses an entity with too many members. */
export function tooManyObjects(entity: string): DomainError {
  return invalid(
    "/entity",
    `${entity} has more than ${MOST_OBJECTS} values in this window: shorten it, or give the features dimensions`,
  );
}

/** The member as text; null where the readings do not say. */
function memberOf({ dimensions: [member = null] }: GroupValues): string | null {
  return member === null || member === "" ? null : String(member);
}
