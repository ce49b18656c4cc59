import type { Db } from "./client.ts";
import { textArray } from "./executor.ts";
import type { MetricType, ServiceName } from "./schema/enums.ts";

/** What tells one metric from another. */
export type Series = {
  service_name: ServiceName;
  metric_type: MetricType;
  metric_name: string;
  metric_unit: string | null;
};

/** Rows to store, by column: fewer and longer texts cost the least. Null stands for what the sender left out. */
export type Columns = {
  /** The distinct series, and for each row its place among them. */
  series: Series[];
  of: number[];
  ids: string[];
  values: number[];
  timestamps: (string | null)[];
  dates: (string | null)[];
  external_ids: (string | null)[];
  dimensions: Record<string, string | number | boolean>[];
};

/** What became of a batch; rows and series are told by their places in it. */
export type Stored = {
  accepted: number;
  updated: number;
  /** Rows dated before `detail_floor`, the first day that retention left: they are not stored. */
  too_old: number[];
  detail_floor: string | null;
};

/** What became of new rows. */
export type Inserted = Stored & {
  /** Rows whose external_id is stored already: they are not stored, nor compared. */
  known: number[];
  undefined_names: number[];
};

/** What holds for a batch while its transaction runs. */
export type Entered = Pick<Inserted, "detail_floor" | "undefined_names">;

/**
 * Stores the rows that are new, in one statement and so in one transaction. It shares the locks of its series: other new
 * rows are stored beside it, corrections and deletes wait.
 *
 * A row may still be stored that is dated before a floor moved in this very moment: retention moves the floor at least a
 * minute before it deletes, which is longer than a statement may take.
 */
export async function insertMetrics(db: Db, rows: Columns, timezone: string): Promise<Inserted> {
  return only(await db.query<Inserted>(isResendable(rows) ? INSERT_UNKNOWN : INSERT, parametersOf(rows, timezone)));
}

/**
 * Locks the series of a batch until the transaction ends, so that concurrent writers take turns instead of deadlocking.
 * Answers the first day that still takes rows, or null, and the places of series whose name nobody has defined.
 */
export async function enterIngest(tx: Db, series: readonly Series[]): Promise<Entered> {
  return only(await tx.query<Entered>(ENTER, seriesArrays(series).slice(0, 3)));
}

/**
 * Stores rows in one statement. A row whose external_id is known replaces the stored one where it says something else;
 * without a timestamp or a date it keeps the stored ones. No external_id may occur twice within a service.
 */
export async function storeMetrics(tx: Db, rows: Columns, timezone: string): Promise<Stored> {
  return only(await tx.query<Stored>(isResendable(rows) ? UPSERT : INSERT, parametersOf(rows, timezone)));
}

function only<Row>([row]: Row[]): Row {
  if (row === undefined) throw new TypeError("The statement always has one row");
  return row;
}

const isResendable = (rows: Columns) => rows.external_ids.some((id) => id !== null);

function parametersOf(rows: Columns, timezone: string): string[] {
  return [
    ...seriesArrays(rows.series),
    `{${rows.of.join(",")}}`,
    `{${rows.ids.join(",")}}`,
    `{${rows.values.join(",")}}`,
    plainArray(rows.timestamps),
    plainArray(rows.dates),
    isResendable(rows) ? textArray(rows.external_ids) : "{}",
    JSON.stringify(rows.dimensions),
    timezone,
  ];
}

/** Texts without quotes, commas and braces; an array of nothing but nulls is empty, as unnest fills it up. */
function plainArray(values: readonly (string | null)[]): string {
  return values.some((value) => value !== null) ? `{${values.map((value) => value ?? "null").join(",")}}` : "{}";
}

function seriesArrays(series: readonly Series[]): [string, string, string, string] {
  return [
    `{${series.map((one) => one.service_name).join(",")}}`,
    `{${series.map((one) => one.metric_type).join(",")}}`,
    textArray(series.map((one) => one.metric_name)),
    textArray(series.map((one) => one.metric_unit)),
  ];
}

const UNDEFINED_NAMES = `(
    select coalesce(jsonb_agg(k - 1 order by k), '[]')
    from unnest($1::text::service_name[], $2::text::metric_type[], $3::text::text[])
      with ordinality as s (service_name, metric_type, metric_name, k)
    where not exists (select from ops.metric_definitions d where (d.service_name, d.metric_type, d.metric_name) =
      (s.service_name, s.metric_type, s.metric_name))
  ) as undefined_names`;

const FLOOR = "nullif((select ops.detail_floor()), '-infinity')::text as detail_floor";

const ENTER = `
  with locked as materialized (select ops.lock_series($1::text::text[], $2::text::text[], $3::text::text[]))
  select ${FLOOR}, ${UNDEFINED_NAMES} from locked`;

/** The rows as they would be stored, in the order of their unique key, so that concurrent batches meet in one order. */
const SENT = (at: string, day: string) => `
  with series as materialized (
    select *
    from unnest($1::text::service_name[], $2::text::metric_type[], $3::text::text[], $4::text::text[])
      with ordinality as s (service_name, metric_type, metric_name, metric_unit, k)
  ), locked as materialized ( -- the locks of ops.lock_series, shared
    select count(pg_advisory_xact_lock_shared(7001, k)) from (
      select distinct hashtext(service_name::text || metric_type::text || metric_name) & 63 as k from series order by 1
    ) locks
  ), sent as materialized (
    select r.id, s.service_name, s.metric_type, s.metric_name, r.value, s.metric_unit, r.dimensions, r.external_id, r.place,
      coalesce(r.at, r.day::timestamp at time zone $12, ${at}ops.now()) as at,
      coalesce(r.day, ${day}(coalesce(r.at, ops.now()) at time zone $12)::date) as day
    from locked cross join rows from (
      unnest($5::text::int[]), unnest($6::text::uuid[]), unnest($7::text::float8[]), unnest($8::text::timestamptz[]),
      unnest($9::text::date[]), unnest($10::text::text[]), jsonb_array_elements($11::text::jsonb)
    ) with ordinality as r (k, id, value, at, day, external_id, dimensions, place)
    join series s on s.k = r.k + 1
  )`;

const PUT =
  `insert into metrics as m (id, service_name, metric_type, metric_name, metric_value, metric_unit, dimensions,
      "timestamp", date, external_id, created_at, updated_at)
    select id, service_name, metric_type, metric_name, value, metric_unit, dimensions, at, day, external_id, ops.now(), ops.now()
    from sent where day >= (select ops.detail_floor())`;
/** Of rows with the same external_id the last comes first, so that it is the one that is stored. */
const IN_ORDER = `order by service_name, external_id collate "C", place desc`;

const TOO_OLD = `(
    select coalesce(jsonb_agg(place - 1 order by place), '[]') from sent where day < (select ops.detail_floor())
  ) as too_old, ${FLOOR}`;

const INSERT = `${SENT("", "")}, put as (${PUT} returning id)
  select count(*)::int as accepted, 0 as updated, '[]'::jsonb as known, ${TOO_OLD}, ${UNDEFINED_NAMES} from put`;

const INSERT_UNKNOWN = `${SENT("", "")}, put as (
    ${PUT} ${IN_ORDER}
    on conflict (service_name, external_id) where external_id is not null do nothing returning id
  )
  select count(*)::int as accepted, 0 as updated, case when count(*) = (select count(*) from sent) then '[]' else (
    select coalesce(jsonb_agg(place - 1 order by place), '[]') from sent
    where day >= (select ops.detail_floor()) and not exists (select from put where put.id = sent.id)
  ) end as known, ${TOO_OLD}, ${UNDEFINED_NAMES} from put`;

/** What is stored of a row that comes without a time of its own. */
const STORED = (column: string) =>
  `(
        select m.${column} from metrics m
        where r.at is null and r.day is null and m.service_name = s.service_name and m.external_id = r.external_id
      ), `;

const UPSERT = `${SENT(STORED('"timestamp"'), STORED("date"))}, put as (
    ${PUT} ${IN_ORDER}
    on conflict (service_name, external_id) where external_id is not null do update set
      metric_type = excluded.metric_type, metric_name = excluded.metric_name, metric_value = excluded.metric_value,
      metric_unit = excluded.metric_unit, dimensions = excluded.dimensions, "timestamp" = excluded."timestamp",
      date = excluded.date, version = m.version + 1, updated_at = ops.now()
    where (m.metric_type, m.metric_name, m.metric_value, m.metric_unit, m.dimensions, m."timestamp", m.date)
      is distinct from (excluded.metric_type, excluded.metric_name, excluded.metric_value, excluded.metric_unit,
        excluded.dimensions, excluded."timestamp", excluded.date)
    returning (xmax = 0) as fresh
  )
  select count(*) filter (where fresh)::int as accepted, count(*) filter (where not fresh)::int as updated, ${TOO_OLD} from put`;
