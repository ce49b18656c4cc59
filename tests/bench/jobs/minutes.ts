import { type JobStage, pause } from "./stage.ts";

/** A minute mark of the domain's time, made to come soon. */
export type Mark = { at: string };

const offsets = new WeakMap<JobStage, number>();

/**
 * Moves the database's clock forward so that the next whole minute is `ahead_ms` away, and wakes whoever has armed a
 * timer by the old time, as an edit would.
 */
export async function bringMinute(stage: JobStage, ahead_ms: number): Promise<Mark> {
  const { db } = stage.database;
  const [row] = await db.query<{ now: string }>("select clock_timestamp() as now");
  const domain = Date.parse(row?.now ?? "") + (offsets.get(stage) ?? 0);
  const mark = Math.ceil((domain + ahead_ms) / 60_000) * 60_000;
  const offset = (offsets.get(stage) ?? 0) + mark - ahead_ms - domain;
  offsets.set(stage, offset);
  await db.exec(`create or replace function ops.now() returns timestamptz language sql stable parallel safe as
    'select statement_timestamp() + interval ''${offset} milliseconds'''`);
  await db.exec("notify ledger, 'edit'");
  return { at: new Date(mark).toISOString() };
}

/** How late the runs of a mark were claimed, in ms by the database's clock, once all of them are. */
export async function latenessOf(stage: JobStage, { at }: Mark, runs: number): Promise<number[]> {
  for (let tries = 0; tries < 300; tries++) {
    const rows = await stage.database.db.query<{ ms: number }>(
      `select extract(epoch from started_at - scheduled_for)::float8 * 1000 as ms from ops.job_runs
       where scheduled_for = $1 and started_at is not null`,
      [at],
    );
    if (rows.length >= runs) return rows.map(({ ms }) => ms);
    await pause(100);
  }
  throw new Error(`The runs of ${at} did not begin`);
}
