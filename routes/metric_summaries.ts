import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { getSummaries } from "../services/metrics/mod.ts";
import {
  MetricSummaries,
  MOST_SUMMARIES,
  ServicePath,
  SummaryQuery,
  TypePath,
} from "../services/metrics/summary_schema.ts";
import { digested } from "./conditional.ts";
import { type App, BASE, ifNoneMatch, json, notModified, problems, publicRead, tags } from "./kit.ts";

const PATH = `${BASE}/metrics`;
const DESCRIPTION =
  `At most ${MOST_SUMMARIES} metrics; where there are more, the most recorded. Amounts come from the ` +
  "roll-ups; those of a zone whose days begin within an hour of UTC from the rows, of which only so many are read (422).";

/** Summaries of all metrics of a service or a type. */
export function metricSummaryRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/by-service/{service_name}`,
      operationId: "getMetricsByService",
      summary: "What each metric of a service amounts to",
      description: DESCRIPTION,
      tags: tags("metrics", "seed"),
      security: publicRead,
      request: { params: ServicePath, query: SummaryQuery, headers: ifNoneMatch },
      responses: { 200: json(MetricSummaries, "The summaries"), ...notModified, ...problems() },
    }),
    async (c) => {
      return digested(c, await getSummaries(ctx, c.env.caller, c.req.valid("param"), c.req.valid("query")));
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/by-type/{metric_type}`,
      operationId: "getMetricsByType",
      summary: "What each metric of a type amounts to, by service",
      description: DESCRIPTION,
      tags: tags("metrics", "seed"),
      security: publicRead,
      request: { params: TypePath, query: SummaryQuery, headers: ifNoneMatch },
      responses: { 200: json(MetricSummaries, "The summaries"), ...notModified, ...problems() },
    }),
    async (c) => {
      return digested(c, await getSummaries(ctx, c.env.caller, c.req.valid("param"), c.req.valid("query")));
    },
  );
}
