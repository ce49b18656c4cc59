import type { Db, Param } from "./client.ts";
import type { Series } from "./metrics_ingest.ts";
import type { MetricType, ServiceName } from "./schema/enums.ts";

/** Which series are meant; what is absent is free. A unit of null means: those without one. */
export type SeriesFilter = {
  service_name?: ServiceName | undefined;
  metric_type?: MetricType | undefined;
  metric_name?: string | undefined;
  metric_unit?: string | null | undefined;
};

/** A recorded series and what its name means. */
export type KnownSeries = Series & {
  kind: "flow" | "gauge" | "sample";
  is_primary: boolean;
  /** The unit that the definition names, or null. */
  defined_unit: string | null;
  /** The dimension that names the person or project of a reading, or null. */
  entity_key: string | null;
  /** First and last local day with a reading, and the instant of the latest one. */
  first_day: string;
  last_day: string;
  last_at: string;
};

/** The recorded series of a filter in the order of their key, and the instant at which that was so. */
export type Found = { now: string; detail_floor: string | null; series: KnownSeries[] };

/**
 * The series that have readings, found by leaping through the roll-up's key: a handful of pages for each series,
 * however many readings there are.
 */
export async function findSeries(db: Db, filter: SeriesFilter): Promise<Found> {
  const rows = await db.query<Omit<Found, "series"> & { [Field in keyof KnownSeries]: KnownSeries[Field] | null }>(
    leapsFor(filter, FIND),
    filterParams(filter),
  );
  const [first] = rows;
  if (first === undefined) throw new TypeError("The statement always has a row");
  const { now, detail_floor } = first;
  return { now, detail_floor, series: rows.filter(isSeries).map(({ now: _now, detail_floor: _floor, ...one }) => one) };
}

function filterParams({ service_name, metric_type, metric_name, metric_unit }: SeriesFilter): Param[] {
  return [service_name ?? null, metric_type ?? null, metric_name ?? null, metric_unit ?? "", metric_unit === undefined];
}

const isSeries = <Row extends object>(row: Row): row is Row & KnownSeries =>
  "service_name" in row && row.service_name !== null;

/**
 * What is fixed of the key from the left says where the leaps begin and end; the rest is checked afterwards. It does not
 * stand beside the leap's own condition: the index would search by it alone and read all that lies between.
 */
export function leapsFor(filter: SeriesFilter, text: string): string {
  const fixed = ["true"];
  if (filter.service_name !== undefined) fixed.push("r.service_name = $1::text::service_name");
  if (fixed.length === 2 && filter.metric_type !== undefined) fixed.push("r.metric_type = $2::text::metric_type");
  if (fixed.length === 3 && filter.metric_name !== undefined) fixed.push("r.metric_name = $3::text");
  return text.replaceAll("FIXED", fixed.join(" and "));
}

/**
 * A series to read, and the group it belongs to: groups are what is added up. Where a group has a `person_key`, the
 * values of that dimension are counted.
 */
export type Target = Series & { g: number; person_key?: string | null };

/** Targets as the first parameter of a statement that reads `TARGETS`. */
export function targets(all: readonly Target[]): string {
  return JSON.stringify(all.map(({ service_name, metric_type, metric_name, metric_unit, g, person_key }) => ({
    ...{ service_name, metric_type, metric_name, metric_unit: metric_unit ?? "", g, person_key },
  })));
}

/** The targets as a table; a unit of '' is none, as in the roll-ups. */
export const TARGETS = `(select * from jsonb_to_recordset($1::text::jsonb)
  as x (service_name service_name, metric_type metric_type, metric_name text, metric_unit text, g int, person_key text))`;

const KEY = "r.service_name, r.metric_type, r.metric_name, r.metric_unit";
/** The days of the series `s` in the roll-up `r`. */
export const DAYS = `(r.service_name, r.metric_type, r.metric_name, r.metric_unit, r.grain) =
      (s.service_name, s.metric_type, s.metric_name, s.metric_unit, 'd')`;

/** The series of the filter as `leaps`, whose other columns are checked where it is read. */
export const LEAPS = `recursive leaps as (
    (select ${KEY} from ops.metric_rollups r where FIXED order by ${KEY} limit 1)
    union all
    select r.* from leaps s cross join lateral (
      select ${KEY} from ops.metric_rollups r
      where (${KEY}) > (s.service_name, s.metric_type, s.metric_name, s.metric_unit)
      order by ${KEY} limit 1
    ) r
    where FIXED
  )`;

const MEANT = `($1::text is null or s.service_name = $1::text::service_name)
      and ($2::text is null or s.metric_type = $2::text::metric_type)
      and ($3::text is null or s.metric_name = $3::text) and ($5::bool or s.metric_unit = $4::text)`;

const FIND = `
  with ${LEAPS}, known as (
    select s.*, coalesce(d.kind, 'flow') as kind, coalesce(d.is_primary, false) as is_primary, d.unit as defined_unit, d.entity_key,
      first.bucket::date as first_day, last.bucket::date as last_day, last.last_at
    from leaps s
    left join ops.metric_definitions d using (service_name, metric_type, metric_name)
    cross join lateral (select r.bucket from ops.metric_rollups r where ${DAYS} order by r.bucket limit 1) first
    cross join lateral (select r.bucket, r.last_at from ops.metric_rollups r where ${DAYS} order by r.bucket desc limit 1) last
    where ${MEANT}
  )
  select ops.now() as now, (select nullif(ops.detail_floor(), '-infinity')::text) as detail_floor, k.service_name,
    k.metric_type, k.metric_name, nullif(k.metric_unit, '') as metric_unit, k.kind, k.is_primary, k.defined_unit, k.entity_key,
    k.first_day, k.last_day, k.last_at
  from (select 1) as always left join known k on true
  order by k.service_name, k.metric_type, k.metric_name, k.metric_unit`;

/** How many stored rows the series of a filter have, by their dates; what retention deleted is left out. */
export async function countReadings(
  db: Db,
  filter: SeriesFilter & { start_date?: string | undefined; end_date?: string | undefined },
): Promise<number> {
  const rows = await db.query<{ n: number }>(leapsFor(filter, COUNT), [
    ...filterParams(filter),
    filter.start_date ?? "-infinity",
    filter.end_date ?? "infinity",
  ]);
  return rows[0]?.n ?? 0;
}

const COUNT = `
  with ${LEAPS}
  select coalesce(sum(r.n), 0)::float8 as n
  from leaps s join ops.metric_rollups r on ${DAYS}
  where ${MEANT} and r.bucket >= greatest($6::text::date, (select ops.detail_floor())) and r.bucket <= $7::text::date`;

/**
 * How many stored rows the services and types of some series have on some days, whatever their names and units: what a
 * statement about these series reads, as no index knows the names.
 * @param first inclusive, as is `last`; dates
 */
export async function countRowsBehind(db: Db, all: readonly Series[], first: string, last: string): Promise<number> {
  const rows = await db.query<{ n: number }>(BEHIND, [targets(all.map((one) => ({ ...one, g: 0 }))), first, last]);
  return rows[0]?.n ?? 0;
}

const BEHIND = `
  with ${LEAPS.replaceAll("FIXED", "true")}
  select coalesce(sum(r.n), 0)::float8 as n
  from leaps s join ops.metric_rollups r on ${DAYS}
  where (s.service_name, s.metric_type) in (select t.service_name, t.metric_type from ${TARGETS} t)
    and r.bucket >= greatest($2::text::date, (select ops.detail_floor())) and r.bucket <= $3::text::date`;

/** How many readings each of some series has had since a day, in the order of the series. */
export async function recordedSince(db: Db, series: readonly Series[], day: string): Promise<number[]> {
  const rows = await db.query<{ n: number }>(
    `select coalesce((select sum(r.n) from ops.metric_rollups r where ${DAYS} and r.bucket >= $2::text::date), 0)::float8 as n
     from ${TARGETS} s order by s.g`,
    [targets(series.map((one, g) => ({ ...one, g }))), day],
  );
  return rows.map((row) => row.n);
}

/**
 * The state of what some series say about a window of days: a text that is another one after every change, and the last
 * day with a reading. The level of a gauge rests on all its readings before.
 */
export async function stateOf(
  db: Db,
  all: readonly (KnownSeries & { g: number })[],
  start_date: string,
  end_date: string,
): Promise<{ version: string; last_day: string | null }> {
  const gauges = all.filter((one) => one.kind === "gauge").map((one) => one.g);
  const [row] = await db.query<{ version: string; last_day: string | null }>(STATE, [
    targets(all),
    start_date,
    end_date,
    `{${gauges.join(",")}}`,
  ]);
  return row ?? { version: "", last_day: null };
}

const STATE = `
  select md5(concat_ws(' ', count(*), sum(r.changed), $2::text, $3::text)) as version,
    (max(r.bucket) filter (where r.bucket >= $2::text::date))::date as last_day
  from ${TARGETS} s join ops.metric_rollups r on ${DAYS}
  where r.bucket >= case when s.g = any ($4::text::int[]) then '-infinity' else $2::text::date end
    and r.bucket <= $3::text::date`;
