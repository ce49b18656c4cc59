import { type Cluster, type Clustering, PERIOD, type Structure } from "./clustering_schema.ts";
import { listed, periodsOf } from "./wording.ts";
import type { TrendInterval } from "../analytics/trend.ts";

/** What a profile names is at least so many standard deviations from the mean of all. */
const TELLING = 0.5;

/** What sets a cluster apart, the most telling feature first. */
export function profileOf(centre: Cluster["centre"]): string {
  const telling = centre.flatMap(({ label, z }) => z !== null && Math.abs(z) >= TELLING ? [{ label, z }] : [])
    .sort((a, b) => Math.abs(b.z) - Math.abs(a.z));
  if (telling.length === 0) return "near the mean in every feature";
  return telling.map(({ label, z }) =>
    `${z > 0 ? "high" : "low"} ${label} (${z > 0 ? "+" : "−"}${Math.abs(z).toFixed(1)} sd)`
  ).join(", ");
}

/** How much of a structure a mean silhouette shows (Kaufman & Rousseeuw 1990, Finding Groups in Data). */
export function structureOf(silhouette: number | null): Structure {
  if (silhouette === null || silhouette <= 0.25) return "none";
  if (silhouette <= 0.5) return "weak";
  return silhouette <= 0.7 ? "reasonable" : "strong";
}

const MEANING: Record<Structure, string> = {
  strong: "A strong structure",
  reasonable: "A reasonable structure",
  weak: "A weak structure that may be artificial: look at the members before building on it",
  none: "No substantial structure: these are cuts through one cloud rather than kinds",
};

/** The clusters in a sentence or two. */
export function interpretation(
  { entity, objects, clusters, silhouette, structure }: Omit<Clustering, "interpretation">,
  interval: TrendInterval,
): string {
  const what = entity === PERIOD ? periodsOf(objects, interval) : `${objects} values of ${entity}`;
  const sizes = clusters.map(({ size }) => String(size));
  const measure = silhouette === null ? "" : ` (mean silhouette ${silhouette.toFixed(2)})`;
  return `${what} in ${clusters.length} ${clusters.length === 1 ? "cluster" : "clusters"} of ${listed(sizes)}. ${
    MEANING[structure]
  }${measure}.`;
}
