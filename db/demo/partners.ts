import { PARTNERS, type PartnerType, STORY } from "./charity.ts";
import { type Day, dayOf, FOUNDED, START, yearsSinceStart } from "./days.ts";
import { gifts, refunds } from "./donations.ts";
import type { Partner } from "./giving.ts";
import type { DemoMetric, Story } from "./metric.ts";
import { type Random, seededRandom } from "./random.ts";
import { crmRow, daytime, join, openRegister, type Register, TWELVE_MONTHS } from "./register.ts";
import { seasonWeight } from "./seasons.ts";

/**
 * The partners_crm service: registrations, gifts, refunds, interactions, lapses and the weekly count of the active. The
 * unrecorded years are lived through first, so that the first recorded one is as settled as the others.
 */
export function partnersStory(): Story {
  const register = openRegister();
  for (let number = FOUNDED; number < START; number++) rowsOf(register, dayOf(number));
  return (day) => rowsOf(register, day);
}

function rowsOf(register: Register, day: Day): DemoMetric[] {
  const random = seededRandom(STORY.seed, "partners", day.number);
  return [
    ...registrations(register, day, random),
    ...gifts(register, day, random),
    ...refunds(register, day, random),
    ...interactions(register, day, random),
    ...lapses(register, day),
    ...(day.weekday === 1 ? activePartners(register, day) : []),
  ];
}

function registrations(register: Register, day: Day, random: Random): DemoMetric[] {
  const daily = PARTNERS.registrations_per_year / 365 * (1 + PARTNERS.registration_growth) ** yearsSinceStart(day);
  register.due += daily * (0.35 + 0.65 * seasonWeight(day)) * 2 * random.unit();
  const count = Math.floor(register.due);
  register.due -= count;
  return Array.from({ length: count }, () => {
    const partner = join(register, day, false);
    return partnerEvent(day, "partner_registered", partner, daytime(random), partner.id);
  });
}

/** A partner has lapsed on the first day that leaves their last gift more than twelve months behind. */
function lapses({ partners }: Register, day: Day): DemoMetric[] {
  return partners
    .filter(({ last_gift }) => last_gift === day.number - TWELVE_MONTHS - 1)
    .map((partner) => partnerEvent(day, "partner_lapsed", partner, 3_600, `${partner.id}:${day.date}`));
}

function partnerEvent(day: Day, name: string, { id, type, country }: Partner, second: number, key: string): DemoMetric {
  const dimensions = { partner_id: id, partner_type: type, country };
  return crmRow(day, { type: "partner", name, value: 1, unit: "count", dimensions, second, key });
}

function interactions(register: Register, day: Day, random: Random): DemoMetric[] {
  const known = register.partners.filter(({ gone }) => !gone);
  const close = known.filter(({ last_gift, since }) => day.number - (last_gift ?? since) <= TWELVE_MONTHS);
  const gala = isGala(day) ? random.poisson(PARTNERS.gala_guests) : 0;
  const calls = random.poisson(PARTNERS.interactions_per_day * (day.weekday > 5 ? 0.1 : 1));
  return Array.from({ length: gala + calls }, (_, i) => {
    const partner = someone(random.chance(0.06) ? known : close, random);
    partner.last_contact = day.number;
    const kind = i < gala ? "event" : random.pick(PARTNERS.interaction_kinds);
    const second = i < gala ? 18 * 3_600 + random.whole(0, 7_200) : 8 * 3_600 + random.whole(0, 32_000);
    const dimensions = { partner_id: partner.id, kind };
    const key = `${day.date}:${i + 1}`;
    return crmRow(day, {
      type: "engagement",
      name: "partner_interaction",
      value: 1,
      unit: "count",
      dimensions,
      second,
      key,
    });
  });
}

/** The second Saturday of a gala month. */
function isGala({ month, dom, weekday }: Day): boolean {
  return PARTNERS.gala_months.some((gala) => gala === month) && weekday === 6 && dom > 7 && dom <= 14;
}

function someone(partners: readonly Partner[], random: Random): Partner {
  for (;;) {
    const partner = partners[random.whole(0, partners.length - 1)];
    if (partner && random.chance(partner.attention)) return partner;
  }
}

/** Gave or interacted in the twelve months before. */
function isActive({ last_gift, last_contact }: Partner, day: Day): boolean {
  return Math.max(last_gift ?? -Infinity, last_contact ?? -Infinity) >= day.number - TWELVE_MONTHS;
}

/** One row per type and country that ever had a partner, zeros included, so that no series keeps a stale level. */
function activePartners({ partners }: Register, day: Day): DemoMetric[] {
  const cells = new Map<string, { partner_type: PartnerType; country: string; active: number }>();
  for (const partner of partners) {
    const key = `${partner.type}:${partner.country}`;
    const cell = cells.get(key) ?? { partner_type: partner.type, country: partner.country, active: 0 };
    if (isActive(partner, day)) cell.active++;
    cells.set(key, cell);
  }
  return [...cells].map(([key, { active, ...dimensions }]) =>
    crmRow(day, {
      type: "partner",
      name: "partner_active",
      value: active,
      unit: "count",
      dimensions,
      second: 86_340,
      key: `${key}:${day.date}`,
    })
  );
}
