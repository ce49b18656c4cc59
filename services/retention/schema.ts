import { z } from "@hono/zod-openapi";
import { strict, whole } from "../schema.ts";

/** Rows of three years, leap days included. */
export const METRIC_DAYS = 1_096;
/** What nobody set a limit for: one-off runs and events. */
export const RUN_DAYS = 90;

/** What the handler `retention` is configured with. */
export const RetentionConfig = strict({
  handler: z.literal("retention").describe(
    "retention deletes old metrics (their roll-ups stay for ever), ended runs, events, cached forecasts and used keys",
  ),
  metric_days: whole(31, 36_500).optional()
    .describe(
      `Metrics are kept for so many local days, ${METRIC_DAYS} when absent; older ones are refused from then on`,
    ),
  run_days: whole(1, 3_650).optional().describe(
    `Events, and ended runs of no job, are kept for so many days, ${RUN_DAYS} when absent; a job says its own history_days`,
  ),
}).openapi("RetentionConfig", { example: { handler: "retention" } });
export type RetentionConfig = z.infer<typeof RetentionConfig>;
