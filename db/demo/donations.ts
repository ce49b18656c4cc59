import { ANOMALIES, DONATION_TRUTH, STORY } from "./charity.ts";
import type { Day } from "./days.ts";
import { collectionDay, giftSize, type Partner, planAfter, type PlannedGift } from "./giving.ts";
import { cents, type DemoMetric } from "./metric.ts";
import type { Random } from "./random.ts";
import { crmRow, daytime, plan, planRefund, type Register, TWELVE_MONTHS } from "./register.ts";
import { campaignOf, PAYMENTS_BACK, within } from "./seasons.ts";

const { legacy_gift, flood_appeal, payment_outage } = ANOMALIES;

/** The gifts of a day, as planned and as the anomalies have it. */
export function gifts(register: Register, day: Day, random: Random): DemoMetric[] {
  if (within(day, flood_appeal)) planFlood(register, day, random);
  if (day.date === legacy_gift.date) planLegacy(register, day);
  const rows: DemoMetric[] = [];
  for (const planned of register.plans.get(day.number) ?? []) {
    if (planned.partner.gone) continue;
    const later = putOff(planned.partner, day);
    if (later === null) rows.push(give(register, planned, day, random));
    else plan(register, planned, later);
  }
  register.plans.delete(day.number);
  return rows;
}

/** The refunds of a day, each the whole of an earlier gift. */
export function refunds(register: Register, day: Day, random: Random): DemoMetric[] {
  const due = register.refunds.get(day.number) ?? [];
  register.refunds.delete(day.number);
  return due.map(({ partner, amount, key }) =>
    crmRow(day, {
      type: "donation",
      name: "donation_refunded",
      value: amount,
      unit: STORY.currency,
      dimensions: { partner_id: partner.id },
      second: daytime(random),
      key,
    })
  );
}

/** The day an online gift moves to while payments are out; null if it stays. */
function putOff({ channel, random }: Partner, day: Day): number | null {
  const out = channel === payment_outage.channel && within(day, payment_outage);
  return out ? PAYMENTS_BACK + random.whole(0, 4) : null;
}

function give(register: Register, planned: PlannedGift, day: Day, random: Random): DemoMetric {
  const { partner, kind } = planned;
  const legacy = planned.campaign === legacy_gift.campaign;
  const amount = legacy ? legacy_gift.amount_usd : asWritten(giftSize(planned, day), partner);
  partner.last_gift = day.number;
  partner.gone = legacy;
  partner.gifts++;
  const key = `${partner.id}:${partner.gifts}`;
  for (const next of planAfter(planned)) plan(register, next, Math.max(collectionDay(next), day.number + 1));
  if (random.chance(DONATION_TRUTH.refund_share) && !legacy) {
    planRefund(register, { partner, amount, key }, day.number + random.whole(1, 9));
  }
  const usual = kind === "debit" ? "regular_giving" : random.chance(0.12) ? "general" : campaignOf(day);
  return crmRow(day, {
    type: "donation",
    name: "donation_received",
    value: amount,
    unit: STORY.currency,
    dimensions: {
      partner_id: partner.id,
      partner_type: partner.type,
      campaign: planned.campaign ?? usual,
      channel: legacy ? "bank_transfer" : partner.channel,
      recurring: kind === "debit",
      country: partner.country,
    },
    second: kind === "debit" ? 6 * 3_600 + random.whole(0, 3_599) : daytime(random),
    key,
  });
}

/** USD as people write it, in round numbers; a quarter of those who pay online add the fee. */
function asWritten(usd: number, { channel, random }: Partner): number {
  const step = usd < 60 ? 5 : usd < 400 ? 10 : usd < 2_000 ? 50 : usd < 8_000 ? 250 : 500;
  const rounded = Math.max(5, Math.round(usd / step) * step);
  const addsFee = random.chance(0.25);
  return channel === "online" && addsFee ? cents(rounded * 1.029 + 0.3) : rounded;
}

function planFlood(register: Register, day: Day, random: Random): void {
  const people = register.partners.filter(({ type, last_gift }) => type === "individual" && gaveLately(last_gift, day));
  const asked = new Set(
    Array.from(
      { length: random.poisson(flood_appeal.gifts_per_day) },
      () => people[random.whole(0, people.length - 1)],
    ),
  );
  for (const partner of asked) {
    if (partner) planNow(register, { partner, factor: 0.5, campaign: flood_appeal.campaign }, day);
  }
}

function gaveLately(last_gift: number | null, day: Day): boolean {
  return last_gift !== null && day.number - last_gift <= TWELVE_MONTHS;
}

function planLegacy(register: Register, day: Day): void {
  const partner = register.partners.find(({ id }) => id === legacy_gift.partner_id);
  if (partner) planNow(register, { partner, factor: 1, campaign: legacy_gift.campaign }, day);
}

function planNow(register: Register, gift: Pick<PlannedGift, "partner" | "factor" | "campaign">, day: Day): void {
  plan(register, { ...gift, kind: "extra", due: day.number }, day.number);
}
