import { z } from "@hono/zod-openapi";
import { date, strict, whole } from "../schema.ts";
import { confidenceLevel, SeriesRef, SeriesUsed, windowShape } from "./request.ts";

/** Regressors, at most, and how many periods earlier one may be taken. */
export const MOST_REGRESSORS = 8;
export const MOST_REGRESSOR_LAG = 60;
/** Periods that influence the fit most, at most so many named. */
export const MOST_INFLUENTIAL = 5;

const Regressor = strict({
  ...SeriesRef.shape,
  lag: whole(0, MOST_REGRESSOR_LAG).default(0)
    .describe("How many periods earlier than y it is taken; the first periods of the window then have no row"),
}).openapi("Regressor");

/** What is to be explained by what. */
export const RegressionRequest = strict({
  calculation_type: z.literal("regression"),
  y: SeriesRef.describe("What is to be explained"),
  x: z.array(Regressor).min(1).max(MOST_REGRESSORS).describe("What it is to be explained by"),
  trend: z.boolean().default(false).describe("Whether the number of the period, from 1, is a regressor too"),
  ...windowShape,
  confidence_level: confidenceLevel,
}).openapi("RegressionRequest");
export type RegressionRequest = z.infer<typeof RegressionRequest>;

const orNull = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.null()]);
const p = z.number().min(0).max(1);

const Coefficient = z.strictObject({
  term: z.string().describe("intercept, trend, or the label of an x, with its lag where it has one"),
  value: z.number().describe(
    "In units of y for one more of the term, the others held; the intercept is y where all are 0",
  ),
  standard_error: z.number(),
  t: z.number().nullable().describe("value / standard_error, with df degrees of freedom; null where the fit is exact"),
  p_value: p.describe("Two-sided, for a coefficient of 0"),
  lower: z.number().describe("At the confidence level: value − t quantile · standard_error"),
  upper: z.number(),
  variance_inflation: z.number().min(1).nullable().describe(
    "1/(1 − R²) of the term on the others: from 10 on they can hardly be told apart; null for the intercept",
  ),
});

const check = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ statistic: z.number(), ...shape, says: z.string().describe("What it means for the coefficients") });
const tested = orNull(check({
  df: z.int(),
  p_value: p.describe("Of the assumption; small speaks against it"),
}));

const Checks = z.strictObject({
  durbin_watson: orNull(check({})).describe(
    "Σ(eₜ − eₜ₋₁)² / Σeₜ², 0 to 4: about 2 where neighbouring residuals are independent",
  ),
  autocorrelation: tested.describe("Breusch & Godfrey (1978): n·R² of the residuals on x and earlier residuals"),
  constant_variance: tested.describe("Breusch & Pagan (1979), Koenker (1981): n·R² of the squared residuals on x"),
  normality: tested.describe("Jarque & Bera (1980): n/6·(S² + (K − 3)²/4) of the residuals"),
}).describe("What the p-values rest on; null where it cannot be computed");
export type RegressionChecks = z.infer<typeof Checks>;

const Influential = z.strictObject({
  period: date.describe("Its first local day"),
  ...{ y: z.number(), fitted: z.number(), residual: z.number().describe("y − fitted") },
  leverage: z.number().min(0).max(1).describe("How far its x are from the others'"),
  cooks_distance: z.number().describe("How far all fitted values move when it is left out (Cook 1977)"),
});

/** What a regression found. */
export const Regression = z.strictObject({
  confidence_level: z.number(),
  y: SeriesUsed,
  x: z.array(SeriesUsed).max(MOST_REGRESSORS),
  n: z.int().describe("Periods in which y and all x are known"),
  df: z.int().describe("Degrees of freedom: n less the number of coefficients"),
  equation: z.string().describe("The fit in one line, its numbers rounded"),
  coefficients: z.array(Coefficient).max(MOST_REGRESSORS + 2).describe("Ordinary least squares"),
  r_squared: z.number().min(0).max(1).describe("1 − RSS / Σ(y − ȳ)²: the share of y's variation that the fit has"),
  adjusted_r_squared: z.number().describe("1 − (1 − R²)(n − 1)/df"),
  residual_sd: z.number().describe("√(RSS / df), in units of y"),
  f: orNull(z.strictObject({ statistic: z.number(), df1: z.int(), df2: z.int(), p_value: p }))
    .describe("Whether anything is explained at all; null where the fit is exact"),
  checks: Checks,
  influential: z.array(Influential).max(MOST_INFLUENTIAL)
    .describe(`Periods with a Cook's distance above 4/n, the largest first, at most ${MOST_INFLUENTIAL}`),
  interpretation: z.string().describe("What the numbers support, in words"),
}).openapi("Regression");
export type Regression = z.infer<typeof Regression>;
