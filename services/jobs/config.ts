import { z } from "@hono/zod-openapi";
import { type JobType, METRIC_TYPES, SERVICE_NAMES, SYNC_TYPES } from "../../db/schema/enums.ts";
import { ForecastWarmupConfig } from "../advanced/schema.ts";
import type { FieldError } from "../errors.ts";
import { fieldErrors } from "../field_errors.ts";
import { GoalAlertConfig } from "../goals/alert_schema.ts";
import { type RunContext, RunFailure } from "../ports/handlers.ts";
import { OFFERED_FORMATS, PARAMETERS, ReportCleanupConfig } from "../reports/schema.ts";
import { RetentionConfig } from "../retention/schema.ts";
import { strict, text, uuid } from "../schema.ts";
import { WebhookConfig } from "../webhooks/schema.ts";

/** What a job of each type is configured with: checked when it is saved, and again when it runs. */

export const DataSyncConfig = strict({
  services: z.array(z.enum(["all", ...SERVICE_NAMES])).min(1).max(SERVICE_NAMES.length + 1)
    .describe('Names of services, or "all"'),
  sync_type: z.enum(SYNC_TYPES).optional().describe("incremental when absent: only what changed since the last sync"),
}).openapi("DataSyncConfig", { example: { services: ["all"] } });
export type DataSyncConfig = z.infer<typeof DataSyncConfig>;

const template = <Type extends keyof typeof PARAMETERS>(type: Type) =>
  strict({
    name: text(255),
    format: z.enum(OFFERED_FORMATS),
    report_type: z.literal(type),
    parameters: PARAMETERS[type],
  });

export const ReportGenerationConfig = strict({
  report: z.discriminatedUnion("report_type", [
    template("daily"),
    template("weekly"),
    template("monthly"),
    template("annual"),
    template("custom"),
  ]).describe('What each run makes; "previous" in its parameters follows the run'),
}).openapi("ReportGenerationConfig", {
  example: { report: { name: "Monthly", report_type: "monthly", format: "json", parameters: { month: "previous" } } },
});

export const GoalUpdateConfig = strict({
  goal_ids: z.array(uuid).min(1).max(1_000).optional().describe("All goals when absent"),
}).openapi("GoalUpdateConfig", { example: {} });
export type GoalUpdateConfig = z.infer<typeof GoalUpdateConfig>;

/** What a run computes that new metrics queued: the goals fed from one series. No job can be configured so. */
export const GoalFeedConfig = strict({
  series: strict({
    service_name: z.enum(SERVICE_NAMES),
    metric_type: z.enum(METRIC_TYPES),
    metric_name: text(255),
  }),
});

export const GoalEvaluationConfig = strict({
  handler: z.literal("goal_evaluation").describe(
    "goal_evaluation closes goals whose window is over, and forecasts the active ones",
  ),
}).openapi("GoalEvaluationConfig", { example: { handler: "goal_evaluation" } });

/** What a custom job can do, by its `handler`; code never comes from a row. */
const CUSTOM = [
  GoalEvaluationConfig,
  WebhookConfig,
  RetentionConfig,
  ReportCleanupConfig,
  ForecastWarmupConfig,
] as const;

export const CustomConfig = z.discriminatedUnion("handler", CUSTOM).openapi("CustomConfig", {
  example: { handler: "goal_evaluation" },
});
export type CustomConfig = z.infer<typeof CustomConfig>;

/** What a run does: as a job says, or what only the service itself queues. */
export const CustomRunConfig = z.discriminatedUnion("handler", [...CUSTOM, GoalAlertConfig]);

export const JOB_CONFIGS = {
  data_sync: DataSyncConfig,
  report_generation: ReportGenerationConfig,
  goal_update: GoalUpdateConfig,
  custom: CustomConfig,
} satisfies Record<JobType, z.ZodType>;

const MOST_ERRORS = 20;

/** What is wrong with a configuration, each with a pointer below `at`; empty when it is legal. */
export function configErrors(jobType: JobType, config: unknown, at: string): FieldError[] {
  const parsed = JOB_CONFIGS[jobType].safeParse(config);
  return parsed.success ? [] : fieldErrors(parsed.error, at).slice(0, MOST_ERRORS);
}

/**
 * The configuration of a run, as its handler wants it.
 * @throws {RunFailure} `invalid_config`, which no further attempt would change
 */
export function configOf<Config>(schema: z.ZodType<Config>, run: Pick<RunContext, "config">): Config {
  const parsed = schema.safeParse(run.config);
  if (parsed.success) return parsed.data;
  const detail = fieldErrors(parsed.error, "/config").slice(0, MOST_ERRORS);
  throw new RunFailure("invalid_config", "The configuration is not legal", { retry: "never", detail });
}
