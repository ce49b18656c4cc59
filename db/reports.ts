import type { Db, Param } from "./client.ts";
import type { ReportFormat, ReportStatus, ReportType } from "./schema/enums.ts";

/** A stored report. */
export type ReportRow = {
  id: string;
  name: string;
  report_type: ReportType;
  format: ReportFormat;
  status: ReportStatus;
  parameters: Record<string, string | number | string[]>;
  file_path: string | null;
  file_size: number | null;
  generated_at: string | null;
  scheduled: boolean;
  created_by: string;
  error_code: string | null;
  error_message: string | null;
  period_start: string | null;
  period_end: string | null;
  data_version: string | null;
  content_sha256: string | null;
  row_count: number | null;
  template_id: string | null;
  version: number;
  created_at: string;
  updated_at: string;
};

const COLUMNS =
  `id, name, report_type, format, status, parameters, file_path, file_size, generated_at, scheduled, created_by,
  error_code, error_message, period_start, period_end, data_version, content_sha256, row_count, template_id, version,
  created_at, updated_at`;

export type NewReport =
  & Pick<ReportRow, "id" | "name" | "report_type" | "format" | "scheduled" | "created_by">
  & { parameters: object; period_start: string; period_end: string };

export async function insertReport(tx: Db, report: NewReport): Promise<ReportRow> {
  const [row] = await tx.query<ReportRow>(
    `insert into reports (id, name, report_type, format, parameters, scheduled, created_by, period_start, period_end)
     values ($1, $2, $3, $4, $5::text::jsonb, $6, $7, $8, $9) returning ${COLUMNS}`,
    [
      ...[report.id, report.name, report.report_type, report.format, JSON.stringify(report.parameters)],
      ...[report.scheduled, report.created_by, report.period_start, report.period_end],
    ],
  );
  if (row === undefined) throw new Error("The insert returned no row");
  return row;
}

/** A report, deleted ones too, with the instant of their deletion. */
export async function findReport(db: Db, id: string): Promise<(ReportRow & { deleted_at: string | null }) | null> {
  const [row] = await db.query<ReportRow & { deleted_at: string | null }>(
    `select ${COLUMNS}, deleted_at from reports where id = $1`,
    [id],
  );
  return row ?? null;
}

export type ReportFilter = {
  report_type?: ReportType | undefined;
  status?: ReportStatus | undefined;
  scheduled?: boolean | undefined;
  created_by?: string | undefined;
};

/** Reports that match, newest first, after a cursor; one statement text for every filter, so that it stays prepared. */
export async function listReports(
  db: Db,
  filter: ReportFilter,
  { limit, skip, after }: { limit: number; skip: number; after: [at: string, id: string] | null },
): Promise<ReportRow[]> {
  return await db.query<ReportRow>(
    `select ${COLUMNS} from reports where deleted_at is null
       and ($1::report_type is null or report_type = $1) and ($2::report_status is null or status = $2)
       and ($3::boolean is null or scheduled = $3) and ($4::uuid is null or created_by = $4)
       and ($5::timestamptz is null or (created_at, id) < ($5, $6::uuid))
     order by created_at desc, id desc limit $7 offset $8`,
    [...filterParams(filter), after?.[0] ?? null, after?.[1] ?? null, limit, skip],
  );
}

/** How many reports match. */
export async function countReports(db: Db, filter: ReportFilter): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select count(*)::int as n from reports where deleted_at is null
       and ($1::report_type is null or report_type = $1) and ($2::report_status is null or status = $2)
       and ($3::boolean is null or scheduled = $3) and ($4::uuid is null or created_by = $4)`,
    filterParams(filter),
  );
  return row?.n ?? 0;
}

const filterParams = (
  { report_type, status, scheduled, created_by }: ReportFilter,
): Param[] => [report_type ?? null, status ?? null, scheduled ?? null, created_by ?? null];

/** Marks a report as being made; false when it was deleted or has ended. */
export async function startReport(tx: Db, id: string): Promise<boolean> {
  const rows = await tx.query(
    `update reports set status = 'generating', version = version + 1, updated_at = ops.now()
     where id = $1 and status in ('pending', 'generating') and deleted_at is null returning 1`,
    [id],
  );
  return rows.length === 1;
}

export type Finished = {
  id: string;
  key: string;
  bytes: Uint8Array;
  sha256: string;
  data_version: string;
  row_count: number;
};

/** Stores the file of a report and completes it. A report that was deleted meanwhile keeps no bytes. */
export async function completeReport(
  tx: Db,
  { id, key, bytes, sha256, data_version, row_count }: Finished,
): Promise<void> {
  await tx.query(
    `with done as (
       update reports set status = 'completed', file_path = $2, file_size = $4, content_sha256 = $5, data_version = $6,
         row_count = $7, generated_at = ops.now(), error_code = null, error_message = null, version = version + 1,
         updated_at = ops.now()
       where id = $1 and deleted_at is null returning id)
     insert into ops.report_files (key, report_id, bytes, created_at) select $2, id, $3, ops.now() from done`,
    [id, key, bytes, bytes.byteLength, sha256, data_version, row_count],
  );
}

/** Records that the report of a run could not be made: the run was made for it, or keeps its id in its progress. */
export async function failReportOfRun(tx: Db, runId: string, code: string, message: string): Promise<void> {
  await tx.query(
    `update reports set status = 'failed', error_code = $2, error_message = $3, version = version + 1, updated_at = ops.now()
     where status in ('pending', 'generating')
       and id = (select coalesce(config ->> 'report_id', progress ->> 'report_id')::uuid from ops.job_runs where id = $1)`,
    [runId, code, message],
  );
}

/** Removes the bytes and hides the row, which stays as a tombstone; false when there is nothing to delete. */
export async function deleteReport(tx: Db, id: string): Promise<boolean> {
  return await bury(tx, "select $1::uuid", [id]) === 1;
}

/** The same for some completed reports that were generated more than `days` ago, the oldest first; says how many. */
export function deleteOldReports(tx: Db, days: number, limit: number): Promise<number> {
  const old = `select id from reports where status = 'completed' and deleted_at is null
    and generated_at < ops.now() - make_interval(days => $1::int) order by generated_at, id limit $2::int for update skip locked`;
  return bury(tx, old, [days, limit]);
}

async function bury(tx: Db, which: string, params: Param[]): Promise<number> {
  const [row] = await tx.query<{ buried: number }>(
    `with buried as (
       update reports set deleted_at = ops.now(), version = version + 1, updated_at = ops.now()
       where id in (${which}) and deleted_at is null returning id),
     gone as (delete from ops.report_files f using buried where f.report_id = buried.id)
     select count(*)::int as buried from buried`,
    params,
  );
  return row?.buried ?? 0;
}

/** The bytes behind a key of the Postgres store. */
export async function readReportFile(db: Db, key: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const [row] = await db.query<{ bytes: Uint8Array<ArrayBuffer> }>(
    "select bytes from ops.report_files where key = $1",
    [key],
  );
  return row?.bytes ?? null;
}
