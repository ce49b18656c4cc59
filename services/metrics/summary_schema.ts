import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { AnalyticsMeta, MOST_WINDOW_DAYS, reason, windowQuery } from "../analytics/schema.ts";
import { queryInteger } from "../paging.ts";
import { strict } from "../schema.ts";
import { INTERVALS } from "./axis.ts";
import { METRIC_KINDS, MetricResponse } from "./schema.ts";

/** Metrics of one summary, at most. */
export const MOST_SUMMARIES = 500;
/** Points of a sparkline, at most. */
export const MOST_POINTS = 31;
/** Readings shown beside the summaries, at most. */
const MOST_LATEST = 100;
export const DEFAULT_LATEST = 10;

/** A word of a path. */
function pathWord<const Words extends readonly [string, ...string[]]>(name: string, words: Words) {
  return z.enum(words).openapi({ param: { name, in: "path" } });
}

/** The service of a summary. */
export const ServicePath = z.strictObject({ service_name: pathWord("service_name", SERVICE_NAMES) });
/** The metric type of a summary. */
export const TypePath = z.strictObject({ metric_type: pathWord("metric_type", METRIC_TYPES) });

/** What summaries are asked with. */
export const SummaryQuery = strict({
  ...windowQuery,
  start_date: windowQuery.start_date.describe(
    `The default window are the last 30 complete local days; at most ${MOST_WINDOW_DAYS} days`,
  ),
  latest: queryInteger(0, MOST_LATEST).optional()
    .describe(`How many of the latest readings dated in the window to show, ${DEFAULT_LATEST} when absent`),
});
export type SummaryQuery = z.infer<typeof SummaryQuery>;

/** What each metric of a service or a type amounts to. */
export const MetricSummaries = z.strictObject({
  items: z.array(z.strictObject({
    service_name: z.enum(SERVICE_NAMES),
    metric_type: z.enum(METRIC_TYPES),
    metric_name: z.string(),
    metric_unit: z.string().nullable(),
    kind: z.enum(METRIC_KINDS).describe("Of the definition; flow for a name that has none"),
    is_primary: z.boolean().describe("Whether it stands for its service and type"),
    measure: z.enum(["total", "level", "average"]).describe("What value is: of a flow, a gauge, a sample"),
    value: z.number().nullable().describe(
      "A flow's total, 0 once it was ever recorded; a gauge's level at the window's end; the average of samples. Null " +
        "where nothing is known",
    ),
    readings: z.int().describe("In the window"),
    previous: z.number().nullable().describe("The value of the window before, meta.compared_with"),
    change: z.number().nullable()
      .describe("(value − previous) / |previous|; null where previous is 0 or either is not known"),
    sparkline: z.array(z.number().nullable()).max(MOST_POINTS).describe(
      "The value of each of `periods`; null for gaps, and for a flow outside the days between its first and last reading",
    ),
  })).max(MOST_SUMMARIES).describe("One for each service, type, name and unit that was ever recorded, in this order"),
  interval: z.enum(INTERVALS).describe(
    `The finest of day, week, month, quarter and year with at most ${MOST_POINTS} periods`,
  ),
  periods: z.array(z.string()).max(MOST_POINTS).describe("The first local day of each point of the sparklines"),
  latest: z.array(MetricResponse).max(MOST_LATEST).describe(
    "The latest readings dated in the window, the latest first",
  ),
  reason,
  meta: AnalyticsMeta,
}).openapi("MetricSummaries");
export type MetricSummaries = z.infer<typeof MetricSummaries>;
