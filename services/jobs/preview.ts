import { domainNow, findJob, type JobRow } from "../../db/scheduled_jobs.ts";
import type { Needs } from "../context.ts";
import { DomainError, invalid } from "../errors.ts";
import { accountDue } from "./account.ts";
import { CronError, type CronExpression, describeCron, parseCron } from "./cron.ts";
import type { JobNextRuns, NextRun, SchedulePreview, SchedulePreviewRequest } from "./schedule_schema.ts";
import { instantText, placed, upcoming } from "./upcoming.ts";

/**
 * What a schedule means, before any job has it.
 * @throws {DomainError} `invalid` for an expression that is not legal, saying where
 */
export async function previewSchedule(
  ctx: Needs<"db" | "config">,
  { schedule, timezone = ctx.config.ORG_TIMEZONE, count, after }: SchedulePreviewRequest,
): Promise<SchedulePreview> {
  const cron = legal(schedule);
  const from = Date.parse(after ?? await domainNow(ctx.db));
  const { next_runs, warnings } = upcoming(cron, timezone, from, count);
  return { schedule: cron.text, ...reading(cron, timezone), next_runs, warnings };
}

/**
 * The next runs of a job from its cursor on: what the ledger will account for, so what is due already comes first, as
 * the misfire rule makes it. Whether an overlap then skips one is not known before.
 * @throws {DomainError} `not_found`, also for a job that was deleted
 */
export async function nextRuns(ctx: Needs<"db">, id: string, count: number): Promise<JobNextRuns> {
  const now = await domainNow(ctx.db); // before the job: if it is accounted in between, nothing is due of it
  const job = await findJob(ctx.db, id);
  if (job === null || job.deleted_at !== null) throw new DomainError("not_found", "There is no such job");
  try {
    const cron = parseCron(job.schedule);
    const common = { job_id: id, schedule: cron.text, ...reading(cron, job.timezone) };
    if (!job.is_active) return { ...common, reason: "paused", next_runs: [], warnings: [] };
    const due = dueRuns(job, now);
    const { next_runs, warnings } = upcoming(cron, job.timezone, due.after, count);
    const all = [...due.runs, ...next_runs].slice(0, count);
    return { ...common, reason: null, next_runs: all.map((run) => jittered(run, job.jitter_s)), warnings };
  } catch (error) {
    if (!(error instanceof CronError)) throw error;
    const { schedule, timezone } = job;
    const unread = { schedule, timezone, description: null, follows: null, next_runs: [], warnings: [error.message] };
    return { job_id: id, ...unread, reason: "invalid_schedule" };
  }
}

/** What is due and not accounted for yet, and where the schedule goes on after it. */
function dueRuns(job: JobRow, now: string): { runs: NextRun[]; after: number } {
  const { rows, cursor_at } = accountDue(job, now, () => 0);
  const runs = rows.filter(({ state }) => state === "queued").map(({ scheduled_for, occurrences }) => ({
    ...placed(job.timezone, Date.parse(scheduled_for)),
    occurrences,
    note: occurrences === 1 ? "Due already" : `Due already; stands for ${occurrences} occurrences`,
  }));
  return { runs, after: Math.max(Date.parse(cursor_at), Date.parse(job.schedule_since)) };
}

function jittered(run: NextRun, jitter_s: number): JobNextRuns["next_runs"][number] {
  return { ...run, starts_between: { from: run.at, until: instantText(Date.parse(run.at) + jitter_s * 1000) } };
}

function reading(cron: CronExpression, timezone: string) {
  return { timezone, description: describeCron(cron.text), follows: cron.follows };
}

function legal(schedule: string): CronExpression {
  try {
    return parseCron(schedule);
  } catch (error) {
    if (error instanceof CronError) throw invalid("/schedule", error.message);
    throw error;
  }
}
