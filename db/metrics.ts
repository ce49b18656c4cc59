import type { Db, Param } from "./client.ts";
import { contains, type DimensionFilter } from "./metric_cells.ts";
import type { Series } from "./metrics_ingest.ts";
import type { MetricType, ServiceName } from "./schema/enums.ts";

/** A stored metric. */
export type MetricRow = Series & {
  id: string;
  metric_value: number;
  dimensions: Record<string, string | number | boolean>;
  timestamp: string;
  date: string;
  external_id: string | null;
  metadata: Record<string, unknown>;
  version: number;
  created_at: string;
  updated_at: string;
};

const FIELDS =
  `m.id, m.service_name, m.metric_type, m.metric_name, m.metric_value, m.metric_unit, m.dimensions, m."timestamp",
    m.date, m.external_id, m.metadata, m.version, m.created_at, m.updated_at`;

const BY_ID = `select ${FIELDS} from metrics m where m.id = $1`;
const BY_EXTERNAL_ID = `select ${FIELDS} from metrics m where m.service_name = $1 and m.external_id = $2`;

/** One metric, or null. */
export async function findMetric(db: Db, id: string): Promise<MetricRow | null> {
  return (await db.query<MetricRow>(BY_ID, [id]))[0] ?? null;
}

/** The metric that a service knows under its own id, or null. */
export async function findExternal(db: Db, service: ServiceName, external_id: string): Promise<MetricRow | null> {
  return (await db.query<MetricRow>(BY_EXTERNAL_ID, [service, external_id]))[0] ?? null;
}

/**
 * Locks a metric and the roll-ups of its series until the transaction ends, and says whether it is too old to be
 * deleted: below retention's floor the roll-ups remember what can no longer be recounted.
 */
export async function enterDelete(tx: Db, id: string): Promise<{ version: number; frozen: boolean } | null> {
  await tx.query(
    `select ops.lock_series(array[service_name::text], array[metric_type::text], array[metric_name])
     from metrics where id = $1`,
    [id],
  );
  const [row] = await tx.query<{ version: number; frozen: boolean }>(
    "select version, date < ops.detail_floor() as frozen from metrics where id = $1 for update",
    [id],
  );
  return row ?? null;
}

/** Deletes a metric; its triggers take it out of the roll-ups. */
export async function deleteMetric(tx: Db, id: string): Promise<void> {
  await tx.query("delete from metrics where id = $1", [id]);
}

/** What a list is narrowed to; days are the rows' own dates. */
export type MetricFilter = {
  service_name?: ServiceName | undefined;
  metric_type?: MetricType | undefined;
  metric_name?: string | undefined;
  start_date?: string | undefined;
  end_date?: string | undefined;
  dimensions: readonly DimensionFilter[];
};

const CHANGE = "(select last_value from ops.change)::text as change";

/** Which part of a list, in the order of timestamp and id, latest first. */
export type Slice = { skip: number; rows: number; after: readonly [timestamp: string, id: string] | null };

/** A metric of a list, and the state of all metrics when it was read: `change` grows with every write. */
export type ListedMetric = MetricRow & { change: string };

/** Some metrics of a list. The text depends only on which filters there are, so each is prepared once. */
export async function listMetrics(db: Db, filter: MetricFilter, { skip, rows, after }: Slice): Promise<ListedMetric[]> {
  const params: Param[] = [];
  const param = (value: Param) => `$${params.push(value)}`;
  const conditions = conditionsOf(filter, param);
  if (after !== null) {
    const [timestamp, id] = after;
    conditions.push(`(m."timestamp", m.id) < (${param(timestamp)}::text::timestamptz, ${param(id)}::text::uuid)`);
  }
  const part = `limit ${param(rows)}::int offset ${param(skip)}::int`;
  const where = ["true", ...conditions].join(" and ");
  const latest = `order by m."timestamp" desc, m.id desc`;
  const straight = filter.dimensions.length > 0 ||
    (filter.service_name !== undefined && filter.metric_type !== undefined);
  const text = straight
    ? `select ${FIELDS}, ${CHANGE} from metrics m where ${where} ${latest} ${part}`
    : `select ${FIELDS}, ${CHANGE}
       from (
         select one.id
         from (${partsOf(filter, param)}) part
         cross join lateral (
           select m.id, m."timestamp" from metrics m
           where m.service_name = part.service_name and m.metric_type = part.metric_type and ${where} ${latest}
           limit ${param(skip + rows)}::int
         ) one
         order by one."timestamp" desc, one.id desc ${part}
       ) page
       join metrics m using (id)
       ${latest}`;
  return await db.query<ListedMetric>(text, params);
}

/**
 * The services and types of which the latest are to be found, as there is no index on the timestamp alone. Where a name
 * is meant, only those that have it: elsewhere the search would find nothing until its very end.
 */
function partsOf({ metric_name }: MetricFilter, param: (value: Param) => string): string {
  const all = `select service_name, metric_type
    from unnest(enum_range(null::service_name)) service_name cross join unnest(enum_range(null::metric_type)) metric_type`;
  if (metric_name === undefined) return all;
  return `select service_name, metric_type from (${all} offset 0) x where exists (
    select from ops.metric_rollups r
    where (r.service_name, r.metric_type, r.metric_name) = (x.service_name, x.metric_type, ${
    param(metric_name)
  }::text))`;
}

/** How many rows a filter leaves, counted no further than `most`. */
export async function countMetrics(db: Db, filter: MetricFilter, most: number): Promise<number> {
  const params: Param[] = [];
  const param = (value: Param) => `$${params.push(value)}`;
  const where = ["true", ...conditionsOf(filter, param)].join(" and ");
  const [row] = await db.query<{ n: number }>(
    `select count(*)::int as n from (select from metrics m where ${where} limit ${param(most)}::int) as found`,
    params,
  );
  return row?.n ?? 0;
}

function conditionsOf(filter: MetricFilter, param: (value: Param) => string): string[] {
  const { service_name, metric_type, metric_name, start_date, end_date, dimensions } = filter;
  const conditions: string[] = [];
  if (service_name !== undefined) conditions.push(`m.service_name = ${param(service_name)}::text::service_name`);
  if (metric_type !== undefined) conditions.push(`m.metric_type = ${param(metric_type)}::text::metric_type`);
  if (metric_name !== undefined) conditions.push(`m.metric_name = ${param(metric_name)}::text`);
  // A date is at most two days from its timestamp in UTC, which has the better index. Without coalesce the planner takes
  // the two for independent, expects hardly a row, and gathers and sorts all of them instead of walking that index.
  if (start_date !== undefined) {
    const day = `${param(start_date)}::text::date`;
    conditions.push(`coalesce(m.date >= ${day}, false)`, `m."timestamp" >= (${day} - 2)::timestamp at time zone 'UTC'`);
  }
  if (end_date !== undefined) {
    const day = `${param(end_date)}::text::date`;
    conditions.push(`coalesce(m.date <= ${day}, false)`, `m."timestamp" < (${day} + 3)::timestamp at time zone 'UTC'`);
  }
  for (const one of dimensions) conditions.push(`m.${contains(one, param)}`);
  return conditions;
}
