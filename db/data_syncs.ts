import { type Db, violated } from "./client.ts";
import type { ServiceName, SyncStatus, SyncType } from "./schema/enums.ts";

/** One pull of one service's metrics feed. */
export type SyncRow = {
  id: string;
  service_name: ServiceName;
  sync_type: SyncType;
  status: SyncStatus;
  started_at: string | null;
  completed_at: string | null;
  records_processed: number;
  records_failed: number;
  last_sync_timestamp: string | null;
  error_message: string | null;
  metadata: SyncMetadata;
};

/** Whose pull it is, what it asks the source for, and where it stands. */
export type SyncMetadata = { run_id: string; updated_after: string | null; cursor: string | null; pages: number };

const COLUMNS = `id, service_name, sync_type, status, started_at, completed_at, records_processed, records_failed,
  last_sync_timestamp, error_message, metadata`;

export type NewSync = { id: string; run_id: string; service_name: ServiceName; sync_type: SyncType };

/**
 * The pull of one service for one run: the one that an earlier attempt began, or a new one from the service's watermark.
 * Null when another run is pulling this service. A pull whose run has ended without it is closed first.
 * @param overlap_s how far before the watermark to ask again, since clocks differ and commits come late
 */
export async function openSync(tx: Db, sync: NewSync, overlap_s: number): Promise<SyncRow | null> {
  try {
    return await tx.transaction(async (tx) => {
      const before = await resumeSync(tx, sync);
      if (before !== null) return before;
      await closeAbandoned(tx, sync.service_name);
      return await beginSync(tx, sync, overlap_s);
    });
  } catch (error) {
    if (violated(error) === "data_syncs_one_open") return null;
    throw error;
  }
}

async function resumeSync(tx: Db, { run_id, service_name }: NewSync): Promise<SyncRow | null> {
  const [row] = await tx.query<SyncRow>(
    `update data_syncs set status = case status when 'completed' then status else 'running' end,
       completed_at = case status when 'completed' then completed_at end, error_message = null,
       version = version + 1, updated_at = ops.now()
     where service_name = $1 and metadata ->> 'run_id' = $2 returning ${COLUMNS}`,
    [service_name, run_id],
  );
  return row ?? null;
}

async function closeAbandoned(tx: Db, service: ServiceName): Promise<void> {
  await tx.query(
    `update data_syncs d set status = 'failed', error_message = 'Its run ended without it', completed_at = ops.now(),
       version = version + 1, updated_at = ops.now()
     where service_name = $1 and status in ('pending', 'running') and not exists (
       select 1 from ops.job_runs r where r.id::text = d.metadata ->> 'run_id'
         and r.state in ('queued', 'running', 'retrying'))`,
    [service],
  );
}

async function beginSync(tx: Db, sync: NewSync, overlap_s: number): Promise<SyncRow | null> {
  const [row] = await tx.query<SyncRow>(
    `insert into data_syncs (id, service_name, sync_type, status, started_at, created_at, updated_at, metadata)
     select $1, $2, $3, 'running', ops.now(), ops.now(), ops.now(), jsonb_build_object('run_id', $4::text, 'cursor', null,
       'pages', 0, 'updated_after', case when $3 <> 'full'::sync_type then (
         select max(last_sync_timestamp) - make_interval(secs => $5) from data_syncs
         where service_name = $2 and status = 'completed') end)
     on conflict (service_name) where status in ('pending', 'running') do nothing returning ${COLUMNS}`,
    [sync.id, sync.service_name, sync.sync_type, sync.run_id, overlap_s],
  );
  return row ?? null;
}

/** Counts one stored page and remembers where the next begins; the transaction that stored it is this one. */
export async function advanceSync(
  tx: Db,
  id: string,
  page: { processed: number; rejected: number; cursor: string | null },
): Promise<void> {
  await tx.query(
    `update data_syncs set records_processed = records_processed + $2, records_failed = records_failed + $3,
       metadata = metadata || jsonb_build_object('cursor', $4::text, 'pages', (metadata ->> 'pages')::int + 1),
       version = version + 1, updated_at = ops.now()
     where id = $1`,
    [id, page.processed, page.rejected, page.cursor],
  );
}

/** Ends a pull well: everything that the source changed before it began is stored. */
export async function completeSync(tx: Db, id: string): Promise<SyncRow> {
  const [row] = await tx.query<SyncRow>(
    `update data_syncs set status = 'completed', completed_at = ops.now(), last_sync_timestamp = started_at,
       version = version + 1, updated_at = ops.now()
     where id = $1 returning ${COLUMNS}`,
    [id],
  );
  if (row === undefined) throw new Error("The sync vanished under its run");
  return row;
}

/** Ends a pull badly; what it stored stays, and a further attempt of its run goes on from there. */
export async function failSync(tx: Db, id: string, message: string): Promise<void> {
  await tx.query(
    `update data_syncs set status = 'failed', completed_at = ops.now(), error_message = $2, version = version + 1,
       updated_at = ops.now()
     where id = $1`,
    [id, message],
  );
}

/** Ends the open pulls of a run that failed for good. */
export async function failSyncsOfRun(tx: Db, runId: string, message: string): Promise<void> {
  await tx.query(
    `update data_syncs set status = 'failed', completed_at = ops.now(), error_message = $2, version = version + 1,
       updated_at = ops.now()
     where metadata ->> 'run_id' = $1 and status in ('pending', 'running')`,
    [runId, message],
  );
}
