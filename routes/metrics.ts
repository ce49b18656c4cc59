import { createRoute, z } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { deleteMetric, getMetric, listMetrics } from "../services/metrics/mod.ts";
import { dimensionFilters, dimensionParameter, MetricListQuery } from "../services/metrics/queries.ts";
import { MetricPage, MetricResponse } from "../services/metrics/schema.ts";
import { placeOf } from "../services/paging.ts";
import { instant, uuid } from "../services/schema.ts";
import { listed } from "./conditional.ts";
import {
  type App,
  BASE,
  conditionalJson,
  type Exchange,
  expectedVersion,
  ifMatch,
  ifNoneMatch,
  json,
  type Lane,
  noQuery,
  notModified,
  pathId,
  problems,
  projection,
  publicRead,
  signedIn,
  tags,
} from "./kit.ts";
import { checked, metricIntakeRoute } from "./metric_intake.ts";

const PATH = `${BASE}/metrics`;
const metricId = pathId("metric_id");

/** Metrics: sent, read, listed, deleted. */
export function metricRoutes(app: App, ctx: Ctx): void {
  metricIntakeRoute(app, ctx);
  listing(app, ctx);

  // Registered by hand, as it is asked most: the router's validators cost more than what they check here.
  app.openAPIRegistry.registerPath(getMetricRoute);
  app.get(`${PATH}/:metric_id`, (c) => {
    checked(noQuery, c.req.query(), "query");
    const { metric_id } = checked(metricId, c.req.param(), "param");
    return metricById(ctx, c.env, metric_id, c.req.header("if-none-match") ?? null);
  });

  deleting(app, ctx);
}

/** GET /metrics */
function listing(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: PATH,
      operationId: "listMetrics",
      summary: "List metrics, the latest first",
      description:
        "There is no default window. Filters by dimension match text, and the number or boolean it reads as.",
      tags: tags("metrics", "seed"),
      security: publicRead,
      parameters: [dimensionParameter],
      request: { query: MetricListQuery, headers: ifNoneMatch },
      responses: { 200: json(MetricPage, "One page"), ...notModified, ...problems() },
    }),
    async (c) => {
      const query = c.req.valid("query");
      const place = placeOf(query, z.tuple([instant, uuid]));
      return listed(
        c,
        await listMetrics(ctx, c.env.caller, { ...query, dimensions: dimensionFilters(query) }, place),
      );
    },
  );
}

/** DELETE /metrics/{metric_id} */
function deleting(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "delete",
      path: `${PATH}/{metric_id}`,
      operationId: "deleteMetric",
      summary: "Delete one metric",
      description:
        "It leaves every number that was computed from it. Metrics older than the retention limit stay (409).",
      tags: tags("metrics", "seed"),
      security: signedIn,
      request: { query: noQuery, params: metricId, headers: ifMatch },
      responses: { 204: { description: "It is deleted" }, ...problems(404, 409, 412) },
    }),
    async (c) => {
      await deleteMetric(ctx, c.req.valid("param").metric_id, expectedVersion(c));
      return c.body(null, 204);
    },
  );
}

const BY_ID = new RegExp(`^${PATH}/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`);

/**
 * GET /metrics/{metric_id} as most callers send it, without the way through the router, which costs a tenth of the whole
 * answer. Whatever looks another way goes through the router, and says the same.
 */
export function metricLane(ctx: Ctx): Lane {
  return (req, exchange, path) => {
    if (req.method !== "GET" || !BY_ID.test(path) || req.url.includes("?")) return null;
    return metricById(ctx, exchange, path.slice(PATH.length + 1), req.headers.get("if-none-match"));
  };
}

async function metricById(ctx: Ctx, exchange: Exchange, id: string, held: string | null): Promise<Response> {
  const metric = await getMetric(ctx, exchange.caller, id);
  return conditionalJson(exchange, held, `${metric.version}.${projection(exchange.caller)}`, JSON.stringify(metric));
}

const getMetricRoute = createRoute({
  method: "get",
  path: `${PATH}/{metric_id}`,
  operationId: "getMetric",
  summary: "Read one metric",
  tags: tags("metrics", "seed"),
  security: publicRead,
  request: { query: noQuery, params: metricId, headers: ifNoneMatch },
  responses: { 200: json(MetricResponse, "The metric"), ...notModified, ...problems(404) },
});
