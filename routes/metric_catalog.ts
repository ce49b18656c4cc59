import { createRoute, z } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import {
  CatalogEntry,
  CatalogPage,
  CatalogQuery,
  MetricDefinition,
  MOST_RECOUNTED,
} from "../services/metrics/catalog_schema.ts";
import { defineMetric, getCatalog } from "../services/metrics/mod.ts";
import { LIMITS } from "../services/metrics/schema.ts";
import { text } from "../services/schema.ts";
import { listed } from "./conditional.ts";
import {
  type App,
  BASE,
  body,
  expectedVersion,
  ifMatch,
  ifNoneMatch,
  json,
  noQuery,
  notModified,
  problems,
  publicRead,
  signedIn,
  tags,
} from "./kit.ts";

const PATH = `${BASE}/metrics/catalog`;
const metricName = z.strictObject({
  metric_name: text(LIMITS.metric_name).openapi({ param: { name: "metric_name", in: "path" } }),
});

/** The catalog of metric names: what they mean, and what is recorded of them. */
export function metricCatalogRoutes(app: App, ctx: Ctx): void {
  reading(app, ctx);
  defining(app, ctx);
}

/** GET /metrics/catalog */
function reading(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: PATH,
      operationId: "listMetricCatalog",
      summary: "Metric names: what they mean, and what is recorded",
      description:
        "In the order of service, type and name. A name that is recorded and not defined is taken as a flow.",
      tags: tags("metrics", "extension"),
      security: publicRead,
      request: { query: CatalogQuery, headers: ifNoneMatch },
      responses: { 200: json(CatalogPage, "One page"), ...notModified, ...problems() },
    }),
    async (c) => {
      return listed(c, await getCatalog(ctx, c.req.valid("query")));
    },
  );
}

/** PUT /metrics/catalog/{metric_name} */
function defining(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "put",
      path: `${PATH}/{metric_name}`,
      operationId: "defineMetric",
      summary: "Say what a metric name means",
      description:
        "201 for a name that had no definition, else 200 and the whole of it is replaced. What is stored already counts " +
        "as it is defined now: another kind, series_key or entity_key has the rows of its service and type read again, 5 " +
        `seconds for a million, while their senders wait; more than ${MOST_RECOUNTED} are a 409. Of the metrics that the ` +
        "domain analytics read, kind, series_key and entity_key stay as they are (409); the rest may change.",
      tags: tags("metrics", "extension"),
      security: signedIn,
      request: { query: noQuery, params: metricName, headers: ifMatch, body: body(MetricDefinition, "What it means") },
      responses: {
        200: json(CatalogEntry, "The definition was replaced, or was the same"),
        201: json(CatalogEntry, "The name had no definition"),
        ...problems(408, 409, 412, 413, 415),
      },
    }),
    async (c) => {
      const { metric_name } = c.req.valid("param");
      const { entry, created } = await defineMetric(ctx, metric_name, c.req.valid("json"), expectedVersion(c));
      c.header("etag", `"${entry.version}.f"`);
      return c.json(entry, created ? 201 : 200);
    },
  );
}
