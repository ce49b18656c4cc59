import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { AnalyticsMeta, reason } from "../analytics/schema.ts";
import { FEWEST_PEOPLE } from "../analytics/suppression.ts";
import { INTERVALS } from "./axis.ts";
import { MOST_GROUPS } from "./groups.ts";
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

const numbers = z.record(z.string(), z.number().nullable());

/** That a reader without a token may not see a number, as it would tell about single persons. */
const suppressed = z.literal(true).optional().describe(
  `Hidden from readers without a token: the numbers would be of fewer than ${FEWEST_PEOPLE} persons, or let such be told`,
);

const measurements = {
  values: numbers.describe("By the words of measures; null where not defined"),
  previous: z.strictObject({ values: numbers }).optional().describe(
    "Where compare is asked: the same of the window before; null where the metric was not recorded yet. Periods match by " +
      "their place in the window (month by month, day by day), other groups by their names",
  ),
  change: numbers.optional()
    .describe("(value − previous) / |previous| by the words of measures; null where previous is 0 or not known"),
  suppressed,
};

/** Sums and other measures of a window. */
export const MetricStatistics = z.strictObject({
  items: z.array(z.strictObject({
    ...identity,
    group: z.record(z.string(), value).describe("By the words of group_by; periods by their first local day or hour"),
    ...measurements,
  })).max(MOST_ROWS),
  other: z.array(z.strictObject({
    ...identity,
    rows: z.int().describe("How many rows are added up here"),
    ...measurements,
  })).max(MOST_GROUPS).describe(
    "The rows that the limit left out, added up for each metric, with or without order_by: with the items they make the " +
      "whole. The level of a gauge is that of the latest period left out. Medians, percentiles, distinct counts and last " +
      "readings do not add up: null",
  ),
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
  n: z.int().describe("Readings; 0 where suppressed"),
  complete: z.boolean().describe("Whether the window has the whole period and it is over"),
  rolling: z.number().nullable().optional().describe(
    "Where rolling is asked: the mean of the last so many periods, this one included. A flow counts 0 for a period " +
      "without a reading between its first and last recorded day, other measures only known values; null before there " +
      "are so many periods",
  ),
  previous: z.strictObject({ period: z.string(), value: z.number().nullable() }).nullable().optional().describe(
    "Where compare is asked: the period at the same place of the window before, month by month, day by day; null where " +
      "that window has no such place",
  ),
  suppressed,
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
