import type { Needs } from "../context.ts";
import { summary } from "../math/mod.ts";
import { type ClusteringObjects, readObjects } from "./clustering_objects.ts";
import {
  type Cluster,
  type Clustering,
  type ClusteringRequest,
  PERIOD,
  type UsedFeature,
} from "./clustering_schema.ts";
import { type ObjectTable, objectTable } from "./clustering_table.ts";
import { interpretation, profileOf, structureOf } from "./clustering_wording.ts";
import { type Grouping, groupObjects } from "./grouping.ts";
import type { Calculated } from "./schema.ts";

/** With more objects than this, the event loop is kept free. */
const MANY_OBJECTS = 300;
const FEWEST_OBJECTS = 3;

/**
 * Groups the values of a dimension, or periods, by what is alike of some numbers. The same readings give the same groups.
 * @throws {DomainError} `invalid` as `readObjects` and `objectTable`
 */
export async function cluster(
  ctx: Needs<"db" | "config" | "heavy">,
  request: ClusteringRequest,
): Promise<Calculated> {
  const read = await readObjects(ctx, request);
  const table = objectTable(read, request);
  const needed = Math.max(FEWEST_OBJECTS, (request.k ?? 0) + 1);
  const none = (reason: string) => ({ status: "insufficient_data" as const, reason, meta: read.meta });
  const missing = read.features.find((feature) => feature.unrecorded !== null)?.unrecorded ?? null;
  if (missing !== null) return none(missing);
  if (table.names.length < needed) return none(lack(needed, table, request));
  const input = { rows: table.scaled, k: request.k ?? null, k_max: request.k_max };
  const grouping = table.names.length > MANY_OBJECTS ? await ctx.heavy.compute("cluster", input) : groupObjects(input);
  if (grouping === null) return none("All objects have the same values: there is nothing to tell them apart by");
  const clustering = clusteringOf(request, read, table, grouping);
  const unused = clustering.features.filter((feature) => !feature.used).map(({ label }) =>
    `${label} is the same for all and left out`
  );
  const meta = { ...read.meta, warnings: [...read.meta.warnings, ...unused, ...leftOut(table)] };
  return { status: "ok", reason: null, clustering, meta };
}

function clusteringOf(
  request: ClusteringRequest,
  read: ClusteringObjects,
  table: ObjectTable,
  grouping: Grouping,
): Clustering {
  const { clusters, columns } = grouping;
  const features = featuresOf(read, table, columns);
  const found = {
    ...{ entity: request.entity, objects: table.names.length, left_out: table.left_out, features },
    k: clusters.k,
    k_chosen_by: request.k === undefined ? "silhouette" as const : "request" as const,
    clusters: clusters.sizes.map((_, place) => clusterOf(place, request.max_members, features, table, grouping)),
    total_within_ss: clusters.within,
    silhouette: clusters.silhouette,
    silhouette_objects: clusters.measured,
    structure: structureOf(clusters.silhouette),
    tried: clusters.tried.map(({ k, silhouette, within }) => ({ k, silhouette, total_within_ss: within })),
  };
  return { ...found, interpretation: interpretation(found, request.interval) };
}

function featuresOf({ features }: ClusteringObjects, table: ObjectTable, columns: readonly number[]): UsedFeature[] {
  const taken = new Set<string>();
  return features.map(({ ref, metric_name, unit, aggregation }, i) => {
    const { service_name, metric_type } = ref;
    const name = ref.label ?? `${metric_name ?? `${service_name} ${metric_type}`} (${aggregation})`;
    let label = name;
    for (let copy = 2; taken.has(label); copy++) label = `${name} [${copy}]`;
    taken.add(label);
    const { mean, variance, n } = summary(table.rows.map((row) => row[i] ?? 0));
    return {
      ...{ label, service_name, metric_type, metric_name, unit, aggregation, transform: table.transforms[i] ?? "none" },
      mean: mean ?? 0,
      stddev: Math.sqrt((variance ?? 0) * (n - 1) / n),
      used: columns.includes(i),
    };
  });
}

function clusterOf(
  place: number,
  most: number,
  features: readonly UsedFeature[],
  { names, rows }: ObjectTable,
  { clusters, columns, distances }: Grouping,
): Cluster {
  const members = [...names.keys()].filter((i) => clusters.labels[i] === place);
  const centre = features.map(({ label }, feature) => {
    const column = columns.indexOf(feature);
    const mean = summary(members.map((i) => rows[i]?.[feature] ?? 0)).mean ?? 0;
    return { label, mean, z: column < 0 ? null : clusters.centres[place]?.[column] ?? null };
  });
  const nearest = members.toSorted((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0) || a - b);
  return {
    ...{ cluster: place + 1, size: members.length, share: members.length / names.length },
    silhouette: clusters.silhouettes[place] ?? null,
    centre,
    profile: profileOf(centre),
    members: nearest.slice(0, most).map((i) => names[i] ?? ""),
  };
}

function lack(needed: number, { names, left_out }: ObjectTable, { entity, interval, k }: ClusteringRequest): string {
  const what = entity === PERIOD ? `${interval}s` : `values of ${entity}`;
  const why = k === undefined ? "" : ` for ${k} clusters`;
  const incomplete = left_out === 0 ? "" : `, beside ${left_out} of which a feature is not known`;
  return `It takes ${needed} ${what}${why}, and there are ${names.length || "none"} in this window${incomplete}`;
}

function leftOut({ left_out }: ObjectTable): string[] {
  if (left_out === 0) return [];
  return [
    `${left_out} ${left_out === 1 ? "is" : "are"} left out, for a feature of ${
      left_out === 1 ? "it" : "them"
    } is not known`,
  ];
}
