import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { page } from "../paging.ts";
import { date, instant, isStorable, quantity, strict, text } from "../schema.ts";

/** How the readings of a metric add up: a flow over time, a gauge over its series, a sample not at all. */
export const METRIC_KINDS = ["flow", "gauge", "sample"] as const;
export type MetricKind = typeof METRIC_KINDS[number];

/** What a reading is about, by name. */
export type Dimensions = Record<string, string | number | boolean>;

/** What a row may hold. `isMetricRow` checks the same by hand, and a property test that the two agree. */
export const LIMITS = {
  metric_name: 255,
  metric_unit: 50,
  external_id: 255,
  timestamp: 40,
  dimensions: 32,
  dimension_key: 64,
  dimension_text: 255,
} as const;

/** Types whose names are free: any name is a flow, and none is a surprise. */
export const FREE_TYPES: readonly string[] = ["conversion", "revenue"];

/** Rows of one batch. */
export const BATCH_ROWS = 10_000;

const dimension = z.union([z.string().max(LIMITS.dimension_text).refine(isStorable), quantity, z.boolean()], {
  error: `must be text of at most ${LIMITS.dimension_text} characters, a number from -1e15 to 1e15, or a boolean`,
});

/** Limits of an object with free names, which the types of the document's writer lack. */
const DOCUMENTED = {
  maxProperties: LIMITS.dimensions,
  propertyNames: { minLength: 1, maxLength: LIMITS.dimension_key },
};

const dimensions = z.record(text(LIMITS.dimension_key), dimension)
  .refine((record) => Object.keys(record).length <= LIMITS.dimensions, `must have at most ${LIMITS.dimensions} keys`)
  .openapi(DOCUMENTED);

/** One reading as a service sends it. */
export const MetricCreate = strict({
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: text(LIMITS.metric_name),
  metric_value: quantity.optional(),
  value: quantity.optional().describe("Another name for metric_value; give one of the two"),
  metric_unit: text(LIMITS.metric_unit).nullish(),
  dimensions: dimensions.optional().describe("What the reading is about: flat, by name"),
  timestamp: instant.max(LIMITS.timestamp).optional()
    .describe("Without it, the local midnight of date; without both, now"),
  date: date.optional()
    .describe("The local day it counts for, at most one day off the timestamp's; the timestamp's when absent"),
  external_id: text(LIMITS.external_id).nullish()
    .describe("The sender's id: a row that is sent again with it updates the stored one"),
}).refine((row) => (row.metric_value === undefined) !== (row.value === undefined), {
  path: ["metric_value"],
  error: "give metric_value or value, and not both",
}).openapi("MetricCreate", {
  oneOf: [{ required: ["metric_value"] }, { required: ["value"] }],
  example: {
    service_name: "partners_crm",
    metric_type: "donation",
    metric_name: "donation_received",
    metric_value: 250,
    metric_unit: "USD",
    dimensions: { campaign: "spring_appeal", country: "KE" },
    timestamp: "2025-12-24T10:15:00Z",
    external_id: "gift-4711",
  },
});
export type MetricCreate = z.infer<typeof MetricCreate>;

/** A stored metric as callers see it. */
export const MetricResponse = z.strictObject({
  id: z.string(),
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: z.string(),
  metric_value: z.number().nullable()
    .describe("Null for readers without a token where the reading names a person, or counts fewer than 5"),
  metric_unit: z.string().nullable(),
  dimensions: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe("Empty for readers without a token where they name a person"),
  timestamp: z.string(),
  date: z.string().describe("The local day it counts for"),
  external_id: z.string().nullable().describe("Null for readers without a token"),
  metadata: z.record(z.string(), z.unknown()).nullable().describe("Null for readers without a token"),
  version: z.int(),
  created_at: z.string(),
  updated_at: z.string(),
  warnings: z.array(z.string()).optional().describe("When it was just sent: what may not be as meant"),
}).openapi("MetricResponse");
export type MetricResponse = z.infer<typeof MetricResponse>;

/** One page of a list of metrics. */
export const MetricPage = page(MetricResponse, "MetricPage");

/** What became of a batch. */
export const MetricBatchResult = z.strictObject({
  accepted: z.int().describe("Rows stored anew"),
  updated: z.int().describe("Rows sent again that changed what is stored"),
  duplicates: z.int()
    .describe(
      "Rows sent again that changed nothing, and all but the last of those with the same external_id in the batch",
    ),
  rejected: z.array(z.strictObject({
    index: z.int().describe("The row's place in the batch, from 0"),
    errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() }))
      .describe("With JSON pointers into the row"),
  })),
  warnings: z.array(z.string()),
}).openapi("MetricBatchResult");
