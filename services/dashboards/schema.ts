import { z } from "@hono/zod-openapi";
import { DASHBOARD_TYPES } from "../../db/schema/enums.ts";
import { page, paging, queryFlag } from "../paging.ts";
import { date, instant, strict, text, timezone, uuid, whole } from "../schema.ts";
import { DashboardConfig } from "./widgets.ts";

const fields = {
  name: text(255),
  dashboard_type: z.enum(DASHBOARD_TYPES),
  description: text(10_000, 0).nullish(),
  config: DashboardConfig.optional(),
  is_default: z.boolean().optional().describe(
    "Whether it stands for its type; it takes that from the one before. A default is public. false when absent",
  ),
  is_public: z.boolean().optional().describe(
    "Whether everybody sees it, else its author alone and the scope admin; true when absent",
  ),
};

export const DashboardCreate = strict({
  ...fields,
  created_by: uuid.optional().describe("Taken in open mode; with a token the token's owner is written down"),
}).openapi("DashboardCreate", {
  example: {
    name: "Giving",
    dashboard_type: "partner",
    config: {
      widgets: [{
        id: "gifts",
        type: "stat",
        title: "Gifts this month",
        metric: { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" },
        window: { relative: "this_month" },
      }],
    },
  },
});
export type DashboardCreate = z.infer<typeof DashboardCreate>;

export const DashboardUpdate = strict({
  ...fields,
  name: fields.name.optional(),
  dashboard_type: fields.dashboard_type.optional(),
  version: whole(1, 2_147_483_647).optional().describe(
    "The version that is edited, as If-Match would say it",
  ),
}).openapi("DashboardUpdate", { example: { name: "Giving and givers" } });
export type DashboardUpdate = z.infer<typeof DashboardUpdate>;

const response = {
  id: uuid,
  name: z.string(),
  dashboard_type: z.enum(DASHBOARD_TYPES),
  description: z.string().nullable(),
  config: DashboardConfig,
  is_default: z.boolean(),
  is_public: z.boolean(),
  created_by: uuid.nullable().describe("Null for anonymous readers"),
  version: z.int(),
  created_at: instant,
  updated_at: instant,
};

export const DashboardResponse = z.strictObject(response).openapi("DashboardResponse", {
  description: "The config is without dimensions about persons for anonymous readers",
});
export type DashboardResponse = z.infer<typeof DashboardResponse>;

const { config: _config, ...summary } = response;

/** A dashboard of a list. */
export const DashboardSummary = z.strictObject({
  ...summary,
  widget_count: z.int().describe("Of its config, which GET /dashboards/{dashboard_id} shows"),
}).openapi("DashboardSummary");
export type DashboardSummary = z.infer<typeof DashboardSummary>;

export const DashboardList = page(DashboardSummary, "DashboardList");

export const DashboardListQuery = strict({
  dashboard_type: z.enum(DASHBOARD_TYPES).optional(),
  is_default: queryFlag.optional(),
  is_public: queryFlag.optional().describe("Private ones are those that the caller may see"),
  ...paging,
});
export type DashboardListQuery = z.infer<typeof DashboardListQuery>;

/** What the list is ordered by: created_at and id. */
export const dashboardCursor = z.tuple([instant, uuid]);

/** What a dashboard is resolved with: another window and another zone than its widgets name. */
export const DashboardDataQuery = strict({
  start_date: date.optional().describe("With end_date, the window of every widget whose own is relative"),
  end_date: date.optional().describe("Inclusive; yesterday when only start_date is given"),
  timezone: timezone.optional().describe("IANA; instead of those that the widgets name"),
});
export type DashboardDataQuery = z.infer<typeof DashboardDataQuery>;
