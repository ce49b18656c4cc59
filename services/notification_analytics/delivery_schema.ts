import { z } from "@hono/zod-openapi";
import { Figure } from "../analytics/figures.ts";
import { DomainMeta, DomainQuery, reason } from "../analytics/schema.ts";
import { interval, MOST_PERIODS, periodShape, TREND_INTERVALS } from "../analytics/trend.ts";
import { date, strict } from "../schema.ts";
import { DEVIATIONS, FEWEST_DAYS, FEWEST_SENT, LEAST_POINTS } from "./notable.ts";
import { channelFilter, deliveryFigures, MOST_CHANNELS } from "./schema.ts";

/** Rows of the lists of this answer, at most. */
export const MOST_REASONS = 50;
export const MOST_NOTABLE = 31;

/** What delivery is asked with. */
export const NotificationDeliveryQuery = strict({ ...DomainQuery.shape, channel: channelFilter, interval });
export type NotificationDeliveryQuery = z.infer<typeof NotificationDeliveryQuery>;

/** What a reason is of. */
export const FAILURES = ["failed", "hard_bounce", "soft_bounce"] as const;

const latency = {
  n: z.int().describe("Samples of delivery_latency_ms in the window"),
  p50: Figure.describe("Their median, interpolated (type 7, percentile_cont)"),
  p95: Figure.describe("The time within which 95 % of them arrived, interpolated likewise"),
};
const share = z.number().nullable();

/** Whether notifications arrive, how fast, and why not. */
export const NotificationDelivery = z.strictObject({
  ...deliveryFigures,
  failure_reasons: z.strictObject({
    items: z.array(z.strictObject({
      kind: z.enum(FAILURES),
      reason: z.string().describe(
        "The dimension `reason`; unspecified where there is none; withheld from readers without a token where it may " +
          "hold an address or a phone number",
      ),
      count: z.number(),
      share: share.describe("count / all of its kind"),
    })).max(MOST_REASONS).describe("The most frequent first"),
    total: z.int().describe("Reasons before the limit"),
  }),
  latency: z.strictObject({
    ...latency,
    channels: z.array(
      z.strictObject({ channel: z.string().nullable().describe("Null: samples that name none"), ...latency }),
    )
      .max(MOST_CHANNELS).describe("Those with the most samples first"),
  }),
  interval: z.enum(TREND_INTERVALS),
  trend: z.array(z.strictObject({
    ...periodShape,
    ...{ sent: z.number().nullable(), delivered: z.number().nullable() },
    delivery_rate: share.describe("delivered / sent"),
  })).max(MOST_PERIODS).describe("Every period of the window that has begun; null before the first reading"),
  median_daily_delivery_rate: share.describe("Over the complete days of the window that sent something"),
  notable_days: z.array(z.strictObject({
    date,
    ...{ sent: z.number(), delivered: z.number(), delivery_rate: z.number() },
    threshold: z.number().describe("What the day's rate is below"),
  })).max(MOST_NOTABLE).describe(
    `Complete days with a rate below the median by more than each of ${LEAST_POINTS}, ${DEVIATIONS} × 1.4826 × the ` +
      `median absolute deviation of the days, and ${DEVIATIONS} × √(median × (1 − median) / sent). Only of windows with ` +
      `at least ${FEWEST_DAYS} days that sent something, and days with at least ${FEWEST_SENT} sent. The worst first`,
  ),
  reason,
  meta: DomainMeta,
}).openapi("NotificationDelivery");
export type NotificationDelivery = z.infer<typeof NotificationDelivery>;
