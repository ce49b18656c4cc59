import { z } from "@hono/zod-openapi";
import { Figure, Rate, YearlyFigure } from "../analytics/figures.ts";
import { DomainMeta, DomainQuery, MoneyQuery, reason } from "../analytics/schema.ts";
import { FEWEST_PEOPLE } from "../analytics/suppression.ts";
import { interval, MOST_PERIODS, periodShape, TREND_INTERVALS } from "../analytics/trend.ts";
import { strict } from "../schema.ts";
import { MOST_ROWS } from "./schema.ts";
import { MOST_STACKED } from "./stack.ts";

/** What the impact of projects is asked with. */
export const ProjectImpactQuery = strict({ ...MoneyQuery.shape, interval });
export type ProjectImpactQuery = z.infer<typeof ProjectImpactQuery>;

/** What the beneficiaries of projects are asked with. */
export const ProjectBeneficiariesQuery = strict({ ...DomainQuery.shape, interval });
export type ProjectBeneficiariesQuery = z.infer<typeof ProjectBeneficiariesQuery>;

const people = (which: string) => z.number().nullable().describe(which);
const hidden = z.boolean().describe(
  `Whether numbers are hidden: cells of fewer than ${FEWEST_PEOPLE} people, and others by which they could be found, are ` +
    "null for readers without a token",
);

const ways = {
  direct: people("With the dimension direct true"),
  indirect: people("With the dimension direct false"),
  unspecified: people("Where the readings do not say which"),
};

const wayFigures = {
  direct: Figure.describe("People reached directly: Σ beneficiaries_reached with the dimension direct true"),
  indirect: Figure.describe("People reached indirectly: with direct false"),
  unspecified: Figure.describe("People of whom the readings do not say which"),
};

const part = { beneficiaries: people("Σ beneficiaries_reached"), ...ways, suppressed: hidden };
const category = z.string().nullable().describe("The dimension category; null where readings name none");
const project_id = z.string().nullable().describe("Null where readings name no project");

const ReachPoint = z.strictObject({ ...periodShape, ...part });

/** Whom the projects reached, and what that cost. */
export const ProjectImpact = z.strictObject({
  beneficiaries: Figure.describe("Σ beneficiaries_reached of the period"),
  ...wayFigures,
  suppressed: hidden,
  currency: z.string().nullable().describe("The unit of the costs"),
  cost: Figure.describe("Σ cost_actual of the period"),
  cost_per_beneficiary: Rate.describe("cost / beneficiaries"),
  cost_per_direct_beneficiary: Rate.describe("cost / direct; all costs, as they are not told apart by whom they reach"),
  by_category: z.array(z.strictObject({ category, ...part })).max(MOST_ROWS).describe("The most people first"),
  by_project: z.array(z.strictObject({
    project_id,
    ...part,
    cost: z.number().nullable().describe("Σ cost_actual of the project in the period"),
    cost_per_beneficiary: z.number().nullable().describe("cost / beneficiaries of the project"),
  })).max(MOST_ROWS).describe("Projects that reached people; the most first"),
  interval: z.enum(TREND_INTERVALS),
  series: z.array(ReachPoint).max(MOST_PERIODS).describe(
    "Every period of the window that has begun; null before the first reading",
  ),
  reason,
  meta: DomainMeta,
}).openapi("ProjectImpact");
export type ProjectImpact = z.infer<typeof ProjectImpact>;

/** Who was reached, and how that grows. */
export const ProjectBeneficiaries = z.strictObject({
  beneficiaries: YearlyFigure.describe("Σ beneficiaries_reached of the period"),
  ...wayFigures,
  direct_share: Rate.describe("direct / (direct + indirect)"),
  suppressed: hidden,
  by_category: z.array(z.strictObject({ category, ...part })).max(MOST_ROWS).describe("The most people first"),
  by_project: z.array(z.strictObject({ project_id, ...part })).max(MOST_ROWS),
  by_country: z.array(z.strictObject({
    country: z.string().nullable().describe("The dimension country; null where readings name none"),
    ...part,
  })).max(MOST_ROWS).describe("Empty where no reading names a country"),
  interval: z.enum(TREND_INTERVALS),
  series: z.array(z.strictObject({
    ...periodShape,
    beneficiaries: people("Σ beneficiaries_reached; null before the first reading"),
    suppressed: hidden,
  })).max(MOST_PERIODS).describe("Every period of the window that has begun"),
  series_by_category: z.array(z.strictObject({
    category,
    rest: z.boolean().describe(
      "Whether it is all other categories together: the smaller ones, and those that are hidden",
    ),
    points: z.array(z.strictObject({
      period: periodShape.period,
      beneficiaries: people("Null where hidden, and before the first reading"),
    })).max(MOST_PERIODS),
  })).max(MOST_STACKED + 1).describe("The layers of a stacked chart, the largest category first, the rest last"),
  reason,
  meta: DomainMeta,
}).openapi("ProjectBeneficiaries");
export type ProjectBeneficiaries = z.infer<typeof ProjectBeneficiaries>;
