import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { namesIn } from "../analytics/by_name.ts";
import { COMPARISONS } from "../analytics/comparison.ts";
import { MOST_WINDOW_DAYS } from "../analytics/schema.ts";
import { TREND_INTERVALS } from "../analytics/trend.ts";
import { LIMITS, MetricCreate } from "../metrics/schema.ts";
import { date, strict, text, timezone, whole } from "../schema.ts";

/** What may be compared: services, times, or the values of a dimension. */
export const COMPARISON_TYPES = ["service", "time_period", "segment"] as const;
export type ComparisonType = typeof COMPARISON_TYPES[number];

/** How readings become one number. */
export const AGGREGATIONS = ["sum", "count", "avg", "last"] as const;
export type Aggregation = typeof AGGREGATIONS[number];

/** Calendar periods into which a window may be cut, and how many of them before the running one are the default. */
export const DEFAULT_PERIODS = { week: 12, month: 12, quarter: 8, year: 5 } as const;
export type CalendarPeriod = keyof typeof DEFAULT_PERIODS;
const PERIODS = ["week", "month", "quarter", "year"] as const satisfies readonly CalendarPeriod[];

/** Periods that may be named one by one. */
export const MOST_NAMED_PERIODS = 24;
/** Calendar periods into which a window may be cut. */
export const MOST_CALENDAR_PERIODS = 60;
/** Values of a dimension that are compared; the rest is added up. */
export const MOST_SEGMENTS = 50;
const DEFAULT_SEGMENTS = 10;
/** Members of one comparison. */
export const MOST_MEMBERS = Math.max(MOST_NAMED_PERIODS, MOST_CALENDAR_PERIODS, MOST_SEGMENTS);

const namedPeriod = strict({
  start_date: date,
  end_date: date.describe("Inclusive"),
  label: text(100).optional().describe("What the answer calls it; its dates when absent"),
});

const fields = strict({
  comparison_type: z.enum(COMPARISON_TYPES).describe(
    "service: one member for each service; time_period: for each of some periods; segment: for each value of a dimension",
  ),
  metric_type: z.enum(METRIC_TYPES),
  service_name: z.enum(SERVICE_NAMES).optional().describe("Of a comparison of periods or segments"),
  services: z.array(z.enum(SERVICE_NAMES)).min(1).max(SERVICE_NAMES.length).optional()
    .describe("Of a comparison of services; when absent, all that record the type and name"),
  metric_name: text(LIMITS.metric_name).optional().describe(
    "When absent, the answer says which one it took; of services, for each the one that stands for it",
  ),
  metric_unit: text(LIMITS.metric_unit).optional()
    .describe("When absent, the answer says which one it took: two units are never compared"),
  dimensions: MetricCreate.shape.dimensions.unwrap().optional().describe("Only readings with all of these"),
  start_date: date.optional().describe(
    "Without dates the last 30 complete local days; where period is given, the last 12 weeks, 12 months, 8 quarters or " +
      `5 years and the running one up to yesterday. At most ${MOST_WINDOW_DAYS} days`,
  ),
  end_date: date.optional().describe(
    "Inclusive; yesterday when absent. Today is not over, and left out where it is named",
  ),
  timezone: timezone.optional().describe("IANA; the organisation's when absent"),
  aggregation: z.enum(AGGREGATIONS).optional().describe(
    "When absent, a flow's sum, a gauge's last level, a sample's average. Neither gauges nor samples have a sum; the average " +
      "of a gauge is that of its levels at the end of each interval",
  ),
  interval: z.enum(TREND_INTERVALS).default("day").describe(
    "The periods within a member of which the values are taken that means, variances and tests rest on",
  ),
  periods: z.array(namedPeriod).min(2).max(MOST_NAMED_PERIODS).optional()
    .describe("Of a comparison of periods: which; instead of start_date and end_date"),
  compare: z.enum(COMPARISONS).optional().describe(
    "Of a comparison of periods: the window with the one before or that of a year before; a running one up to yesterday, with " +
      "as many days",
  ),
  period: z.enum(PERIODS).optional().describe(
    `Of a comparison of periods: cuts the window into calendar periods, at most ${MOST_CALENDAR_PERIODS}. One that is not ` +
      "over, or cut by the window, is shown and neither ranked nor tested",
  ),
  segment_by: text(LIMITS.dimension_key).optional().describe("Of a comparison of segments: the dimension"),
  limit: whole(2, MOST_SEGMENTS).optional().describe(
    `Of a comparison of segments: how many are compared, ${DEFAULT_SEGMENTS} when absent: the largest by sum, count or ` +
      "level, or those with the most readings for averages. The rest is added up in other",
  ),
});

/** What is to be compared. */
export const ComparisonRequest = fields.superRefine((request, ctx) => {
  for (const [path, message] of contradictions(request)) ctx.addIssue({ code: "custom", path: [path], message });
}).openapi("ComparisonRequest", {
  description:
    "A comparison of periods needs exactly one of periods, compare and period; one of segments needs segment_by",
  example: {
    comparison_type: "time_period",
    metric_type: "donation",
    service_name: "partners_crm",
    period: "month",
    start_date: "2025-01-01",
    end_date: "2025-12-31",
  },
});
export type ComparisonRequest = z.infer<typeof ComparisonRequest>;

/** How many segments a request asks for. */
export const segmentLimit = ({ limit = DEFAULT_SEGMENTS }: Pick<ComparisonRequest, "limit">) => limit;

/** Fields that only some comparisons have. */
const BELONGS: Readonly<
  Record<
    "services" | "service_name" | "periods" | "compare" | "period" | "segment_by" | "limit",
    readonly ComparisonType[]
  >
> = {
  services: ["service"],
  service_name: ["time_period", "segment"],
  periods: ["time_period"],
  compare: ["time_period"],
  period: ["time_period"],
  segment_by: ["segment"],
  limit: ["segment"],
};

/** Fields that cannot stand together, or one that is missing. */
function contradictions(request: z.infer<typeof fields>): [field: string, detail: string][] {
  const { comparison_type: type, periods, compare, period, segment_by, start_date, end_date } = request;
  const strange = namesIn(BELONGS).flatMap((field): [string, string][] =>
    request[field] === undefined || BELONGS[field].includes(type)
      ? []
      : [[field, `is for comparisons by ${BELONGS[field].join(" or ")}, and this one is by ${type}`]]
  );
  if (strange.length > 0) return strange;
  if (type === "segment" && segment_by === undefined) return [["segment_by", "is needed to compare segments"]];
  if (type !== "time_period") return [];
  const ways = [periods, compare, period].filter((one) => one !== undefined).length;
  if (ways !== 1) return [["comparison_type", "time_period needs exactly one of periods, compare and period"]];
  const dated = start_date !== undefined ? "start_date" : end_date !== undefined ? "end_date" : null;
  return periods !== undefined && dated !== null ? [[dated, "cannot stand beside periods, which have their own"]] : [];
}
