import {
  countReports,
  deleteReport as markDeleted,
  findReport,
  insertReport,
  listReports as selectReports,
  readReportFile,
  type ReportRow,
} from "../../db/reports.ts";
import { localToday } from "../../db/today.ts";
import { insertRun } from "../../db/job_runs.ts";
import type { ReportFormat } from "../../db/schema/enums.ts";
import { author, type Caller, may } from "../access.ts";
import type { Ctx, Needs } from "../context.ts";
import { DomainError, invalid } from "../errors.ts";
import { knownTotal, type Page, pageOf, placeOf } from "../paging.ts";
import { type Period, reportPeriod } from "./period.ts";
import {
  OFFERED_FORMATS,
  type ReportCreate,
  reportCursor,
  type ReportListQuery,
  type ReportResponse,
  type ReportSubject,
} from "./schema.ts";

/** Media type of each format on offer. */
export const MEDIA_TYPES: Record<typeof OFFERED_FORMATS[number], string> = { json: "application/json" };

/**
 * Takes a report: its row and the run that makes it commit together, so a crash can delay the report but never lose it.
 * The run of a report asked for by hand has the report's own id.
 * @throws {DomainError} `invalid` for a period that does not exist
 */
export async function requestReport(
  ctx: Needs<"db" | "ids" | "config">,
  caller: Caller,
  input: ReportCreate,
): Promise<string> {
  const created_by = author(caller, input.created_by);
  const id = ctx.ids.uuid();
  await ctx.db.transaction(async (tx) => {
    const period = await periodOf({ db: tx, config: ctx.config }, input);
    const { name, report_type, format } = input;
    await insertReport(tx, {
      ...{ id, name, report_type, format, created_by, scheduled: false },
      ...{ parameters: input.parameters, period_start: period.start, period_end: period.end },
    });
    const run = { id, job_type: "report_generation", config: { report_id: id } } as const;
    await insertRun(tx, { ...run, max_attempts: 3, backoff_s: 5, timeout_s: 600 });
  });
  return id;
}

/**
 * Makes a report that was taken now, in this process, and waits for it a bounded time; then shows it as it is.
 * @param wait_ms how long the caller is willing to wait; the making goes on without him
 */
export async function settleReport(ctx: Ctx, caller: Caller, id: string, wait_ms: number): Promise<ReportResponse> {
  const patience = new AbortController();
  const made = ctx.runs.execute(id, patience.signal).finally(() => patience.abort());
  if (wait_ms > 0) await Promise.race([made, ctx.clock.sleep(wait_ms, patience.signal)]);
  else made.catch(() => {}); // nobody waits; what becomes of it stands on its run
  patience.abort();
  return await getReport(ctx, caller, id);
}

/** @throws {DomainError} `not_found` for a report that never was or is deleted */
export async function getReport(ctx: Needs<"db">, caller: Caller, id: string): Promise<ReportResponse> {
  const row = await findReport(ctx.db, id);
  if (row === null || row.deleted_at !== null) throw new DomainError("not_found", "There is no such report");
  return shown(row, caller);
}

/**
 * One page of reports, newest first.
 * @throws {DomainError} `invalid` for a cursor that is none of this list; `forbidden` where somebody who may not see who
 * made a report asks for those of one person
 */
export async function listReports(
  ctx: Needs<"db">,
  caller: Caller,
  asked: ReportListQuery,
): Promise<Page<ReportResponse>> {
  const { report_type, status, scheduled, created_by, ...paged } = asked;
  if (created_by !== undefined && caller.kind === "anonymous") {
    throw new DomainError("forbidden", "Who made a report is not public; asking by created_by needs a token");
  }
  const filter = { report_type, status, scheduled, created_by };
  const place = placeOf(paged, reportCursor);
  const rows = await selectReports(ctx.db, filter, { ...place, limit: place.limit + 1 });
  const total = knownTotal(rows.length, place) ?? { total: await countReports(ctx.db, filter) };
  return pageOf(rows.map((row) => shown(row, caller)), place, total, (report) => [report.created_at, report.id]);
}

/**
 * Deletes a report: its bytes go, its row stays as a hidden tombstone with parameters and checksum.
 * @throws {DomainError} `not_found`
 */
export async function deleteReport(ctx: Needs<"db">, id: string): Promise<void> {
  const done = await ctx.db.transaction((tx) => markDeleted(tx, id));
  if (!done) throw new DomainError("not_found", "There is no such report");
}

/** A file to hand over. */
export type ReportFile = { bytes: Uint8Array<ArrayBuffer>; sha256: string; media_type: string; file_name: string };

/**
 * The file of a completed report.
 * @throws {DomainError} `not_found`; `gone` once deleted; `not_ready` while it is being made; `invalid_state` when that failed
 */
export async function downloadReport(ctx: Needs<"db">, id: string): Promise<ReportFile> {
  const row = await findReport(ctx.db, id);
  if (row === null) throw new DomainError("not_found", "There is no such report");
  if (row.deleted_at !== null) throw new DomainError("gone", "The report was deleted");
  if (row.status === "failed") {
    throw new DomainError("invalid_state", `The report failed: ${row.error_message ?? "unknown"}`);
  }
  if (row.file_path === null || row.content_sha256 === null) {
    throw new DomainError("not_ready", `The report is ${row.status}; ask again when it is completed`);
  }
  const bytes = await readReportFile(ctx.db, row.file_path);
  if (bytes === null) throw new DomainError("gone", "The file of the report was removed");
  const format = offered(row.format);
  return {
    bytes,
    sha256: row.content_sha256,
    media_type: MEDIA_TYPES[format],
    file_name: `${row.name} ${row.period_start} to ${row.period_end}.${format}`,
  };
}

/**
 * The calendar period that a report is about, in the organisation's zone.
 * @param at the instant that decides what `"previous"` is; now when absent
 * @throws {DomainError} `invalid` where there is no such period
 */
export async function periodOf(
  ctx: Needs<"db" | "config">,
  subject: ReportSubject,
  at: string | null = null,
): Promise<Period> {
  const today = await localToday(ctx.db, ctx.config.ORG_TIMEZONE, at);
  try {
    return reportPeriod(subject, today);
  } catch (error) {
    if (error instanceof RangeError) throw invalid("/parameters", error.message);
    throw error;
  }
}

/** A row as its caller may see it: storage keys need the scope `files`, and the public does not see who made it. */
function shown(row: ReportRow & { deleted_at?: string | null }, caller: Caller): ReportResponse {
  const { template_id: _template, deleted_at: _deleted, file_path, created_by, format, ...rest } = row;
  return {
    ...rest,
    format: offered(format),
    file_path: may(caller, "files") ? file_path : null,
    created_by: caller.kind === "anonymous" ? null : created_by,
  };
}

/** The database knows formats that are not on offer yet; none of them can have been stored. */
function offered(format: ReportFormat): typeof OFFERED_FORMATS[number] {
  const known = OFFERED_FORMATS.find((each) => each === format);
  if (known === undefined) throw new Error(`A report has the format ${format}, which is not on offer`);
  return known;
}
