import { z } from "@hono/zod-openapi";
import { date, strict, text, timezone } from "../schema.ts";

/** The window that every analytical question may name. */
export const windowQuery = {
  start_date: date.optional().describe("The default window are the last 30 complete local days"),
  end_date: date.optional().describe("Inclusive"),
  // What the calendar of this service knows; the runtime alone would take IST for India's and SST for the Solomons'.
  timezone: timezone.optional().describe("IANA; the organisation's when absent"),
};

/** Days of a window that domain analytics answer, at most. */
export const MOST_WINDOW_DAYS = 3_660;

/** What the domain analytics that know no money are asked with. */
export const DomainQuery = strict(windowQuery);
export type DomainQuery = z.infer<typeof DomainQuery> & { currency?: string | undefined };

/** What those that know money are asked with: amounts of two currencies are never added. */
export const MoneyQuery = strict({
  ...windowQuery,
  currency: text(50).optional()
    .describe("Only amounts of this unit, such as USD; when absent, the one most recorded in the last year"),
});

const days = z.strictObject({ start_date: date, end_date: date.describe("Inclusive") });

const about = {
  period: z.strictObject({
    start_date: date,
    end_date: date.describe("Inclusive"),
    timezone: z.string(),
    complete: z.boolean().describe("Whether its last day is over"),
  }),
  data_through: z.string().nullable().describe("Instant of the latest reading of these metrics, in the period or not"),
  source: z.enum(["rollups", "rows"]),
  warnings: z.array(z.string()),
};

/** What every analytical answer says about itself. */
export const AnalyticsMeta = z.strictObject({
  ...about,
  compared_with: days.nullable()
    .describe("What `previous` is of: as many days as a running period has had; null where nothing is compared"),
}).openapi("AnalyticsMeta");
export type AnalyticsMeta = z.infer<typeof AnalyticsMeta>;

/** What an answer of the domain analytics says about itself. */
export const DomainMeta = z.strictObject({
  ...about,
  compared_with: z.strictObject({ previous_period: days, previous_year: days })
    .describe("What `previous` and `last_year` are of; as many days as a running period has had"),
}).openapi("DomainMeta");
export type DomainMeta = z.infer<typeof DomainMeta>;

/** Why there is nothing, or null. */
export const reason = z.string().nullable().describe("Why there is nothing, or null");
