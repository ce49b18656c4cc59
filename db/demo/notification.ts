import { ANOMALIES, AUDIENCE_GROWTH, type Channel, CHANNELS, type Mailing, MAILINGS, STORY } from "./charity.ts";
import { type Day, yearsSinceStart } from "./days.ts";
import { type DemoMetric, metric, type Reading, type Story } from "./metric.ts";
import { keysOf, type Random, seededRandom } from "./random.ts";
import { campaignOf, within } from "./seasons.ts";

const outage = ANOMALIES.delivery_outage;
/** How far the latency rises during the outage. */
const OUTAGE_SLOWDOWN = 60;

/** The notification service: each mailing of the day counted once, and a few latency samples per channel. */
export function notificationStory(): Story {
  const channels = keysOf(CHANNELS);
  return (day) => [
    ...MAILINGS.filter((mailing) => isSent(mailing, day)).flatMap((mailing) => counts(mailing, day)),
    ...channels.flatMap((channel) => latencies(channel, day)),
  ];
}

function isSent({ weekdays, during }: Mailing, day: Day): boolean {
  return weekdays.includes(day.weekday) && (during === undefined || during === campaignOf(day));
}

function counts(mailing: Mailing, day: Day): DemoMetric[] {
  const { channel, campaign, template_id, hour } = mailing;
  const random = seededRandom(STORY.seed, template_id, day.number);
  const outcome = outcomeOf(channel, audienceOn(mailing, day, random), isOut(channel, day), random);
  return outcome.filter(([name, count]) => count > 0 || ALWAYS_COUNTED.includes(name)).map(([name, count, delay_s]) =>
    row(day, {
      type: "notification",
      name: `notification_${name}`,
      value: count,
      unit: "count",
      dimensions: { channel, campaign, template_id },
      second: hour * 3_600 + delay_s,
      key: `${template_id}:${day.date}`,
    })
  );
}

/** What is counted even when nobody is in it, because rates divide by it. */
const ALWAYS_COUNTED: readonly string[] = ["sent", "delivered"];

/** The name, the count and the delay in seconds of everything that became of a mailing; sent is the sum of its fates. */
function outcomeOf(channel: Channel, sent: number, out: boolean, random: Random): [string, number, number][] {
  const truth = CHANNELS[channel];
  const hard = random.binomial(sent, truth.bounced_hard);
  const soft = random.binomial(sent - hard, truth.bounced_soft);
  const arriving = sent - hard - soft;
  const failed = random.binomial(arriving, out ? 1 - outage.delivered_share : truth.failed);
  const delivered = arriving - failed;
  const opened = random.binomial(delivered, Math.min(0.95, truth.opened * random.lognormal(1, 0.06)));
  const clicked = random.binomial(opened, Math.min(0.9, truth.clicked * random.lognormal(1, 0.12)));
  return [
    ["sent", sent, 0],
    ["delivered", delivered, 300],
    ["bounced_hard", hard, 300],
    ["bounced_soft", soft, 900],
    ["failed", failed, 900],
    ["opened", opened, 7_200],
    ["clicked", clicked, 7_800],
    ["unsubscribed", random.binomial(delivered, truth.unsubscribed), 10_800],
    ["complained", random.binomial(delivered, truth.complained), 12_600],
  ];
}

/** Recipients of a day: growing year by year, and on weekends half as many for the daily service messages. */
function audienceOn({ audience, campaign }: Mailing, day: Day, random: Random): number {
  const growth = (1 + AUDIENCE_GROWTH) ** yearsSinceStart(day);
  const weekend = campaign === "service_messages" && day.weekday > 5 ? 0.5 : 1;
  return Math.max(1, random.poisson(audience * growth * weekend * random.lognormal(1, 0.05)));
}

function latencies(channel: Channel, day: Day): DemoMetric[] {
  const random = seededRandom(STORY.seed, "latency", channel, day.number);
  const { latency_ms, latency_sigma, latency_samples_per_day } = CHANNELS[channel];
  const median = latency_ms * (isOut(channel, day) ? OUTAGE_SLOWDOWN : 1);
  return Array.from({ length: latency_samples_per_day }, (_, i) =>
    row(day, {
      type: "notification",
      name: "delivery_latency_ms",
      value: Math.round(random.lognormal(median, latency_sigma) * 10) / 10,
      unit: "ms",
      dimensions: { channel },
      second: 7 * 3_600 + random.whole(0, 50_000),
      key: `${channel}:${day.date}:${i + 1}`,
    }));
}

function isOut(channel: Channel, day: Day): boolean {
  return channel === outage.channel && within(day, outage);
}

function row(day: Day, reading: Reading): DemoMetric {
  return metric("notification", day, reading);
}
