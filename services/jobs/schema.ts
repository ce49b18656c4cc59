import { z } from "@hono/zod-openapi";
import { RUN_STATES } from "../../db/job_runs.ts";
import { MISFIRE_RULES, OVERLAP_RULES } from "../../db/scheduled_jobs.ts";
import { JOB_STATUSES, JOB_TYPES } from "../../db/schema/enums.ts";
import { page, paging, queryFlag } from "../paging.ts";
import { instant, strict, text, timezone, uuid, whole } from "../schema.ts";
import { CustomConfig, DataSyncConfig, GoalUpdateConfig, ReportGenerationConfig } from "./config.ts";
import { CRON_LENGTH_LIMIT } from "./cron.ts";

/** What a job is, as its author says it, beside its type and configuration. */
const base = {
  name: text(255),
  schedule: text(CRON_LENGTH_LIMIT).describe(
    "minute hour day-of-month month day-of-week, with names, lists, ranges and steps, or @hourly to @yearly",
  ).openapi({ example: "0 0 * * *" }),
  is_active: z.boolean().optional().describe("false pauses the schedule; true when absent"),
  timezone: timezone.optional().describe("Whose wall clock the schedule follows; the organisation's when absent"),
  misfire: z.enum(MISFIRE_RULES).optional().describe(
    "What missed occurrences get: one run for all of them (once, the default), none (skip), or a run each (all)",
  ),
  catch_up_limit_s: whole(60, 31_536_000).nullish().describe(
    "Occurrences missed for longer than this get no run; null for no limit",
  ),
  overlap: z.enum(OVERLAP_RULES).optional().describe(
    "While a run is open, the next occurrence is skipped (skip), waits (queue), or runs beside it (allow). " +
      "skip when absent, queue with misfire all",
  ),
  jitter_s: whole(0, 3_600).optional().describe("A run starts up to this much later, at random; 0 when absent"),
  max_attempts: whole(1, 20).optional().describe("3 when absent"),
  backoff_s: whole(1, 86_400).optional().describe("Before the second attempt; doubles with each; 30 when absent"),
  timeout_s: whole(1, 86_400).optional().describe("What one attempt may take; 600 when absent"),
  pause_after_failures: whole(1, 1_000).nullish().describe(
    "So many failed runs in a row pause the job, with an event; null for never",
  ),
  history_days: whole(1, 3_650).optional().describe(
    "Retention keeps ended runs and their logs for so long; 90 when absent",
  ),
};

const author = {
  created_by: uuid.optional().describe("Taken in open mode; with a token the token's owner is written down"),
};

export const ScheduledJobBase = strict({
  ...base,
  job_type: z.enum(JOB_TYPES),
  config: z.record(z.string(), z.unknown()),
}).openapi("ScheduledJobBase");

const jobOf = <Type extends typeof JOB_TYPES[number], Config extends z.ZodType>(type: Type, config: Config) =>
  strict({ ...base, ...author, job_type: z.literal(type), config });

export const ScheduledJobCreate = z.discriminatedUnion("job_type", [
  jobOf("data_sync", DataSyncConfig),
  jobOf("report_generation", ReportGenerationConfig),
  jobOf("goal_update", GoalUpdateConfig),
  jobOf("custom", CustomConfig),
]).openapi("ScheduledJobCreate", {
  example: { name: "Daily Data Sync", job_type: "data_sync", schedule: "0 0 * * *", config: { services: ["all"] } },
});
export type ScheduledJobCreate = z.infer<typeof ScheduledJobCreate>;

const { name, schedule, ...optional } = base;

/** Of a job whose type the body need not say; the verb checks it against the job's. */
const anyConfig = z.union([DataSyncConfig, ReportGenerationConfig, CustomConfig, GoalUpdateConfig]);

export const ScheduledJobUpdate = strict({
  ...optional,
  name: name.optional(),
  schedule: schedule.optional(),
  job_type: z.enum(JOB_TYPES).optional().describe("Another type needs its configuration beside it"),
  config: anyConfig.optional().describe("That of the job's type, as a whole"),
  version: whole(1, 2_147_483_647).optional().describe(
    "The version that is edited, as If-Match would say it",
  ),
}).openapi("ScheduledJobUpdate", { example: { schedule: "30 6 * * MON-FRI", timezone: "Europe/Berlin" } });
export type ScheduledJobUpdate = z.infer<typeof ScheduledJobUpdate>;

export const ScheduledJobResponse = z.strictObject({
  id: uuid,
  name: z.string(),
  job_type: z.enum(JOB_TYPES),
  schedule: z.string(),
  is_active: z.boolean(),
  last_run_at: instant.nullable().describe("When the last run that counted began"),
  next_run_at: instant.nullable().describe("The next occurrence, without jitter; null while paused"),
  last_status: z.enum(JOB_STATUSES).nullable().describe("pending while a failed run waits for its next attempt"),
  run_count: z.int().describe("Runs that succeeded or failed"),
  success_count: z.int(),
  failure_count: z.int(),
  config: z.record(z.string(), z.unknown()).nullable().describe("Null for anonymous readers"),
  timezone: z.string(),
  misfire: z.enum(MISFIRE_RULES),
  catch_up_limit_s: z.int().nullable(),
  overlap: z.enum(OVERLAP_RULES),
  jitter_s: z.int(),
  max_attempts: z.int(),
  backoff_s: z.int(),
  timeout_s: z.int(),
  pause_after_failures: z.int().nullable(),
  failures_in_a_row: z.int().describe(
    "Since the last success or edit; a job that is not active and has reached pause_after_failures was paused by them",
  ),
  history_days: z.int(),
  created_by: uuid.nullable().describe("Null for anonymous readers"),
  revision: z.int().describe("Grows with every edit"),
  version: z.int(),
  created_at: instant,
  updated_at: instant,
}).openapi("ScheduledJobResponse");
export type ScheduledJobResponse = z.infer<typeof ScheduledJobResponse>;

export const ScheduledJobList = page(ScheduledJobResponse, "ScheduledJobList");

export const ScheduledJobListQuery = strict({
  job_type: z.enum(JOB_TYPES).optional(),
  is_active: queryFlag.optional(),
  ...paging,
});
export type ScheduledJobListQuery = z.infer<typeof ScheduledJobListQuery>;

/** What the lists of jobs, and of the runs of one, are ordered by: an instant and an id. */
export const timeCursor = z.tuple([instant, uuid]);
/** What the list of all runs is ordered by: ids, which grow with time. */
export const idCursor = z.tuple([uuid]);

export const JobTriggerRequest = strict({
  override_config: z.record(z.string(), z.unknown()).optional().describe(
    "Replaces fields of the job's configuration for this run alone",
  ),
}).openapi("JobTriggerRequest", { example: {} });
export type JobTriggerRequest = z.infer<typeof JobTriggerRequest>;

const run = {
  id: uuid,
  job_id: uuid.nullable().describe("Null for work that no job asked for"),
  job_type: z.enum(JOB_TYPES),
  fire_key: z.string().describe("What it answers to: s: a schedule, m: somebody, b: a backfill, o: one-off work")
    .nullable(),
  scheduled_for: instant,
  covers_from: instant.nullable().describe("It answers for the occurrences in (covers_from, scheduled_for]"),
  occurrences: z.int().describe("How many those are; 0 where no schedule asked for the run"),
  state: z.enum(RUN_STATES),
  reason: z.string().nullable().describe("Why it was skipped, waits for another attempt, or failed"),
  attempt: z.int(),
  max_attempts: z.int(),
  run_at: instant.describe("It starts at this instant at the earliest"),
  cancel_at: instant.nullable().describe("When somebody asked it to end"),
  config: z.record(z.string(), z.unknown()).nullable().describe(
    "Null for anonymous readers, as all that follows from it",
  ),
  progress: z.unknown().nullable(),
  result: z.unknown().nullable(),
  error: z.strictObject({ code: z.string(), message: z.string(), detail: z.unknown().optional() }).nullable(),
  started_at: instant.nullable(),
  finished_at: instant.nullable(),
  created_at: instant,
};

export const JobRunResponse = z.strictObject(run).openapi("JobRunResponse");
export type JobRunResponse = z.infer<typeof JobRunResponse>;

export const JobRunDetail = z.strictObject({
  ...run,
  log: z.array(z.strictObject({
    seq: z.int(),
    at: instant,
    level: z.enum(["info", "warn", "error"]),
    message: z.string(),
  })).nullable().describe("Null for anonymous readers"),
}).openapi("JobRunDetail");
export type JobRunDetail = z.infer<typeof JobRunDetail>;

export const JobRunList = page(JobRunResponse, "JobRunList");

const runQuery = { state: z.enum(RUN_STATES).optional(), ...paging };

export const JobRunListQuery = strict(runQuery);
export type JobRunListQuery = z.infer<typeof JobRunListQuery>;

export const RunListQuery = strict({
  job_id: uuid.optional(),
  job_type: z.enum(JOB_TYPES).optional(),
  ...runQuery,
});
export type RunListQuery = z.infer<typeof RunListQuery>;
