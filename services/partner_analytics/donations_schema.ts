import { z } from "@hono/zod-openapi";
import { Figure, Rate, YearlyFigure } from "../analytics/figures.ts";
import { DomainMeta, MoneyQuery, reason } from "../analytics/schema.ts";
import { queryInteger } from "../paging.ts";
import { strict } from "../schema.ts";
import { GiftCells } from "./breakdown_schema.ts";
import { count, MOST_ITEMS, number, shownInterval } from "./schema.ts";
import { interval, MOST_PERIODS, periodShape } from "../analytics/trend.ts";

/** What donations are asked with. */
export const DonationsQuery = strict({
  ...MoneyQuery.shape,
  interval,
  top: queryInteger(1, MOST_ITEMS).optional().describe("Campaigns to name, 5 when absent; the others are one"),
});
export type DonationsQuery = z.infer<typeof DonationsQuery>;

const DISCREET = "Null for readers without a token where fewer than 5 donors gave";
const FEW =
  "Null for readers without a token where 1 to 4 donors gave, or nobody could count them; where no gift names a " +
  "donor, each counts as one";
const FEW_IN_PERIOD = `${FEW}; and where subtraction would tell what another period hides`;
const READABLE = "where there are too many rows to read them all, as meta.warnings says then";

/** The donations of one period of the trend. */
export const DonationPoint = z.strictObject({
  ...periodShape,
  gross: number.describe(FEW_IN_PERIOD),
  refunds: number.describe(FEW_IN_PERIOD),
  net: number.describe(FEW_IN_PERIOD),
  gifts: count,
  donors: count,
  average: number.describe(FEW_IN_PERIOD),
  median: number.describe(`${DISCREET}; and ${READABLE}`),
  largest: number.describe(DISCREET),
}).openapi("DonationPoint");
export type DonationPoint = z.infer<typeof DonationPoint>;

/** The donations of a period, in one currency. Each window that is shown or compared with hides its own money. */
export const PartnerDonations = z.strictObject({
  interval: shownInterval,
  gross: YearlyFigure.describe("Gifts received: the sum of donation_received. " + FEW),
  refunds: Figure.describe(
    "Gifts paid back, by the day of the refund: the sum of donation_refunded; null where none was ever recorded. " +
      FEW,
  ),
  net: YearlyFigure.describe("gross − refunds; gross where no refund was ever recorded. " + FEW),
  gifts: Figure.describe("donation_received readings; one that was refunded is still a gift"),
  donors: Figure.describe("Different partners whom the gifts name"),
  average: Figure.describe("gross / gifts; null without gifts. " + FEW),
  median: Figure.describe(`The middle gift, or the mean of the two in the middle. ${DISCREET}; and ${READABLE}`),
  largest: Figure.describe(`The largest single gift. ${DISCREET}`),
  recurring: z.strictObject({
    money: Rate.describe("Gross of gifts with the dimension `recurring` true / gross of all"),
    gifts: Rate.describe("Gifts with the dimension `recurring` true / gifts"),
  }).describe(
    "Nulls where no gift of the period has the dimension; for readers without a token where it would be about fewer than " +
      `5 people; and ${READABLE}`,
  ),
  concentration: z.strictObject({
    share: Rate.describe("What the top donors gave / what all gave, of the gifts that name a partner"),
    top_donors: count.describe("A tenth of the donors, rounded up: at least 1 where there is any"),
  }).describe(
    "Share of the top 10 % of donors by gross. Nulls for readers without a token where these are fewer than 5",
  ),
  campaigns: GiftCells.describe(
    "The campaigns with the largest gross; gifts without one are the cell `unknown`. Left out " + READABLE,
  ),
  points: z.array(DonationPoint).max(MOST_PERIODS).describe("The periods that have begun, in their order"),
  reason,
  meta: DomainMeta,
}).openapi("PartnerDonations");
export type PartnerDonations = z.infer<typeof PartnerDonations>;
