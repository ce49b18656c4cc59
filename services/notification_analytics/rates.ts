import { byName, namesIn } from "../analytics/by_name.ts";
import type { Counts } from "../analytics/counts.ts";
import { type Figure, figure, quotient, type Rate, rate } from "../analytics/figures.ts";
import type { Totals } from "../analytics/totals.ts";

/** What is counted of notifications, by the word of the answer. */
export const OUTCOMES = {
  sent: "notification_sent",
  delivered: "notification_delivered",
  failed: "notification_failed",
  hard_bounces: "notification_bounced_hard",
  soft_bounces: "notification_bounced_soft",
  unique_opens: "notification_opened",
  unique_clicks: "notification_clicked",
  unsubscribes: "notification_unsubscribed",
  complaints: "notification_complained",
} as const;
export type Outcome = keyof typeof OUTCOMES;
export type NotificationFlow = typeof OUTCOMES[Outcome];
export const FLOWS: readonly NotificationFlow[] = Object.values(OUTCOMES);

/**
 * Each rate as its numerator and denominator. Delivery, bounces and failures are shares of what was sent, what people did
 * of what was delivered; opens and clicks count once for each person and notification.
 */
export const RATES = {
  delivery_rate: ["delivered", "sent"],
  hard_bounce_rate: ["hard_bounces", "sent"],
  soft_bounce_rate: ["soft_bounces", "sent"],
  failure_rate: ["failed", "sent"],
  open_rate: ["unique_opens", "delivered"],
  click_rate: ["unique_clicks", "delivered"],
  click_to_open: ["unique_clicks", "unique_opens"],
  unsubscribe_rate: ["unsubscribes", "delivered"],
  complaint_rate: ["complaints", "delivered"],
} as const satisfies Record<string, readonly [Outcome, Outcome]>;
export type NotificationRate = keyof typeof RATES;

/** The rates that depend on delivery alone. */
export const DELIVERY_RATES = ["delivery_rate", "hard_bounce_rate", "soft_bounce_rate", "failure_rate"] as const;

/** Some outcomes of a window beside those of the period before. */
export function outcomesOf<Word extends Outcome>(
  words: readonly Word[],
  { now, before }: Counts<NotificationFlow>,
): Record<Word, Figure> {
  return byName(words, (word) => figure("count", now[OUTCOMES[word]], before[OUTCOMES[word]]));
}

/** Some rates of a window beside those of the period before. */
export function ratesOf<Word extends NotificationRate>(
  words: readonly Word[],
  { now, before }: Counts<NotificationFlow>,
): Record<Word, Rate> {
  const of = (totals: Totals<NotificationFlow>, [numerator, denominator]: readonly [Outcome, Outcome]) => ({
    numerator: totals[OUTCOMES[numerator]],
    denominator: totals[OUTCOMES[denominator]],
  });
  return byName(words, (word) => rate(of(now, RATES[word]), of(before, RATES[word])));
}

/** The value of one rate, of a period without another beside it. */
export function rateIn(word: NotificationRate, totals: Totals<NotificationFlow>): number | null {
  const [numerator, denominator] = RATES[word];
  return quotient({ numerator: totals[OUTCOMES[numerator]], denominator: totals[OUTCOMES[denominator]] });
}

/** The outcomes of one period of a trend. */
export function outcomesIn(totals: Totals<NotificationFlow>): Record<Outcome, number | null> {
  return byName(namesIn(OUTCOMES), (word) => totals[OUTCOMES[word]]);
}

/** How far an open rate can be believed. */
export const RELIABILITIES = ["inflated_by_mail_privacy", "ok"] as const;
export type OpenRate = Rate & { reliability: typeof RELIABILITIES[number] | null };

/**
 * An open rate and how far it can be believed: mail programs that load pictures unasked, as Apple's have done since 2021,
 * open mails that nobody read.
 * @param mail whether opens of e-mails are in it
 */
export function openRate(open_rate: Rate, mail: boolean): OpenRate {
  return { ...open_rate, reliability: open_rate.value === null ? null : mail ? "inflated_by_mail_privacy" : "ok" };
}

/** The channel's names of e-mail, in lower case. */
export const MAIL: readonly string[] = ["email", "e-mail", "e_mail", "mail"];

/** Whether a channel is e-mail. */
export function isMail(channel: string | null): boolean {
  return channel !== null && MAIL.includes(channel.toLowerCase());
}

/** Why a rate may be above 1. */
export const LATE = "events of this period that belong to notifications sent before it count too";
