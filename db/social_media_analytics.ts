import type { Db } from "./client.ts";
import { AT, type Axis, axisParams, OF_TARGET, words } from "./metric_cells.ts";
import { rowsOf, type RowsOfWindow } from "./metric_rows.ts";
import { type Target, TARGETS, targets } from "./metric_series.ts";

/** The last reading of one series of followers before a cut of an axis. */
export type FollowerReading = {
  /** Null where the series has no platform. */
  platform: string | null;
  /** What tells this series from others of the platform. */
  series: string;
  /** It was read before the cut with this number, from 0 on, and after the one before. */
  cut: number;
  level: number;
};

/**
 * The last reading of each series of some gauges between any two cuts, in the order of the cuts. By days from the roll-up
 * alone; by instants from the rows of the axis, and from the roll-up for the time before it, which outlives the rows.
 */
export async function followerReadings(db: Db, all: readonly Target[], { by, cuts }: Axis): Promise<FollowerReading[]> {
  const [axis, , end] = axisParams(cuts);
  const params = [targets(all), axis, end];
  return by === "date"
    ? await db.query<FollowerReading>(FOLLOWERS_BY_DAY, params)
    : await db.query<FollowerReading>(FOLLOWERS_BY_TIME, [
      ...params,
      words(all.map((one) => one.service_name)),
      words(all.map((one) => one.metric_type)),
    ]);
}

const OF_DAYS = (until: string) => `
    select d.series_key, s.metric_unit, s.series, s.last, s.day::timestamp as at, s.last_at, s.last_id
    from ${TARGETS} t join ops.gauge_series s
      on (s.service_name, s.metric_type, s.metric_name, s.metric_unit)
       = (t.service_name, t.metric_type, t.metric_name, t.metric_unit)
    join ops.metric_definitions d on (d.service_name, d.metric_type, d.metric_name) = (s.service_name, s.metric_type, s.metric_name)
    where s.day < ${until}`;

/** The dates of rows are at most two days from their timestamps, so the last two days before the axis are read from rows. */
const FIRST_ROWS = "((($2::text::timestamp[])[1]) - interval '2 days')::date";

const OF_ROWS = `
    select d.series_key, t.metric_unit, ops.series_of(m.dimensions, d.series_key), m.metric_value, ${AT.time}, m."timestamp", m.id
    from ${TARGETS} t join metrics m on ${OF_TARGET}
    join ops.metric_definitions d on (d.service_name, d.metric_type, d.metric_name) = (m.service_name, m.metric_type, m.metric_name)
    where d.kind = 'gauge' and m.service_name = any ($4::text::service_name[]) and m.metric_type = any ($5::text::metric_type[])
      and m.date >= ${FIRST_ROWS} and m."timestamp" >= (${FIRST_ROWS} - 2) at time zone 'UTC'
      and m."timestamp" < $3::text::timestamp at time zone 'UTC'`;

/** A series is a JSON array of its key's values, or a digest where they are long. */
const followersFrom = (readings: string) => `
  with readings as (${readings})
  select distinct on (metric_unit, series, cut) metric_unit || ' ' || series as series, last as level,
    width_bucket(at, (select $2::text::timestamp[])) as cut,
    case when series like '[%' then nullif(series::jsonb ->> (array_position(series_key, 'platform') - 1), '') else series end as platform
  from readings order by metric_unit, series, cut, at desc, last_at desc, last_id desc`;

const FOLLOWERS_BY_DAY = followersFrom(OF_DAYS("$3::text::date"));
const FOLLOWERS_BY_TIME = followersFrom(`${OF_DAYS(FIRST_ROWS)} union all ${OF_ROWS}`);

/** A stretch of time in UTC in which a zone keeps one offset; the end is exclusive, instants without their zone. */
export type ZoneSpan = { start: string; end: string; offset_s: number };

/** What falls into one hour of one day of the week, for one group of targets. */
export type SlotSum = {
  g: number;
  /** 1 is Monday, as in ISO 8601. */
  weekday: number;
  hour: number;
  sum: number;
};

/** Sums of flows by local weekday and hour, from the roll-ups of hours, for offsets that are whole hours. */
export async function slotSums(db: Db, all: readonly Target[], spans: readonly ZoneSpan[]): Promise<SlotSum[]> {
  const [start, end] = [spans[0]?.start ?? "infinity", spans.at(-1)?.end ?? "infinity"];
  return await db.query<SlotSum>(SLOTS_OF_HOURS, [targets(all), JSON.stringify(spans), start, end]);
}

/** The same from the rows, by their timestamps. @param rows by time */
export async function slotSumsOfRows(db: Db, rows: RowsOfWindow, spans: readonly ZoneSpan[]): Promise<SlotSum[]> {
  const { text, params } = rowsOf(rows, JSON.stringify(spans));
  return await db.query<SlotSum>(
    slotsFrom(`select t.g, ${AT.time} as at, m.metric_value::numeric as value from ${text}`),
    params,
  );
}

const slotsFrom = (readings: string) => `
  with readings as (${readings}), spans as materialized (
    select * from jsonb_to_recordset($2::text::jsonb) as x (start timestamp, "end" timestamp, offset_s float8)
  ), walls as (
    select r.g, r.at + make_interval(secs => s.offset_s) as at, r.value
    from readings r join spans s on r.at >= s.start and r.at < s."end"
  )
  select g, extract(isodow from at)::int as weekday, extract(hour from at)::int as hour, sum(value)::float8 as sum
  from walls group by 1, 2, 3 order by 1, 2, 3`;

const SLOTS_OF_HOURS = slotsFrom(`
    select t.g, r.bucket as at, r.sum as value
    from ${TARGETS} t join ops.metric_rollups r
      on (r.service_name, r.metric_type, r.metric_name, r.metric_unit, r.grain)
       = (t.service_name, t.metric_type, t.metric_name, t.metric_unit, 'h')
    where r.bucket >= $3::text::timestamp and r.bucket < $4::text::timestamp`);

/** Which group of targets counts what of a post; the rest only says of which type it is. */
export const POST_GROUPS = { engagements: 0, reach: 1, rest: 2 } as const;

/** What a window says about one post; null where it has no such reading. */
export type TopPost = {
  post_id: string;
  platform: string | null;
  content_type: string | null;
  reach: number | null;
  engagements: number;
};

/** The posts with the most engagements of a window, from its rows. @param rows with targets in `POST_GROUPS` */
export async function topPosts(db: Db, rows: RowsOfWindow, limit: number): Promise<TopPost[]> {
  const { text, params } = rowsOf(rows, limit);
  return await db.query<TopPost>(
    `with posts as (
      select m.dimensions ->> 'post_id' as post_id, nullif(m.dimensions ->> 'platform', '') as platform,
        max(nullif(m.dimensions ->> 'content_type', '') collate "C") as content_type,
        sum(m.metric_value::numeric) filter (where t.g = ${POST_GROUPS.engagements}) as engagements,
        sum(m.metric_value::numeric) filter (where t.g = ${POST_GROUPS.reach}) as reach
      from ${text} and m.dimensions ->> 'post_id' <> ''
      group by 1, 2
    )
    select post_id, platform, content_type, reach::float8 as reach, engagements::float8 as engagements
    from posts where engagements > 0
    order by posts.engagements desc, post_id collate "C", platform collate "C" limit $2::int`,
    params,
  );
}
