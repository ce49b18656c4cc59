import type { Db } from "./client.ts";
import { AT, type Axis, axisParams, WITHIN } from "./metric_cells.ts";
import { type Target, TARGETS, targets } from "./metric_series.ts";

/** A reading of `project_started` or `project_completed`. */
export type Milestone = {
  metric_name: string;
  /** Null where the reading names no project. */
  project_id: string | null;
  /** The local day of the reading in the zone that was asked for. */
  day: string;
  project_type: string | null;
  /** As they were sent: dates, one hopes. */
  planned_end: string | null;
  actual_end: string | null;
};

const PROJECT_ID = "ops.entity_of(m.dimensions, 'project_id')";

/**
 * All milestones of all time, in the order of their timestamps. There are a few for each project among many readings of
 * costs and levels, so the hours that have some are found in the roll-up, and only these are read.
 * @param zone null: days are the readings' own dates
 */
export async function milestones(db: Db, all: readonly Target[], zone: string | null): Promise<Milestone[]> {
  return await db.query<Milestone>(MILESTONES, [targets(all), zone]);
}

const MILESTONES = `
  with hours as materialized (
    select t.*, r.bucket at time zone 'UTC' as hour
    from ${TARGETS} t cross join lateral (
      select r.bucket from ops.metric_rollups r
      where (r.service_name, r.metric_type, r.metric_name, r.metric_unit, r.grain)
        = (t.service_name, t.metric_type, t.metric_name, t.metric_unit, 'h')
      offset 0 -- keeps to the key of the few series
    ) r
  )
  select m.metric_name, ${PROJECT_ID} as project_id,
    (case when $2::text is null then m.date else (m."timestamp" at time zone $2::text)::date end)::text as day,
    ${textOf("project_type")}, ${textOf("planned_end")}, ${textOf("actual_end")}
  from hours h cross join lateral (
    select m.* from metrics m
    where m.service_name = h.service_name and m.metric_type = h.metric_type and m.metric_name = h.metric_name
      and coalesce(m.metric_unit, '') = h.metric_unit and m.metric_value > 0
      and m."timestamp" >= h.hour and m."timestamp" < h.hour + interval '1 hour'
    offset 0 -- and here to the index, hour by hour
  ) m
  order by m."timestamp", m.id`;

/** The last reading of one project in one gauge. */
export type LastReading = {
  g: number;
  project_id: string | null;
  value: number;
  /** From the row's dimensions; null too where retention has deleted the row. */
  status: string | null;
  project_type: string | null;
  planned_end: string | null;
};

/**
 * The last reading of each series of some gauges up to the end of a day, the oldest first: of two series that name one
 * project the later one counts. Leaps from series to series: one row of each is read, however many there are.
 */
export async function lastReadings(db: Db, all: readonly Target[], day: string): Promise<LastReading[]> {
  return await db.query<LastReading>(LAST_READINGS, [targets(all), day]);
}

const OF_TARGET = `(s.service_name, s.metric_type, s.metric_name, s.metric_unit)
        = (t.service_name, t.metric_type, t.metric_name, t.metric_unit)`;

/** The project of a series is in its key, unless that is a digest because it was long; then the row knows. */
const LAST_READINGS = `
  with recursive targets as materialized (
    select row_number() over () as t, * from ${TARGETS} x
  ), leaps as (
    select t.t, s.series from targets t cross join lateral (
      select s.series from ops.gauge_series s where ${OF_TARGET} order by s.series limit 1
    ) s
    union all
    select l.t, s.series from leaps l join targets t on t.t = l.t cross join lateral (
      select s.series from ops.gauge_series s where ${OF_TARGET} and s.series > l.series order by s.series limit 1
    ) s
  )
  select t.g, coalesce(
      ${PROJECT_ID}, nullif(case when l.series like '[%' then l.series::jsonb ->> 0 else l.series end, '')
    ) as project_id,
    s.last as value, ${textOf("status")}, ${textOf("project_type")}, ${textOf("planned_end")}
  from leaps l join targets t on t.t = l.t cross join lateral (
    select s.last, s.last_at, s.last_id from ops.gauge_series s
    where ${OF_TARGET} and s.series = l.series and s.day <= $2::text::date order by s.day desc limit 1
  ) s left join metrics m on m.id = s.last_id
  order by s.last_at, s.last_id, t.t`;

/** What one project has cost. */
export type ProjectCost = { project_id: string; cost: number };

/**
 * What each project has cost within some of the organisation's days, from what each had on each day.
 * @param start_date null: since ever
 */
export async function projectCosts(
  db: Db,
  all: readonly Target[],
  { start_date, end_date }: { start_date: string | null; end_date: string },
): Promise<ProjectCost[]> {
  return await db.query<ProjectCost>(COSTS, [targets(all), start_date ?? "-infinity", end_date]);
}

const COSTS = `
  select e.entity_id as project_id, sum(e.sum)::float8 as cost
  from ${TARGETS} t cross join lateral (
    select e.entity_id, sum(e.sum) as sum from ops.entity_days e
    where (e.service_name, e.metric_type, e.metric_name, e.metric_unit)
        = (t.service_name, t.metric_type, t.metric_name, t.metric_unit)
      and e.day >= $2::text::date and e.day <= $3::text::date
    group by e.entity_id
  ) e
  group by e.entity_id order by e.entity_id`;

/** How the people of a cell were told apart. */
export type ReachedBy = "period" | "category" | "project" | "country" | "period_category";

/** People reached in one cell of one breakdown: all, directly, indirectly; the rest did not say. */
export type ReachCell = {
  by: ReachedBy;
  /** The bucket of the axis, from 1 on; null in a breakdown of the whole window. */
  b: number | null;
  /** The category, project or country; null where readings name none, and by period. */
  name: string | null;
  people: number;
  direct: number;
  indirect: number;
};

/**
 * Everybody reached in a window, by each of its breakdowns, in one pass over its rows; the most people first.
 * @param stacked whether by period and category as well
 * @param limit at most so many cells; one more tells the caller that there are too many
 */
export async function reachCells(
  db: Db,
  all: readonly Target[],
  { by, cuts }: Axis,
  { stacked, limit }: { stacked: boolean; limit: number },
): Promise<ReachCell[]> {
  return await db.query<ReachCell>(REACH[by], [targets(all), ...axisParams(cuts), stacked, limit]);
}

const reachBy = (by: Axis["by"]) => `
  with reached as (
    select width_bucket(${AT[by]}, (select $2::text::timestamp[])) as b, ${PROJECT_ID} as project_id,
      ${textOf("category")}, ${textOf("country")}, ${textOf("direct")}, m.metric_value::numeric as people
    from ${TARGETS} t join metrics m on (m.service_name, m.metric_type, m.metric_name, coalesce(m.metric_unit, ''))
      = (t.service_name, t.metric_type, t.metric_name, t.metric_unit)
    where ${WITHIN[by]}
  )
  select case grouping(b, category, project_id, country)
      when 7 then 'period' when 11 then 'category' when 13 then 'project' when 14 then 'country' else 'period_category'
    end as by, b, coalesce(category, project_id, country) as name, sum(people)::float8 as people,
    coalesce(sum(people) filter (where direct = 'true'), 0)::float8 as direct,
    coalesce(sum(people) filter (where direct = 'false'), 0)::float8 as indirect
  from reached
  group by grouping sets ((b), (category), (project_id), (country), (b, category))
  having $5::bool or grouping(b, category, project_id, country) <> 3
  order by 1, people desc, name, b limit $6::int`;

const REACH = { date: reachBy("date"), time: reachBy("time") };

/** How many people were reached, and how; the rest did not say. */
export type ReachedPeople = Pick<ReachCell, "people" | "direct" | "indirect">;

/** Everybody reached in a window as a whole, from its rows. */
export async function reachedPeople(db: Db, all: readonly Target[], { by, cuts }: Axis): Promise<ReachedPeople> {
  const [row] = await db.query<ReachedPeople>(PEOPLE[by], [targets(all), ...axisParams(cuts)]);
  return row ?? { people: 0, direct: 0, indirect: 0 };
}

const peopleBy = (by: Axis["by"]) => `
  select coalesce(sum(m.metric_value::numeric), 0)::float8 as people,
    coalesce(sum(m.metric_value::numeric) filter (where m.dimensions ->> 'direct' = 'true'), 0)::float8 as direct,
    coalesce(sum(m.metric_value::numeric) filter (where m.dimensions ->> 'direct' = 'false'), 0)::float8 as indirect
  from ${TARGETS} t join metrics m on (m.service_name, m.metric_type, m.metric_name, coalesce(m.metric_unit, ''))
    = (t.service_name, t.metric_type, t.metric_name, t.metric_unit)
  where ${WITHIN[by]} and $2::text is not null -- the cuts within it do not matter`;

const PEOPLE = { date: peopleBy("date"), time: peopleBy("time") };

/** A dimension as text; an empty one says nothing. */
function textOf(key: "status" | "project_type" | "planned_end" | "actual_end" | "category" | "country" | "direct") {
  return `nullif(m.dimensions ->> '${key}', '') as ${key}`;
}
