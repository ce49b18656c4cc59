import { countPartners, type PeopleCount } from "../../db/partner_analytics.ts";
import type { Axis } from "../../db/metric_cells.ts";
import { mediansOf } from "../../db/partner_rows.ts";
import { quotient } from "../analytics/figures.ts";
import { FEWEST_PEOPLE } from "../analytics/suppression.ts";
import { type Amount, amountsOf } from "../analytics/totals.ts";
import { cutOf } from "../analytics/cut.ts";
import type { TrendInterval } from "../analytics/trend.ts";
import type { Needs } from "../context.ts";
import { decimalSum } from "../math/mod.ts";
import type { Window } from "../metrics/axis.ts";
import type { Source } from "../metrics/groups.ts";
import { withoutFew } from "./discreet.ts";
import { type Days, isKnown, mayReadRows, NAMES, type PartnerQuestion, readingsOf } from "./question.ts";

/** Money of a stretch of time; null where it is not known. */
export type Money = {
  gross: number | null;
  /** Null where no refund was ever recorded. */
  refunds: number | null;
  /** gross − refunds; gross where no refund was ever recorded. */
  net: number | null;
  gifts: number | null;
  /** gross / gifts. */
  average: number | null;
  largest: number | null;
};

/** What was given in a stretch of time, and by how many. */
export type Giving = Money & { donors: number | null; median: number | null };

/**
 * The money of one stretch from its amounts.
 * @param known whether gifts, and whether refunds, had been recorded by its end: then nothing means 0
 */
export function moneyOf(amounts: readonly Amount[], known: { gifts: boolean; refunds: boolean }): Money {
  const received = amounts.filter((one) => one.metric_name === NAMES.gift);
  const refunded = amounts.filter((one) => one.metric_name === NAMES.refund);
  const gross = known.gifts ? total(received, (one) => one.values.sum) : null;
  const gifts = known.gifts ? total(received, (one) => one.values.n) : null;
  const refunds = known.refunds ? total(refunded, (one) => one.values.sum) : null;
  const largest = Math.max(...received.map((one) => one.values.max ?? -Infinity));
  return {
    ...{ gross, refunds, net: gross === null ? null : decimalSum([gross, -(refunds ?? 0)]), gifts },
    average: quotient({ numerator: gross, denominator: gifts }),
    largest: Number.isFinite(largest) ? largest : null,
  };
}

const total = (amounts: readonly Amount[], of: (one: Amount) => number) =>
  amounts.reduce((sum, one) => sum + of(one), 0);

/** The money of a window: of all of it, and of each of its periods; and where it was read. */
export type MoneyReader = { whole: Money; of: (period: Part) => Money; source: Source };

/** A part of a window: its place among the buckets, from 0, and its days. */
export type Part = Days & { b: number };

/** Reads the money of a window from the roll-ups. */
export async function readMoney(
  ctx: Needs<"db" | "config">,
  { gifts, refunds, now, today }: PartnerQuestion,
  window: Window,
  intervals: readonly TrendInterval[] = [],
): Promise<MoneyReader> {
  const asked = { series: [...gifts, ...refunds], now };
  const names = [NAMES.gift, NAMES.refund];
  const { source, amounts } = await amountsOf(ctx, asked, window, names);
  const cut = intervals.length === 0 ? amounts : (await amountsOf(ctx, asked, window, names, { intervals })).amounts;
  const buckets = Map.groupBy(cut, (one) => one.b);
  const money = (own: readonly Amount[], days: Days) =>
    moneyOf(own, { gifts: isKnown(gifts, days, today), refunds: isKnown(refunds, days, today) });
  return { source, whole: money(amounts, window), of: (part) => money(buckets.get(part.b) ?? [], part) };
}

/** What was given in all of a window, and in each of its periods. */
export type GivingReader = { whole: Giving; of: (period: Part) => Giving; source: Source };

/**
 * Reads what was given in a window: money from the roll-ups, donors from the days of each, medians from the rows.
 * @param options `discreet` leaves out what would tell of single gifts where fewer than 5 donors gave, and all money of such a
 *   whole (of the periods, `partsWithoutFew` does); without `readable` what needs rows is not known
 */
export async function readGiving(
  ctx: Needs<"db" | "config">,
  question: PartnerQuestion,
  window: Window,
  { discreet, readable, intervals = [] }: {
    discreet: boolean;
    readable: boolean;
    intervals?: readonly TrendInterval[];
  },
): Promise<GivingReader> {
  const gifts = readingsOf("gift", question.gifts);
  const axis = cutOf(ctx, window, intervals);
  const money = await readMoney(ctx, question, window, intervals);
  const people = await readDonors(ctx, question, axis, readable);
  const medians = readable ? await mediansOf(ctx.db, gifts, axis) : null;
  const giving = (own: Money, counted: number | undefined, middle: number | null | undefined, days: Days): Giving => {
    const { gross, refunds, net, gifts, average, largest } = own;
    const donors = gifts === null || people === null ? null : counted ?? 0;
    const few = discreet && (donors ?? 0) < FEWEST_PEOPLE;
    const kept = question.floor === null || days.start_date >= question.floor;
    const median = kept && !few ? middle ?? null : null;
    return { gross, refunds, net, gifts, donors, average, median, largest: few ? null : largest };
  };
  const whole = giving(money.whole, people?.whole, medians?.whole, window);
  return {
    source: money.source,
    whole: discreet ? withoutFew(whole) : whole,
    of: (part) => giving(money.of(part), people?.buckets.get(part.b), medians?.buckets.get(part.b), part),
  };
}

/** Counts the donors of an axis; null where that needs too many rows. */
async function readDonors(
  ctx: Needs<"db">,
  { gifts }: PartnerQuestion,
  axis: Axis,
  readable: boolean,
): Promise<PeopleCount | null> {
  return readable || axis.by === "date" ? await countPartners(ctx.db, readingsOf("gift", gifts), axis) : null;
}

/** Reads the money of a window that others are compared with; readers without a token see none of fewer than 5 donors. */
export async function readEarlierMoney(
  ctx: Needs<"db" | "config">,
  question: PartnerQuestion,
  window: Window,
  discreet: boolean,
): Promise<Money> {
  const { whole } = await readMoney(ctx, question, window);
  if (!discreet) return whole;
  const readable = await mayReadRows(ctx, question.gifts, [window]);
  const people = await readDonors(ctx, question, cutOf(ctx, window), readable);
  return withoutFew({ ...whole, donors: people?.whole ?? null, median: null });
}
