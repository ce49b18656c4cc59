import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import {
  getProjectBeneficiaries,
  getProjectCompletion,
  getProjectImpact,
  getProjectStatistics,
} from "../services/project_analytics/mod.ts";
import {
  ProjectBeneficiaries,
  ProjectBeneficiariesQuery,
  ProjectImpact,
  ProjectImpactQuery,
} from "../services/project_analytics/reach_schema.ts";
import {
  ProjectCompletion,
  ProjectCompletionQuery,
  ProjectStatistics,
  ProjectStatisticsQuery,
} from "../services/project_analytics/schema.ts";
import { digested } from "./conditional.ts";
import { type App, BASE, ifNoneMatch, json, notModified, problems, publicRead, tags } from "./kit.ts";

const PATH = `${BASE}/analytics/projects`;
const about = { method: "get", tags: tags("analytics", "seed"), security: publicRead } as const;

/** Projects: how many and for how much, how they end, and whom they reach. */
export function projectAnalyticsRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      ...about,
      path: `${PATH}/statistics`,
      operationId: "getProjectStatistics",
      summary: "Count projects, and what they cost",
      description:
        "How the projects stand at the end of the period: by status and type, which are overdue, their budgets " +
        "and costs, and each of them.",
      request: { query: ProjectStatisticsQuery, headers: ifNoneMatch },
      responses: { 200: json(ProjectStatistics, "The numbers"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getProjectStatistics(ctx, c.req.valid("query"))),
  );

  app.openapi(
    createRoute({
      ...about,
      path: `${PATH}/impact`,
      operationId: "getProjectImpact",
      summary: "Whom the projects reached, and what that cost",
      description:
        "Reach is additive only where people are counted once. Readers without a token see no cell of fewer " +
        "than 5 people.",
      request: { query: ProjectImpactQuery, headers: ifNoneMatch },
      responses: { 200: json(ProjectImpact, "The numbers"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getProjectImpact(ctx, c.env.caller, c.req.valid("query"))),
  );

  app.openapi(
    createRoute({
      ...about,
      path: `${PATH}/completion`,
      operationId: "getProjectCompletion",
      summary: "How projects end: how many, how late, for how much",
      description: "A project counts once, however often it was completed: at the actual_end of its latest " +
        "project_completed, else on that reading's day.",
      request: { query: ProjectCompletionQuery, headers: ifNoneMatch },
      responses: { 200: json(ProjectCompletion, "The numbers"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getProjectCompletion(ctx, c.req.valid("query"))),
  );

  app.openapi(
    createRoute({
      ...about,
      path: `${PATH}/beneficiaries`,
      operationId: "getProjectBeneficiaries",
      summary: "Who was reached, and how that grows",
      description:
        "Reach is additive only where people are counted once. Readers without a token see no cell of fewer " +
        "than 5 people.",
      request: { query: ProjectBeneficiariesQuery, headers: ifNoneMatch },
      responses: { 200: json(ProjectBeneficiaries, "The numbers"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getProjectBeneficiaries(ctx, c.env.caller, c.req.valid("query"))),
  );
}
