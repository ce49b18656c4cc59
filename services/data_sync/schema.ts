import { z } from "@hono/zod-openapi";
import { MOST_REJECTS } from "../../db/data_syncs.ts";
import { SERVICE_NAMES, SYNC_STATUSES, SYNC_TYPES } from "../../db/schema/enums.ts";
import { page, paging } from "../paging.ts";
import { instant, strict, uuid } from "../schema.ts";

const count = z.int().min(0);
const service = z.enum(SERVICE_NAMES);
const sync_type = z.enum(SYNC_TYPES).describe(
  "full reads everything anew, and so finds what the source dated back; incremental and manual read what changed since " +
    "the latest completed sync of the service began, manual because a person asked for it",
);

const asked = { sync_type: sync_type.optional() };

/** Which service to sync and how: in the query, in the body, or in both if they agree. */
export const SyncCreate = strict({ service_name: service.optional(), ...asked })
  .openapi("SyncCreate", { example: { service_name: "partners_crm", sync_type: "manual" } });
export type SyncCreate = z.infer<typeof SyncCreate>;

/** How to sync all services. */
export const SyncAllCreate = strict(asked).openapi("SyncAllCreate", { example: { sync_type: "incremental" } });
export type SyncAllCreate = z.infer<typeof SyncAllCreate>;

export const SyncResponse = z.strictObject({
  id: uuid,
  run_id: uuid.nullable().describe(
    "The run that does the work, as GET /runs/{run_id} shows it while retention keeps it",
  ),
  service_name: service,
  sync_type,
  status: z.enum(SYNC_STATUSES).describe("pending too while it waits for another attempt; error_code says why"),
  started_at: instant.nullable().describe("When its first attempt began; null while it waits"),
  completed_at: instant.nullable().describe("When it completed or failed"),
  duration_ms: z.number().min(0).nullable().describe("completed_at − started_at, waits between attempts included"),
  records_processed: count.describe("Rows stored, changed or known already; one that a page repeats counts again"),
  records_failed: count.describe("Rows refused: not valid, without an external_id, or of another service"),
  last_sync_timestamp: instant.nullable().describe(
    "The watermark: what the source changed up to here is stored. started_at, once completed",
  ),
  pages: count.describe("Pages stored"),
  error_code: z.string().nullable(),
  error_message: z.string().nullable().describe("Null for anonymous readers"),
  metadata: z.strictObject({
    updated_after: z.string().nullable().describe("Changes from here on are asked for; null for everything"),
    cursor: z.string().nullable().describe("The source's own word for where the next page begins"),
  }).nullable().describe("Null for anonymous readers"),
  version: z.int(),
  created_at: instant.describe("When it was asked for"),
  updated_at: instant,
}).openapi("SyncResponse");
export type SyncResponse = z.infer<typeof SyncResponse>;

/** A sync with the rows that it refused. */
export const SyncDetail = z.strictObject({
  ...SyncResponse.shape,
  rejects: z.array(z.strictObject({
    page: z.int().describe("From 1 on"),
    row: z.int().describe("Its place in the page, from 1 on"),
    external_id: z.string().nullable(),
    errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })),
  })).max(MOST_REJECTS).nullable()
    .describe(`The first ${MOST_REJECTS} rows that were refused, and why; null for anonymous readers`),
}).openapi("SyncDetail");
export type SyncDetail = z.infer<typeof SyncDetail>;

export const SyncList = page(SyncResponse, "SyncList");

export const SyncListQuery = strict({
  service_name: service.optional(),
  sync_type: z.enum(SYNC_TYPES).optional(),
  status: z.enum(SYNC_STATUSES).optional(),
  ...paging,
});
export type SyncListQuery = z.infer<typeof SyncListQuery>;

/** What the list is ordered by: created_at and id. */
export const syncCursor = z.tuple([instant, uuid]);

/** What became of each service when all were asked to sync. */
export const SyncFanOut = z.strictObject({
  sync_type,
  services: z.array(z.strictObject({
    service_name: service,
    result: z.enum(["started", "already_running", "not_configured"]),
    sync_id: uuid.nullable().describe("The sync that was started or is open already; null without a URL"),
    missing_setting: z.string().nullable().describe("What to set so that the service can be synced"),
  })).length(SERVICE_NAMES.length),
}).openapi("SyncFanOut");
export type SyncFanOut = z.infer<typeof SyncFanOut>;

/** How a service stands. */
export const SOURCE_STATES = ["never_synced", "syncing", "ok", "failing", "not_configured"] as const;

const lastAttempt = z.strictObject({
  id: uuid,
  sync_type: z.enum(SYNC_TYPES),
  status: z.enum(SYNC_STATUSES),
  started_at: instant.nullable(),
  completed_at: instant.nullable(),
  records_processed: count,
  records_failed: count,
  error_code: z.string().nullable(),
});

export const SyncStatusReport = z.strictObject({
  services: z.array(z.strictObject({
    service_name: service,
    configured: z.boolean().describe("Whether a URL is set for its feed"),
    status: z.enum(SOURCE_STATES).describe(
      "syncing while a sync waits or is under way, else as the last one ended: ok or failing; " +
        "not_configured without a URL, whatever happened before",
    ),
    last_success_at: instant.nullable().describe("When the latest completed sync ended"),
    last_attempt: lastAttempt.nullable().describe("The open sync, else the latest; its rows so far or in all"),
    watermark: instant.nullable().describe("last_sync_timestamp of the latest completed sync"),
    lag_s: count.nullable().describe("Whole seconds from the watermark to now"),
    next_run_at: instant.nullable().describe('The soonest of the active data_sync jobs that name it or "all"'),
    stale: z.boolean().describe("Configured, and never synced or lag_s beyond meta.stale_after_s"),
  })).length(SERVICE_NAMES.length),
  meta: z.strictObject({
    as_of: instant,
    stale_after_s: z.int().describe("The setting SYNC_STALE_AFTER_S"),
  }),
}).openapi("SyncStatusReport");
export type SyncStatusReport = z.infer<typeof SyncStatusReport>;
