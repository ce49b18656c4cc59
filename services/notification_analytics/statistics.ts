import { hasChannel, MAILING_GROUPS, type TopMailing, topMailings } from "../../db/notification_analytics.ts";
import { namesIn } from "../analytics/by_name.ts";
import { type CountsByPeriod, countsOf } from "../analytics/counts.ts";
import { quotient } from "../analytics/figures.ts";
import { domainMeta, type DomainQuestion, domainQuestion } from "../analytics/question.ts";
import { intervalFor } from "../analytics/trend.ts";
import { lostRows, nothingFiltered, ratesAboveOne } from "../analytics/wording.ts";
import type { Needs } from "../context.ts";
import {
  FLOWS,
  LATE,
  MAIL,
  type NotificationFlow,
  openRate,
  OUTCOMES,
  outcomesIn,
  outcomesOf,
  rateIn,
  RATES,
  ratesOf,
} from "./rates.ts";
import { onChannel, rowsIn } from "./reading.ts";
import { DEFAULT_MAILINGS, type NotificationStatistics, type NotificationStatisticsQuery } from "./schema.ts";

/**
 * What was sent, what arrived, and what people did with it. Reads the roll-ups; the rows of the window for the top lists,
 * to see whether e-mails were opened, and with `channel`.
 * @throws {DomainError} `invalid` for a window that cannot be, or of more than 1,000 periods
 */
export async function getNotificationStatistics(
  ctx: Needs<"db" | "config">,
  query: NotificationStatisticsQuery,
): Promise<NotificationStatistics> {
  const { channel, top = DEFAULT_MAILINGS } = query;
  const question = await domainQuestion(ctx, "notification", query);
  const interval = intervalFor(query.interval, question.window);
  const counts = await countsOf(ctx, question, FLOWS, { interval, filters: onChannel(channel) });
  const rates = ratesOf(namesIn(RATES), counts);
  const mail = rates.open_rate.value !== null && await opensMail(ctx, question, channel);
  const reason = nothingFiltered(question, FLOWS, { key: "channel", value: channel, found: counts.found });
  return {
    ...outcomesOf(namesIn(OUTCOMES), counts),
    ...{ ...rates, open_rate: openRate(rates.open_rate, mail) },
    interval,
    trend: reason === null ? trendOf(counts) : [],
    ...await topLists(ctx, question, channel, reason === null ? top : 0),
    reason,
    meta: domainMeta(question, counts.source, {
      names: FLOWS,
      warnings: [
        ...ratesAboveOne(rates, LATE),
        ...(top > 0 && counts.source === "rollups" ? lostRows(question, "top_campaigns and top_templates") : []),
      ],
    }),
  };
}

function trendOf({ periods }: CountsByPeriod<NotificationFlow>): NotificationStatistics["trend"] {
  return periods.map(({ period, complete, totals }) => ({
    ...{ period, complete },
    ...outcomesIn(totals),
    delivery_rate: rateIn("delivery_rate", totals),
    click_rate: rateIn("click_rate", totals),
  }));
}

/** Whether e-mails were opened in the window. */
async function opensMail(
  ctx: Needs<"db" | "config">,
  { series, window }: DomainQuestion,
  channel: string | undefined,
): Promise<boolean> {
  return await hasChannel(ctx.db, rowsIn(ctx, series, window, { [OUTCOMES.unique_opens]: 0 }, channel), MAIL);
}

async function topLists(
  ctx: Needs<"db" | "config">,
  { series, window }: DomainQuestion,
  channel: string | undefined,
  limit: number,
): Promise<Pick<NotificationStatistics, "top_campaigns" | "top_templates">> {
  if (limit === 0) return { top_campaigns: [], top_templates: [] };
  const groups = {
    [OUTCOMES.sent]: MAILING_GROUPS.sent,
    [OUTCOMES.delivered]: MAILING_GROUPS.delivered,
    [OUTCOMES.unique_opens]: MAILING_GROUPS.opened,
    [OUTCOMES.unique_clicks]: MAILING_GROUPS.clicked,
  };
  const mailings = await topMailings(ctx.db, rowsIn(ctx, series, window, groups, channel), limit);
  return {
    top_campaigns: mailings.flatMap((one) =>
      one.by === "campaign" && one.campaign !== null ? [{ campaign: one.campaign, ...countsOfMailing(one) }] : []
    ),
    top_templates: mailings.flatMap((one) =>
      one.by === "template_id" && one.template_id !== null
        ? [{ template_id: one.template_id, campaign: one.campaign, ...countsOfMailing(one) }]
        : []
    ),
  };
}

function countsOfMailing({ channel, sent, delivered, opened, clicked }: TopMailing) {
  const click_rate = quotient({ numerator: clicked, denominator: delivered });
  return { channel, sent, delivered, unique_opens: opened, unique_clicks: clicked ?? 0, click_rate };
}
