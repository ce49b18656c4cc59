import type { Db } from "./client.ts";
import type { FedSeries } from "./goal_feeds.ts";
import { GOAL_COLUMNS, type GoalRow, hidingParam, notHiddenBy } from "./goals.ts";

/** A forecast as it was computed: JSON, on which local day and from what. */
export type StoredGoalForecast = {
  inputs: string;
  data_version: string;
  as_of: string;
  answer: unknown;
  computed_at: string;
};

/** The instant, and what the last update stored of a goal. */
export async function findGoalForecast(
  db: Db,
  goal_id: string,
): Promise<{ now: string; stored: StoredGoalForecast | null }> {
  const [row] = await db.query<
    { now: string } & { [Field in keyof StoredGoalForecast]: StoredGoalForecast[Field] | null }
  >(
    `select ops.now() as now, inputs, data_version, as_of, answer, computed_at
     from (select 1) as always left join ops.goal_forecasts on goal_id = $1`,
    [goal_id],
  );
  if (row === undefined) throw new TypeError("The statement always has a row");
  const { now, inputs, data_version, as_of, answer, computed_at } = row;
  if (inputs === null || data_version === null || as_of === null || computed_at === null) return { now, stored: null };
  return { now, stored: { inputs, data_version, as_of, answer, computed_at } };
}

/** An active goal, and what is stored of its forecast. */
export type GoalWithForecast = { [Field in keyof StoredGoalForecast]: StoredGoalForecast[Field] | null } & GoalRow;

/** Active goals, newest first, each with the end of its stored fan alone; without those that some dimensions hide. */
export async function listGoalForecastRows(
  db: Db,
  hiding_keys: readonly string[] | null,
  { limit, skip, after }: { limit: number; skip: number; after: readonly [created_at: string, id: string] | null },
): Promise<GoalWithForecast[]> {
  return await db.query<GoalWithForecast>(
    `select ${GOAL_COLUMNS}, inputs, data_version, as_of, computed_at,
       jsonb_set(answer, '{fan}', jsonb_path_query_array(answer, '$.fan[last]')) as answer
     from goals left join ops.goal_forecasts on goal_id = id
     where deleted_at is null and status = 'active'
       and ($1::timestamptz is null or (created_at, id) < ($1, $2::uuid)) and ${notHiddenBy("$5")}
     order by created_at desc, id desc limit $3 offset $4`,
    [after?.[0] ?? null, after?.[1] ?? null, limit, skip, hidingParam(hiding_keys)],
  );
}

type DuePage = { ids: readonly string[] | null; series: FedSeries | null; after: string | null; limit: number };

/**
 * A page by id of the active goals whose forecast is none of today, or older than an hour: new readings of the same day
 * change little, and come all day long. With `ids` or `series`, only those among them.
 */
export async function findGoalsToForecast(db: Db, { ids, series, after, limit }: DuePage): Promise<GoalRow[]> {
  return await db.query<GoalRow>(
    `select ${GOAL_COLUMNS} from goals left join ops.goal_forecasts on goal_id = id
     where deleted_at is null and status = 'active' and end_date >= (ops.now() at time zone timezone)::date
       and ($1::text is null or id in (select jsonb_array_elements_text($1::text::jsonb)::uuid))
       and ($2::text is null or (service_name::text, metric_type::text, metric_name) = ($2, $3::text, $4::text))
       and (goal_id is null or as_of <> (ops.now() at time zone timezone)::date
         or computed_at <= ops.now() - interval '1 hour')
       and ($5::uuid is null or id > $5)
     order by id limit $6`,
    [
      ...[ids === null ? null : JSON.stringify(ids), series?.service_name ?? null, series?.metric_type ?? null],
      ...[series?.metric_name ?? null, after, limit],
    ],
  );
}

/** A forecast to keep; `answer` is JSON text, `version` that of the goal it was computed for. */
export type NewGoalForecast = Omit<StoredGoalForecast, "answer" | "computed_at"> & {
  goal_id: string;
  version: number;
  answer: string;
  forecast_value: number | null;
};

/** Keeps a forecast beside its goal, which gets its next version; not where the goal changed in the meantime. */
export async function storeGoalForecast(db: Db, forecast: NewGoalForecast): Promise<boolean> {
  const { goal_id, version, inputs, data_version, as_of, answer, forecast_value } = forecast;
  const rows = await db.query(
    `with kept as (
       update goals set forecast_value = $3::float8, forecast_updated_at = ops.now(), version = version + 1,
         updated_at = ops.now()
       where id = $1 and version = $2::int and deleted_at is null returning id
     )
     insert into ops.goal_forecasts (goal_id, inputs, data_version, as_of, answer)
     select id, $4::text, $5::text, $6::date, $7::text::jsonb from kept
     on conflict (goal_id) do update set inputs = excluded.inputs, data_version = excluded.data_version,
       as_of = excluded.as_of, answer = excluded.answer, computed_at = excluded.computed_at
     returning 1`,
    [goal_id, version, forecast_value, inputs, data_version, as_of, answer],
  );
  return rows.length > 0;
}

/** Says again, an hour later, that a stored forecast holds: nothing it was computed from has changed. */
export async function confirmGoalForecast(db: Db, goal_id: string, inputs: string): Promise<void> {
  await db.query(
    "update ops.goal_forecasts set computed_at = ops.now() where goal_id = $1 and inputs = $2::text",
    [goal_id, inputs],
  );
}

/** Forgets the forecast of a goal that is becoming another one. */
export async function dropGoalForecast(tx: Db, goal_id: string): Promise<void> {
  await tx.query("delete from ops.goal_forecasts where goal_id = $1", [goal_id]);
  await tx.query("update goals set forecast_value = null, forecast_updated_at = null where id = $1", [goal_id]);
}
