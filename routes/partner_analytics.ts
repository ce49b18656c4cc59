import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { BreakdownQuery, PartnerBreakdown } from "../services/partner_analytics/breakdown_schema.ts";
import { DonationsQuery, PartnerDonations } from "../services/partner_analytics/donations_schema.ts";
import { EngagementQuery, PartnerEngagement } from "../services/partner_analytics/engagement_schema.ts";
import {
  getPartnerBreakdown,
  getPartnerDonations,
  getPartnerEngagement,
  getPartnerStatistics,
} from "../services/partner_analytics/mod.ts";
import { PartnerStatistics, StatisticsQuery } from "../services/partner_analytics/schema.ts";
import { digested } from "./conditional.ts";
import { type App, BASE, ifNoneMatch, json, notModified, problems, publicRead, tags } from "./kit.ts";

const PATH = `${BASE}/analytics/partners`;

/** What the partners of an organisation do and give. */
export function partnerAnalyticsRoutes(app: App, ctx: Ctx): void {
  people(app, ctx);
  gifts(app, ctx);
}

/** GET /analytics/partners/statistics and /engagement */
function people(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/statistics`,
      operationId: "getPartnerStatistics",
      summary: "How many partners there are, came, went and stayed",
      description:
        "People count whatever the currency of their gifts; the lifetime value and its parts are of one currency. " +
        "Only who registered, gave or interacted in partners_crm is a partner. 12 months are calendar months. A running " +
        "period ends today.",
      tags: tags("analytics", "seed"),
      security: publicRead,
      request: { query: StatisticsQuery, headers: ifNoneMatch },
      responses: { 200: json(PartnerStatistics, "The numbers"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getPartnerStatistics(ctx, c.req.valid("query"))),
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/engagement`,
      operationId: "getPartnerEngagement",
      summary: "Contact with partners: how much, of which kind, how long ago",
      description: "Readers without a token see no kind and no range of fewer than 5 people.",
      tags: tags("analytics", "seed"),
      security: publicRead,
      request: { query: EngagementQuery, headers: ifNoneMatch },
      responses: { 200: json(PartnerEngagement, "The numbers"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getPartnerEngagement(ctx, c.env.caller, c.req.valid("query"))),
  );
}

/** GET /analytics/partners/donations and /breakdown */
function gifts(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/donations`,
      operationId: "getPartnerDonations",
      summary: "Donations: how much, from how many, how it grew",
      description:
        "Amounts are of one currency. Refunds count on their own day. Growth stands beside each number: `change` " +
        "on the period before, `change_on_last_year` on the same period a year before.",
      tags: tags("analytics", "seed"),
      security: publicRead,
      request: { query: DonationsQuery, headers: ifNoneMatch },
      responses: { 200: json(PartnerDonations, "The numbers"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getPartnerDonations(ctx, c.env.caller, c.req.valid("query"))),
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/breakdown`,
      operationId: "getPartnerBreakdown",
      summary: "Donations by type, country, campaign, channel or size",
      description:
        "Amounts are of one currency. For readers without a token the numbers of cells of fewer than 5 people are " +
        "null, and those of one more where subtraction would give them away; a gift that names nobody counts as one person.",
      tags: tags("analytics", "seed"),
      security: publicRead,
      request: { query: BreakdownQuery, headers: ifNoneMatch },
      responses: { 200: json(PartnerBreakdown, "The cells"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getPartnerBreakdown(ctx, c.env.caller, c.req.valid("query"))),
  );
}
