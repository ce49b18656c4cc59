import { z } from "@hono/zod-openapi";
import { Figure, Rate } from "../analytics/figures.ts";
import { DomainMeta, DomainQuery, reason } from "../analytics/schema.ts";
import { interval, MOST_PERIODS, periodShape, TREND_INTERVALS } from "../analytics/trend.ts";
import { queryInteger } from "../paging.ts";
import { strict, text } from "../schema.ts";
import { RELIABILITIES } from "./rates.ts";

/** Rows of the lists of these answers, at most. */
export const MOST_MAILINGS = 50;
export const MOST_CHANNELS = 50;
export const DEFAULT_MAILINGS = 10;

/** The filter that statistics and delivery share. */
export const channelFilter = text(64).optional().describe("Only of this channel, such as email");

/** What the statistics are asked with. */
export const NotificationStatisticsQuery = strict({
  ...DomainQuery.shape,
  channel: channelFilter,
  interval,
  top: queryInteger(0, MOST_MAILINGS).optional()
    .describe(`Rows of top_campaigns and of top_templates, ${DEFAULT_MAILINGS} when absent`),
});
export type NotificationStatisticsQuery = z.infer<typeof NotificationStatisticsQuery>;

/** What the channels are asked with. */
export const NotificationChannelsQuery = DomainQuery;
export type NotificationChannelsQuery = z.infer<typeof NotificationChannelsQuery>;

/** An open rate, and how far it can be believed. */
const OpenRate = z.strictObject({
  ...Rate.shape,
  reliability: z.enum(RELIABILITIES).nullable().describe(
    "inflated_by_mail_privacy where opens of e-mails are in it: mail programs load pictures unasked; null without opens",
  ),
}).openapi("OpenRate");

/** How the sending went. */
export const deliveryFigures = {
  sent: Figure.describe("Σ notification_sent"),
  delivered: Figure.describe("Σ notification_delivered"),
  failed: Figure.describe("Σ notification_failed: not sent on, other than bounces"),
  hard_bounces: Figure.describe("Σ notification_bounced_hard: permanent, such as an unknown address"),
  soft_bounces: Figure.describe("Σ notification_bounced_soft: temporary, such as a full mailbox"),
  delivery_rate: Rate.describe("delivered / sent"),
  hard_bounce_rate: Rate.describe("hard_bounces / sent"),
  soft_bounce_rate: Rate.describe("soft_bounces / sent"),
  failure_rate: Rate.describe("failed / sent"),
};

/** How the sending went, and what people did with what arrived. */
const outcomes = {
  ...deliveryFigures,
  unique_opens: Figure.describe("Σ notification_opened: people who opened, once for each notification"),
  unique_clicks: Figure.describe("Σ notification_clicked: people who clicked, once for each notification"),
  unsubscribes: Figure.describe("Σ notification_unsubscribed"),
  complaints: Figure.describe("Σ notification_complained: marked as spam"),
  open_rate: OpenRate.describe("unique_opens / delivered"),
  click_rate: Rate.describe("unique_clicks / delivered"),
  click_to_open: Rate.describe("unique_clicks / unique_opens; too low where the opens are inflated"),
  unsubscribe_rate: Rate.describe("unsubscribes / delivered"),
  complaint_rate: Rate.describe("complaints / delivered"),
};

const counted = z.number().nullable();
const rateOf = (formula: string) => z.number().nullable().describe(formula);

const mailing = {
  channel: z.string().nullable().describe("Null where it went through several, or none is named"),
  ...{ sent: counted, delivered: counted, unique_opens: counted, unique_clicks: z.number() },
  click_rate: rateOf("unique_clicks / delivered"),
};

/** What was sent, what arrived, and what people did with it. */
export const NotificationStatistics = z.strictObject({
  ...outcomes,
  interval: z.enum(TREND_INTERVALS),
  trend: z.array(z.strictObject({
    ...periodShape,
    ...{ sent: counted, delivered: counted, failed: counted, hard_bounces: counted, soft_bounces: counted },
    ...{ unique_opens: counted, unique_clicks: counted, unsubscribes: counted, complaints: counted },
    delivery_rate: rateOf("delivered / sent"),
    click_rate: rateOf("unique_clicks / delivered"),
  })).max(MOST_PERIODS).describe("Every period of the window that has begun; null before the first reading"),
  top_campaigns: z.array(z.strictObject({ campaign: z.string(), ...mailing })).max(MOST_MAILINGS)
    .describe("The campaigns with the most clicks in the window"),
  top_templates: z.array(z.strictObject({
    template_id: z.string(),
    campaign: z.string().nullable().describe("Null where several used it, or none is named"),
    ...mailing,
  })).max(MOST_MAILINGS).describe("The templates with the most clicks in the window"),
  reason,
  meta: DomainMeta,
}).openapi("NotificationStatistics");
export type NotificationStatistics = z.infer<typeof NotificationStatistics>;

/** The same by channel. */
export const NotificationChannels = z.strictObject({
  channels: z.array(z.strictObject({
    rank: z.int().describe("By click_rate, not by opens; of equals the one with more delivered"),
    channel: z.string().nullable().describe("Null: readings that name none"),
    ...outcomes,
  })).max(MOST_CHANNELS).describe(
    "Also channels with readings in the period before alone; null is what neither period has of a channel",
  ),
  total: z.int().describe("Channels before the limit"),
  reason,
  meta: DomainMeta,
}).openapi("NotificationChannels");
export type NotificationChannels = z.infer<typeof NotificationChannels>;
