import { z } from "@hono/zod-openapi";
import { GOOD_DIRECTIONS } from "../../db/metric_definitions.ts";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { page, paging, queryFlag } from "../paging.ts";
import { strict, text } from "../schema.ts";
import { LIMITS, METRIC_KINDS } from "./schema.ts";

/** Dimensions that tell the series of a gauge apart, at most. */
const MOST_KEYS = 8;
const DESCRIPTION = 500;
/** Rows of a service and type that a changed definition may have counted again while their senders wait: seconds. */
export const MOST_RECOUNTED = 1_000_000;

const KINDS =
  "A flow adds up over time; a gauge is a level, the last reading of each of its series added up; a sample " +
  "is a distribution, with an average and percentiles";
const PRIMARY = "Whether it is meant where only its service and type are named";
const SERIES = "The dimensions that tell one series of a gauge from another, such as platform; of other kinds none";
const ENTITY = "The dimension that names the person or project of a reading, by which these are counted";

/** What the catalog is asked with. */
export const CatalogQuery = strict({
  service_name: z.enum(SERVICE_NAMES).optional(),
  metric_type: z.enum(METRIC_TYPES).optional(),
  kind: z.enum(METRIC_KINDS).optional(),
  recorded: queryFlag.optional().describe("Only names with readings, or only those without"),
  ...paging,
});
export type CatalogQuery = z.infer<typeof CatalogQuery>;

/** What a metric name shall mean; what is left out gets its default. */
export const MetricDefinition = strict({
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  kind: z.enum(METRIC_KINDS).describe(KINDS),
  unit: text(LIMITS.metric_unit).nullish().describe("The unit that is meant where there are several; any when null"),
  good_direction: z.enum(GOOD_DIRECTIONS).optional().describe("Which way is good; up when absent"),
  is_primary: z.boolean().optional().describe(`${PRIMARY}; another one ceases to be. False when absent`),
  series_key: z.array(text(LIMITS.dimension_key)).max(MOST_KEYS).refine(
    (keys) => new Set(keys).size === keys.length,
    "must not name a dimension twice",
  ).optional().describe(SERIES),
  entity_key: text(LIMITS.dimension_key).nullish().describe(ENTITY),
  description: text(DESCRIPTION, 0).optional(),
}).openapi("MetricDefinition");
export type MetricDefinition = z.infer<typeof MetricDefinition>;

/** A metric name, what it means and what is recorded of it. */
export const CatalogEntry = z.strictObject({
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: z.string(),
  defined: z.boolean().describe("False for a name that is recorded and not defined; it is taken as a flow"),
  kind: z.enum(METRIC_KINDS).describe(KINDS),
  unit: z.string().nullable().describe("The unit that is meant where there are several; null for whatever is recorded"),
  good_direction: z.enum(GOOD_DIRECTIONS),
  is_primary: z.boolean().describe(PRIMARY),
  series_key: z.array(z.string()).describe(SERIES),
  entity_key: z.string().nullable().describe(ENTITY),
  description: z.string(),
  version: z.int().nullable().describe("Of the definition, for If-Match; null where there is none"),
  recorded: z.strictObject({
    units: z.array(z.string().nullable()).describe("Null for readings without one"),
    readings: z.int().describe("In all, those included whose rows are no longer kept"),
    first_day: z.string(),
    last_day: z.string(),
    last_at: z.string().describe("Instant of the latest reading"),
  }).nullable().describe("Null where there is no reading"),
}).openapi("CatalogEntry");
export type CatalogEntry = z.infer<typeof CatalogEntry>;

/** One page of the catalog, in the order of service, type and name. */
export const CatalogPage = page(CatalogEntry, "CatalogPage");
