import type { Db, Param } from "./client.ts";
import { type Target, TARGETS, targets } from "./metric_series.ts";

/**
 * Time cut into buckets: bucket b, from 1 on, reaches from the b-th cut to before the next one. Cuts are dates, which a
 * row meets by its `date`, or instants in UTC without their zone, which it meets by its timestamp.
 */
export type Axis = { by: "date" | "time"; cuts: readonly string[] };

/** What the readings of one group amount to in one bucket, for one value of each dimension that was asked for. */
export type Cell = {
  g: number;
  b: number;
  dimensions: (string | number | boolean | null)[];
  n: number;
  sum: number;
  avg: number;
  min: number;
  max: number;
  stddev: number | null;
  last: number | null;
  /** The sum of this and all earlier buckets of the axis. */
  running: number;
  median: number | null;
  p95: number | null;
  /** For each dimension to be counted, how many values it has. */
  distinct: number[];
  /** How many persons its rows are about, by the `person_key` of its series; 0 without one, and where the roll-ups answer. */
  people: number;
};

/** The cells of roll-ups: as many pages as there are days or hours, however many readings. Empty cells are absent. */
export async function rollupCells(
  db: Db,
  all: readonly Target[],
  grain: "d" | "h",
  cuts: readonly string[],
): Promise<Cell[]> {
  const rows = await db.query<Omit<Cell, "dimensions" | "distinct" | "people" | "median" | "p95">>(ROLLUPS, [
    targets(all),
    grain,
    ...axisParams(cuts),
  ]);
  return rows.map((row) => ({ ...row, dimensions: [], distinct: [], people: 0, median: null, p95: null }));
}

const ROLLUPS = `
  with cells as (
    select t.g, width_bucket(r.bucket, (select $3::text::timestamp[])) as b, sum(r.n) as n, sum(r.sum) as sum,
      sum(r.sumsq) as sumsq, min(r.min) as min, max(r.max) as max,
      (array_agg(r.last order by r.last_at desc, r.last_id desc))[1] as last
    from ${TARGETS} t join ops.metric_rollups r
      on (r.service_name, r.metric_type, r.metric_name, r.metric_unit, r.grain)
       = (t.service_name, t.metric_type, t.metric_name, t.metric_unit, $2::text::"char")
    where r.bucket >= $4::text::timestamp and r.bucket < $5::text::timestamp
    group by 1, 2
  )
  select g, b, n::float8 as n, sum::float8 as sum, (sum / n)::float8 as avg, min, max, last,
    case when n > 1 then sqrt(greatest(sumsq - sum * sum / n, 0) / (n - 1))::float8 end as stddev,
    (sum(sum) over (partition by g order by b))::float8 as running
  from cells order by g, b`;

/** What to read of the rows beside the sums. */
export type RowsQuestion = {
  axis: Axis;
  /** Dimensions whose values split the groups. */
  split: readonly string[];
  /** Only rows with all of these; each has the JSON values that would do. */
  filters: readonly DimensionFilter[];
  /** Dimensions whose values are counted. */
  distinct: readonly string[];
  percentiles: boolean;
  /** At most so many cells; one more tells the caller that there are too many. */
  limit: number;
};

/** A dimension and the values it may have: `"7"` in a query means the text and the number. */
export type DimensionFilter = { key: string; values: readonly (string | number | boolean)[] };

/** The cells of the rows themselves, for what no roll-up knows. */
export async function rowCells(db: Db, all: readonly Target[], question: RowsQuestion): Promise<Cell[]> {
  const params: Param[] = [targets(all), ...axisParams(question.axis.cuts)];
  const text = rowsText(all, question, params);
  type Row = Omit<Cell, "median" | "p95"> & { percentiles: [number, number] | null };
  const rows = await db.query<Row>(text, params);
  return rows.map(({ percentiles, ...row }) => ({
    ...row,
    median: percentiles?.[0] ?? null,
    p95: percentiles?.[1] ?? null,
  }));
}

/** The pieces are ours; what the caller says is always a parameter. */
function rowsText(all: readonly Target[], question: RowsQuestion, params: Param[]): string {
  const { axis, split, filters, distinct, percentiles, limit } = question;
  const param = (value: Param) => `$${params.push(value)}`;
  const keys = split.map((key, i) => `m.dimensions -> ${param(key)}::text as d${i}`);
  const names = split.map((_, i) => `d${i}`);
  const counts = distinct.map((key) => `count(distinct m.dimensions ->> ${param(key)}::text)`);
  const people = all.some((one) => one.person_key) ? PEOPLE : "0";
  const quantiles = "to_jsonb(percentile_cont(array[0.5, 0.95]) within group (order by m.metric_value))";
  const conditions = [
    WITHIN[axis.by],
    `m.service_name = any (${param(words(all.map((one) => one.service_name)))}::text::service_name[])`,
    `m.metric_type = any (${param(words(all.map((one) => one.metric_type)))}::text::metric_type[])`,
    ...filters.map((filter) => `m.${contains(filter, param)}`),
  ];
  return `
  with cells as (
    select ${
    ["t.g", `width_bucket(${AT[axis.by]}, (select $2::text::timestamp[])) as b`, ...keys].join(", ")
  }, count(*) as n,
      sum(m.metric_value::numeric) as sum, stddev_samp(m.metric_value::numeric) as stddev,
      min(m.metric_value) as min, max(m.metric_value) as max,
      max(array[row(m."timestamp", m.id, m.metric_value)::ops.reading]) as last,
      ${percentiles ? quantiles : "null::jsonb"} as percentiles, jsonb_build_array(${
    counts.join(", ")
  }) as distinct_values, ${people} as people
    from ${TARGETS} t join metrics m on ${OF_TARGET}
    where ${conditions.join("\n      and ")}
    group by ${["t.g", "b", ...names].join(", ")}
  )
  select g, b, jsonb_build_array(${names.join(", ")}) as dimensions, n::float8 as n, sum::float8 as sum,
    (sum / n)::float8 as avg, min, max, (last[1]).value as last, stddev::float8 as stddev,
    (sum(sum) over (partition by ${["g", ...names].join(", ")} order by b))::float8 as running,
    percentiles, distinct_values as distinct, people
  from cells order by ${["g", ...names, "b"].join(", ")} limit ${param(limit)}::int`;
}

/** Different persons; a reading that names none is one of its own. */
const PEOPLE = `(count(distinct m.dimensions ->> t.person_key)
      + count(*) filter (where t.person_key is not null and m.dimensions ->> t.person_key is null))::int`;

/** Distinct words as the text of an array. */
export const words = (all: readonly string[]) => `{${[...new Set(all)].join(",")}}`;

/**
 * Whether a row is of a target. Four equalities would look to the planner as if no row had them all, and it would read
 * the window once for each target; so only the name is one.
 */
export const OF_TARGET = `m.metric_name = t.metric_name
      and case when (m.service_name, m.metric_type, coalesce(m.metric_unit, '')) = (t.service_name, t.metric_type, t.metric_unit)
        then true else false end`;

/** The condition of a dimension filter, in words that the GIN index understands. */
export function contains({ key, values }: DimensionFilter, param: (value: Param) => string): string {
  const wanted = values.map((value) => JSON.stringify({ [key]: value }).replace(/["\\]/g, "\\$&"));
  return `dimensions @> any (${param(`{${wanted.map((json) => `"${json}"`).join(",")}}`)}::text::jsonb[])`;
}

/** Where a row stands on an axis. */
export const AT = { date: "m.date::timestamp", time: `(m."timestamp" at time zone 'UTC')` };

/** Rows of the axis. A date is at most two days from its timestamp in UTC, which has the better index. */
export const WITHIN = {
  date: `m.date >= $3::text::timestamp and m.date < $4::text::timestamp
      and m."timestamp" >= ($3::text::timestamp - interval '2 days') at time zone 'UTC'
      and m."timestamp" < ($4::text::timestamp + interval '2 days') at time zone 'UTC'`,
  time:
    `m."timestamp" >= $3::text::timestamp at time zone 'UTC' and m."timestamp" < $4::text::timestamp at time zone 'UTC'`,
};

/** All cuts, the first and the last. */
export function axisParams(cuts: readonly string[]): [string, string, string] {
  return [`{${cuts.join(",")}}`, cuts[0] ?? "infinity", cuts.at(-1) ?? "infinity"];
}
