import type { JobFields } from "../../db/scheduled_jobs.ts";
import type { Config } from "../config.ts";
import { DomainError, type FieldError } from "../errors.ts";
import { configErrors } from "./config.ts";
import { CronError, isTimeZone, parseCron } from "./cron.ts";
import type { ScheduledJobCreate, ScheduledJobUpdate } from "./schema.ts";

/** A new job with its defaults filled in. */
export function draftJob(
  { created_by: _, ...said }: ScheduledJobCreate,
  { ORG_TIMEZONE }: Pick<Config, "ORG_TIMEZONE">,
): JobFields {
  const { misfire = "once" } = said;
  return legal({
    ...{ is_active: true, timezone: ORG_TIMEZONE, misfire, overlap: misfire === "all" ? "queue" : "skip" },
    ...{ catch_up_limit_s: null, jitter_s: 0, max_attempts: 3, backoff_s: 30, timeout_s: 600 },
    ...{ pause_after_failures: null, history_days: 90 },
    ...given(said),
  });
}

/** A job with some of its fields changed; what is left out stays. */
export function editedJob(before: JobFields, { version: _, ...changes }: ScheduledJobUpdate): JobFields {
  return legal({ ...before, ...given(changes) });
}

/**
 * The configuration of a run that somebody asks for: the job's, with some fields replaced.
 * @throws {DomainError} `invalid` for an override that is not legal
 */
export function overriddenConfig(
  job: Pick<JobFields, "job_type" | "config">,
  override_config: Record<string, unknown> | undefined,
): Record<string, unknown> {
  if (override_config === undefined) return job.config; // what the row holds fails on its run, if it must
  const config = { ...job.config, ...override_config };
  const errors = configErrors(job.job_type, config, "/override_config");
  if (errors.length > 0) throw new DomainError("invalid", "The request is not valid", { errors });
  return config;
}

type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Without the fields that are there but undefined. */
function given<T extends object>(said: T): Given<T> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Given<T>;
}

/** @throws {DomainError} `invalid`, with everything that a single field's schema cannot see */
function legal(job: JobFields): JobFields {
  const errors: FieldError[] = [];
  try {
    parseCron(job.schedule);
  } catch (error) {
    if (!(error instanceof CronError)) throw error;
    errors.push({ pointer: "/schedule", detail: error.message });
  }
  if (!isTimeZone(job.timezone)) {
    errors.push({ pointer: "/timezone", detail: "must be an IANA time zone such as Europe/Berlin" });
  }
  if (job.misfire === "all" && job.overlap === "skip") {
    errors.push({ pointer: "/overlap", detail: "must be queue or allow where misfire is all" });
  }
  errors.push(...configErrors(job.job_type, job.config, "/config"));
  if (errors.length > 0) throw new DomainError("invalid", "The request is not valid", { errors });
  return job;
}
