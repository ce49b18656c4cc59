import type { Db, Param } from "./client.ts";
import type { FedSeries } from "./goal_feeds.ts";
import type { GoalStatus, MetricType, ServiceName } from "./schema/enums.ts";

export const GOAL_DIRECTIONS = ["increase", "decrease", "maintain"] as const;
export const GOAL_AGGREGATIONS = ["sum", "count", "avg", "last"] as const;

/** What a goal is, as its author says it. With a service and a metric name it is fed from that series. */
export type GoalFields = {
  name: string;
  description: string | null;
  metric_type: MetricType;
  target_value: number;
  unit: string;
  start_date: string;
  end_date: string;
  alert_threshold: number | null;
  service_name: ServiceName | null;
  metric_name: string | null;
  dimensions: Record<string, string | number | boolean> | null;
  aggregation: typeof GOAL_AGGREGATIONS[number] | null;
  direction: typeof GOAL_DIRECTIONS[number];
  baseline_value: number;
  timezone: string;
};

/** What the service finds out about it. */
export type GoalFindings = {
  current_value: number;
  progress_percentage: number;
  status: GoalStatus;
  alert_sent: boolean;
};

/** A stored goal, with today's date in its zone. */
export type GoalRow = GoalFields & GoalFindings & {
  id: string;
  forecast_value: number | null;
  forecast_updated_at: string | null;
  created_by: string;
  version: number;
  created_at: string;
  updated_at: string;
  today: string;
};

/** A goal as it is read, with today in its zone. */
export const GOAL_COLUMNS =
  `id, name, description, metric_type, target_value, current_value, unit, start_date, end_date, status, progress_percentage,
  alert_threshold, alert_sent, forecast_value, forecast_updated_at, created_by, service_name, metric_name, dimensions,
  aggregation, direction, baseline_value, timezone, version, created_at, updated_at,
  (ops.now() at time zone timezone)::date as today`;

const FIELDS =
  `name, description, metric_type, target_value, unit, start_date, end_date, alert_threshold, service_name, metric_name,
  dimensions, aggregation, direction, baseline_value, timezone, current_value, progress_percentage, status, alert_sent`;
const FIELD_VALUES =
  `$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::jsonb, $13, $14, $15, $16, $17, $18, $19, $20`;

const fieldParams = (id: string, goal: GoalFields & GoalFindings): Param[] => [
  ...[id, goal.name, goal.description, goal.metric_type, goal.target_value, goal.unit, goal.start_date, goal.end_date],
  ...[goal.alert_threshold, goal.service_name, goal.metric_name],
  ...[goal.dimensions === null ? null : JSON.stringify(goal.dimensions), goal.aggregation, goal.direction],
  ...[goal.baseline_value, goal.timezone, goal.current_value, goal.progress_percentage, goal.status, goal.alert_sent],
];

export async function insertGoal(
  tx: Db,
  goal: GoalFields & GoalFindings & { id: string; created_by: string },
): Promise<GoalRow> {
  const [row] = await tx.query<GoalRow>(
    `insert into goals (id, ${FIELDS}, created_by) values ($1, ${FIELD_VALUES}, $21) returning ${GOAL_COLUMNS}`,
    [...fieldParams(goal.id, goal), goal.created_by],
  );
  if (row === undefined) throw new Error("The insert returned no row");
  return row;
}

/** Stores a goal anew, under its next version. */
export async function updateGoalFields(tx: Db, id: string, goal: GoalFields & GoalFindings): Promise<GoalRow> {
  const [row] = await tx.query<GoalRow>(
    `update goals set (${FIELDS}) = row(${FIELD_VALUES}), version = version + 1, updated_at = ops.now()
     where id = $1 returning ${GOAL_COLUMNS}`,
    fieldParams(id, goal),
  );
  if (row === undefined) throw new Error("The goal went away under its lock");
  return row;
}

/** A goal that is not deleted. */
export async function findGoal(db: Db, id: string): Promise<GoalRow | null> {
  const [row] = await db.query<GoalRow>(`select ${GOAL_COLUMNS} from goals where id = $1 and deleted_at is null`, [id]);
  return row ?? null;
}

/** The same, held against other writers until the transaction ends. */
export async function lockGoal(tx: Db, id: string): Promise<GoalRow | null> {
  const [row] = await tx.query<GoalRow>(
    `select ${GOAL_COLUMNS} from goals where id = $1 and deleted_at is null for no key update`,
    [id],
  );
  return row ?? null;
}

/** Cancels and hides a goal; its row and its readings stay. */
export async function hideGoal(tx: Db, id: string): Promise<void> {
  await tx.query(
    `update goals set status = 'cancelled', deleted_at = ops.now(), version = version + 1, updated_at = ops.now()
     where id = $1`,
    [id],
  );
}

export type GoalFilter = {
  metric_type?: MetricType | undefined;
  status?: GoalStatus | undefined;
  created_by?: string | undefined;
  /** Goals by any of these dimensions, given in lower case, are left out; null for none. */
  hiding_keys: readonly string[] | null;
};

/** Whether a goal names none of the dimensions of a parameter; see `hidingParam`. */
export const notHiddenBy = (param: string) =>
  `(${param}::text is null or dimensions is null or not exists (
    select from jsonb_object_keys(dimensions) as key where lower(key) = any (${param}::text::text[])))`;

/** Dimensions as that parameter. */
export const hidingParam = (keys: readonly string[] | null): Param => keys === null ? null : `{${keys.join(",")}}`;

const FILTER = `deleted_at is null and ($1::goal_metric_type is null or metric_type = $1)
  and ($2::goal_status is null or status = $2) and ($3::uuid is null or created_by = $3) and ${notHiddenBy("$4")}`;

const filterParams = ({ metric_type, status, created_by, hiding_keys }: GoalFilter): Param[] => [
  ...[metric_type ?? null, status ?? null, created_by ?? null],
  hidingParam(hiding_keys),
];

/** Goals that match, newest first, after a cursor; one statement text for every filter, so that it stays prepared. */
export async function listGoalRows(
  db: Db,
  filter: GoalFilter,
  { limit, skip, after }: { limit: number; skip: number; after: readonly [created_at: string, id: string] | null },
): Promise<GoalRow[]> {
  return await db.query<GoalRow>(
    `select ${GOAL_COLUMNS} from goals where ${FILTER} and ($5::timestamptz is null or (created_at, id) < ($5, $6::uuid))
     order by created_at desc, id desc limit $7 offset $8`,
    [...filterParams(filter), after?.[0] ?? null, after?.[1] ?? null, limit, skip],
  );
}

/** How many goals match. */
export async function countGoals(db: Db, filter: GoalFilter): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select count(*)::int as n from goals where ${FILTER}`,
    filterParams(filter),
  );
  return row?.n ?? 0;
}

type GoalPage = {
  ids: readonly string[] | null;
  series: FedSeries | null;
  ended: boolean;
  after: string | null;
  limit: number;
};

/**
 * A page of the goals that an update concerns, by id: the active ones, and the failed ones whose window can still get
 * late readings. With `ended`, only active ones whose window is over; with `ids` or `series`, only those among them.
 */
export async function findGoalsToUpdate(
  db: Db,
  { ids, series, ended, after, limit }: GoalPage,
): Promise<GoalRow[]> {
  return await db.query<GoalRow>(
    `select ${GOAL_COLUMNS} from goals
     where deleted_at is null and ($1::text is null or id in (select jsonb_array_elements_text($1::text::jsonb)::uuid))
       and (status = 'active' or (status = 'failed' and not $2::boolean and end_date >= ops.detail_floor()))
       and (not $2::boolean or end_date < (ops.now() at time zone timezone)::date)
       and ($3::uuid is null or id > $3)
       and ($5::text is null or (service_name::text, metric_type::text, metric_name) = ($5, $6::text, $7::text))
     order by id limit $4`,
    [
      ...[ids === null ? null : JSON.stringify(ids), ended, after, limit],
      ...[series?.service_name ?? null, series?.metric_type ?? null, series?.metric_name ?? null],
    ],
  );
}

/** Some goals that are not deleted. */
export async function findGoalsByIds(db: Db, ids: readonly string[]): Promise<GoalRow[]> {
  return await db.query<GoalRow>(
    `select ${GOAL_COLUMNS} from goals
     where deleted_at is null and id in (select jsonb_array_elements_text($1::text::jsonb)::uuid) order by id`,
    [JSON.stringify(ids)],
  );
}
