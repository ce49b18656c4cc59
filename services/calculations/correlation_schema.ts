import { z } from "@hono/zod-openapi";
import { strict, whole } from "../schema.ts";
import { confidenceLevel, SeriesRef, SeriesUsed, windowShape } from "./request.ts";

/** Series, at most, and how many pairs they make. */
export const MOST_SERIES = 8;
const MOST_PAIRS = MOST_SERIES * (MOST_SERIES - 1) / 2;
/** Periods that a lag may have, at most, and how many are looked at by default. */
export const MOST_LAG = 60;
export const DEFAULT_LAG = 14;

const place = whole(0, MOST_SERIES - 1);

/** What is to be correlated. */
export const CorrelationRequest = strict({
  calculation_type: z.literal("correlation"),
  series: z.array(SeriesRef).min(2).max(MOST_SERIES),
  pairs: z.array(z.tuple([place, place])).min(1).max(MOST_PAIRS).optional()
    .describe("Which pairs, by their places in series, from 0; all when absent"),
  ...windowShape,
  confidence_level: confidenceLevel,
  max_lag: whole(0, MOST_LAG).default(DEFAULT_LAG)
    .describe(
      "Periods by which one may follow the other, in both directions; at most a quarter of the periods is looked at",
    ),
}).openapi("CorrelationRequest");
export type CorrelationRequest = z.infer<typeof CorrelationRequest>;

const coefficient = z.number().min(-1).max(1);
const p = z.number().min(0).max(1).nullable();

/** A coefficient with its p-value and interval, its pairs taken as independent. */
const Coefficient = z.strictObject({
  r: coefficient,
  p_value: p.describe(
    "Two-sided, for no correlation: Student's t of r√((n − 2)/(1 − r²)), for Spearman an approximation good from 10 " +
      "pairs. Takes the periods as independent; see adjusted",
  ),
  lower: coefficient.nullable().describe(
    "Fisher's z, variance 1/(n − 3), for Spearman (1 + ρ²/2)/(n − 3); null to 3 pairs",
  ),
  upper: coefficient.nullable(),
});
const orNull = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.null()]);

const Lag = z.strictObject({
  lag: z.int().describe("Periods by which b is later; negative: a is later"),
  r: coefficient,
  n: z.int(),
});

/** How two series go together. */
export const CorrelatedPair = z.strictObject({
  a: z.string().describe("A label of series"),
  b: z.string(),
  n: z.int().describe("Periods in which both are known"),
  reason: z.string().nullable().describe("Why there is no coefficient, or null"),
  pearson: orNull(Coefficient).describe("Along a straight line (Pearson 1896)"),
  spearman: orNull(Coefficient).describe("Of the ranks, equal values sharing the mean of theirs (Spearman 1904)"),
  adjusted: orNull(z.strictObject({
    effective_n: z.number().describe(
      "n / (1 + 2·Σ nₖ/n·ρₐ(k)·ρᵦ(k)), k to a fifth of the periods, where nₖ pairs have another k periods later: Bartlett " +
        "1935, Bayley & Hammersley 1946",
    ),
    p_value: p.describe("Of Pearson's r with as many pairs"),
    lower: coefficient.nullable(),
    upper: coefficient.nullable(),
  })).describe("The same for as many independent periods as these are worth: neighbouring periods are alike"),
  changes: orNull(z.strictObject({ r: coefficient, p_value: p, n: z.int() })).describe(
    "Pearson's r of the changes from each period to the next, in which what both merely drift along with does not show",
  ),
  lag_scan: orNull(z.strictObject({
    max_lag: z.int(),
    without_season: z.int().nullable().describe(
      "Where both go by the days of the week (7), the months (12) or the quarters (4) of the year: the lags are those of " +
        "the values less their place's mean. Else null: of the values",
    ),
    best: Lag.extend({
      p_value: p.describe("Of effective pairs, times the number of lags looked at, at most 1 (Bonferroni)"),
      leads: z.string().nullable().describe("Whose moves come first; null at lag 0, and where that may be chance"),
    }),
    lags: z.array(Lag).max(2 * MOST_LAG + 1).describe("Those with at least 5 pairs that vary"),
  })).describe("Pearson's r of a with b some periods later or earlier; best has the largest |r|"),
  significant: z.boolean().describe("Whether the p-value of adjusted is below 1 − confidence_level"),
  interpretation: z.string().describe("In words, by Pearson's r and adjusted"),
  warnings: z.array(z.string()),
}).openapi("CorrelatedPair");
export type CorrelatedPair = z.infer<typeof CorrelatedPair>;

/** How series go together. */
export const Correlation = z.strictObject({
  confidence_level: z.number(),
  series: z.array(SeriesUsed).max(MOST_SERIES),
  pairs: z.array(CorrelatedPair).max(MOST_PAIRS),
}).openapi("Correlation");
export type Correlation = z.infer<typeof Correlation>;
