import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import type { DimensionFilter } from "../../db/metric_cells.ts";
import { paging, queryFlag, queryInteger } from "../paging.ts";
import { COMPARISONS } from "../analytics/comparison.ts";
import { windowQuery } from "../analytics/schema.ts";
import { date, isStorable, text } from "../schema.ts";
import { unknownFields } from "../wording.ts";
import { INTERVALS } from "./axis.ts";
import { MEASURES } from "./groups.ts";
import { LIMITS } from "./schema.ts";

const PREFIX = "dimension.";
const MOST_FILTERS = 8;

/** Whether a text is `dimension.KEY`. */
function isDimensionName(name: string): boolean {
  const key = name.slice(PREFIX.length);
  return name.startsWith(PREFIX) && key.length > 0 && key.length <= LIMITS.dimension_key && isStorable(key);
}

/** A query that refuses unknown names but takes `dimension.KEY=value`, up to eight of them. */
function withDimensions<Shape extends z.ZodRawShape>(shape: Shape) {
  const legal = Object.keys(shape);
  return z.object(shape).catchall(z.unknown()).superRefine((query, ctx) => {
    const free = Object.keys(query).filter((name) => !legal.includes(name));
    for (const name of free) {
      const value = query[name];
      if (!isDimensionName(name)) {
        const message = unknownFields([name], [...legal, `${PREFIX}KEY`]);
        ctx.addIssue({ code: "custom", path: [name], message });
      } else if (typeof value !== "string" || value.length > LIMITS.dimension_text || !isStorable(value)) {
        ctx.addIssue({
          code: "custom",
          path: [name],
          message: `must be one text of at most ${LIMITS.dimension_text} characters`,
        });
      }
    }
    if (free.length > MOST_FILTERS) {
      ctx.addIssue({ code: "custom", path: [], message: `has more than ${MOST_FILTERS} dimensions` });
    }
  });
}

/** How the document shows the free names: an object that is written out as its own parameters. */
export const dimensionParameter = {
  name: "dimensions",
  in: "query" as const,
  description: "Filters by dimension: `dimension.country=KE`. `7` and `true` also find the number and the boolean.",
  style: "form" as const,
  explode: true,
  schema: {
    type: "object" as const,
    maxProperties: MOST_FILTERS,
    additionalProperties: false,
    patternProperties: { "^dimension\\..{1,64}$": { type: "string" as const, maxLength: LIMITS.dimension_text } },
  },
};

/** The dimension filters of a query. A text that reads as a number or a boolean finds those as well. */
export function dimensionFilters(query: Record<string, unknown>): DimensionFilter[] {
  return Object.entries(query).flatMap(([name, value]) =>
    isDimensionName(name) && typeof value === "string"
      ? [{ key: name.slice(PREFIX.length), values: readings(value) }]
      : []
  );
}

function readings(value: string): (string | number | boolean)[] {
  if (value === "true" || value === "false") return [value, value === "true"];
  const number = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : NaN;
  return Number.isFinite(number) ? [value, number] : [value];
}

/** The words of a list as the document shows them: fixed ones, and those that name a dimension after a prefix. */
const patternOf = (fixed: readonly string[], prefix: string) =>
  `(${[...fixed, `${prefix.replace(".", "\\.")}[^,]{1,${LIMITS.dimension_key}}`].join("|")})`;

/** A list of words in one parameter, with commas between them. */
function words<Word>(parse: (word: string) => Word | null, most: number, legal: string, pattern: string) {
  return z.string().max(500).refine(isStorable, "must not contain NUL or a lone surrogate").transform((list, ctx) => {
    const read = [...new Set(list.split(","))].map((word) => parse(word.trim()));
    const known = read.filter((word) => word !== null);
    if (known.length === read.length && known.length <= most) return known;
    ctx.addIssue({ code: "custom", message: `must be at most ${most} of ${legal}, with commas between them` });
    return z.NEVER;
  }).openapi({
    type: "string",
    maxLength: 500,
    pattern: `^${pattern}(,${pattern}){0,${most - 1}}$`,
    description: `At most ${most} of ${legal}, with commas between them`,
  });
}

const metric = {
  service_name: z.enum(SERVICE_NAMES).optional(),
  metric_type: z.enum(METRIC_TYPES).optional(),
  metric_name: text(LIMITS.metric_name).optional(),
};
const dates = {
  start_date: date.optional(),
  end_date: date.optional().describe("Inclusive"),
};
const metric_unit = text(LIMITS.metric_unit).optional();
const compare = z.enum(COMPARISONS).optional().describe(
  "Beside each number that of the window before: whole calendar months with as many before, else as many days just " +
    "before; or the same dates a year before. A running window with as many days as it has had",
);

/** What a list of metrics is asked with; its days are the rows' own dates. */
export const MetricListQuery = withDimensions({ ...metric, ...dates, ...paging });

/** By what an answer may be grouped. A day is called `date` here. */
export const GROUP_WORDS = ["hour", "date", "week", "month", "quarter", "year"] as const;
/** Words of group_by that name the metric itself. */
export const IDENTITY_WORDS = ["service_name", "metric_type", "metric_name"] as const;
export type GroupWord = typeof GROUP_WORDS[number] | typeof IDENTITY_WORDS[number] | `dimension.${string}`;

const isGroupWord = (word: string): word is GroupWord =>
  [...GROUP_WORDS, ...IDENTITY_WORDS].some((known) => known === word) || isDimensionName(word);

/** A measure by its name; `distinct.KEY` counts the values of a dimension. */
export type MeasureWord = typeof MEASURES[number] | `distinct.${string}`;

const isMeasureWord = (word: string): word is MeasureWord =>
  MEASURES.some((known) => known === word) ||
  (word.startsWith("distinct.") && isDimensionName(`${PREFIX}${word.slice("distinct.".length)}`));

const GROUPS = `${[...GROUP_WORDS, ...IDENTITY_WORDS].join(", ")}, dimension.KEY`;
const MEASURE_LIST = `${MEASURES.join(", ")}, distinct.KEY`;
const GROUP_PATTERN = patternOf([...GROUP_WORDS, ...IDENTITY_WORDS], PREFIX);
const MEASURE_PATTERN = patternOf(MEASURES, "distinct.");
const measureWord = z.string().max(100).refine(isMeasureWord, `must be one of ${MEASURE_LIST}`)
  .openapi({ pattern: `^${MEASURE_PATTERN}$` });

/** Rows of one statistic, at most. */
export const MOST_ROWS = 5_000;

/** What statistics are asked with. */
export const StatisticsQuery = withDimensions({
  ...metric,
  metric_unit,
  ...windowQuery,
  group_by: words((word) => isGroupWord(word) ? word : null, 3, GROUPS, GROUP_PATTERN).optional(),
  measures: words((word) => isMeasureWord(word) ? word : null, 12, MEASURE_LIST, MEASURE_PATTERN).optional(),
  order_by: text(100).optional()
    .describe(
      "A measure or a group of this answer; with - before it, the largest first. The order of the groups when absent",
    ),
  limit: queryInteger(1, MOST_ROWS).optional()
    .describe("Rows to answer, 1000 when absent; the rest is added up in `other`"),
  compare,
});
export type StatisticsQuery = z.infer<typeof StatisticsQuery>;

/** What stands for a period without a reading. */
export const FILLS = ["none", "null", "zero"] as const;
const SPLITS = ["service_name", "metric_name"] as const;
/** What tells the series of one answer apart. */
export type SplitWord = typeof SPLITS[number] | `dimension.${string}`;

const isSplitWord = (word: string): word is SplitWord =>
  SPLITS.some((known) => known === word) || isDimensionName(word);

/** Periods of a rolling mean, at most. */
export const MOST_ROLLED = 366;

/** What a time series is asked with. */
export const TimeSeriesQuery = withDimensions({
  ...metric,
  metric_unit,
  ...windowQuery,
  interval: z.enum(INTERVALS).optional().describe(
    "day when absent. A week begins on the organisation's first day (ORG_WEEK_START, Monday by default), a year with its " +
      "fiscal one (ORG_FISCAL_YEAR_START, January by default)",
  ),
  measure: measureWord.optional()
    .describe(`One of ${MEASURE_LIST}. When absent: the sum of a flow, the level of a gauge, the average of samples`),
  fill: z.enum(FILLS).optional()
    .describe("Periods without a reading: left out (none, the default), null, or zero where the measure adds up"),
  rolling: queryInteger(2, MOST_ROLLED).optional()
    .describe("Periods whose mean each point shows beside its value; not together with cumulative"),
  compare,
  cumulative: queryFlag.optional().describe("Whether each point adds all before it; for the sum or count of a flow"),
  split_by: z.string().max(100).refine(isSplitWord, "must be service_name, metric_name or dimension.KEY")
    .openapi({ pattern: `^${patternOf(SPLITS, PREFIX)}$` }).optional().describe(
      "One series for each service, metric name, or value of a dimension",
    ),
});
export type TimeSeriesQuery = z.infer<typeof TimeSeriesQuery>;
