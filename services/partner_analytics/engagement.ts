import { countPartners } from "../../db/partner_analytics.ts";
import { partnerContacts } from "../../db/partner_contacts.ts";
import type { RowsTotal } from "../../db/partner_rows.ts";
import type { Caller } from "../access.ts";
import { figure, rate } from "../analytics/figures.ts";
import { cutOf } from "../analytics/cut.ts";
import { domainMeta, nothingRecorded } from "../analytics/question.ts";
import { type Amount, amountsOf } from "../analytics/totals.ts";
import { intervalFor, type TrendInterval, trendPeriods } from "../analytics/trend.ts";
import { lostRows } from "../analytics/wording.ts";
import type { Needs } from "../context.ts";
import type { Window } from "../metrics/axis.ts";
import { seesAll } from "../metrics/personal.ts";
import { readCells } from "./cells.ts";
import { contactPartsWithoutFew, contactWithoutFew, FEW_ENGAGED } from "./discreet.ts";
import type { EngagementQuery, PartnerEngagement } from "./engagement_schema.ts";
import { cellName, shareOf } from "./gift_cells.ts";
import type { Part } from "./giving.ts";
import { momentsOf } from "./moments.ts";
import {
  type Days,
  isKnown,
  mayReadRows,
  NAMES,
  type PartnerQuestion,
  partnerQuestion,
  readingsOf,
  tooManyRows,
  zoneWarnings,
} from "./question.ts";
import { RECENCY_BOUNDS } from "./ranges.ts";
import { recencyOf } from "./recency.ts";
import { MOST_ITEMS } from "./schema.ts";

/**
 * The contact with partners in a period and in its intervals, by kind, and how long ago the last one was.
 * @throws {DomainError} `invalid` for a window that makes no sense, or has too many intervals or kinds
 */
export async function getPartnerEngagement(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  query: EngagementQuery,
): Promise<PartnerEngagement> {
  const question = await partnerQuestion(ctx, query);
  const { window, before, interactions } = question;
  const all = { ...question, series: question.recorded };
  const discreet = !seesAll(caller);
  const interval = intervalFor(query.interval, window);
  const readable = await mayReadRows(ctx, interactions, [window, before]);
  const { now, then, points, hidden, source } = await contacts(ctx, question, { interval, readable, discreet });
  const { active, active_before, ranges } = await readActivity(ctx, question);
  return {
    interval,
    interactions: figure("count", now.interactions, then.interactions),
    engaged: figure("count", now.partners, then.partners),
    active: figure("count", active, active_before),
    engagement_rate: rate(
      { numerator: now.partners, denominator: active },
      { numerator: then.partners, denominator: active_before },
    ),
    ...(readable ? await kinds(ctx, question, discreet) : { kinds: [], other_kinds: null }),
    recency: recencyOf(ranges, discreet),
    points,
    reason: nothingRecorded(all, [NAMES.interaction]),
    meta: domainMeta(all, source, {
      names: [NAMES.interaction, NAMES.gift],
      warnings: [
        ...zoneWarnings(question, ctx, "active, engagement_rate's denominator and recency go"),
        ...(source === "rows" ? [] : lostRows(question, "kinds")),
        ...(readable ? [] : [tooManyRows("kinds")]),
        ...(hidden ? [FEW_ENGAGED] : []),
      ],
    }),
  };
}

/** The contact of the period, of the one before and of its parts, as a reader may see them. */
async function contacts(
  ctx: Needs<"db" | "config">,
  question: PartnerQuestion,
  { interval, readable, discreet }: { interval: TrendInterval; readable: boolean; discreet: boolean },
) {
  const { window, before, now: at } = question;
  const { whole, of, source } = await readContact(ctx, question, window, readable, [interval]);
  const { whole: earlier } = await readContact(ctx, question, before, readable);
  const parts = trendPeriods(ctx, window, interval, at)
    .map((part) => ({ period: part.period, complete: part.complete, ...of(part) }));
  if (!discreet) return { now: whole, then: earlier, points: parts, hidden: false, source };
  const [now, then] = [contactWithoutFew(whole), contactWithoutFew(earlier)];
  const points = contactPartsWithoutFew(parts);
  const hidden = now !== whole || then !== earlier || points.some((point, i) => point !== parts[i]);
  return { now, then, points, hidden, source };
}

/** Reads who was active in the 12 months to each end, and how long ago the last interactions were. */
async function readActivity(
  ctx: Needs<"db">,
  question: PartnerQuestion,
): Promise<{ active: number | null; active_before: number | null; ranges: number[] }> {
  const { any_gifts, interactions, as_of, today } = question;
  const [now, then] = momentsOf(question);
  const { active, active_before, ranges } = await partnerContacts(ctx.db, {
    year: { start_date: now.year_start, end_date: now.end_date },
    year_before: { start_date: then.year_start, end_date: then.end_date },
    ...{ as_of, bounds: RECENCY_BOUNDS },
  });
  const known = (days: Days) => isKnown([...any_gifts, ...interactions], days, today);
  return { active: known(now) ? active : null, active_before: known(then) ? active_before : null, ranges };
}

/** Reads the interactions of a window and their different partners: of all of it, and of each of its periods. */
async function readContact(
  ctx: Needs<"db" | "config">,
  { interactions, now, today }: PartnerQuestion,
  window: Window,
  readable: boolean,
  intervals: readonly TrendInterval[] = [],
) {
  const asked = { series: interactions, now };
  const { source, amounts } = await amountsOf(ctx, asked, window, [NAMES.interaction], { intervals });
  const axis = cutOf(ctx, window, intervals);
  const readings = readingsOf("interaction", interactions);
  const people = readable || axis.by === "date" ? await countPartners(ctx.db, readings, axis) : null;
  const buckets = Map.groupBy(amounts, (one) => one.b);
  const contact = (own: readonly Amount[], counted: number | undefined, days: Days) =>
    isKnown(interactions, days, today)
      ? {
        interactions: own.reduce((sum, one) => sum + one.values.sum, 0),
        partners: people === null ? null : counted ?? 0,
      }
      : { interactions: null, partners: null };
  return {
    source,
    whole: contact(amounts, people?.whole, window),
    of: (part: Part) => contact(buckets.get(part.b) ?? [], people?.buckets.get(part.b), part),
  };
}

async function kinds(ctx: Needs<"db" | "config">, { window, interactions }: PartnerQuestion, discreet: boolean) {
  const readings = readingsOf("interaction", interactions);
  const asked = { readings, axis: cutOf(ctx, window), key: { dimension: "kind" } };
  const { whole, shown, hidden, rest } = await readCells(ctx, asked, { limit: MOST_ITEMS, discreet });
  const numbers = (own: RowsTotal) => ({ interactions: own.sum, partners: own.people, share: shareOf(own, whole) });
  const none = { interactions: null, partners: null, share: null };
  const open = shown.map((one) => ({ ...cellName(one.cell), suppressed: false, ...numbers(one) }));
  const closed = hidden.map((cell) => ({ ...cellName(cell), suppressed: true, ...none }));
  return {
    kinds: [...open, ...closed].slice(0, MOST_ITEMS),
    other_kinds: rest === null ? null : { cells: rest.cells, ...numbers(rest) },
  };
}
