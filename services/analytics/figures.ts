import { z } from "@hono/zod-openapi";
import { Ratio } from "../schema.ts";

/** A number of a period, beside the same number of the period that it is compared with. */
export const Figure = z.strictObject({
  value: z.number().nullable().describe("Null where it is not known or not defined"),
  unit: z.string().nullable().describe("Such as USD, count, days; null where none is recorded"),
  previous: z.number().nullable().describe("The same of the period before"),
  change: z.number().nullable().describe("(value − previous) / |previous|; null where previous is 0 or not known"),
}).openapi("Figure", { description: "A number of a period, beside that of the period before" });
export type Figure = z.infer<typeof Figure>;

/** A number of a period, beside that of the period before and that of the same period a year before. */
export const YearlyFigure = z.strictObject({
  ...Figure.shape,
  last_year: z.number().nullable().describe("The same of the same period a year before"),
  change_on_last_year: z.number().nullable()
    .describe("(value − last_year) / |last_year|; null where last_year is 0 or not known"),
}).openapi("YearlyFigure", { description: "A figure, beside that of the same period a year before too" });
export type YearlyFigure = z.infer<typeof YearlyFigure>;

/** A share or a quotient of a period, with what it was made of, beside that of the period that it is compared with. */
export const Rate = z.strictObject({
  value: z.number().nullable().describe("numerator / denominator; null where the denominator is 0"),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  previous: z.number().nullable().describe("The value of the period before"),
  change: z.number().nullable().describe("value − previous: of a share, in points"),
}).openapi("Rate", { description: "A share or quotient of a period, with what it was made of" });
export type Rate = z.infer<typeof Rate>;

/** The numbers that many answers are made of, by the names that they have in the document. */
export const NUMBERS = { Ratio, Figure, YearlyFigure, Rate };

/** What a rate is made of. */
export type Quotient = { numerator: number | null; denominator: number | null };

/** Money of two or more currencies is not added up: a number without a value keeps its unit. */
export function figure(unit: string | null, value: number | null, previous: number | null = null): Figure {
  return { value, unit, previous, change: relativeChange(value, previous) };
}

/** A figure beside last year's too. */
export function yearlyFigure(
  unit: string | null,
  value: number | null,
  previous: number | null,
  last_year: number | null,
): YearlyFigure {
  return {
    ...figure(unit, value, previous),
    last_year,
    change_on_last_year: relativeChange(value, last_year),
  };
}

/** A rate, and that of the period before where there is one. */
export function rate(now: Quotient, before: Quotient | null = null): Rate {
  const [value, previous] = [quotient(now), before === null ? null : quotient(before)];
  return { value, ...now, previous, change: value === null || previous === null ? null : value - previous };
}

/** numerator / denominator, null where either is not known, the denominator is 0 or the result is not finite. */
export function quotient({ numerator, denominator }: Quotient): number | null {
  if (numerator === null || denominator === null || denominator === 0) return null;
  const value = numerator / denominator;
  return Number.isFinite(value) ? value : null;
}

/** (value − previous) / |previous|, null where previous is 0 or either is not known. */
export function relativeChange(value: number | null, previous: number | null): number | null {
  if (value === null || previous === null) return null;
  return quotient({ numerator: value - previous, denominator: Math.abs(previous) });
}
