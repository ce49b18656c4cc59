import type { Db } from "./client.ts";

/** A forecast that was computed before: JSON, and when that was. */
export type StoredForecast = { answer: unknown; computed_at: string };

/** What was computed for a question, if it was for this version of the series. */
export async function findForecast(db: Db, key: string, data_version: string): Promise<StoredForecast | null> {
  const [row] = await db.query<StoredForecast>(
    "select answer, computed_at from ops.forecast_cache where key = $1 and data_version = $2",
    [key, data_version],
  );
  return row ?? null;
}

/** What is kept of a forecast; `answer` is JSON text. */
export type NewForecast = { key: string; data_version: string; answer: string; computed_at: string };

/**
 * Keeps a forecast in the place of any earlier one for its question. Never waits for another writer: where one is
 * keeping a forecast for the same question, this one is not kept.
 */
export async function storeForecast(tx: Db, forecast: NewForecast): Promise<void> {
  await tx.query(store("true"), valuesOf(forecast));
}

/**
 * The same for a reader who should not wait for the disk either. Not in a transaction with anything else: a crash of the
 * server within the next moments loses what it commits.
 */
export async function storeForecastLazily(db: Db, forecast: NewForecast): Promise<void> {
  await db.query(store("set_config('synchronous_commit', 'off', true) = 'off'"), valuesOf(forecast));
}

const store = (condition: string) =>
  `insert into ops.forecast_cache (key, data_version, answer, computed_at)
     select $1, $2, $3::text::jsonb, $4::timestamptz where pg_try_advisory_xact_lock(7003, hashtext($1)) and ${condition}
     on conflict (key) do update set data_version = excluded.data_version, answer = excluded.answer,
       computed_at = excluded.computed_at`;

const valuesOf = ({ key, data_version, answer, computed_at }: NewForecast) => [key, data_version, answer, computed_at];

/** Deletes forecasts older than `days`: each day asks anew, so nobody finds them any more. */
export async function deleteOldForecasts(
  tx: Db,
  days: number,
  limit: number,
): Promise<{ deleted: number; more: boolean }> {
  const rows = await tx.query(
    `delete from ops.forecast_cache where key in (
       select key from ops.forecast_cache where computed_at < ops.now() - make_interval(days => $1::int)
       order by computed_at, key limit $2::int) returning 1`,
    [days, limit],
  );
  return { deleted: rows.length, more: rows.length === limit };
}
