import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { AnalyticsMeta, reason } from "../analytics/schema.ts";
import { INTERVALS } from "./axis.ts";
import { MOST_ROWS } from "./queries.ts";
import { METRIC_KINDS } from "./schema.ts";

const value = z.union([z.string(), z.number(), z.boolean()]).nullable();

/** Which metric a number is of; null where several are added up because the question groups them. */
const identity = {
  service_name: z.enum(SERVICE_NAMES).nullable(),
  metric_type: z.enum(METRIC_TYPES).nullable(),
  metric_name: z.string().nullable(),
  metric_unit: z.string().nullable(),
  kind: z.enum(METRIC_KINDS).describe("A flow adds up over time, a gauge over its series, a sample not at all"),
};

/** Sums and other measures of a window. */
export const MetricStatistics = z.strictObject({
  items: z.array(z.strictObject({
    ...identity,
    group: z.record(z.string(), value).describe("By the words of group_by; periods by their first local day or hour"),
    values: z.record(z.string(), z.number().nullable()).describe("By the words of measures; null where not defined"),
  })).max(MOST_ROWS),
  total: z.int().describe("Rows before the limit"),
  reason,
  meta: AnalyticsMeta,
}).openapi("MetricStatistics");
export type MetricStatistics = z.infer<typeof MetricStatistics>;

/** One period of a series. */
export const MetricPoint = z.strictObject({
  period: z.string().describe("The period's first local day, or an hour's first instant"),
  start: z.string().describe("First instant, within the window"),
  end: z.string().describe("The instant after the last"),
  value: z.number().nullable(),
  n: z.int().describe("Readings"),
  complete: z.boolean().describe("Whether the window has the whole period and it is over"),
}).openapi("MetricPoint");
export type MetricPoint = z.infer<typeof MetricPoint>;

/** A metric by calendar periods, once for each value it is split by. */
export const MetricTimeSeries = z.strictObject({
  interval: z.enum(INTERVALS),
  series: z.array(z.strictObject({
    ...identity,
    split: value.describe("The service, metric name or value of the dimension that split_by names, or null"),
    measure: z.string(),
    points: z.array(MetricPoint),
  })).describe("One without split_by, even where there is nothing"),
  reason,
  meta: AnalyticsMeta,
}).openapi("MetricTimeSeries");
export type MetricTimeSeries = z.infer<typeof MetricTimeSeries>;
