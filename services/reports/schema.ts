import { z } from "@hono/zod-openapi";
import { METRIC_TYPES, REPORT_STATUSES, REPORT_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { page, paging, queryFlag } from "../paging.ts";
import { date, instant, strict, text, uuid, whole } from "../schema.ts";

/** Formats that can be generated now. The database knows more; they enter here when they work. */
export const OFFERED_FORMATS = ["json"] as const;

const month = z.string().regex(/^(19[7-9]\d|20\d\d|2100)-(0[1-9]|1[0-2])$/, "must be a month such as 2025-12");
const week = z.string().regex(
  /^(19[7-9]\d|20\d\d|2100)-W(0[1-9]|[1-4]\d|5[0-3])$/,
  "must be an ISO week such as 2025-W52",
);
const year = whole(1970, 2100);
const previous = z.literal("previous");

const filters = {
  services: z.array(z.enum(SERVICE_NAMES)).min(1).max(SERVICE_NAMES.length).optional()
    .describe("Only metrics of these services; all when absent"),
  metric_types: z.array(z.enum(METRIC_TYPES)).min(1).max(METRIC_TYPES.length).optional()
    .describe("Only metrics of these types; all when absent"),
};

/** What a report of each type is about; `"previous"` is the last complete period before today. */
export const PARAMETERS = {
  daily: strict({ date: z.union([date, previous]), ...filters }),
  weekly: strict({ week: z.union([week, previous]), ...filters }),
  monthly: strict({ month: z.union([month, previous]), ...filters }),
  annual: strict({ year: z.union([year, previous]), ...filters }),
  custom: strict({ start_date: date, end_date: date, ...filters }),
} as const;

/** What a report is asked to be about: its type with the parameters of that type. */
export type ReportSubject = {
  [Type in keyof typeof PARAMETERS]: { report_type: Type; parameters: z.infer<typeof PARAMETERS[Type]> };
}[keyof typeof PARAMETERS];

const base = {
  name: text(255),
  format: z.enum(OFFERED_FORMATS),
  created_by: uuid.optional().describe("Taken in open mode; with a token the token's owner is written down"),
};

const ofType = <Type extends keyof typeof PARAMETERS>(type: Type) =>
  strict({ ...base, report_type: z.literal(type), parameters: PARAMETERS[type] });

/** A report to generate. */
export const ReportCreate = z.discriminatedUnion("report_type", [
  ofType("daily"),
  ofType("weekly"),
  ofType("monthly"),
  ofType("annual"),
  ofType("custom"),
]).openapi("ReportCreate", {
  example: { name: "Monthly Metrics Report", report_type: "monthly", format: "json", parameters: { month: "2025-12" } },
});
export type ReportCreate = z.infer<typeof ReportCreate>;

export const ReportBase = z.strictObject({
  name: z.string(),
  report_type: z.enum(REPORT_TYPES),
  format: z.enum(OFFERED_FORMATS),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
  scheduled: z.boolean().describe("Whether a scheduled job made it"),
  created_by: z.string().nullable().describe("Null for anonymous readers"),
}).openapi("ReportBase");

export const ReportResponse = z.strictObject({
  ...ReportBase.shape,
  id: z.string(),
  status: z.enum(REPORT_STATUSES),
  period_start: z.string().nullable(),
  period_end: z.string().nullable(),
  file_path: z.string().nullable().describe("Key in the report store; null without the scope files"),
  file_size: z.int().nullable().describe("Bytes"),
  row_count: z.int().nullable().describe("Rows in the report's tables"),
  data_version: z.string().nullable().describe("Which state of the metrics it was made from"),
  content_sha256: z.string().nullable().describe("Checksum of the file"),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  generated_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  version: z.int(),
}).openapi("ReportResponse");
export type ReportResponse = z.infer<typeof ReportResponse>;

export const ReportList = page(ReportResponse, "ReportList");

export const ReportListQuery = strict({
  report_type: z.enum(REPORT_TYPES).optional(),
  status: z.enum(REPORT_STATUSES).optional(),
  scheduled: queryFlag.optional(),
  created_by: uuid.optional(),
  ...paging,
});
export type ReportListQuery = z.infer<typeof ReportListQuery>;

/** What the list is ordered by: created_at and id. */
export const reportCursor = z.tuple([instant, uuid]);

/** What the handler `report_cleanup` is configured with. */
export const ReportCleanupConfig = strict({
  handler: z.literal("report_cleanup").describe("report_cleanup deletes completed reports, as DELETE does"),
  older_than_days: whole(1, 3_650).describe("Days since the report was generated"),
}).openapi("ReportCleanupConfig", { example: { handler: "report_cleanup", older_than_days: 365 } });
export type ReportCleanupConfig = z.infer<typeof ReportCleanupConfig>;
