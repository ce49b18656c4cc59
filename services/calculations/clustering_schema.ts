import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { MOST_MEASURED } from "../math/mod.ts";
import { LIMITS } from "../metrics/schema.ts";
import { strict, text, whole } from "../schema.ts";
import { SeriesRef, windowShape } from "./request.ts";

/** The entity whose members are the periods of the window. */
export const PERIOD = "period";
/** Objects, at most. */
export const MOST_OBJECTS = 5_000;
const MOST_FEATURES = 8;
const [FEWEST_CLUSTERS, MOST_CLUSTERS] = [2, 10];
const MOST_MEMBERS = 1_000;

/** What is made of the readings of one object in the window. */
export const AGGREGATIONS = ["sum", "count", "avg", "last"] as const;
export type Aggregation = typeof AGGREGATIONS[number];

/** How amounts are brought onto a scale. */
export const TRANSFORMS = ["auto", "log", "none"] as const;

const Feature = strict({
  ...SeriesRef.shape,
  aggregation: z.enum(AGGREGATIONS).optional().describe(
    "When absent: the sum of a flow, the last level of a gauge, the average of samples. Neither gauges nor samples have a " +
      "sum. Not for entity period, which has just what is taken when absent",
  ),
}).openapi("ClusteringFeature");

const clusterCount = whole(FEWEST_CLUSTERS, MOST_CLUSTERS);

/** What is put into groups of what is alike. */
export const ClusteringRequest = strict({
  calculation_type: z.literal("clustering"),
  entity: text(LIMITS.dimension_key).describe(
    "What is grouped: the values of this dimension, such as partner_id, project_id or platform, that have readings of a " +
      `feature in the window, at most ${MOST_OBJECTS}; or ${PERIOD}: the complete periods of the window`,
  ),
  features: z.array(Feature).min(1).max(MOST_FEATURES).describe("By which numbers they are alike"),
  transform: z.enum(TRANSFORMS).default("auto").describe(
    "log: log(1 + value), which needs values of 0 or more; auto: that for features whose skewness is above 1 and becomes " +
      "smaller by it",
  ),
  k: clusterCount.optional().describe("How many clusters; when absent, the number with the largest mean silhouette"),
  k_max: clusterCount.default(8).describe("Without k: the largest number that is tried, from 2 on"),
  max_members: whole(0, MOST_MEMBERS).default(20).describe("Members to name of each cluster"),
  ...windowShape,
}).openapi("ClusteringRequest", {
  example: {
    calculation_type: "clustering",
    entity: "partner_id",
    features: [
      { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received", aggregation: "sum" },
      { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received", aggregation: "count" },
    ],
  },
});
export type ClusteringRequest = z.infer<typeof ClusteringRequest>;

const UsedFeature = z.strictObject({
  label: z.string().describe("What the rest of the answer calls it"),
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: z.string().nullable(),
  unit: z.string().nullable().describe("Of its values; null for a count"),
  aggregation: z.enum(AGGREGATIONS),
  transform: z.enum(["log", "none"]),
  mean: z.number().describe("Over all objects, in its unit"),
  stddev: z.number().describe("Of all objects, divided by n; in its unit"),
  used: z.boolean().describe("False where all objects have the same value, which tells nothing apart"),
}).openapi("ClusteringUsedFeature");
export type UsedFeature = z.infer<typeof UsedFeature>;

const silhouette = z.number().min(-1).max(1).nullable();

const Cluster = z.strictObject({
  cluster: z.int().min(1).describe("Its number: 1 is the largest"),
  size: z.int().min(1),
  share: z.number().min(0).max(1).describe("size / objects"),
  silhouette: silhouette.describe("Mean of its members; null for a single cluster, or where none was measured"),
  centre: z.array(z.strictObject({
    label: z.string(),
    mean: z.number().describe("Of its members, in the feature's unit"),
    z: z.number().nullable().describe(
      "Mean of its members, in standard deviations from the mean of all, after the transform; null for an unused feature",
    ),
  })).describe("One for each feature"),
  profile: z.string().describe(
    "The features that are half a standard deviation or more from the mean of all, in words",
  ),
  members: z.array(z.string()).max(MOST_MEMBERS).describe("Values of the entity, those nearest to the centre first"),
}).openapi("Cluster");
export type Cluster = z.infer<typeof Cluster>;

/** How much of a structure there is, by Kaufman and Rousseeuw. */
export const STRUCTURES = ["strong", "reasonable", "weak", "none"] as const;
export type Structure = typeof STRUCTURES[number];

/** Groups of what is alike. */
export const Clustering = z.strictObject({
  entity: z.string(),
  objects: z.int().min(0).describe("What was grouped"),
  left_out: z.int().min(0).describe("Objects of which a feature is not known"),
  features: z.array(UsedFeature),
  k: z.int().min(1).describe("Clusters; fewer than asked where fewer objects differ"),
  k_chosen_by: z.enum(["request", "silhouette"]),
  clusters: z.array(Cluster),
  total_within_ss: z.number().min(0).describe(
    "Σ of the squared distances of the objects from their centres, in standard deviations of the used features",
  ),
  silhouette: silhouette.describe(
    "Mean over the objects of (b − a)/max(a, b): a the mean distance to its own cluster, b to the next one (Rousseeuw 1987)",
  ),
  silhouette_objects: z.int().min(0).describe(
    `Objects whose silhouettes were measured: all, or ${MOST_MEASURED} of them drawn by a fixed seed`,
  ),
  structure: z.enum(STRUCTURES).describe(
    "By the mean silhouette: strong above 0.7, reasonable above 0.5, weak above 0.25, else none (Kaufman & Rousseeuw 1990)",
  ),
  tried: z.array(z.strictObject({ k: z.int(), silhouette, total_within_ss: z.number() }))
    .describe("Each number of clusters that was tried"),
  interpretation: z.string(),
}).openapi("Clustering");
export type Clustering = z.infer<typeof Clustering>;
