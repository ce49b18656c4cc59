import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { anonymous, type App } from "../../support/app.ts";
import { gift, reader, send } from "../../support/gifts.ts";

const PATH = "/api/v1/analytics/notifications";
const WEEK = "start_date=2025-12-01&end_date=2025-12-07"; // Monday to Sunday; the week before is 24 to 30 November

const row = (metric_name: string, metric_value: number, timestamp: string, dimensions: object, metric_unit = "count") =>
  gift({
    ...{ service_name: "notification", metric_type: "notification", metric_name, metric_unit },
    ...{ metric_value, timestamp: `2025-${timestamp}:00Z`, dimensions },
  });

/** One mailing: what became of it, by the ends of the metrics' names. */
const mailing = (at: string, dimensions: object, outcomes: Record<string, number>) =>
  Object.entries(outcomes).map(([name, count]) => row(`notification_${name}`, count, at, dimensions));
const latency = (channel: string, value: number, at: string, unit = "ms") =>
  row("delivery_latency_ms", value, at, { channel }, unit);

const NEWS = { channel: "email", campaign: "newsletter", template_id: "email-newsletter" };
const EVENT = { channel: "sms", campaign: "events", template_id: "sms-event" };
const PUSH = { channel: "push", campaign: "stories", template_id: "push-story" };

/**
 * A week of one newsletter and one text message, and the week before of a newsletter and a push.
 * Sent 1000 + 200, delivered 950 + 190, failed 20 + 10, bounced 10 hard and 20 soft, opened 380, clicked 38 + 19.
 * Before: sent 800 + 100, delivered 720 + 80, bounced 8 hard, opened 360 + 8, clicked 18 + 4.
 */
async function story(t: App): Promise<void> {
  const refused = "550 mailbox of anna@example.org unknown";
  await send(t, [
    ...mailing("12-02T10:00", NEWS, { sent: 1000, delivered: 950, opened: 380, clicked: 38 }),
    ...mailing("12-02T18:45", NEWS, { unsubscribed: 2, complained: 1 }),
    row("notification_failed", 12, "12-02T10:05", { ...NEWS, reason: refused }),
    row("notification_failed", 8, "12-02T10:06", NEWS),
    row("notification_bounced_hard", 10, "12-02T10:05", { ...NEWS, reason: "unknown_user" }),
    row("notification_bounced_soft", 20, "12-02T10:05", { ...NEWS, reason: "mailbox_full" }),
    ...mailing("12-05T15:00", EVENT, { sent: 200, delivered: 190, clicked: 19 }),
    row("notification_failed", 10, "12-05T15:05", { ...EVENT, reason: "carrier_timeout" }),
    ...mailing("11-25T10:00", NEWS, { sent: 800, delivered: 720, bounced_hard: 8, opened: 360, clicked: 18 }),
    ...mailing("11-28T18:00", PUSH, { sent: 100, delivered: 80, opened: 8, clicked: 4 }),
    ...[100, 200, 300, 400, 500].map((ms) => latency("email", ms, "12-02T10:01")),
    ...[1000, 3000].map((ms) => latency("sms", ms, "12-05T15:01")),
    latency("email", 200, "11-25T10:01"),
  ]);
}

type Numbers = { value: number | null; previous: number | null };
const both = ({ value, previous }: Numbers) => [value, previous];
/** Interpolation in floats is off by some 1e-12. */
const rounded = (numbers: Numbers) => both(numbers).map((one) => one === null ? null : Math.round(one * 1e9) / 1e9);

const statisticsCases: Record<string, (t: App) => Promise<void>> = {
  async "notification statistics: counts and rates of a week beside those of the week before"(t) {
    await story(t);
    const answer = await t.json("GET", `${PATH}/statistics?${WEEK}`, 200);
    equal(answer.sent, { value: 1200, unit: "count", previous: 900, change: 300 / 900 });
    equal([both(answer.delivered), both(answer.hard_bounces)], [[1140, 800], [10, 8]]);
    // Neither failures nor soft bounces were recorded before: not known, which is not 0.
    equal([both(answer.failed), both(answer.soft_bounces)], [[30, null], [20, null]]);
    equal([both(answer.unique_opens), both(answer.unique_clicks)], [[380, 368], [57, 22]]);
    equal([both(answer.unsubscribes), both(answer.complaints)], [[2, null], [1, null]]);
    equal(both(answer.delivery_rate), [0.95, 800 / 900]); // 1140 of 1200
    equal(both(answer.hard_bounce_rate), [10 / 1200, 8 / 900]);
    equal(both(answer.soft_bounce_rate), [20 / 1200, null]);
    equal(both(answer.failure_rate), [0.025, null]); // 30 of 1200
    equal([both(answer.click_rate), both(answer.click_to_open)], [[0.05, 0.0275], [0.15, 22 / 368]]); // 57 of 1140, of 380
    equal([both(answer.unsubscribe_rate), both(answer.complaint_rate)], [[2 / 1140, null], [1 / 1140, null]]);
    equal(answer.open_rate, {
      ...{ value: 380 / 1140, numerator: 380, denominator: 1140, previous: 0.46 }, // 368 of 800
      change: 380 / 1140 - 0.46,
      reliability: "inflated_by_mail_privacy",
    });
    equal([answer.reason, answer.meta.source, answer.meta.warnings], [null, "rollups", []]);
  },
  async "notification statistics: the trend, with no zero before the first reading"(t) {
    await story(t);
    const { interval, trend } = await t.json("GET", `${PATH}/statistics?${WEEK}`, 200);
    equal([interval, trend.length], ["day", 7]);
    equal(trend[0], {
      ...{ period: "2025-12-01", complete: true, sent: 0, delivered: 0, failed: null, hard_bounces: 0 },
      ...{ soft_bounces: null, unique_opens: 0, unique_clicks: 0, unsubscribes: null, complaints: null },
      ...{ delivery_rate: null, click_rate: null },
    });
    equal(trend[4], {
      ...{ period: "2025-12-05", complete: true, sent: 200, delivered: 190, failed: 10, hard_bounces: 0 },
      ...{ soft_bounces: 0, unique_opens: 0, unique_clicks: 19, unsubscribes: 0, complaints: 0 },
      ...{ delivery_rate: 0.95, click_rate: 0.1 },
    });
    const months = await t.json(
      "GET",
      `${PATH}/statistics?start_date=2025-11-01&end_date=2025-12-23&interval=month`,
      200,
    );
    type Point = { period: string; complete: boolean; sent: number };
    equal(months.trend.map((one: Point) => [one.period, one.complete, one.sent]), [
      ["2025-11-01", true, 900],
      ["2025-12-01", false, 1200],
    ]);
  },
  async "notification statistics: campaigns and templates with the most clicks"(t) {
    await story(t);
    await send(
      t,
      mailing("12-06T10:00", { ...NEWS, channel: "push", template_id: "push-news" }, {
        sent: 50,
        delivered: 50,
        clicked: 5,
      }),
    );
    const { top_campaigns, top_templates } = await t.json("GET", `${PATH}/statistics?${WEEK}`, 200);
    equal(top_campaigns, [
      {
        ...{ campaign: "newsletter", channel: null, sent: 1050, delivered: 1000 }, // by e-mail and push
        ...{ unique_opens: 380, unique_clicks: 43, click_rate: 0.043 },
      },
      {
        ...{ campaign: "events", channel: "sms", sent: 200, delivered: 190 },
        ...{ unique_opens: null, unique_clicks: 19, click_rate: 0.1 },
      },
    ]);
    type Template = { template_id: string; campaign: string; channel: string; unique_clicks: number };
    equal(top_templates.map((one: Template) => [one.template_id, one.campaign, one.channel, one.unique_clicks]), [
      ["email-newsletter", "newsletter", "email", 38],
      ["sms-event", "events", "sms", 19],
      ["push-news", "newsletter", "push", 5],
    ]);
    const first = await t.json("GET", `${PATH}/statistics?${WEEK}&top=1`, 200);
    equal([first.top_campaigns, first.top_templates], [[top_campaigns[0]], [top_templates[0]]]);
  },
  async "notification statistics of one channel: opens without e-mail are believed"(t) {
    await story(t);
    const push = await t.json("GET", `${PATH}/statistics?start_date=2025-11-24&end_date=2025-11-30&channel=push`, 200);
    equal([push.sent.value, push.open_rate.value, push.open_rate.reliability], [100, 0.1, "ok"]); // 8 of 80
    equal([push.hard_bounces.value, push.meta.source], [null, "rows"]);
    const sms = await t.json("GET", `${PATH}/statistics?${WEEK}&channel=sms`, 200);
    equal([sms.sent.value, sms.open_rate.value, sms.open_rate.reliability], [200, null, null]);
    const fax = await t.json("GET", `${PATH}/statistics?${WEEK}&channel=fax`, 200);
    equal([fax.reason, fax.sent.value, fax.trend, fax.top_campaigns], [
      ...['No reading of the channel "fax" in this period or the one before', null],
      ...[[], []],
    ]);
  },
  async "notification statistics of a running week, and in another zone"(t) {
    await t.setNow("2025-12-03T12:00:00Z");
    await send(t, [
      ...mailing("11-26T23:00", NEWS, { sent: 40, delivered: 30 }),
      ...mailing("11-27T00:00", NEWS, { sent: 500, delivered: 500 }), // Thursday: not to be compared with
      ...mailing("12-02T19:00", NEWS, { sent: 50, delivered: 45 }), // half past midnight of the 3rd in India
    ]);
    const answer = await t.json("GET", `${PATH}/statistics?${WEEK}`, 200);
    equal([both(answer.sent), both(answer.delivery_rate)], [[50, 40], [0.9, 0.75]]);
    type Point = { complete: boolean; sent: number };
    equal(answer.trend.map((one: Point) => [one.complete, one.sent]), [[true, 0], [true, 50], [false, 0]]);
    ok(answer.meta.warnings.includes("The period is not over: it is compared with as many days as it has had"));
    const india = await t.json("GET", `${PATH}/statistics?${WEEK}&timezone=Asia/Kolkata`, 200);
    equal(india.trend.map((one: Point) => [one.complete, one.sent]), [[true, 0], [true, 0], [false, 50]]);
    equal([both(india.sent), india.meta.source], [[50, 0], "rows"]); // 26 November, 23:00 is the 27th there
  },
  async "notification rates above one are told, not cut"(t) {
    await send(t, mailing("12-02T10:00", NEWS, { sent: 10, delivered: 12 }));
    const { delivery_rate, meta } = await t.json("GET", `${PATH}/statistics?${WEEK}`, 200);
    equal(delivery_rate.value, 1.2);
    const why = "is above 1: events of this period that belong to notifications sent before it count too";
    equal(meta.warnings, [`delivery_rate ${why}`]);
    const { channels, meta: about } = await t.json("GET", `${PATH}/channels?${WEEK}`, 200);
    equal([channels[0].delivery_rate.value, about.warnings], [1.2, [`delivery_rate of email ${why}`]]);
  },
};

const deliveryCases: Record<string, (t: App) => Promise<void>> = {
  async "notification delivery: rates, reasons of failures and bounces, latency by channel"(t) {
    await story(t);
    const answer = await t.json("GET", `${PATH}/delivery?${WEEK}`, 200);
    equal([both(answer.delivery_rate), answer.failure_rate.value], [[0.95, 800 / 900], 0.025]);
    type Reason = { kind: string; reason: string; count: number; share: number };
    const brief = (reasons: { items: Reason[] }) => reasons.items.map((one) => Object.values(one));
    equal(brief(answer.failure_reasons), [
      ["soft_bounce", "mailbox_full", 20, 1],
      ["failed", "550 mailbox of anna@example.org unknown", 12, 0.4], // of 30
      ["failed", "carrier_timeout", 10, 10 / 30],
      ["hard_bounce", "unknown_user", 10, 1],
      ["failed", "unspecified", 8, 8 / 30],
    ]);
    equal(answer.failure_reasons.total, 5);
    const { n, p50, p95, channels } = answer.latency;
    // 100, 200, 300, 400, 500, 1000, 3000: the 95th percentile (type 7) at 0.95 · 6 = 5.7 is 1000 + 0.7 · 2000
    equal([n, p50, rounded(p95)], [7, { value: 400, unit: "ms", previous: 200, change: 1 }, [2400, 200]]);
    type Channel = { channel: string; n: number; p50: Numbers; p95: Numbers };
    equal(channels.map((one: Channel) => [one.channel, one.n, both(one.p50), rounded(one.p95)]), [
      ["email", 5, [300, 200], [480, 200]], // at 3.8
      ["sms", 2, [2000, null], [2900, null]], // at 0.95
    ]);
    type Point = { sent: number; delivered: number; delivery_rate: number | null };
    equal(answer.trend[1], { period: "2025-12-02", complete: true, sent: 1000, delivered: 950, delivery_rate: 0.95 });
    equal(answer.trend.filter((one: Point) => one.delivery_rate === null).length, 5);
    equal([answer.median_daily_delivery_rate, answer.notable_days], [0.95, []]);
    equal(answer.meta.source, "rollups");
  },
  async "notification delivery hides addresses in reasons from readers without a token"(t) {
    await story(t);
    const { failure_reasons } = await t.json("GET", `${PATH}/delivery?${WEEK}`, 200, { as: anonymous });
    type Reason = { reason: string };
    equal(failure_reasons.items.map((one: Reason) => one.reason), [
      ...["mailbox_full", "withheld", "carrier_timeout", "unknown_user", "unspecified"],
    ]);
    const token = await t.json("GET", `${PATH}/delivery?${WEEK}`, 200, { as: reader });
    match(token.failure_reasons.items[1].reason, /anna@example\.org/);
  },
  async "notification delivery names a day far below the median, with the numbers that say so"(t) {
    const day = (of: number, delivered: number) =>
      mailing(`12-${String(of).padStart(2, "0")}T10:00`, NEWS, { sent: 100, delivered });
    await send(t, [...[1, 2, 3, 5, 6, 7, 8].flatMap((of) => day(of, 98)), ...day(4, 60)]);
    const query = "start_date=2025-12-01&end_date=2025-12-08";
    const answer = await t.json("GET", `${PATH}/delivery?${query}`, 200);
    equal(answer.median_daily_delivery_rate, 0.98);
    // The margin is the largest of 0.05, 3 · 1.4826 · 0, and 3 · √(0.98 · 0.02 / 100) = 0.042
    const [{ threshold, ...notable }, ...others] = answer.notable_days;
    equal([notable, others], [{ date: "2025-12-04", sent: 100, delivered: 60, delivery_rate: 0.6 }, []]);
    ok(Math.abs(threshold - 0.93) < 1e-12);
    // Of six days none is usual.
    const six = await t.json("GET", `${PATH}/delivery?start_date=2025-12-03&end_date=2025-12-08`, 200);
    equal(six.notable_days, []);
    await send(t, [...mailing("12-04T11:00", EVENT, { sent: 10, delivered: 0 })]);
    const email = await t.json("GET", `${PATH}/delivery?${query}&channel=email`, 200);
    equal([email.notable_days[0].sent, email.meta.source], [100, "rows"]);
  },
  async "notification delivery leaves out latency in other units, and says so"(t) {
    await send(t, [latency("email", 100, "12-02T10:00"), latency("email", 2, "12-02T10:00", "s")]);
    const { latency: answer, reason, meta } = await t.json("GET", `${PATH}/delivery?${WEEK}`, 200);
    equal([answer.n, answer.p50.value, reason], [1, 100, null]);
    equal(meta.warnings, ["delivery_latency_ms is recorded in s too, which is left out"]);
  },
};

const channelCases: Record<string, (t: App) => Promise<void>> = {
  async "notification channels are ranked by clicks, not by opens, and open rates of e-mail are marked"(t) {
    await story(t);
    const { channels, total, meta } = await t.json("GET", `${PATH}/channels?${WEEK}`, 200);
    type Row = {
      rank: number;
      channel: string;
      click_rate: Numbers;
      open_rate: { value: number; reliability: string };
    };
    equal(
      channels.map(({ rank, channel, click_rate, open_rate }: Row) => [
        ...[rank, channel, click_rate.value, open_rate.value, open_rate.reliability],
      ]),
      [
        [1, "sms", 0.1, null, null], // 19 of 190; text messages tell no opens
        [2, "email", 0.04, 0.4, "inflated_by_mail_privacy"], // 38 and 380 of 950
        [3, "push", null, null, null], // silent in the week
      ],
    );
    const [sms, email, push] = channels;
    equal([both(email.delivery_rate), both(email.hard_bounce_rate)], [[0.95, 0.9], [0.01, 0.01]]); // 10 of 1000, 8 of 800
    equal([both(email.click_to_open), email.soft_bounce_rate.value], [[0.1, 0.05], 0.02]); // 38 of 380, 18 of 360
    equal([email.unsubscribe_rate.value, email.complaint_rate.value], [2 / 950, 1 / 950]);
    equal([both(sms.sent), both(sms.click_to_open), sms.unsubscribes.value], [[200, null], [null, null], null]);
    equal([both(push.sent), both(push.click_rate), push.failed.value], [[0, 100], [null, 0.05], null]);
    equal([total, meta.source, meta.warnings], [3, "rows", []]);
  },
  async "notification channels with equal clicks are ranked by what was delivered, and may have no name"(t) {
    await send(t, [
      ...mailing("12-02T10:00", NEWS, { sent: 100, delivered: 100, clicked: 10 }),
      ...mailing("12-02T10:00", EVENT, { sent: 200, delivered: 200, clicked: 20 }),
      ...mailing("12-02T10:00", {}, { sent: 10, delivered: 10, clicked: 5, opened: 5 }),
    ]);
    const { channels } = await t.json("GET", `${PATH}/channels?${WEEK}`, 200);
    type Row = { channel: string | null; click_rate: Numbers; open_rate: { reliability: string | null } };
    equal(channels.map((one: Row) => [one.channel, one.click_rate.value, one.open_rate.reliability]), [
      [null, 0.5, "ok"],
      ["sms", 0.1, null],
      ["email", 0.1, null],
    ]);
  },
};

const ROUTES = ["statistics", "delivery", "channels"];

const commonCases: Record<string, (t: App) => Promise<void>> = {
  async "notification analytics without data are empty, and say why"(t) {
    const statistics = await t.json("GET", `${PATH}/statistics`, 200);
    match(statistics.reason, /^None of notification_sent, .* has been recorded$/);
    equal([statistics.sent.value, statistics.open_rate.value, statistics.open_rate.reliability], [null, null, null]);
    equal([statistics.trend, statistics.top_campaigns, statistics.top_templates], [[], [], []]);
    const delivery = await t.json("GET", `${PATH}/delivery`, 200);
    equal([delivery.failure_reasons, delivery.notable_days, delivery.trend], [{ items: [], total: 0 }, [], []]);
    equal([delivery.latency.n, delivery.latency.p50.value, delivery.latency.channels], [0, null, []]);
    equal([delivery.median_daily_delivery_rate, delivery.reason === null], [null, false]);
    const channels = await t.json("GET", `${PATH}/channels`, 200);
    equal([channels.channels, channels.total, channels.reason === null], [[], 0, false]);
    await story(t);
    const early = await t.json("GET", `${PATH}/statistics?start_date=2025-01-01&end_date=2025-01-31`, 200);
    equal([early.reason, early.sent.value], ["Nothing was recorded before 2025-11-25", null]);
    const late = await t.json("GET", `${PATH}/delivery?start_date=2026-01-01&end_date=2026-01-31`, 200);
    equal([late.reason, late.sent.value, late.trend], ["The period has not begun", null, []]);
    const quiet = await t.json("GET", `${PATH}/statistics?start_date=2025-12-20&end_date=2025-12-22`, 200);
    equal([quiet.reason, quiet.sent.value, quiet.delivery_rate.value], [null, 0, null]);
  },
  async "notification analytics: what has no addresses is the same with and without a token"(t) {
    await story(t);
    for (const route of ["statistics", "channels"]) {
      const path = `${PATH}/${route}?${WEEK}`;
      equal(await t.json("GET", path, 200, { as: anonymous }), await t.json("GET", path, 200, { as: reader }));
    }
  },
  async "notification analytics refuse what they cannot answer"(t) {
    for (const route of ROUTES) {
      await t.json("GET", `${PATH}/${route}?start_date=2025-12-07&end_date=2025-12-01`, 422);
      await t.json("GET", `${PATH}/${route}?start_date=1990-01-01&end_date=2025-12-01`, 422);
      const { errors } = await t.json("GET", `${PATH}/${route}?timezon=UTC`, 422);
      match(errors[0].detail, /did you mean "timezone"/);
    }
    await t.json("GET", `${PATH}/statistics?top=51`, 422);
    await t.json("GET", `${PATH}/delivery?interval=hour`, 422);
    await t.json("GET", `${PATH}/delivery?start_date=2020-01-01&end_date=2025-01-01&interval=day`, 422);
    await t.json("GET", `${PATH}/channels?channel=email`, 422);
    equal((await t.request("POST", `${PATH}/statistics`)).status, 405);
  },
};

/** Notifications: statistics, delivery, channels. */
export const notificationAnalyticsCases = { ...statisticsCases, ...deliveryCases, ...channelCases, ...commonCases };
