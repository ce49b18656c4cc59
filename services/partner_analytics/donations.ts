import { concentrationOf } from "../../db/partner_analytics.ts";
import type { Caller } from "../access.ts";
import { type Figure, figure, rate, yearlyFigure } from "../analytics/figures.ts";
import { cutOf } from "../analytics/cut.ts";
import { domainMeta, nothingRecorded } from "../analytics/question.ts";
import type { Needs } from "../context.ts";
import { intervalFor, type TrendInterval, trendPeriods } from "../analytics/trend.ts";
import { lostRows } from "../analytics/wording.ts";
import type { Window } from "../metrics/axis.ts";
import { seesAll } from "../metrics/personal.ts";
import { readCells } from "./cells.ts";
import type { DonationsQuery, PartnerDonations } from "./donations_schema.ts";
import { giftCells } from "./gift_cells.ts";
import { FEW_DONORS, isHidden, partsWithoutFew } from "./discreet.ts";
import { type Giving, readEarlierMoney, readGiving } from "./giving.ts";
import { mayReadRows, NAMES, type PartnerQuestion, partnerQuestion, readingsOf, tooManyRows } from "./question.ts";
import { concentration, NOT_KNOWN, recurringShares } from "./shares.ts";

const DEFAULT_TOP = 5;
const USED = [NAMES.gift, NAMES.refund];

const FROM_ROWS = "median, recurring gifts and campaigns";

/** A question, whether a reader without a token asks it, and whether there are few enough rows to read them. */
type Asked = { question: PartnerQuestion; discreet: boolean; readable: boolean };

/**
 * The donations of a period and of its intervals: how much from how many, how it grew, what recurs, and on how few it rests.
 * Money is of the roll-ups, people of the days of each; medians, recurring gifts and campaigns are of the rows.
 * @throws {DomainError} `invalid` for a window that makes no sense, or has too many intervals or campaigns
 */
export async function getPartnerDonations(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  query: DonationsQuery,
): Promise<PartnerDonations> {
  const question = await partnerQuestion(ctx, query);
  const { window, before, gifts } = question;
  const readable = await mayReadRows(ctx, gifts, [window, before]);
  const asked = { question, discreet: !seesAll(caller), readable };
  const interval = intervalFor(query.interval, window);
  const { source, hidden, points, ...given } = await giving(ctx, asked, interval);
  return {
    interval,
    ...given,
    recurring: await recurring(ctx, asked),
    concentration: await concentrated(ctx, asked),
    campaigns: await campaigns(ctx, asked, query.top ?? DEFAULT_TOP),
    points,
    reason: nothingRecorded(question, USED),
    meta: domainMeta(question, source, {
      names: USED,
      warnings: [
        ...(source === "rows" ? [] : lostRows(question, FROM_ROWS)),
        ...(readable ? [] : [tooManyRows(FROM_ROWS)]),
        ...(hidden ? [FEW_DONORS] : []),
      ],
    }),
  };
}

async function giving(ctx: Needs<"db" | "config">, { question, ...asked }: Asked, interval: TrendInterval) {
  const { window, before, year_before, currency, now: at } = question;
  const { whole: now, of, source } = await readGiving(ctx, question, window, { ...asked, intervals: [interval] });
  const { whole: then } = await readGiving(ctx, question, before, asked);
  const lastYear = await readEarlierMoney(ctx, question, year_before, asked.discreet);
  const number = (field: keyof Giving, unit = currency): Figure => figure(unit, now[field], then[field]);
  const yearly = (field: "gross" | "net") => yearlyFigure(currency, now[field], then[field], lastYear[field]);
  const periods = trendPeriods(ctx, window, interval, at)
    .map((part) => ({ period: part.period, complete: part.complete, ...of(part) }));
  const points = asked.discreet ? partsWithoutFew(periods) : periods;
  return {
    source,
    hidden: [now, then, lastYear, ...points].some(isHidden),
    gross: yearly("gross"),
    refunds: number("refunds"),
    net: yearly("net"),
    gifts: number("gifts", "count"),
    donors: number("donors", "count"),
    average: number("average"),
    median: number("median"),
    largest: number("largest"),
    points,
  };
}

async function recurring(ctx: Needs<"db" | "config">, { question, discreet, readable }: Asked) {
  const shares = async (window: Window) => {
    if (!readable) return { money: NOT_KNOWN, gifts: NOT_KNOWN };
    const asked = { ...giftsOf(ctx, question, window), key: { dimension: "recurring" } };
    return recurringShares(await readCells(ctx, asked, { limit: Infinity, discreet }));
  };
  const [now, then] = [await shares(question.window), await shares(question.before)];
  return { money: rate(now.money, then.money), gifts: rate(now.gifts, then.gifts) };
}

async function concentrated(ctx: Needs<"db" | "config">, { question, discreet, readable }: Asked) {
  const of = async (window: Window) => {
    const { readings, axis } = giftsOf(ctx, question, window);
    if (!readable && axis.by === "time") return { share: NOT_KNOWN, top_donors: null };
    return concentration(await concentrationOf(ctx.db, readings, axis), discreet);
  };
  const [now, then] = [await of(question.window), await of(question.before)];
  return { share: rate(now.share, then.share), top_donors: now.top_donors };
}

async function campaigns(ctx: Needs<"db" | "config">, { question, discreet, readable }: Asked, limit: number) {
  if (!readable) return { items: [], other: null, suppressed_cells: 0 };
  const asked = { ...giftsOf(ctx, question, question.window), key: { dimension: "campaign" } };
  return giftCells(await readCells(ctx, asked, { limit, discreet }), limit);
}

/** The gifts of a window, in one piece. */
function giftsOf(ctx: Needs<"config">, question: PartnerQuestion, window: Window) {
  return { readings: readingsOf("gift", question.gifts), axis: cutOf(ctx, window) };
}
