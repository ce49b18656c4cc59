import { GIVING, type Habit, PARTNERS, type PartnerType, STORY } from "./charity.ts";
import { type Day, dayNumberOf, dayOf, FOUNDED, weekdayOf, yearsSinceStart } from "./days.ts";
import { pickWeighted, type Random, seededRandom, spread } from "./random.ts";
import { dayAtShare, type SeasonCurve, seasonCurve, shareAt } from "./seasons.ts";

/** One partner: who they are, how they give, and what they did last. */
export interface Partner {
  /** Like `p-0042`. */
  readonly id: string;
  readonly type: PartnerType;
  readonly country: string;
  readonly channel: string;
  readonly random: Random;
  /** How readily they meet the charity, 0–1. */
  readonly attention: number;
  /** Day of the month of a monthly debit, 1–28. */
  readonly debit_dom: number;
  /** Where a bank moves a debit that falls on a weekend. */
  readonly weekend_debit: "friday" | "monday";
  /** When in the year single gifts come, as a share of the season's curve. */
  readonly season_share: number;
  /** Day number of the registration. */
  readonly since: number;
  habit: Habit;
  /** USD of a single gift at the story's start; a debit is a share of it. */
  gift_usd: number;
  /** Day numbers of the last gift and the last interaction; null before the first. */
  last_gift: number | null;
  last_contact: number | null;
  /** Gifts made so far, recorded or not. */
  gifts: number;
  /** True once nothing more can come. */
  gone: boolean;
}

/** A gift that will be made unless something comes between. */
export interface PlannedGift {
  readonly partner: Partner;
  /** `debit` and `habit` lead to the next one, `extra` to none. */
  readonly kind: "debit" | "habit" | "extra";
  /** The day it was meant for, which a weekend or an outage may put off. */
  readonly due: number;
  /** Times the partner's usual gift. */
  readonly factor: number;
  /** A campaign of its own; null is that of the season. */
  readonly campaign: string | null;
}

/** How willingly a type picks up the phone. */
const ATTENTION: Record<PartnerType, number> = { individual: 0.4, company: 0.7, church: 0.8, foundation: 1 };
const curves = new Map<number, SeasonCurve>();

/** The number-th partner (from 1), as of the day they register; founding partners gave in the year before. */
export function newPartner(number: number, day: Day, founding: boolean): Partner {
  const id = `p-${String(number).padStart(4, "0")}`;
  const random = seededRandom(STORY.seed, "partner", id);
  const type = pickWeighted(PARTNERS.types, spread(number));
  const { habits, channels, gift_usd, sigma } = GIVING[type];
  const habit = random.pick(habits), channel = random.pick(channels);
  return {
    id,
    type,
    random,
    country: random.pick(PARTNERS.countries),
    habit,
    channel: habit === "monthly" && (channel === "mail" || channel === "event") ? "bank_transfer" : channel,
    attention: ATTENTION[type] * random.unit() ** 2,
    gift_usd: random.lognormal(gift_usd, sigma),
    debit_dom: Number(random.pick({ "1": 4, "5": 2, "15": 3, "20": 1, "28": 1 })),
    weekend_debit: random.pick({ friday: 1, monday: 1 }),
    season_share: founding ? spread(number * 7) : shareAt(curveOf(day.year), day.number),
    since: founding ? FOUNDED - 400 : day.number,
    last_gift: founding ? FOUNDED - random.whole(2, 364) : null,
    last_contact: null,
    gifts: 0,
    gone: false,
  };
}

/** What a partner plans when they are first seen: the founding ones go on, the others give now, later or never. */
export function firstPlan(partner: Partner, day: Day, founding: boolean): PlannedGift[] {
  const { random } = partner;
  if (founding) {
    return partner.habit === "monthly" ? [debitIn(partner, day.year, day.month)] : nextYear(partner, day.year - 1);
  }
  if (random.chance(PARTNERS.gives_at_once)) return [gift(partner, usualKind(partner), day.number)];
  return random.chance(0.35) ? [gift(partner, usualKind(partner), day.number + random.whole(20, 200))] : [];
}

/** What a partner plans after a gift: the next one by habit, sometimes one more, and rarely the way back. */
export function planAfter({ partner, kind, due }: PlannedGift): PlannedGift[] {
  switch (kind) {
    case "extra":
      return [];
    case "debit":
      return afterDebit(partner, dayOf(due));
    case "habit":
      return partner.habit === "once" ? afterOnlyGift(partner, due) : afterYearlyGift(partner, due);
  }
}

/** The day a gift is made if nothing comes between: banks book no debit on a weekend. */
export function collectionDay({ partner, kind, due }: PlannedGift): number {
  const weekday = weekdayOf(due);
  if (kind !== "debit" || partner.channel === "online" || weekday < 6) return due;
  return partner.weekend_debit === "friday" ? due + 5 - weekday : due + 8 - weekday;
}

/** USD of one planned gift before rounding: raised year by year, debits only when the partner agreed to it. */
export function giftSize(planned: PlannedGift, day: Day): number {
  const { partner, kind, factor } = planned;
  const raised = partner.gift_usd * (1 + PARTNERS.gift_growth) ** yearsSinceStart(day);
  if (kind === "debit") return partner.gift_usd * GIVING[partner.type].monthly_share;
  return raised * factor * partner.random.lognormal(1, 0.22);
}

function afterDebit(partner: Partner, due: Day): PlannedGift[] {
  const { random } = partner;
  const plans: PlannedGift[] = [];
  if (due.month === 11 && random.chance(0.4)) {
    plans.push({ ...gift(partner, "extra", yearEnd(partner, due.year)), factor: 0.8 });
  }
  if (due.month === 12 && random.chance(0.5)) partner.gift_usd *= 1 + 2 * PARTNERS.gift_growth;
  const month = due.month % 12 + 1;
  const next = debitIn(partner, due.month === 12 ? due.year + 1 : due.year, month);
  return [...plans, ...(random.chance(0.024) ? comeback(partner, due.number) : [next])];
}

function afterYearlyGift(partner: Partner, due: number): PlannedGift[] {
  const { random } = partner;
  const again = random.chance(GIVING[partner.type].second_gift);
  const more = again ? [{ ...gift(partner, "extra", halfASeasonOn(partner, due)), factor: 0.7 }] : [];
  return [...more, ...nextYear(partner, dayOf(due).year)];
}

/** A day 30–70 % of a season after another, so that second gifts follow the season too. */
function halfASeasonOn({ random }: Partner, day: number): number {
  const { year } = dayOf(day);
  const share = shareAt(curveOf(year), day) + 0.3 + 0.4 * random.unit();
  return share <= 1 ? dayAtShare(curveOf(year), share) : dayAtShare(curveOf(year + 1), share - 1);
}

function afterOnlyGift(partner: Partner, due: number): PlannedGift[] {
  const { random } = partner;
  if (!random.chance(0.15)) return random.chance(0.4) ? comeback(partner, due) : [];
  partner.habit = "yearly";
  return [gift(partner, "habit", due + random.whole(60, 330))];
}

/** Next year's gift about the same time of the season, if the partner stays. */
function nextYear(partner: Partner, year: number): PlannedGift[] {
  const { random } = partner;
  const loyalty = partner.habit === "once" ? 0.15 : GIVING[partner.type].loyalty;
  const curve = curveOf(year + 1);
  const share = Math.min(1, Math.max(0, partner.season_share + random.normal(0, 0.03)));
  const day = dayAtShare(curve, share);
  return random.chance(loyalty) ? [gift(partner, "habit", day)] : comeback(partner, day - 365);
}

function comeback(partner: Partner, stopped: number): PlannedGift[] {
  const { random } = partner;
  const kind = usualKind(partner);
  return random.chance(PARTNERS.comeback) ? [gift(partner, kind, stopped + random.whole(400, 800))] : [];
}

function yearEnd(partner: Partner, year: number): number {
  const december = shareAt(curveOf(year), dayNumberOf(year, 11, 30));
  return dayAtShare(curveOf(year), december + partner.random.unit() * (1 - december));
}

function debitIn(partner: Partner, year: number, month: number): PlannedGift {
  return gift(partner, "debit", dayNumberOf(year, month, partner.debit_dom));
}

function gift(partner: Partner, kind: PlannedGift["kind"], due: number): PlannedGift {
  return { partner, kind, due, factor: 1, campaign: null };
}

function usualKind(partner: Partner): "debit" | "habit" {
  return partner.habit === "monthly" ? "debit" : "habit";
}

function curveOf(year: number): SeasonCurve {
  const curve = curves.get(year) ?? seasonCurve(year);
  curves.set(year, curve);
  return curve;
}
