import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { COMPARISONS } from "../analytics/comparison.ts";
import { MOST_WINDOW_DAYS } from "../analytics/schema.ts";
import { daysBetween } from "../days.ts";
import { GROUP_WORDS, TimeSeriesQuery } from "../metrics/queries.ts";
import { LIMITS, MetricCreate } from "../metrics/schema.ts";
import { date, isStorable, quantity, strict, text, timezone, uuid, whole } from "../schema.ts";
import { DEFAULT_WINDOW, RELATIVE_WINDOWS } from "./windows.ts";

/** Widgets of one dashboard, and bytes of its config as JSON. */
export const MOST_WIDGETS = 24;
export const MOST_CONFIG_BYTES = 65_536;

/** How many groups each type of widget shows when it does not say. */
export const DEFAULT_LIMITS = { bar: 10, pie: 6, table: 20 } as const;

const fixed = strict({ start_date: date, end_date: date.describe("Inclusive") }).superRefine((days, ctx) => {
  const length = daysBetween(days.start_date, days.end_date) + 1;
  if (length >= 1 && length <= MOST_WINDOW_DAYS) return;
  const message = length < 1 ? "must not be before start_date" : `must be at most ${MOST_WINDOW_DAYS} days on`;
  ctx.addIssue({ code: "custom", path: ["end_date"], message });
});

const window = z.union([strict({ relative: z.enum(RELATIVE_WINDOWS) }), fixed]).describe(
  `Which local days; ${DEFAULT_WINDOW} when absent. last_ windows end before the running day or period, this_ windows ` +
    "are the whole running period",
);
export type WidgetWindow = z.infer<typeof window>;

/** Which metric a widget is about. */
export const WidgetMetric = strict({
  service_name: z.enum(SERVICE_NAMES),
  metric_type: z.enum(METRIC_TYPES),
  metric_name: text(LIMITS.metric_name).optional()
    .describe("When absent: the only one recorded, else the primary, else the most recorded of the last year"),
  metric_unit: text(LIMITS.metric_unit).optional()
    .describe("When absent: the only one recorded, else the defined, else the most recorded of the last year"),
  dimensions: MetricCreate.shape.dimensions.unwrap().optional().describe("Only readings with all of these"),
}).openapi("WidgetMetric");
export type WidgetMetric = z.infer<typeof WidgetMetric>;

const { interval, measure, fill } = TimeSeriesQuery.shape;

const KEY = `dimension\\..{1,${LIMITS.dimension_key}}`;
const isDimension = (word: string): word is `dimension.${string}` =>
  new RegExp(`^${KEY}$`, "s").test(word) && isStorable(word);

/** What tells the parts of a metric apart: its name, or a dimension. */
export type PartWord = "metric_name" | `dimension.${string}`;
const isPart = (word: string): word is PartWord => word === "metric_name" || isDimension(word);
const part = z.string().max(100).refine(isPart, "must be metric_name or dimension.KEY")
  .openapi({ pattern: `^(metric_name|${KEY})$` });

/** A calendar period; a day is called `date`. */
export type PeriodWord = typeof GROUP_WORDS[number];
export const isPeriod = (word: string): word is PeriodWord => GROUP_WORDS.some((known) => known === word);

/** What a breakdown goes by. */
export type GroupWord = PartWord | PeriodWord;
const isGroup = (word: string): word is GroupWord => isPart(word) || isPeriod(word);
const group = z.string().max(100).refine(
  isGroup,
  `must be one of ${GROUP_WORDS.join(", ")}, metric_name, dimension.KEY`,
)
  .openapi({ pattern: `^(${GROUP_WORDS.join("|")}|metric_name|${KEY})$` });

const distinctWords = (words: readonly string[]) => new Set(words).size === words.length;

const head = {
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, - and _").openapi({ maxLength: 64 })
    .describe("Unique within the dashboard; the slot of the answer has it too"),
  title: text(255),
  span: whole(1, 12).optional().describe("Columns that it is wide; 1 when absent"),
};
const asked = {
  metric: WidgetMetric,
  window: window.optional(),
  timezone: timezone.optional().describe("Whose calendar decides which day is which; the organisation's when absent"),
};
const lines = {
  ...asked,
  interval,
  split_by: part.optional().describe("One series for each metric name, or value of a dimension; at most 20"),
  measure,
  fill,
};
const limit = (type: keyof typeof DEFAULT_LIMITS, most: number) =>
  whole(1, most).optional().describe(
    `Groups to show, ${DEFAULT_LIMITS[type]} when absent: the largest, or the latest periods; the rest is \`other\``,
  );

const Stat = strict({
  type: z.literal("stat"),
  ...head,
  ...asked,
  measure,
  compare: z.enum([...COMPARISONS, "none"]).optional().describe(
    "previous_period when absent. A running window is compared with as many days as it has had",
  ),
  sparkline: z.boolean().optional().describe("Whether to show the window by periods too; true when absent"),
  target: quantity.optional().describe("What the value should reach, in the metric's unit"),
}).openapi("StatWidget");
const Line = strict({ type: z.literal("line"), ...head, ...lines }).openapi("LineWidget");
const Area = strict({ type: z.literal("area"), ...head, ...lines }).openapi("AreaWidget");
const Bar = strict({ type: z.literal("bar"), ...head, ...asked, group_by: group, measure, limit: limit("bar", 50) })
  .openapi("BarWidget");
const Pie = strict({
  type: z.literal("pie"),
  ...head,
  ...asked,
  group_by: part,
  measure: z.enum(["sum", "count"]).optional().describe(
    "What adds up to a whole; sum when absent, of a gauge its level",
  ),
  limit: limit("pie", 20),
}).openapi("PieWidget");
const Heatmap = strict({
  type: z.literal("heatmap"),
  ...head,
  ...asked,
  measure: z.enum(["sum", "count", "avg"]).optional().describe("The sum of a flow, the average of samples when absent"),
}).openapi("HeatmapWidget");
const Table = strict({
  type: z.literal("table"),
  ...head,
  ...asked,
  group_by: z.array(group).min(1).max(3).refine(distinctWords, "must not repeat a word"),
  measures: z.array(measure.unwrap()).min(1).max(6).refine(distinctWords, "must not repeat a measure").optional()
    .describe(
      "The first one orders the rows. When absent: the sum of a flow, the level of a gauge, the average of samples",
    ),
  limit: limit("table", 100),
}).openapi("TableWidget");
const Goal = strict({ type: z.literal("goal"), ...head, goal_id: uuid }).openapi("GoalWidget");
const Freshness = strict({
  type: z.literal("freshness"),
  ...head,
  services: z.array(z.enum(SERVICE_NAMES)).min(1).max(SERVICE_NAMES.length)
    .refine(distinctWords, "must not repeat a service").optional().describe("All of them when absent"),
}).openapi("FreshnessWidget");

export const WIDGET_TYPES = ["stat", "line", "area", "bar", "pie", "heatmap", "table", "goal", "freshness"] as const;

/** One piece of a dashboard, by its type. */
export const Widget = z.discriminatedUnion(
  "type",
  [Stat, Line, Area, Bar, Pie, Heatmap, Table, Goal, Freshness],
).openapi("Widget");
export type Widget = z.infer<typeof Widget>;
export type WidgetOf<Type extends Widget["type"]> = Extract<Widget, { type: Type }>;

/** What a dashboard shows, in order. */
export const DashboardConfig = strict({
  widgets: z.array(Widget).max(MOST_WIDGETS),
  columns: whole(1, 12).optional().describe("Of the grid that the widgets fill row by row; 3 when absent"),
}).superRefine(({ widgets }, ctx) => {
  for (const [i, { id }] of widgets.entries()) {
    const first = widgets.findIndex((one) => one.id === id);
    if (first === i) continue;
    ctx.addIssue({ code: "custom", path: ["widgets", i, "id"], message: `is the id of widgets/${first} already` });
  }
}).refine(
  (config) => new TextEncoder().encode(JSON.stringify(config)).length <= MOST_CONFIG_BYTES,
  `must be at most ${MOST_CONFIG_BYTES} bytes as JSON`,
).openapi("DashboardConfig");
export type DashboardConfig = z.infer<typeof DashboardConfig>;
