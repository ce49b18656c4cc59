import type { Db, Param } from "./client.ts";
import { type Axis, contains, type DimensionFilter } from "./metric_cells.ts";
import { type Target, TARGETS, targets } from "./metric_series.ts";

/**
 * A gauge's level at the end of bucket b: the last reading of each series of the group up to then, added up. Bucket 0 is
 * all time before the axis. Buckets in which nothing changed are absent: the level before holds on.
 */
export type Level = { g: number; b: number; dimensions: (string | number | boolean | null)[]; level: number };

/**
 * Levels by days, from the roll-up that keeps each series' last reading of a day. Of the time before the axis it reads
 * one row for each series.
 */
export async function rollupLevels(db: Db, all: readonly Target[], days: readonly string[]): Promise<Level[]> {
  const rows = await db.query<Omit<Level, "dimensions">>(ROLLUPS, [
    targets(all),
    `{${days.join(",")}}`,
    days[0] ?? "infinity",
    days.at(-1) ?? "infinity",
  ]);
  return rows.map((row) => ({ ...row, dimensions: [] }));
}

/** A gauge's level moves, at each reading, by the difference to the one before in its series. */
const LEVELS = (names: readonly string[], steps: string) => `
  select ${["g", "b", ...names].join(", ")},
    (sum(sum(step)) over (partition by ${["g", ...names].join(", ")} order by b))::float8 as level
  from ${steps} group by ${["g", "b", ...names].join(", ")}`;

/** Whether a row is one of a target, whose unit of '' is none. */
export const SAME_METRIC = (row: "m" | "s", target: string) =>
  `(${row}.service_name, ${row}.metric_type, ${row}.metric_name, ${
    row === "m" ? "coalesce(m.metric_unit, '')" : "s.metric_unit"
  })
        = (${target}.service_name, ${target}.metric_type, ${target}.metric_name, ${target}.metric_unit)`;

/** The series of each target, found by leaping through the key. */
export const ALL_SERIES = `recursive targets as materialized (
    select row_number() over () as t, * from ${TARGETS} x
  ), leaps as (
    select t.t, s.series from targets t cross join lateral (
      select s.series from ops.gauge_series s where ${SAME_METRIC("s", "t")} order by s.series limit 1
    ) s
    union all
    select l.t, s.series from leaps l join targets t on t.t = l.t cross join lateral (
      select s.series from ops.gauge_series s
      where ${SAME_METRIC("s", "t")} and s.series > l.series order by s.series limit 1
    ) s
  ), before as (
    select l.t, l.series, s.last, s.day from leaps l join targets t on t.t = l.t cross join lateral (
      select s.last, s.day from ops.gauge_series s
      where ${SAME_METRIC("s", "t")} and s.series = l.series and s.day < START order by s.day desc limit 1
    ) s
  )`;

const ROLLUPS = `
  with ${ALL_SERIES.replace("START", "$3::text::date")}, readings as (
    select t, series, last, day, 0 as b from before
    union all
    select t.t, s.series, s.last, s.day, width_bucket(s.day::timestamp, (select $2::text::timestamp[]))
    from targets t join ops.gauge_series s on ${SAME_METRIC("s", "t")}
    where s.day >= $3::text::date and s.day < $4::text::date
  ), steps as (
    select t.g, r.b, r.last::numeric - coalesce(lag(r.last::numeric) over (partition by r.t, r.series order by r.day), 0) as step
    from readings r join targets t on t.t = r.t
  )
  ${LEVELS([], "steps")} order by g, b`;

/** What to read of the rows of gauges. */
export type LevelsQuestion = {
  axis: Axis;
  /** Dimensions whose values split the groups. A series that moves from one value to another moves its level. */
  split: readonly string[];
  /** Only series whose last reading has all of these. */
  filters: readonly DimensionFilter[];
  limit: number;
};

/**
 * Levels at any instants and by any dimensions, from the rows up to the end of the axis. Where no dimension is asked
 * for, the time before it comes from the roll-up, which outlives the rows.
 */
export async function rowLevels(db: Db, all: readonly Target[], question: LevelsQuestion): Promise<Level[]> {
  const { axis: { by, cuts }, split, filters, limit } = question;
  const params: Param[] = [targets(all), `{${cuts.join(",")}}`, cuts.at(-1) ?? "infinity"];
  const param = (value: Param) => `$${params.push(value)}`;
  const at = by === "date" ? "m.date::timestamp" : `(m."timestamp" at time zone 'UTC')`;
  const names = split.map((_, i) => `d${i}`);
  const keys = split.map((key, i) => `, m.dimensions -> ${param(key)}::text as d${i}`).join("");
  const wanted = filters.map((filter) => `m.${contains(filter, param)}`).join(" and ") || "true";
  const whole = split.length === 0 && filters.length === 0;
  // The dates of rows are at most two days off.
  const first = whole ? `(${param(cuts[0] ?? "infinity")}::text::timestamp - interval '2 days')::date` : "'-infinity'";
  const text = `
  with ${ALL_SERIES.replace("START", first)}, readings as (
    select b.t, b.series, b.last::numeric as value, true as wanted, 0 as b, b.day::timestamp as at, null::timestamptz as "timestamp",
      null::uuid as id${names.map((name) => `, null::jsonb as ${name}`).join("")}
    from before b where ${whole}
    union all
    select t.t, ops.series_of(m.dimensions, d.series_key), m.metric_value::numeric, ${wanted},
      width_bucket(${at}, (select $2::text::timestamp[])), ${at}, m."timestamp", m.id${keys}
    from targets t join metrics m on ${SAME_METRIC("m", "t")}
    join ops.metric_definitions d on (d.service_name, d.metric_type, d.metric_name) = (t.service_name, t.metric_type, t.metric_name)
    where ${at} < $3::text::timestamp and m.date >= ${first}
  ), paired as (
    select *, ${["value", "wanted", ...names].map((name) => `lag(${name}) over series as old_${name}`).join(", ")}
    from readings window series as (partition by t, series order by at, "timestamp" nulls first, id)
  ), steps as (
    select ${["t", "b", ...names, "value as step"].join(", ")} from paired where wanted
    union all
    select ${["t", "b", ...names.map((name) => `old_${name}`), "-old_value"].join(", ")} from paired where old_wanted
  ), grouped as (
    select t.g, s.* from steps s join targets t on t.t = s.t
  ), levels as (${LEVELS(names, "grouped")})
  select g, b, jsonb_build_array(${names.join(", ")}) as dimensions, level
  from levels order by ${["g", ...names, "b"].join(", ")} limit ${param(limit)}::int`;
  return await db.query<Level>(text, params);
}
