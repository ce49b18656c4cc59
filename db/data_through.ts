import type { Db } from "./client.ts";
import { DAYS, TARGETS, targets } from "./metric_series.ts";
import type { Series } from "./metrics_ingest.ts";

/**
 * The latest reading of each of some series that is not after an instant, in the order of the series; null where all
 * are after it. Roll-ups know the latest reading of an hour: in one that has a reading after the instant, those before it
 * are passed over.
 * @param instant RFC 3339
 */
export async function latestUpTo(db: Db, series: readonly Series[], instant: string): Promise<(string | null)[]> {
  const rows = await db.query<{ last_at: string | null }>(LATEST, [
    targets(series.map((one, g) => ({ ...one, g }))),
    instant,
  ]);
  return rows.map((row) => row.last_at);
}

const HOURS = DAYS.replace("'d'", "'h'");

/** A local day begins up to 14 hours before that of UTC; hours are not kept as long as days. */
const LATEST = `
  select greatest(d.last_at, h.last_at) as last_at
  from ${TARGETS} s
  left join lateral (
    select r.last_at from ops.metric_rollups r
    where ${DAYS} and r.last_at <= $2::text::timestamptz
      and r.bucket <= ($2::text::timestamptz at time zone 'UTC') + interval '14 hours'
    order by r.bucket desc limit 1
  ) d on true
  left join lateral (
    select r.last_at from ops.metric_rollups r
    where ${HOURS} and r.last_at <= $2::text::timestamptz and r.bucket <= $2::text::timestamptz at time zone 'UTC'
    order by r.bucket desc limit 1
  ) h on true
  order by s.g`;
