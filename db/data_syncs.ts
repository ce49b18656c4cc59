import type { Db, Param } from "./client.ts";
import type { ServiceName, SyncStatus, SyncType } from "./schema/enums.ts";

/** One pull of one service's metrics feed, with what its metadata holds spelt out. */
export type SyncRow = {
  id: string;
  /** The run that does the work. By hand it has the sync's own id; null only where a row was written past the service. */
  run_id: string | null;
  service_name: ServiceName;
  sync_type: SyncType;
  status: SyncStatus;
  started_at: string | null;
  completed_at: string | null;
  /** From the first attempt's start to the end, waits between attempts included. */
  duration_ms: number | null;
  records_processed: number;
  records_failed: number;
  /** The watermark: what the source changed up to here is stored. */
  last_sync_timestamp: string | null;
  pages: number;
  /** What the source is asked for: changes from here on; null for everything. */
  updated_after: string | null;
  /** Where the next page begins. */
  cursor: string | null;
  error_code: string | null;
  error_message: string | null;
  version: number;
  created_at: string;
  updated_at: string;
};

/** The columns of a `SyncRow`. */
export const SYNC_COLUMNS = `id, metadata ->> 'run_id' as run_id, service_name, sync_type, status, started_at,
  completed_at, round(extract(epoch from completed_at - started_at) * 1000)::float8 as duration_ms, records_processed,
  records_failed, last_sync_timestamp, coalesce((metadata ->> 'pages')::int, 0) as pages,
  (metadata ->> 'updated_after')::timestamptz as updated_after, metadata ->> 'cursor' as cursor,
  metadata ->> 'error_code' as error_code, error_message, version, created_at, updated_at`;

export type NewSync = { id: string; run_id: string; service_name: ServiceName; sync_type: SyncType };

/** Writes a pull down that its run will take up; null where another one of this service is open. */
export async function insertSync(tx: Db, sync: NewSync): Promise<SyncRow | null> {
  const [row] = await tx.query<SyncRow>(
    `insert into data_syncs (id, service_name, sync_type, status, created_at, updated_at, metadata)
     values ($1, $2, $3, 'pending', ops.now(), ops.now(), jsonb_build_object('run_id', $4::text, 'pages', 0))
     on conflict (service_name) where status in ('pending', 'running') do nothing returning ${SYNC_COLUMNS}`,
    [sync.id, sync.service_name, sync.sync_type, sync.run_id],
  );
  return row ?? null;
}

/** A row of a feed that was not stored: where it stood, both from 1 on, its own name if it has one, and why. */
export type SyncReject = {
  page: number;
  row: number;
  external_id: string | null;
  errors: { pointer: string; detail: string }[];
};

/** Rejects that a pull keeps, the first ones; it counts all of them. */
export const MOST_REJECTS = 100;

/** A pull with its rejects, or null. */
export async function findSync(db: Db, id: string): Promise<SyncRow & { rejects: SyncReject[] } | null> {
  const [row] = await db.query<SyncRow & { rejects: SyncReject[] }>(
    `select ${SYNC_COLUMNS}, coalesce(metadata -> 'rejects', '[]') as rejects from data_syncs where id = $1`,
    [id],
  );
  return row ?? null;
}

/** The id of the pull of a service that waits or is under way; there is one at most. */
export async function findOpenSync(db: Db, service: ServiceName): Promise<string | null> {
  const [row] = await db.query<{ id: string }>(
    "select id from data_syncs where service_name = $1 and status in ('pending', 'running')",
    [service],
  );
  return row?.id ?? null;
}

export type SyncFilter = {
  service_name?: ServiceName | undefined;
  sync_type?: SyncType | undefined;
  status?: SyncStatus | undefined;
};

const MATCHES = `($1::data_sync_service_name is null or service_name = $1)
  and ($2::sync_type is null or sync_type = $2) and ($3::sync_status is null or status = $3)`;
const filterParams = ({ service_name, sync_type, status }: SyncFilter): Param[] => [
  ...[service_name ?? null, sync_type ?? null, status ?? null],
];

/** Pulls that match, newest first, after a cursor. */
export async function listSyncs(
  db: Db,
  filter: SyncFilter,
  { limit, skip, after }: { limit: number; skip: number; after: [at: string, id: string] | null },
): Promise<SyncRow[]> {
  return await db.query<SyncRow>(
    `select ${SYNC_COLUMNS} from data_syncs where ${MATCHES}
       and ($4::timestamptz is null or (created_at, id) < ($4, $5::uuid))
     order by created_at desc, id desc limit $6 offset $7`,
    [...filterParams(filter), after?.[0] ?? null, after?.[1] ?? null, limit, skip],
  );
}

/** How many pulls match. */
export async function countSyncs(db: Db, filter: SyncFilter): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select count(*)::int as n from data_syncs where ${MATCHES}`,
    filterParams(filter),
  );
  return row?.n ?? 0;
}
