import type { Db } from "./client.ts";
import { insertSync, MOST_REJECTS, type NewSync, SYNC_COLUMNS, type SyncReject, type SyncRow } from "./data_syncs.ts";
import type { ServiceName } from "./schema/enums.ts";

/** Why a pull failed. */
export type SyncFault = { code: string; message: string };

/** Ends a row badly; its key is the first parameter, code and message the next two. */
const FAILED = `status = 'failed', completed_at = ops.now(), error_message = $3::text,
  metadata = metadata || jsonb_build_object('error_code', $2::text), version = version + 1, updated_at = ops.now()`;

/**
 * The pull of one service for one run, under way: the one that was written down for the run or that an earlier attempt
 * began, else a new one. Null when another run is pulling this service. One that has completed is answered as it is.
 * @param overlap_s how far before the watermark to ask again, since clocks differ and commits come late
 */
export async function openSync(tx: Db, sync: NewSync, overlap_s: number): Promise<SyncRow | null> {
  await closeAbandoned(tx, sync.service_name);
  const row = await findSyncOfRun(tx, sync) ?? await insertSync(tx, sync);
  return row === null || row.status === "completed" ? row : await startSync(tx, row.id, overlap_s);
}

/** A pull is younger than its run, give or take the order in which one transaction writes them. */
async function findSyncOfRun(tx: Db, { run_id, service_name }: NewSync): Promise<SyncRow | null> {
  const [row] = await tx.query<SyncRow>(
    `select ${SYNC_COLUMNS} from data_syncs where service_name = $1 and metadata ->> 'run_id' = $2::text
       and created_at >= (select r.created_at - interval '1 minute' from ops.job_runs r where r.id = $2::text::uuid)`,
    [service_name, run_id],
  );
  return row ?? null;
}

/** Ends the open pull of a service whose run has ended without it. */
export async function closeAbandoned(tx: Db, service: ServiceName): Promise<void> {
  await tx.query(
    `update data_syncs d set ${FAILED}
     where service_name = $1 and status in ('pending', 'running') and not exists (
       select 1 from ops.job_runs r where r.id::text = d.metadata ->> 'run_id'
         and r.state in ('queued', 'running', 'retrying'))`,
    [service, "abandoned", "Its run ended without it"],
  );
}

/**
 * What it asks the source for is settled when it first starts: everything where it is full, else what changed since the
 * service's latest completed pull began. A later attempt goes on with the same question.
 */
async function startSync(tx: Db, id: string, overlap_s: number): Promise<SyncRow> {
  const [row] = await tx.query<SyncRow>(
    `update data_syncs d set status = 'running', started_at = coalesce(started_at, ops.now()), completed_at = null,
       error_message = null, version = version + 1, updated_at = ops.now(),
       metadata = (metadata - 'error_code') || case when started_at is not null then '{}' else
         jsonb_build_object('updated_after', case when sync_type <> 'full' then (
           select c.last_sync_timestamp - make_interval(secs => $2) from data_syncs c
           where c.service_name = d.service_name and c.status = 'completed'
           order by c.created_at desc, c.id desc limit 1) end) end
     where id = $1 returning ${SYNC_COLUMNS}`,
    [id, overlap_s],
  );
  return known(row);
}

/** Counts one stored page, keeps what it refused, and remembers where the next begins; in the page's own transaction. */
export async function advanceSync(
  tx: Db,
  id: string,
  page: { processed: number; rejects: readonly SyncReject[]; cursor: string | null },
): Promise<void> {
  await tx.query(
    `update data_syncs set records_processed = records_processed + $2, records_failed = records_failed + $3,
       metadata = metadata || jsonb_build_object('cursor', $4::text, 'pages', (metadata ->> 'pages')::int + 1,
         'rejects', jsonb_path_query_array(coalesce(metadata -> 'rejects', '[]') || $5::text::jsonb,
           '$[0 to ${MOST_REJECTS - 1}]')),
       version = version + 1, updated_at = ops.now()
     where id = $1`,
    [id, page.processed, page.rejects.length, page.cursor, JSON.stringify(page.rejects.slice(0, MOST_REJECTS))],
  );
}

/** Ends a pull well: everything that the source changed before it began is stored. */
export async function completeSync(tx: Db, id: string): Promise<SyncRow> {
  const [row] = await tx.query<SyncRow>(
    `update data_syncs set status = 'completed', completed_at = ops.now(), last_sync_timestamp = started_at,
       version = version + 1, updated_at = ops.now()
     where id = $1 returning ${SYNC_COLUMNS}`,
    [id],
  );
  return known(row);
}

/** Notes why an attempt at a pull failed; it stays open, and what it stored stays: the next one goes on from there. */
export async function deferSync(tx: Db, id: string, { code, message }: SyncFault): Promise<void> {
  await tx.query(
    `update data_syncs set status = 'pending', error_message = $3::text,
       metadata = metadata || jsonb_build_object('error_code', $2::text), version = version + 1, updated_at = ops.now()
     where id = $1`,
    [id, code, message],
  );
}

/** Ends the open pulls of a run that has ended, or ends with this transaction. */
export async function failSyncsOfRun(tx: Db, runId: string, { code, message }: SyncFault): Promise<void> {
  await tx.query(
    `update data_syncs set ${FAILED} where metadata ->> 'run_id' = $1::text and status in ('pending', 'running')`,
    [runId, code, message],
  );
}

/** The same, each for the reason that its last attempt noted, if it did. */
export async function failSyncsAsNoted(tx: Db, runId: string, { code, message }: SyncFault): Promise<void> {
  await tx.query(
    `update data_syncs set status = 'failed', completed_at = ops.now(), error_message = coalesce(error_message, $3::text),
       metadata = jsonb_build_object('error_code', $2::text) || metadata, version = version + 1, updated_at = ops.now()
     where metadata ->> 'run_id' = $1::text and status in ('pending', 'running')`,
    [runId, code, message],
  );
}

function known(row: SyncRow | undefined): SyncRow {
  if (row === undefined) throw new Error("The sync vanished under its run");
  return row;
}
