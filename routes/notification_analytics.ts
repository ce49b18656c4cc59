import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { NotificationDelivery, NotificationDeliveryQuery } from "../services/notification_analytics/delivery_schema.ts";
import {
  getNotificationChannels,
  getNotificationDelivery,
  getNotificationStatistics,
} from "../services/notification_analytics/mod.ts";
import {
  NotificationChannels,
  NotificationChannelsQuery,
  NotificationStatistics,
  NotificationStatisticsQuery,
} from "../services/notification_analytics/schema.ts";
import { digested } from "./conditional.ts";
import { type App, BASE, ifNoneMatch, json, notModified, problems, publicRead, tags } from "./kit.ts";

const PATH = `${BASE}/analytics/notifications`;
const about = { method: "get", tags: tags("analytics", "seed"), security: publicRead } as const;

/** Notifications: what became of them, whether they arrive, and by which channel best. */
export function notificationAnalyticsRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      ...about,
      path: `${PATH}/statistics`,
      operationId: "getNotificationStatistics",
      summary: "What was sent, what arrived, and what people did with it",
      description:
        "Counts, rates and their trend, and the campaigns and templates with the most clicks. Events count in the period " +
        "in which they happened, so a rate may exceed 1; a warning says so.",
      request: { query: NotificationStatisticsQuery, headers: ifNoneMatch },
      responses: { 200: json(NotificationStatistics, "The numbers"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getNotificationStatistics(ctx, c.req.valid("query"))),
  );

  app.openapi(
    createRoute({
      ...about,
      path: `${PATH}/delivery`,
      operationId: "getNotificationDelivery",
      summary: "Whether notifications arrive, how fast, and why not",
      description:
        "Delivery and bounces, the reasons of failures, latency, and days on which far fewer arrived than usual, with " +
        "the numbers that say so.",
      request: { query: NotificationDeliveryQuery, headers: ifNoneMatch },
      responses: { 200: json(NotificationDelivery, "The numbers"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getNotificationDelivery(ctx, c.env.caller, c.req.valid("query"))),
  );

  app.openapi(
    createRoute({
      ...about,
      path: `${PATH}/channels`,
      operationId: "getNotificationChannels",
      summary: "The outcomes of each channel, ranked by clicks",
      description:
        "Opens are not comparable between channels: e-mail programs make some by themselves, and text messages have none.",
      request: { query: NotificationChannelsQuery, headers: ifNoneMatch },
      responses: { 200: json(NotificationChannels, "The channels"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getNotificationChannels(ctx, c.req.valid("query"))),
  );
}
