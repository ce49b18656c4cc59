import { reasonCounts } from "../../db/notification_analytics.ts";
import type { Caller } from "../access.ts";
import { cutOf } from "../analytics/cut.ts";
import { countsOf } from "../analytics/counts.ts";
import { domainMeta, type DomainQuestion, domainQuestion } from "../analytics/question.ts";
import { type Amount, amountsOf, type Totals } from "../analytics/totals.ts";
import { intervalFor } from "../analytics/trend.ts";
import { lostRows, nothingFiltered, ratesAboveOne } from "../analytics/wording.ts";
import type { Needs } from "../context.ts";
import { dayOf } from "../metrics/local_time.ts";
import {
  MOST_NOTABLE,
  MOST_REASONS,
  type NotificationDelivery,
  type NotificationDeliveryQuery,
} from "./delivery_schema.ts";
import { LATENCY, otherUnits, readLatency } from "./latency.ts";
import { type DeliveryDay, notableDays } from "./notable.ts";
import { DELIVERY_RATES, FLOWS, LATE, type NotificationFlow, OUTCOMES, outcomesOf, rateIn, ratesOf } from "./rates.ts";
import { onChannel, rowsIn } from "./reading.ts";
import { reasonsOf } from "./reasons.ts";

const WORDS = ["sent", "delivered", "failed", "hard_bounces", "soft_bounces"] as const;
const NAMES = [...WORDS.map((word) => OUTCOMES[word]), LATENCY];

/**
 * Whether notifications arrive, how fast, and why not. Reads the roll-ups; the rows of failures and bounces of the window,
 * and of latency of both windows; all from the rows with `channel`.
 * @throws {DomainError} `invalid` for a window that cannot be, or of more than 1,000 periods
 */
export async function getNotificationDelivery(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  query: NotificationDeliveryQuery,
): Promise<NotificationDelivery> {
  const { channel } = query;
  const question = await domainQuestion(ctx, "notification", query);
  const interval = intervalFor(query.interval, question.window);
  const counts = await countsOf(ctx, question, FLOWS, { interval, filters: onChannel(channel) });
  const rates = ratesOf(DELIVERY_RATES, counts);
  const latency = await readLatency(ctx, question, channel);
  const found = counts.found || latency.n > 0;
  const reason = nothingFiltered(question, NAMES, { key: "channel", value: channel, found });
  const { median, notable } = notableDays(await readDays(ctx, question, channel));
  return {
    ...outcomesOf(WORDS, counts),
    ...rates,
    failure_reasons: await readReasons(ctx, question, caller, channel, counts.now),
    latency,
    interval,
    trend: reason !== null ? [] : counts.periods.map(({ period, complete, totals }) => ({
      ...{ period, complete },
      ...{ sent: totals.notification_sent, delivered: totals.notification_delivered },
      delivery_rate: rateIn("delivery_rate", totals),
    })),
    median_daily_delivery_rate: median,
    notable_days: notable.slice(0, MOST_NOTABLE),
    reason,
    meta: domainMeta(question, counts.source, {
      names: NAMES,
      warnings: [
        ...ratesAboveOne(rates, LATE),
        ...otherUnits(question),
        ...(notable.length > MOST_NOTABLE ? [`${notable.length} notable days, of which these are the worst`] : []),
        ...(counts.source === "rollups" ? lostRows(question, "failure_reasons and latency") : []),
      ],
    }),
  };
}

/** The days of the window that are over, from the first with a delivery on: before it none were counted. */
async function readDays(
  ctx: Needs<"db" | "config">,
  question: DomainQuestion,
  channel: string | undefined,
): Promise<DeliveryDay[]> {
  const { window, now } = question;
  const { sent, delivered } = OUTCOMES;
  const options = { intervals: ["day" as const], filters: onChannel(channel) };
  const { amounts } = await amountsOf(ctx, question, window, [sent, delivered], options);
  const byDay = Map.groupBy(amounts, (one) => one.b);
  const sum = (name: string, own: readonly Amount[]) =>
    own.reduce((total, one) => one.metric_name === name ? total + (one.value ?? 0) : total, 0);
  const days = cutOf(ctx, window, ["day"]).buckets.flatMap((bucket, b) => {
    const own = byDay.get(b);
    if (own === undefined || bucket.end > now) return [];
    return [{ date: dayOf(bucket.day), sent: sum(sent, own), delivered: sum(delivered, own) }];
  });
  const first = days.findIndex((day) => day.delivered > 0);
  return first < 0 ? [] : days.slice(first);
}

async function readReasons(
  ctx: Needs<"db" | "config">,
  { series, window }: DomainQuestion,
  caller: Caller,
  channel: string | undefined,
  totals: Totals<NotificationFlow>,
): Promise<NotificationDelivery["failure_reasons"]> {
  const { failed, hard_bounces, soft_bounces } = OUTCOMES;
  const groups = { [failed]: 0, [hard_bounces]: 1, [soft_bounces]: 2 }; // their places in FAILURES
  const counts = await reasonCounts(ctx.db, rowsIn(ctx, series, window, groups, channel), MOST_REASONS);
  const items = reasonsOf(caller, counts, {
    failed: totals[failed],
    hard_bounce: totals[hard_bounces],
    soft_bounce: totals[soft_bounces],
  });
  return { items, total: (counts[0]?.reasons ?? 0) - counts.length + items.length };
}
