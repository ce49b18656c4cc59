import { partnerStandings, type Standing } from "../../db/partner_standing.ts";
import type { KnownSeries } from "../../db/metric_series.ts";
import { type Figure, figure, type Quotient, type Rate, rate } from "../analytics/figures.ts";
import { domainMeta, nothingRecorded } from "../analytics/question.ts";
import type { Needs } from "../context.ts";
import { yearBefore } from "../days.ts";
import {
  annualRetention,
  averageGift,
  donorRetention,
  giftsPerDonor,
  lifetimeValue,
  newDonorRetention,
  secondGiftRate,
} from "./loyalty.ts";
import { momentsOf } from "./moments.ts";
import { isKnown, NAMES, type PartnerQuestion, partnerQuestion, readingsOf, zoneWarnings } from "./question.ts";
import type { AskedWindow, PartnerStatistics } from "./schema.ts";

/** How the partners stand at the end of a period: how many there are, came, went, stayed and returned. */
export async function getPartnerStatistics(
  ctx: Needs<"db" | "config">,
  query: AskedWindow,
): Promise<PartnerStatistics> {
  const question = await partnerQuestion(ctx, query);
  const { any_gifts, registrations, interactions, currency, recorded } = question;
  const moments = momentsOf(question);
  const { units } = readingsOf("gift", any_gifts);
  const [now, before] = await partnerStandings(ctx.db, moments, { currency, units });

  /** A number that rests on some series, where any of them was recorded by then. */
  const both = <T>(series: readonly KnownSeries[], of: (standing: Standing) => T) =>
    moments.map((moment, i) => {
      const standing = i === 0 ? now : before;
      return standing && isKnown(series, moment, question.today) ? of(standing) : null;
    });
  const people = (field: keyof Standing, ...series: KnownSeries[]): Figure => {
    const [value = null, previous = null] = both(series, (standing) => standing[field]);
    return figure("count", value, previous);
  };
  const ratio = (of: (standing: Standing) => Quotient): Rate => {
    const [value, previous = null] = both(any_gifts, of);
    return rate(value ?? { numerator: null, denominator: null }, previous);
  };
  const [value = null, previous = null] = both(any_gifts, lifetimeValue);
  const whole = { ...question, series: recorded };
  return {
    total: people("total", ...any_gifts, ...interactions, ...registrations),
    active: people("active", ...any_gifts, ...interactions),
    new: people("newcomers", ...any_gifts, ...registrations),
    registered: people("registered", ...registrations),
    first_time_donors: people("first_time_donors", ...any_gifts),
    lapsed: people("lapsed", ...any_gifts),
    reactivated: people("reactivated", ...any_gifts),
    donors: people("donors", ...any_gifts),
    donor_retention: ratio(donorRetention),
    new_donor_retention: ratio(newDonorRetention),
    second_gift_rate: ratio(secondGiftRate),
    lifetime_value: figure(currency, value, previous),
    average_gift: ratio(averageGift),
    gifts_per_donor: ratio(giftsPerDonor),
    annual_retention: ratio(annualRetention),
    reason: nothingRecorded(whole, USED),
    meta: domainMeta(whole, "rollups", {
      names: USED,
      warnings: warningsOf(ctx, question, moments[0].last_year_start),
    }),
  };
}

const USED = [NAMES.gift, NAMES.registration, NAMES.interaction];

/** Everything here is of the days of each partner, which are the organisation's. */
const BY_OWN_DAYS = "All numbers (total, active, new, registered, first_time_donors, lapsed, reactivated, donors, " +
  "retention and second gifts, lifetime_value, average_gift, gifts_per_donor) go";

function warningsOf(ctx: Needs<"config">, question: PartnerQuestion, last_year_start: string): string[] {
  const { any_gifts, before, today } = question;
  const first = any_gifts.map((one) => one.first_day).sort()[0];
  return [
    ...zoneWarnings(question, ctx, BY_OWN_DAYS),
    ...(first !== undefined && first > last_year_start
      ? [`Gifts are recorded from ${first} on: who gave before is a first-time donor, and lapsed ones are not known`]
      : []),
    ...(any_gifts.length > 0 && before.end_date > yearBefore(today)
      ? ["The 12 months for a second gift are not over for all: second_gift_rate may still rise"]
      : []),
  ];
}
