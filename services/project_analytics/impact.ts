import { projectCosts } from "../../db/project_analytics.ts";
import type { Caller } from "../access.ts";
import { figure, quotient, rate } from "../analytics/figures.ts";
import { domainMeta, type DomainQuestion, domainQuestion } from "../analytics/question.ts";
import { totalsOf } from "../analytics/totals.ts";
import type { Needs } from "../context.ts";
import { breakdown, fitting, peopleFigures, reachSeries, type Row } from "./breakdown.ts";
import { zoneWarnings } from "./period.ts";
import { MONEY } from "./portfolio.ts";
import { ADDITIVE, REACHED, seenReach } from "./reach.ts";
import type { ProjectImpact, ProjectImpactQuery } from "./reach_schema.ts";

/**
 * Whom the projects reached, and what that cost. Reads the window's rows of people once, those of the period before for
 * how they were reached, and the roll-ups. Readers without a token see no cell of fewer than 5 people.
 * @throws {DomainError} `invalid` for a window that cannot be, or of more than 1,000 periods
 */
export async function getProjectImpact(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  query: ProjectImpactQuery,
): Promise<ProjectImpact> {
  const question = await domainQuestion(ctx, "projects", query, MONEY);
  const { window, before, currency } = question;
  const reach = await seenReach(ctx, caller, question, { interval: query.interval, stacked: false });
  const { now, then, cells, projection } = reach;
  const { cost_actual: cost } = await totalsOf(ctx, question, window, ["cost_actual"]);
  const { cost_actual: cost_before } = await totalsOf(ctx, question, before, ["cost_actual"]);
  const costs = await costsByProject(ctx, question);
  const categories = fitting(breakdown(cells.category, projection, !now.suppressed), "categories");
  const projects = fitting(breakdown(cells.project, projection, !now.suppressed), "projects");
  const per = (denominator: "total" | "direct") =>
    rate({ numerator: cost, denominator: now[denominator] }, {
      numerator: cost_before,
      denominator: then[denominator],
    });
  return {
    ...peopleFigures(now, then),
    suppressed: now.suppressed,
    currency,
    cost: figure(currency, cost, cost_before),
    cost_per_beneficiary: per("total"),
    cost_per_direct_beneficiary: per("direct"),
    by_category: categories.rows.map(({ name, ...rest }) => ({ category: name, ...rest })),
    by_project: projects.rows.map((row) => withCost(row, costs)),
    interval: reach.interval,
    series: reachSeries(reach.periods, cells.period, question, projection, !now.suppressed),
    reason: reach.reason,
    meta: domainMeta(question, "rows", {
      names: [REACHED, "cost_actual"],
      warnings: [
        ...(reach.reason === null ? [ADDITIVE] : []),
        ...[...categories.warnings, ...projects.warnings, ...zoneWarnings(ctx.config.ORG_TIMEZONE, question)],
      ],
    }),
  };
}

/** What each project cost in the window, by the organisation's days; null where no costs had been recorded. */
async function costsByProject(
  ctx: Needs<"db">,
  { series, window }: Pick<DomainQuestion, "series" | "window">,
): Promise<Map<string, number> | null> {
  const own = series.filter((one) => one.metric_name === "cost_actual" && one.first_day <= window.end_date)
    .map((one, g) => ({ ...one, g }));
  if (own.length === 0) return null;
  return new Map((await projectCosts(ctx.db, own, window)).map(({ project_id, cost }) => [project_id, cost]));
}

function withCost({ name, ...rest }: Row, costs: ReadonlyMap<string, number> | null) {
  const cost = costs === null || name === null ? null : costs.get(name) ?? 0;
  const cost_per_beneficiary = quotient({ numerator: cost, denominator: rest.beneficiaries });
  return { project_id: name, ...rest, cost, cost_per_beneficiary };
}
