import type { Db, Param } from "./client.ts";
import { contains, type DimensionFilter } from "./metric_cells.ts";
import { ALL_SERIES, SAME_METRIC } from "./metric_levels.ts";
import { type Target, targets } from "./metric_series.ts";

/** What a gauge's level before a day consists of: the series with one value of each dimension, and their level. */
export type PartLevel = { g: number; dimensions: (string | number | boolean | null)[]; series: number; level: number };

/** How to take a level apart. */
export type PartsQuestion = {
  /** The level is of the readings before this day. */
  before: string;
  /** Dimensions of each series' last reading; null where retention has deleted it. */
  split: readonly string[];
  /** Only series whose last reading has all of these. */
  filters: readonly DimensionFilter[];
  limit: number;
};

/**
 * Takes levels apart by dimensions of which the roll-up knows nothing: it knows the last reading of each series, and that
 * one row has them. So many look-ups as there are series, however many readings there were.
 */
export async function partLevels(db: Db, all: readonly Target[], question: PartsQuestion): Promise<PartLevel[]> {
  const params: Param[] = [targets(all), question.before];
  const param = (value: Param) => `$${params.push(value)}`;
  const keys = question.split.map((key, i) => `, m.dimensions -> ${param(key)}::text as d${i}`).join("");
  const wanted = question.filters.map((filter) => `m.${contains(filter, param)}`).join(" and ") || "true";
  const names = question.split.map((_, i) => `d${i}`);
  const groups = ["g", ...names].join(", ");
  return await db.query<PartLevel>(
    // Each look-up stands in its own subquery: as joins, the planner would rather read both tables from end to end.
    `with ${ALL_SERIES.replace("START", "$2::text::date")}, parts as (
      select t.g, s.last::numeric as last${keys}
      from leaps l join targets t on t.t = l.t
      cross join lateral (
        select s.last, s.last_id from ops.gauge_series s
        where ${SAME_METRIC("s", "t")} and s.series = l.series and s.day < $2::text::date order by s.day desc limit 1
      ) s
      left join lateral (select m.dimensions from metrics m where m.id = s.last_id limit 1) m on true
      where ${wanted}
    )
    select g, jsonb_build_array(${names.join(", ")}) as dimensions, count(*)::int as series, sum(last)::float8 as level
    from parts group by ${groups} order by ${groups} limit ${param(question.limit)}::int`,
    params,
  );
}
