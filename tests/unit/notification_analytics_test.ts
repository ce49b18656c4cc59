import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import type { Caller } from "../../services/access.ts";
import { ranked } from "../../services/notification_analytics/channels.ts";
import { latencyOf } from "../../services/notification_analytics/latency.ts";
import { notableDays } from "../../services/notification_analytics/notable.ts";
import {
  isMail,
  type NotificationFlow,
  openRate,
  rateIn,
  ratesOf,
} from "../../services/notification_analytics/rates.ts";
import { reasonsOf, shownReason } from "../../services/notification_analytics/reasons.ts";

const NONE: Record<NotificationFlow, number | null> = {
  ...{ notification_sent: null, notification_delivered: null, notification_failed: null },
  ...{ notification_bounced_hard: null, notification_bounced_soft: null, notification_opened: null },
  ...{ notification_clicked: null, notification_unsubscribed: null, notification_complained: null },
};

Deno.test("rates of delivery are over what was sent, rates of response over what was delivered", () => {
  const totals = {
    ...{ notification_sent: 200, notification_delivered: 160, notification_failed: 10 },
    ...{ notification_bounced_hard: 20, notification_bounced_soft: 8, notification_opened: 80 },
    ...{ notification_clicked: 40, notification_unsubscribed: 4, notification_complained: 0 },
  };
  equal(rateIn("delivery_rate", totals), 0.8);
  equal([rateIn("hard_bounce_rate", totals), rateIn("soft_bounce_rate", totals)], [0.1, 0.04]);
  equal([rateIn("failure_rate", totals), rateIn("open_rate", totals)], [0.05, 0.5]);
  equal([rateIn("click_rate", totals), rateIn("click_to_open", totals)], [0.25, 0.5]);
  equal([rateIn("unsubscribe_rate", totals), rateIn("complaint_rate", totals)], [0.025, 0]);
  equal(rateIn("delivery_rate", { ...totals, notification_sent: 0 }), null);
  equal(ratesOf(["click_rate"], { now: totals, before: NONE }).click_rate, {
    ...{ value: 0.25, numerator: 40, denominator: 160, previous: null, change: null },
  });
});

Deno.test("an open rate is marked by its channel, and only where there is one", () => {
  const rate = { value: 0.4, numerator: 4, denominator: 10, previous: null, change: null };
  equal(openRate(rate, true).reliability, "inflated_by_mail_privacy");
  equal(openRate(rate, false).reliability, "ok");
  equal(openRate({ ...rate, value: null }, true).reliability, null);
  equal(["email", "E-Mail", "EMAIL", "push", "sms", null].map(isMail), [true, true, true, false, false, false]);
});

Deno.test("channels of equal clicks are ranked by what was delivered, and those without a click rate come last", () => {
  const own = (delivered: number | null, clicked: number | null) => ({
    now: { ...NONE, notification_delivered: delivered, notification_clicked: clicked },
    before: NONE,
  });
  const rows = ranked(
    new Map([["none", own(900, null)], ["small", own(10, 1)], ["large", own(100, 10)], ["best", own(5, 1)]]),
  );
  equal(rows.map((row) => [row.rank, row.channel]), [[1, "best"], [2, "large"], [3, "small"], [4, "none"]]);
});

const week = (...delivered: number[]) =>
  delivered.map((delivered, i) => ({ date: `2025-12-0${i + 1}`, sent: 100, delivered }));

Deno.test("a day is notable that is below the median by 5 points, 3 deviations of days and 3 errors of chance", () => {
  const { median, notable } = notableDays(week(98, 97, 99, 98, 98, 97, 80, 98));
  equal(median, 0.98);
  // Deviations 0, 1, 1, 0, 0, 1, 18, 0 points: MAD 0.005, 3 · 1.4826 · 0.005 = 0.022; chance 3 · √(0.98 · 0.02 / 100) = 0.042
  equal(notable.map((day) => [day.date, day.delivery_rate, Math.round(day.threshold * 1e9) / 1e9]), [
    ["2025-12-07", 0.8, 0.93],
  ]);
});

Deno.test("no day is notable among few, among unsteady ones, or for being small", () => {
  equal(notableDays(week(98, 98, 98, 50, 98, 98)).notable, []); // six
  equal(notableDays(week(98, 70, 90, 60, 80, 95, 75, 55)).notable, []);
  const small = { date: "2025-12-09", sent: 19, delivered: 0 };
  equal(notableDays([...week(98, 98, 98, 98, 98, 98, 98), small]).notable, []);
  equal(notableDays([{ date: "2025-12-01", sent: 0, delivered: 3 }]), { median: null, notable: [] });
});

Deno.test("every notable day is below its threshold, which is at least 5 points below the median", () => {
  const day = fc.record({
    sent: fc.integer({ min: 0, max: 500 }),
    share: fc.double({ min: 0, max: 1.2, noNaN: true }),
  });
  fc.assert(fc.property(fc.array(day, { maxLength: 40 }), (days) => {
    const { median, notable } = notableDays(
      days.map(({ sent, share }, i) => ({
        date: String(i).padStart(2, "0"),
        sent,
        delivered: Math.round(sent * share),
      })),
    );
    for (const { delivery_rate, threshold } of notable) {
      ok(delivery_rate < threshold && threshold <= (median ?? NaN) - 0.05);
    }
  }));
});

const anonymous: Caller = { kind: "anonymous" };
const local: Caller = { kind: "local" };

Deno.test("reasons that may hold somebody's address are withheld from readers without a token", () => {
  const shown = (reason: string | null) => [shownReason(anonymous, reason), shownReason(local, reason)];
  equal(shown("550 5.1.1 user unknown"), ["550 5.1.1 user unknown", "550 5.1.1 user unknown"]);
  equal(shown("<anna@example.org> rejected"), ["withheld", "<anna@example.org> rejected"]);
  equal(shown("no route to +49 170 1234567"), ["withheld", "no route to +49 170 1234567"]);
  equal(shown(null), ["unspecified", "unspecified"]);
});

Deno.test("withheld reasons are counted together", () => {
  const all = { failed: 10, hard_bounce: null, soft_bounce: 4 };
  const counts = [
    { g: 0, reason: "a@example.org", count: 4, reasons: 4 },
    { g: 2, reason: "full", count: 4, reasons: 4 },
    { g: 0, reason: "b@example.org", count: 3, reasons: 4 },
    { g: 0, reason: null, count: 3, reasons: 4 },
  ];
  equal(reasonsOf(anonymous, counts, all), [
    { kind: "failed", reason: "withheld", count: 7, share: 0.7 },
    { kind: "soft_bounce", reason: "full", count: 4, share: 1 },
    { kind: "failed", reason: "unspecified", count: 3, share: 0.3 },
  ]);
});

Deno.test("latency stands beside that of the same channel before", () => {
  const own = (channel: string | null, p50: number, everywhere = false) => ({
    everywhere,
    channel,
    n: 2,
    p50,
    p95: p50,
  });
  const { p50, channels } = latencyOf([own(null, 30, true), own("sms", 40), own(null, 20)], [
    ...[own(null, 60, true), own("sms", 80), own("push", 10)],
  ]);
  equal(p50, { value: 30, unit: "ms", previous: 60, change: -0.5 });
  equal(channels.map((one) => [one.channel, one.p50.value, one.p50.previous]), [["sms", 40, 80], [null, 20, null]]);
  equal(latencyOf([], []).n, 0);
});
