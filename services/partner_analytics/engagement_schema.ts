import { z } from "@hono/zod-openapi";
import { Figure, Rate } from "../analytics/figures.ts";
import { DomainMeta, DomainQuery, reason } from "../analytics/schema.ts";
import { Ratio, strict } from "../schema.ts";
import { cell, count, MOST_ITEMS, number, shownInterval } from "./schema.ts";
import { interval, MOST_PERIODS, periodShape } from "../analytics/trend.ts";

/** What engagement is asked with. */
export const EngagementQuery = strict({ ...DomainQuery.shape, interval });
export type EngagementQuery = z.infer<typeof EngagementQuery>;

const FEW = "Null for readers without a token where fewer than 5 partners were engaged";

/** What interactions amount to in one cell. */
const totals = {
  interactions: number,
  partners: count.describe("Different partners; one with several kinds counts in each"),
  share: z.union([Ratio, z.null()]).describe("interactions / interactions of all kinds"),
};

/** Partners whose last interaction was so long ago. */
const recency = z.strictObject({
  name: z.string(),
  from_days: count.describe("Days before the period's last day; null for those who never interacted"),
  to_days: count.describe("Inclusive; null without end"),
  partners: count,
  share: z.union([Ratio, z.null()]).describe("partners / all partners seen up to the period's end"),
  suppressed: cell.suppressed,
});

/** The engagement of one period of the trend. */
export const EngagementPoint = z.strictObject({
  ...periodShape,
  interactions: number.describe(`${FEW}, or where that would be told by subtraction`),
  partners: count,
})
  .openapi("EngagementPoint");
export type EngagementPoint = z.infer<typeof EngagementPoint>;

/** The contact with partners in a period. */
export const PartnerEngagement = z.strictObject({
  interval: shownInterval,
  interactions: Figure.describe(`The sum of partner_interaction. ${FEW}`),
  engaged: Figure.describe("Different partners with at least one interaction in the period"),
  active: Figure.describe("Partners who gave or interacted in the 12 calendar months to the period's end"),
  engagement_rate: Rate.describe("engaged / active; may exceed 1 for a period longer than 12 months"),
  kinds: z.array(z.strictObject({ ...cell, ...totals })).max(MOST_ITEMS)
    .describe(
      "Interactions by the dimension `kind`, most first; then suppressed ones, by name. Left out where there are too many rows to read them all",
    ),
  other_kinds: z.strictObject({ cells: z.int().describe("How many kinds"), ...totals }).nullable()
    .describe(`The kinds beyond the first ${MOST_ITEMS} as one; null where there is none`),
  recency: z.array(recency).max(6).describe(
    "All partners seen up to the period's end by the days from their last interaction to its last day; at the end those " +
      "who never interacted",
  ),
  points: z.array(EngagementPoint).max(MOST_PERIODS).describe("The periods that have begun, in their order"),
  reason,
  meta: DomainMeta,
}).openapi("PartnerEngagement");
export type PartnerEngagement = z.infer<typeof PartnerEngagement>;
