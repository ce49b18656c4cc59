import { z } from "@hono/zod-openapi";
import { MOST_CODES } from "../../db/data_sync_stats.ts";
import { SERVICE_NAMES, SYNC_STATUSES } from "../../db/schema/enums.ts";
import { MOST_WINDOW_DAYS, reason } from "../analytics/schema.ts";
import { date, instant, Ratio, strict, timezone } from "../schema.ts";

export const SyncStatisticsQuery = strict({
  service_name: z.enum(SERVICE_NAMES).optional(),
  start_date: date.optional().describe("The default window are the last 30 complete local days and today so far"),
  end_date: date.optional().describe(`Inclusive; today when absent. A window has at most ${MOST_WINDOW_DAYS} days`),
  timezone: timezone.optional().describe("IANA; the organisation's when absent"),
});
export type SyncStatisticsQuery = z.infer<typeof SyncStatisticsQuery>;

const count = z.int().min(0);
const milliseconds = z.number().min(0).nullable();

const figures = {
  syncs: count.describe("Syncs asked for in the window, by hand or by a job"),
  by_status: z.strictObject(
    Object.fromEntries(SYNC_STATUSES.map((status) => [status, count])) as Record<
      typeof SYNC_STATUSES[number],
      typeof count
    >,
  ),
  success_rate: Ratio.describe("completed of completed and failed"),
  duration_ms: z.strictObject({ p50: milliseconds, p95: milliseconds }).describe(
    "Of completed syncs, from the first attempt's start to the end; " +
      "quantiles interpolate between neighbours (type 7 of Hyndman and Fan), in whole milliseconds",
  ),
  records_processed: z.number().min(0),
  records_failed: z.number().min(0).describe("Rows refused, in syncs that completed too"),
  failures_by_code: z.array(z.strictObject({ code: z.string(), count })).max(MOST_CODES).describe(
    "Failed syncs by their error_code, the most frequent first",
  ),
};

export const SyncStatistics = z.strictObject({
  total: z.strictObject(figures),
  services: z.array(z.strictObject({ service_name: z.enum(SERVICE_NAMES), ...figures })).max(SERVICE_NAMES.length)
    .describe("All six, or the one that was asked for"),
  reason,
  meta: z.strictObject({
    period: z.strictObject({
      start_date: date,
      end_date: date.describe("Inclusive"),
      timezone: z.string(),
      complete: z.boolean().describe("Whether its last day is over"),
    }).describe("A sync belongs to the local day on which it was asked for"),
    data_through: instant.nullable().describe("When the latest of these syncs was asked for"),
    warnings: z.array(z.string()),
  }),
}).openapi("SyncStatistics");
export type SyncStatistics = z.infer<typeof SyncStatistics>;
/** The numbers of one service, or of all. */
export type SyncFigures = SyncStatistics["total"];
