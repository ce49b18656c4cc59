import { z } from "@hono/zod-openapi";
import {
  completeReport,
  failReportOfRun,
  findReport,
  insertReport,
  type ReportRow,
  startReport,
} from "../../db/reports.ts";
import { LOCAL_USER } from "../access.ts";
import type { Needs } from "../context.ts";
import { configOf } from "../jobs/config.ts";
import { type RunContext, RunFailure, type RunHandler } from "../ports/handlers.ts";
import { uuid } from "../schema.ts";
import type { ReportFacts } from "./document.ts";
import { gatherFacts } from "./facts.ts";
import { periodOf } from "./mod.ts";
import { type RenderedReport, renderReport } from "./render.ts";
import { ReportCreate } from "./schema.ts";

/** What a run makes: a report that was asked for by hand, or at each occurrence of a job a new one. */
export const ReportRunConfig = z.union([
  z.strictObject({ report_id: uuid }),
  z.strictObject({ report: ReportCreate }),
]);

/** Where an attempt left its report, so that the next one goes on with the same. */
const Progress = z.object({ report_id: uuid });

/**
 * Makes one report. The row turns `generating` in a checkpoint; file and completion commit with the finish of the run;
 * a run that fails for good fails its report in the same transaction. So a report is never stuck, and a crash costs
 * no more than another attempt.
 */
export function reportHandler(ctx: Needs<"db" | "ids" | "config" | "heavy">): RunHandler {
  return {
    async run(run) {
      const config = configOf(ReportRunConfig, run);
      const id = "report_id" in config ? config.report_id : await childReport(ctx, run, config.report);
      const started = await run.checkpoint((tx) => startReport(tx, id), { report_id: id });
      if (!started) return { skipped: "deleted", result: { report_id: id } };
      const row = await findReport(ctx.db, id);
      if (row === null) throw new RunFailure("report_missing", "The report is gone", { retry: "never" });
      const { bytes, receipt } = await rendered(ctx, await factsOf(ctx, row), run.signal);
      const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
      const { data_version, row_count } = receipt;
      run.log(`${row_count} rows, ${bytes.byteLength} bytes`);
      const file = { id, key: `reports/${ctx.ids.uuid()}`, bytes, sha256, data_version, row_count };
      return { result: { report_id: id, row_count, sha256 }, commit: (tx) => completeReport(tx, file) };
    },
    failed: (tx, run, error) => failReportOfRun(tx, run.id, error.code, error.message),
  };
}

/** The report of one occurrence of a job: about the period as of its scheduled time, however late it runs. */
async function childReport(
  ctx: Needs<"db" | "ids" | "config">,
  run: RunContext,
  report: ReportCreate,
): Promise<string> {
  const before = Progress.safeParse(run.progress);
  if (before.success) return before.data.report_id;
  const period = await periodOf(ctx, report, run.scheduled_for);
  const id = ctx.ids.uuid();
  await run.checkpoint((tx) =>
    insertReport(tx, {
      ...{ id, name: report.name, report_type: report.report_type, format: report.format, scheduled: true },
      ...{ parameters: report.parameters, created_by: run.author ?? report.created_by ?? LOCAL_USER },
      ...{ period_start: period.start, period_end: period.end },
    }), { report_id: id });
  return id;
}

async function factsOf(ctx: Needs<"db" | "config">, row: ReportRow): Promise<ReportFacts> {
  const { name, report_type, format, parameters } = row;
  const report = ReportCreate.parse({ name, report_type, format, parameters });
  if (row.period_start === null || row.period_end === null) throw new Error("A report was stored without its period");
  return await gatherFacts(ctx, report, { start: row.period_start, end: row.period_end });
}

/** Rows that render in a few milliseconds: fewer than the round trip to a Worker is worth, let alone its beginning. */
const ROWS_HERE = 2_000;

function rendered(
  ctx: Needs<"heavy">,
  facts: ReportFacts,
  signal: AbortSignal,
): RenderedReport | Promise<RenderedReport> {
  const rows = facts.daily.reduce((sum, { days }) => sum + days.length, facts.totals.length);
  return rows <= ROWS_HERE ? renderReport(facts) : ctx.heavy.compute("render_report", facts, signal);
}
