import { createRoute, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import type { Ctx } from "../services/context.ts";
import { MetricStatistics, MetricTimeSeries } from "../services/metrics/answers.ts";
import {
  createMetric,
  deleteMetric,
  getMetric,
  getStatistics,
  getTimeSeries,
  ingestMetrics,
  listMetrics,
  readRows,
  type SentRows,
} from "../services/metrics/mod.ts";
import {
  dimensionFilters,
  dimensionParameter,
  MetricListQuery,
  StatisticsQuery,
  TimeSeriesQuery,
} from "../services/metrics/queries.ts";
import { BATCH_ROWS, MetricBatchResult, MetricCreate, MetricPage, MetricResponse } from "../services/metrics/schema.ts";
import { linkHeader, placeOf, queryFlag } from "../services/paging.ts";
import { instant, strict, uuid } from "../services/schema.ts";
import {
  type App,
  BASE,
  bodyProblems,
  type C,
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
  privately,
  problems,
  projection,
  publicRead,
  signedIn,
  tags,
} from "./kit.ts";
import { once } from "./once.ts";
import { violations } from "./problem.ts";

const PATH = `${BASE}/metrics`;
const metricId = pathId("metric_id");

/** Metrics: sent, read, listed, added up, deleted. */
export function metricRoutes(app: App, ctx: Ctx): void {
  analyticsRoutes(app, ctx);

  // The two that are asked most are registered by hand: the router's validators cost more than what they check here.
  app.openAPIRegistry.registerPath(createMetricsRoute);
  app.post(PATH, (c) => {
    const { atomic = false } = checked(CreateQuery, c.req.query(), "query");
    const sent = sentRows(c);
    const { caller } = c.env;
    // With an Idempotency-Key what is stored is part of the key's transaction.
    const options = (own: Ctx) => ({ atomic, alone: own.db === ctx.db });
    if (sent.kind === "batch") {
      return once(c, ctx, async (own) => ({
        status: 200,
        body: await ingestMetrics(own, caller, sent.rows, options(own)),
      }));
    }
    return once<MetricResponse, 200 | 201>(c, ctx, async (own) => {
      const { metric, created } = await createMetric(own, caller, sent.row, options(own));
      return created ? { status: 201, location: `${PATH}/${metric.id}`, body: metric } : { status: 200, body: metric };
    });
  });

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
      request: { query: MetricListQuery },
      responses: { 200: json(MetricPage, "One page"), ...problems() },
    }),
    async (c) => {
      const query = c.req.valid("query");
      const place = placeOf(query, z.tuple([instant, uuid]));
      const page = await listMetrics(ctx, c.env.caller, { ...query, dimensions: dimensionFilters(query) }, place);
      c.header("link", linkHeader(c.req.url, page.next_cursor));
      privately(c);
      return c.json(page, 200);
    },
  );

  app.openAPIRegistry.registerPath(getMetricRoute);
  app.get(`${PATH}/:metric_id`, (c) => {
    checked(noQuery, c.req.query(), "query");
    const { metric_id } = checked(metricId, c.req.param(), "param");
    return metricById(ctx, c.env, metric_id, c.req.header("if-none-match") ?? null);
  });

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
  return conditionalJson(exchange, held, `${metric.version}.${projection(exchange.caller)}`, metric);
}

function analyticsRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/aggregate/statistics`,
      operationId: "getMetricStatistics",
      summary: "Add up metrics over a window",
      description:
        "Each row is of one service, type, name and unit; where group_by names service_name, metric_type or metric_name, " +
        "of those alone. Units and kinds are never mixed. The sum of a gauge is its level at the period's end, and samples have no sum.",
      tags: tags("metrics", "seed"),
      security: publicRead,
      parameters: [dimensionParameter],
      request: { query: StatisticsQuery },
      responses: { 200: json(MetricStatistics, "The numbers"), ...problems() },
    }),
    async (c) => {
      privately(c);
      return c.json(await getStatistics(ctx, c.env.caller, c.req.valid("query")), 200);
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/time-series/data`,
      operationId: "getMetricTimeSeries",
      summary: "One metric by calendar periods",
      description:
        "Without metric_name: the only one recorded, else the primary, else the most recorded of the last year; a warning " +
        "names it, and likewise the unit. A gauge shows its level at the end of each period. The running period is not complete.",
      tags: tags("metrics", "seed"),
      security: publicRead,
      parameters: [dimensionParameter],
      request: { query: TimeSeriesQuery },
      responses: { 200: json(MetricTimeSeries, "The series"), ...problems() },
    }),
    async (c) => {
      privately(c);
      return c.json(await getTimeSeries(ctx, c.env.caller, c.req.valid("query")), 200);
    },
  );
}

const CreateQuery = strict({
  atomic: queryFlag.optional().describe("All or nothing: one bad row, and nothing is stored (422)"),
});

const createMetricsRoute = createRoute({
  method: "post",
  path: PATH,
  operationId: "createMetrics",
  summary: "Send one metric, or a batch",
  description:
    `An object is one metric: 201, or 200 where its external_id was known. An array or NDJSON of at most ${BATCH_ROWS} ` +
    "rows is a batch: 200, and what became of each row. Rows with an external_id can be sent again: what changed is " +
    "updated, the rest counts as duplicate. Of several rows with one external_id in a batch the last counts.",
  tags: tags("metrics", "seed"),
  security: signedIn,
  request: {
    query: CreateQuery,
    body: {
      description: "The metric or the batch",
      required: true,
      content: {
        "application/json": { schema: z.union([MetricCreate, z.array(MetricCreate).max(BATCH_ROWS)]) },
        "application/x-ndjson": { schema: z.string().describe("One MetricCreate a line") },
      },
    },
  },
  responses: {
    200: json(z.union([MetricBatchResult, MetricResponse]), "The batch is done, or the metric was known"),
    201: json(MetricResponse, "The metric is new"),
    ...problems(...bodyProblems),
  },
});

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

/** What the body holds, by its media type, which the door has checked. */
function sentRows(c: C): SentRows {
  const ndjson = /^application\/(x-)?ndjson/i.test(c.req.header("content-type") ?? "");
  if (c.env.body === undefined) throw new HTTPException(400, { message: "A body is needed" });
  try {
    return readRows(c.env.body, ndjson ? "ndjson" : "json");
  } catch (error) {
    if (error instanceof SyntaxError) throw new HTTPException(400, { message: "The body is not valid JSON" });
    throw error;
  }
}

function checked<Schema extends z.ZodType>(
  schema: Schema,
  asked: Record<string, string>,
  target: "query" | "param",
): z.output<Schema> {
  const parsed = schema.safeParse(asked);
  if (!parsed.success) throw violations(parsed.error, target);
  return parsed.data;
}
