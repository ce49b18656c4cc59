import type { Db, Param } from "./client.ts";
import type { DashboardType, MetricType, ServiceName } from "./schema/enums.ts";

/** What a dashboard is, as its author says it. */
export type DashboardFields = {
  name: string;
  dashboard_type: DashboardType;
  description: string | null;
  /** As it was stored: its reader checks it. */
  config: unknown;
  is_default: boolean;
  is_public: boolean;
};

/** A stored dashboard. */
export type DashboardRow = DashboardFields & {
  id: string;
  created_by: string;
  version: number;
  created_at: string;
  updated_at: string;
};

/** A dashboard of a list, which leaves its widgets out. */
export type DashboardSummaryRow = Omit<DashboardRow, "config"> & { widget_count: number };

const HEAD =
  "id, name, dashboard_type, description, is_default, is_public, created_by, version, created_at, updated_at";
const COLUMNS = `${HEAD}, config`;

const fieldParams = (id: string, fields: DashboardFields): Param[] => [
  ...[id, fields.name, fields.dashboard_type, fields.description, JSON.stringify(fields.config)],
  ...[fields.is_default, fields.is_public],
];

export async function insertDashboard(
  tx: Db,
  dashboard: DashboardFields & { id: string; created_by: string },
): Promise<DashboardRow> {
  const [row] = await tx.query<DashboardRow>(
    `insert into dashboards (id, name, dashboard_type, description, config, is_default, is_public, created_by)
     values ($1, $2, $3, $4, $5::text::jsonb, $6, $7, $8) returning ${COLUMNS}`,
    [...fieldParams(dashboard.id, dashboard), dashboard.created_by],
  );
  if (row === undefined) throw new Error("The insert returned no row");
  return row;
}

/** Stores a dashboard anew, under its next version. */
export async function updateDashboardFields(tx: Db, id: string, fields: DashboardFields): Promise<DashboardRow> {
  const [row] = await tx.query<DashboardRow>(
    `update dashboards set name = $2, dashboard_type = $3, description = $4, config = $5::text::jsonb, is_default = $6,
       is_public = $7, version = version + 1, updated_at = ops.now()
     where id = $1 returning ${COLUMNS}`,
    fieldParams(id, fields),
  );
  if (row === undefined) throw new Error("The dashboard went away under its lock");
  return row;
}

export async function removeDashboard(tx: Db, id: string): Promise<void> {
  await tx.query("delete from dashboards where id = $1", [id]);
}

export async function findDashboard(db: Db, id: string): Promise<DashboardRow | null> {
  const [row] = await db.query<DashboardRow>(`select ${COLUMNS} from dashboards where id = $1`, [id]);
  return row ?? null;
}

/** The same, held against other writers until the transaction ends. */
export async function lockDashboard(tx: Db, id: string): Promise<DashboardRow | null> {
  const [row] = await tx.query<DashboardRow>(`select ${COLUMNS} from dashboards where id = $1 for update`, [id]);
  return row ?? null;
}

/** The public dashboard that stands for its type. */
export async function findDefaultDashboard(db: Db, type: DashboardType): Promise<DashboardRow | null> {
  const [row] = await db.query<DashboardRow>(
    `select ${COLUMNS} from dashboards where dashboard_type = $1 and is_default and is_public`,
    [type],
  );
  return row ?? null;
}

/**
 * Lets one transaction at a time make a default, whatever its type: taken before any row is locked, so that two makers
 * cannot wait for each other.
 */
export async function lockDefaults(tx: Db): Promise<void> {
  await tx.query("select count(pg_advisory_xact_lock(7004, 1))");
}

/** Takes the default of a type from whoever has it, under its next version; under `lockDefaults`. */
export async function takeDefault(tx: Db, type: DashboardType, id: string): Promise<void> {
  await tx.query(
    `update dashboards set is_default = false, version = version + 1, updated_at = ops.now()
     where dashboard_type = $1 and is_default and id <> $2`,
    [type, id],
  );
}

/** Who looks at a list: everything, or what is public and their own. */
export type Viewer = { sees_all: boolean; id: string | null };

export type DashboardFilter = {
  dashboard_type?: DashboardType | undefined;
  is_default?: boolean | undefined;
  is_public?: boolean | undefined;
};

const FILTER = `($1::dashboard_type is null or dashboard_type = $1) and ($2::boolean is null or is_default = $2)
  and ($3::boolean is null or is_public = $3) and ($4::boolean or is_public or created_by = $5::uuid)`;

const filterParams = ({ dashboard_type, is_default, is_public }: DashboardFilter, viewer: Viewer): Param[] => [
  ...[dashboard_type ?? null, is_default ?? null, is_public ?? null, viewer.sees_all, viewer.id],
];

/** Dashboards that match and may be seen, newest first, after a cursor. */
export async function listDashboardRows(
  db: Db,
  filter: DashboardFilter,
  viewer: Viewer,
  { limit, skip, after }: { limit: number; skip: number; after: readonly [created_at: string, id: string] | null },
): Promise<DashboardSummaryRow[]> {
  return await db.query<DashboardSummaryRow>(
    `select ${HEAD}, case jsonb_typeof(config -> 'widgets') when 'array' then jsonb_array_length(config -> 'widgets')
       else 0 end as widget_count
     from dashboards where ${FILTER} and ($6::timestamptz is null or (created_at, id) < ($6, $7::uuid))
     order by created_at desc, id desc limit $8 offset $9`,
    [...filterParams(filter, viewer), after?.[0] ?? null, after?.[1] ?? null, limit, skip],
  );
}

/** How many dashboards match and may be seen. */
export async function countDashboards(db: Db, filter: DashboardFilter, viewer: Viewer): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select count(*)::int as n from dashboards where ${FILTER}`,
    filterParams(filter, viewer),
  );
  return row?.n ?? 0;
}

/** Which way a metric gets better. */
export type GoodDirection = "up" | "down" | "none";

/** A metric, and which way it gets better. */
export type Direction = {
  service_name: ServiceName;
  metric_type: MetricType;
  metric_name: string;
  good_direction: GoodDirection;
};

/** Which way the metrics of some services and types get better, as the dictionary says. */
export async function goodDirections(
  db: Db,
  kinds: readonly { service_name: ServiceName; metric_type: MetricType }[],
): Promise<Direction[]> {
  if (kinds.length === 0) return [];
  const asked = kinds.map(({ service_name, metric_type }) => ({ service_name, metric_type }));
  return await db.query<Direction>(
    `select d.service_name, d.metric_type, d.metric_name, d.good_direction from ops.metric_definitions d
     where (d.service_name, d.metric_type) in
       (select * from jsonb_to_recordset($1::text::jsonb) as x (service_name service_name, metric_type metric_type))
     order by d.service_name, d.metric_type, d.metric_name`,
    [JSON.stringify(asked)],
  );
}
