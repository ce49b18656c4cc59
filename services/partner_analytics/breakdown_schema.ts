import { z } from "@hono/zod-openapi";
import { DomainMeta, MoneyQuery, reason } from "../analytics/schema.ts";
import { queryInteger } from "../paging.ts";
import { Ratio, strict } from "../schema.ts";
import { cell, count, MOST_ITEMS, number } from "./schema.ts";

/** By what gifts are broken down: dimensions of theirs, and the size of the single gift. */
export const BREAKDOWNS = ["partner_type", "country", "campaign", "channel", "size_band"] as const;

/** What a breakdown is asked with. */
export const BreakdownQuery = strict({
  ...MoneyQuery.shape,
  by: z.enum(BREAKDOWNS).describe(
    "A dimension of the gifts; or size_band, of a single gift: under 50, 50 to 99, 100 to 249, 250 to 999, 1,000 to " +
      "9,999, 10,000 and more",
  ),
  limit: queryInteger(1, MOST_ITEMS).optional().describe("Cells to answer, 10 when absent; the others are one"),
});
export type BreakdownQuery = z.infer<typeof BreakdownQuery>;

/** What gifts amount to. */
const totals = {
  gross: number.describe("Gifts received; no net, because refunds name only the partner"),
  gifts: count.describe("donation_received readings; one that was refunded is still a gift"),
  donors: count.describe("Different partners whom the gifts name; one in several cells counts in each"),
  average: number.describe("gross / gifts; null without gifts"),
};
const share = z.union([Ratio, z.null()]).describe("gross / gross of the whole");

/** Gifts by cells. */
const cells = {
  items: z.array(z.strictObject({ ...cell, ...totals, share })).max(MOST_ITEMS)
    .describe("The largest gross first; then suppressed ones, by name"),
  other: z.strictObject({ cells: z.int().describe("How many cells"), ...totals, share }).nullable()
    .describe("The cells beyond the limit as one, of which none is suppressed; null where there is none"),
  suppressed_cells: z.int().describe("How many cells are suppressed, listed or not"),
};

/** Gifts by cells, as a part of another answer. */
export const GiftCells = z.strictObject(cells).openapi("GiftCells");
export type GiftCells = z.infer<typeof GiftCells>;

/** The gifts of a period by cells. */
export const PartnerBreakdown = z.strictObject({
  by: z.enum(BREAKDOWNS),
  unit: z.string().nullable().describe("The currency of all money here"),
  total: z.strictObject(totals).describe("All cells together; nulls where they would give a suppressed one away"),
  ...cells,
  reason,
  meta: DomainMeta,
}).openapi("PartnerBreakdown");
export type PartnerBreakdown = z.infer<typeof PartnerBreakdown>;
