import { createRoute, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import type { Ctx } from "../services/context.ts";
import { createMetric, ingestMetrics, readRows, type SentRows } from "../services/metrics/mod.ts";
import { BATCH_ROWS, MetricBatchResult, MetricCreate, MetricResponse } from "../services/metrics/schema.ts";
import { queryFlag } from "../services/paging.ts";
import { strict } from "../services/schema.ts";
import { type App, BASE, bodyProblems, type C, json, problems, signedIn, tags } from "./kit.ts";
import { once } from "./once.ts";
import { violations } from "./problem.ts";

const PATH = `${BASE}/metrics`;

/** POST /metrics: one metric, or a batch. */
export function metricIntakeRoute(app: App, ctx: Ctx): void {
  // Registered by hand, as it is asked most: the router's validators cost more than what they check here.
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

/**
 * Part of a request as its schema reads it, for routes that are registered by hand.
 * @throws {DomainError} `invalid` as the router would
 */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  asked: Record<string, string>,
  target: "query" | "param",
): z.output<Schema> {
  const parsed = schema.safeParse(asked);
  if (!parsed.success) throw violations(parsed.error, target);
  return parsed.data;
}
