import type { Db, Param } from "./client.ts";
import { DAYS, LEAPS, leapsFor } from "./metric_series.ts";
import type { MetricType, ServiceName } from "./schema/enums.ts";

export const GOOD_DIRECTIONS = ["up", "down", "none"] as const;

/** Which metric a definition is of. */
export type MetricKey = { service_name: ServiceName; metric_type: MetricType; metric_name: string };

/** What a metric name means. */
export type Meaning = {
  kind: "flow" | "gauge" | "sample";
  unit: string | null;
  good_direction: typeof GOOD_DIRECTIONS[number];
  is_primary: boolean;
  /** The dimensions that tell one series of a gauge from another. */
  series_key: string[];
  /** The dimension that names the person or project of a reading. */
  entity_key: string | null;
  description: string;
};

/** What is recorded of a metric: its units, how many readings there ever were, and when. */
export type Recorded = {
  units: (string | null)[];
  readings: number;
  first_day: string;
  last_day: string;
  last_at: string;
};

/** A metric name with what it means and what is recorded of it. `version` is null where it is not defined. */
export type CatalogRow = MetricKey & Meaning & { version: number | null; recorded: Recorded | null };

/** What the catalog is narrowed to; what is absent is free. */
export type CatalogFilter = Partial<MetricKey & Pick<Meaning, "kind"> & { recorded: boolean }>;

/** Which part of the catalog, in the order of its key. */
export type CatalogSlice = {
  skip: number;
  rows: number;
  after: readonly [service_name: ServiceName, metric_type: MetricType, metric_name: string] | null;
};

const KEY = "service_name, metric_type, metric_name";

/** The names that are defined or recorded and that a filter means. */
const NAMES = `
  with ${LEAPS}, heard as (select distinct ${KEY} from leaps), meant as (
    select n.*, coalesce(d.kind, 'flow') as kind, d.unit, coalesce(d.good_direction, 'up') as good_direction,
      coalesce(d.is_primary, false) as is_primary, coalesce(d.series_key, '{}') as series_key, d.entity_key,
      coalesce(d.description, '') as description, d.version
    from (select ${KEY} from heard union select ${KEY} from ops.metric_definitions) n
    left join ops.metric_definitions d using (${KEY})
    where ($1::text is null or n.service_name = $1::text::service_name)
      and ($2::text is null or n.metric_type = $2::text::metric_type)
      and ($3::text is null or n.metric_name = $3::text)
      and ($4::text is null or coalesce(d.kind, 'flow') = $4::text)
      and ($5::bool is null or $5::bool = ((n.service_name, n.metric_type, n.metric_name) in (select ${KEY} from heard)))
  )`;

const PAGE = `${NAMES}, page as (
    select * from meant n
    where $6::text is null
      or (n.service_name, n.metric_type, n.metric_name) > ($6::text::service_name, $7::text::metric_type, $8::text)
    order by ${KEY} limit $9::int offset $10::int
  )
  select p.service_name, p.metric_type, p.metric_name, p.kind, p.unit, p.good_direction, p.is_primary,
    to_jsonb(p.series_key) as series_key, p.entity_key, p.description, p.version, u.units, r.*
  from page p left join lateral (
    select jsonb_agg(nullif(s.metric_unit, '') order by s.metric_unit) as units from leaps s
    where (s.service_name, s.metric_type, s.metric_name) = (p.service_name, p.metric_type, p.metric_name)
  ) u on true left join lateral (
    select sum(r.n)::float8 as readings, min(r.bucket)::date as first_day, max(r.bucket)::date as last_day,
      max(r.last_at) as last_at
    from leaps s join ops.metric_rollups r on ${DAYS}
    where (s.service_name, s.metric_type, s.metric_name) = (p.service_name, p.metric_type, p.metric_name)
  ) r on true
  order by ${KEY}`;

const COUNT = `${NAMES} select count(*)::int as n from meant`;

function filterParams({ service_name, metric_type, metric_name, kind, recorded }: CatalogFilter): Param[] {
  return [service_name ?? null, metric_type ?? null, metric_name ?? null, kind ?? null, recorded ?? null];
}

type Read = Omit<CatalogRow, "recorded"> & { [Field in keyof Recorded]: Recorded[Field] | null };

/** Part of the catalog. */
export async function listCatalog(db: Db, filter: CatalogFilter, { skip, rows, after }: CatalogSlice) {
  const [service_name = null, metric_type = null, metric_name = null] = after ?? [];
  const params = [...filterParams(filter), service_name, metric_type, metric_name, rows, skip];
  return (await db.query<Read>(leapsFor(filter, PAGE), params)).map(catalogRow);
}

function catalogRow({ units, readings, first_day, last_day, last_at, ...row }: Read): CatalogRow {
  const silent = units === null || readings === null || first_day === null || last_day === null || last_at === null;
  return { ...row, recorded: silent ? null : { units, readings, first_day, last_day, last_at } };
}

/** How many names the catalog has under a filter. */
export async function countCatalog(db: Db, filter: CatalogFilter): Promise<number> {
  const rows = await db.query<{ n: number }>(leapsFor(filter, COUNT), filterParams(filter));
  return rows[0]?.n ?? 0;
}

/** The catalog's row of one name, or null where it is neither defined nor recorded. */
export async function findCatalogRow(db: Db, key: MetricKey): Promise<CatalogRow | null> {
  return (await listCatalog(db, key, { skip: 0, rows: 1, after: null }))[0] ?? null;
}

/** Lets nobody else change definitions until the transaction ends; who reads them or sends metrics does not wait. */
export async function enterDefinitions(tx: Db): Promise<void> {
  await tx.exec("lock table ops.metric_definitions in share row exclusive mode");
}

/**
 * Stores what a metric means, and takes being primary from whichever metric of its service and type was. Where its kind
 * or keys change, a trigger counts its rows again while senders wait.
 */
export async function storeDefinition(tx: Db, key: MetricKey, meaning: Meaning): Promise<void> {
  const params = [key.service_name, key.metric_type, key.metric_name];
  if (meaning.is_primary) await tx.query(DETHRONE, params);
  const { kind, unit, good_direction, is_primary, series_key, entity_key, description } = meaning;
  await tx.query(STORE, [
    ...params,
    ...[kind, unit, good_direction, is_primary, JSON.stringify(series_key), entity_key, description],
  ]);
}

const DETHRONE = `
  update ops.metric_definitions set is_primary = false, version = version + 1, updated_at = ops.now()
  where service_name = $1::text::service_name and metric_type = $2::text::metric_type and metric_name <> $3::text
    and is_primary`;

const MEANING = "kind, unit, good_direction, is_primary, series_key, entity_key, description";
const NEW_MEANING = MEANING.split(", ").map((column) => `excluded.${column}`).join(", ");

const STORE = `
  insert into ops.metric_definitions as d (${KEY}, ${MEANING})
  values ($1::text::service_name, $2::text::metric_type, $3::text, $4::text, $5::text, $6::text, $7::bool,
    array(select jsonb_array_elements_text($8::text::jsonb)), $9::text, $10::text)
  on conflict (${KEY}) do update
    set (${MEANING}, version, updated_at) = row(${NEW_MEANING}, d.version + 1, ops.now())`;
