import { z } from "@hono/zod-openapi";
import { RUN_STATES } from "../../db/job_runs.ts";
import { JOB_STATUSES } from "../../db/schema/enums.ts";
import { instant, Ratio, strict, text, timezone, uuid, whole } from "../schema.ts";
import { CRON_LENGTH_LIMIT } from "./cron.ts";

/** Runs that one answer shows. */
export const MOST_SHOWN = 100;
const SHOWN = 10;

export const SchedulePreviewRequest = strict({
  schedule: text(CRON_LENGTH_LIMIT).describe(
    "minute hour day-of-month month day-of-week, with names, lists, ranges and steps, or @hourly to @yearly",
  ),
  timezone: timezone.optional().describe("Whose wall clock it follows; the organisation's when absent"),
  count: whole(1, MOST_SHOWN).default(SHOWN).describe("How many runs to show"),
  after: instant.optional().describe("Runs after this instant; now when absent"),
}).openapi("SchedulePreviewRequest", {
  example: { schedule: "30 2 * * *", timezone: "Europe/Berlin", count: 3, after: "2026-03-27T12:00:00Z" },
});
export type SchedulePreviewRequest = z.infer<typeof SchedulePreviewRequest>;

const nextRun = {
  at: instant.describe("In UTC"),
  local: z.string().describe("The same instant as the zone's wall shows it, with its offset"),
  offset: z.string().describe("How far that wall is ahead of UTC: +02:00"),
  occurrences: z.int().describe(
    "The times of the schedule that this run stands for; more than 1 where clocks leave some out",
  ),
  note: z.string().optional().describe("What is special about it"),
};

/** What a schedule means, whoever asks. */
const reading = {
  timezone: z.string(),
  description: z.string().describe("The schedule in words"),
  follows: z.enum(["elapsed", "wall"]).describe(
    "What it keeps to when clocks change: an hour field that starts with * follows elapsed time, every other one the wall",
  ),
};

const warnings = z.array(z.string()).describe("What may surprise about the schedule, in sentences");

export const SchedulePreview = z.strictObject({
  schedule: z.string().describe("As it is read: five fields in upper case"),
  ...reading,
  next_runs: z.array(z.strictObject(nextRun)).max(MOST_SHOWN),
  warnings,
}).openapi("SchedulePreview");
export type SchedulePreview = z.infer<typeof SchedulePreview>;
/** One run that a schedule asks for. */
export type NextRun = SchedulePreview["next_runs"][number];

export const NextRunsQuery = strict({
  count: z.coerce.number().int().min(1).max(MOST_SHOWN).default(SHOWN).describe("How many runs to show"),
});
export type NextRunsQuery = z.infer<typeof NextRunsQuery>;

export const JobNextRuns = z.strictObject({
  job_id: uuid,
  schedule: z.string(),
  ...reading,
  description: reading.description.nullable(),
  follows: reading.follows.nullable(),
  reason: z.enum(["paused", "invalid_schedule"]).nullable().describe("Why there are no next runs"),
  next_runs: z.array(z.strictObject({
    ...nextRun,
    starts_between: z.strictObject({ from: instant, until: instant })
      .describe("The jitter of the job: it starts at an instant that is drawn from these"),
  })).max(MOST_SHOWN).describe("What is not accounted for yet; what is due already comes first"),
  warnings,
}).openapi("JobNextRuns");
export type JobNextRuns = z.infer<typeof JobNextRuns>;

export const JobStatsQuery = strict({
  days: z.coerce.number().int().min(1).max(365).default(30).describe("The window, in days of 24 hours up to now"),
});
export type JobStatsQuery = z.infer<typeof JobStatsQuery>;

const count = z.int().min(0);
const seconds = z.number().min(0).nullable();
const QUANTILES = "Quantiles interpolate between neighbours (type 7 of Hyndman and Fan)";

export const ScheduledJobStats = z.strictObject({
  job_id: uuid,
  run_count: count.describe("Runs that ever succeeded or failed: the job's own counter"),
  success_count: count,
  failure_count: count,
  success_rate: Ratio.describe("success_count of run_count"),
  failures_in_a_row: count.describe("Since the last success or edit"),
  last_run_at: instant.nullable(),
  last_status: z.enum(JOB_STATUSES).nullable(),
  next_run_at: instant.nullable(),
  window: z.strictObject({
    from: instant.describe("Where truncated: when the oldest run that was read was scheduled for"),
    until: instant.describe("The end of the running minute"),
    runs_read: count,
    truncated: z.boolean().describe("Whether older runs of the window were left out: only the newest are read"),
  }).describe("What everything below is about: runs scheduled for [from, until)"),
  runs_by_state: z.strictObject(
    Object.fromEntries(RUN_STATES.map((state) => [state, count])) as Record<typeof RUN_STATES[number], typeof count>,
  ),
  failures_by_code: z.array(z.strictObject({ code: z.string(), count })).describe(
    "The most frequent first, at most 20",
  ),
  duration_s: z.strictObject({ p50: seconds, p95: seconds, average: seconds }).describe(
    `From the first attempt's start to the end, of runs that succeeded or failed. ${QUANTILES}`,
  ),
  lateness_s: z.strictObject({ p50: seconds, p95: seconds, max: seconds }).describe(
    "From the instant that a run was scheduled or asked for to its first start, jitter included; " +
      `backfilled runs have none. ${QUANTILES}`,
  ),
  removed: z.strictObject({
    until: instant.describe("Ended runs scheduled up to here are removed"),
    succeeded: count,
    failed: count,
    skipped: count,
    cancelled: count,
  }).nullable().describe("What retention has removed of the history, ever; it is not in the window's figures"),
}).openapi("ScheduledJobStats");
export type ScheduledJobStats = z.infer<typeof ScheduledJobStats>;
