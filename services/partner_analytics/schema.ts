import { z } from "@hono/zod-openapi";
import { DomainMeta, DomainQuery, MoneyQuery, reason } from "../analytics/schema.ts";
import { Figure, Rate } from "../analytics/figures.ts";
import { TREND_INTERVALS } from "../analytics/trend.ts";

/** What partner statistics are asked with. */
export const StatisticsQuery = MoneyQuery;

/** A window, and the currency where money is asked for. */
export type AskedWindow = z.infer<typeof DomainQuery> & { currency?: string | undefined };

/** The interval of the trend in an answer. */
export const shownInterval = z.enum(TREND_INTERVALS);

/** Cells of one answer, at most. */
export const MOST_ITEMS = 50;

/** One of several cells that make up a whole, without its numbers. */
export const cell = {
  value: z.string().nullable().describe("Null for rows without the dimension"),
  name: z.string().describe("The value, or `unknown`"),
  suppressed: z.boolean().describe(
    "Whether its numbers are kept from readers without a token: it is of fewer than 5 people, or would give away one that is",
  ),
};

/** A number that is null where it is not known, not defined or suppressed. */
export const number = z.number().nullable();
/** The same of whole things. */
export const count = z.int().nullable();

/** How partners stand at the end of a period. People count whatever the currency of their gifts. */
export const PartnerStatistics = z.strictObject({
  total: Figure.describe("Partners ever seen up to the period's end: registered, gave or interacted"),
  active: Figure.describe("Gave or interacted in the 12 calendar months to the period's end"),
  new: Figure.describe("With their first gift or a registration in the period"),
  registered: Figure.describe("Of the new: with a registration in the period"),
  first_time_donors: Figure.describe("Of the new: with their first gift on record in the period"),
  lapsed: Figure.describe(
    "Gave in the 12 months before those to the period's end, and not since; who still interacts is active as well",
  ),
  reactivated: Figure.describe("Gave in the period, more than 12 months after their gift before that one"),
  donors: Figure.describe("Gave in the period; a gift that was refunded is still a gift"),
  donor_retention: Rate.describe("Donors in both this and the previous period / donors in the previous"),
  new_donor_retention: Rate.describe(
    "Of those whose first gift was in the previous period: who gave in this one / all",
  ),
  second_gift_rate: Rate.describe(
    "Of those whose first gift was in the previous period: who gave again within 12 months of it / all",
  ),
  lifetime_value: Figure.describe(
    "average_gift × gifts_per_donor / (1 − annual_retention); null where annual_retention is null or 1. It and its parts " +
      "are of the donors and gifts of one currency, and of the 12 months to the period's end",
  ),
  average_gift: Rate.describe("Gross / gifts, of gifts that name a partner, in the unit of lifetime_value"),
  gifts_per_donor: Rate.describe("Gifts that name a partner / donors of the 12 months"),
  annual_retention: Rate.describe("Donors in both these 12 months and the 12 before / donors in the 12 before"),
  reason,
  meta: DomainMeta,
}).openapi("PartnerStatistics");
export type PartnerStatistics = z.infer<typeof PartnerStatistics>;
