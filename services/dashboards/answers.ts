import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { AnalyticsMeta } from "../analytics/schema.ts";
import { SOURCE_STATES } from "../data_sync/schema.ts";
import { GoalProgressResponse } from "../goals/schema.ts";
import { MetricPoint } from "../metrics/answers.ts";
import { INTERVALS } from "../metrics/axis.ts";
import { METRIC_KINDS } from "../metrics/schema.ts";
import { date, instant, Ratio, uuid } from "../schema.ts";
import { HIDDEN_TOGETHER } from "./hidden.ts";
import { DashboardResponse } from "./schema.ts";
import { MOST_WIDGETS } from "./widgets.ts";

const number = z.number().nullable();

/** A named schema or null: `nullable` would leave the null out of the document. */
const orNull = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.null()]);
const days = z.strictObject({ start_date: date, end_date: date.describe("Inclusive") });

/** Which metric a widget shows; what its config leaves open is settled here. */
const Metric = z.strictObject({
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: z.string().nullable().describe("Null where nothing is recorded, or where names are told apart"),
  metric_unit: z.string().nullable(),
  kind: z.enum(METRIC_KINDS).nullable().describe("Null where nothing is recorded"),
}).openapi("ShownMetric");
export type ShownMetric = z.infer<typeof Metric>;

const measure = z.string().nullable().describe("Null where nothing is recorded and the config names none");

/** Points of a sparkline, at most: as many as a month has days. */
export const MOST_POINTS = 31;

const StatData = z.strictObject({
  metric: Metric,
  measure,
  value: number.describe("Up to now; 0 for a flow with nothing in it since its first reading; null where not known"),
  previous: number.describe("The same of meta.compared_with"),
  change: number.describe("(value − previous) / |previous|; null where previous is 0 or either is not known"),
  good_direction: z.enum(["up", "down", "none"]).nullable().describe(
    "Which change is a good one; null where not defined",
  ),
  target: number,
  target_share: orNull(Ratio).describe("value / target; null without a target or a value"),
  sparkline: z.strictObject({
    interval: z.enum(INTERVALS),
    points: z.array(z.strictObject({
      period: z.string().describe("Its first local day"),
      value: number.describe("0 for a flow that has nothing in a period after its first reading; null where not known"),
      complete: z.boolean(),
    })).max(MOST_POINTS),
  }).nullable(),
}).openapi("StatData");
export type StatData = z.infer<typeof StatData>;

const label = z.union([z.string(), z.number(), z.boolean()]).nullable();

const SeriesData = z.strictObject({
  interval: z.enum(INTERVALS),
  series: z.array(z.strictObject({
    metric: Metric,
    measure: z.string(),
    split: label.describe("The metric name or value of the dimension that split_by names; else null"),
    points: z.array(MetricPoint),
  })).max(20).describe("Those with the most readings first"),
}).openapi("SeriesData");
export type SeriesData = z.infer<typeof SeriesData>;

const n = z.int().describe("Readings; of a level, the series that it is added from or their readings");

const BarData = z.strictObject({
  metric: Metric,
  measure,
  group_by: z.string(),
  rows: z.array(z.strictObject({ group: label, value: number, n })).max(50)
    .describe("The largest first; periods in the order of time"),
  other: z.strictObject({ groups: z.int(), value: number, n }).nullable().describe(
    "All smaller or earlier groups together; its value is null for a measure of which that cannot be told from theirs",
  ),
  hidden: z.strictObject({ groups: z.int(), value: number, n: n.nullable() }).nullable().describe(
    `The groups that the reader may not see, together; its value is null for what does not add up. ${HIDDEN_TOGETHER}`,
  ),
}).openapi("BarData");
export type BarData = z.infer<typeof BarData>;

const slice = {
  value: z.number(),
  share: number.describe("value / total; null where the total is hidden"),
  percentage: z.int().nullable().describe(
    "Whole percent by the largest remainder: all slices, `other` and `hidden` are exactly 100; null where share is",
  ),
};

const PieData = z.strictObject({
  metric: Metric,
  measure,
  group_by: z.string(),
  slices: z.array(z.strictObject({ group: label, ...slice })).max(20).describe("The largest first"),
  other: z.strictObject({ groups: z.int(), ...slice }).nullable().describe("All smaller groups together"),
  hidden: z.strictObject({ groups: z.int(), ...slice, value: number }).nullable()
    .describe(`The groups that the reader may not see, together. ${HIDDEN_TOGETHER}, and so are total and all shares`),
  total: number.describe("Of all groups, hidden ones too; null where nothing is recorded or `hidden` is not told"),
}).openapi("PieData");
export type PieData = z.infer<typeof PieData>;

const HeatmapData = z.strictObject({
  metric: Metric,
  measure,
  cells: z.array(z.strictObject({
    weekday: z.int().min(1).max(7).describe("1 is Monday (ISO 8601)"),
    hour: z.int().min(0).max(23).describe("On the wall in the zone of the period"),
    value: z.number(),
    n: z.int().describe("Readings"),
  })).max(7 * 24).describe("Those with readings, by weekday and hour"),
}).openapi("HeatmapData");
export type HeatmapData = z.infer<typeof HeatmapData>;

const TableData = z.strictObject({
  metric: Metric,
  group_by: z.array(z.string()),
  measures: z.array(z.string()),
  rows: z.array(z.strictObject({ group: z.array(label), values: z.array(number), n }))
    .max(100).describe(
      "In the order of group_by and measures; the largest first, or by time where it is grouped by it",
    ),
  other: z.strictObject({ groups: z.int(), values: z.array(number), n }).nullable().describe(
    "All smaller or earlier groups together; null for measures of which that cannot be told from theirs",
  ),
  hidden: z.strictObject({ groups: z.int(), values: z.array(number), n: n.nullable() }).nullable().describe(
    `The groups that the reader may not see, together; null for measures that do not add up. ${HIDDEN_TOGETHER}`,
  ),
}).openapi("TableData");
export type TableData = z.infer<typeof TableData>;

const FreshnessData = z.strictObject({
  services: z.array(z.strictObject({
    service_name: z.enum(SERVICE_NAMES),
    data_through: instant.nullable().describe("Its latest reading up to now, pushed or pulled; null without one"),
    age_s: z.int().min(0).nullable().describe("Whole seconds from data_through to now"),
    warning: z.string().nullable().describe("Names the latest reading that is dated in the future, where there is one"),
    sync_status: z.enum(SOURCE_STATES),
    last_success_at: instant.nullable().describe("When its latest completed sync ended"),
    stale: z.boolean().describe("As GET /sync/status/current says"),
  })).max(SERVICE_NAMES.length),
}).openapi("FreshnessData");
export type FreshnessData = z.infer<typeof FreshnessData>;

const slot = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.strictObject({
    id: z.string(),
    type: z.literal(type),
    title: z.string(),
    status: z.enum(["ok", "empty", "error"]),
    data: orNull(data).describe("Null where status is error"),
    reason: z.string().nullable().describe("Why there is nothing, where status is empty"),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    meta: orNull(AnalyticsMeta).describe("Null where status is error, and for what is of no window"),
  });

/** One widget, resolved. */
export const WidgetSlot = z.discriminatedUnion("type", [
  slot("stat", StatData),
  slot("line", SeriesData),
  slot("area", SeriesData),
  slot("bar", BarData),
  slot("pie", PieData),
  slot("heatmap", HeatmapData),
  slot("table", TableData),
  slot("goal", GoalProgressResponse),
  slot("freshness", FreshnessData),
]).openapi("WidgetSlot");
export type WidgetSlot = z.infer<typeof WidgetSlot>;

const unstored = "null for the shipped default, which is not stored";

/** A dashboard, stored or shipped. */
export const ShownDashboard = z.strictObject({
  ...DashboardResponse.shape, // not extend: the document would ask for both at once
  id: uuid.nullable().describe(unstored),
  version: z.int().nullable().describe(unstored),
  created_at: instant.nullable().describe(unstored),
  updated_at: instant.nullable().describe(unstored),
}).openapi("ShownDashboard");
export type ShownDashboard = z.infer<typeof ShownDashboard>;

/** A dashboard with every widget resolved. */
export const DashboardData = z.strictObject({
  dashboard: ShownDashboard,
  widgets: z.array(WidgetSlot).max(MOST_WIDGETS).describe("In the order of the config"),
  meta: z.strictObject({
    as_of: instant,
    data_through: instant.nullable().describe("The latest reading of all metrics up to now"),
    period: days.nullable().describe("What stands for the relative windows, where the query names it"),
    timezone: z.string().nullable().describe("What stands for the widgets' zones, where the query names it"),
    warnings: z.array(z.string()).describe("Names the latest reading that is dated in the future, where there is one"),
  }),
}).openapi("DashboardData");
export type DashboardData = z.infer<typeof DashboardData>;
