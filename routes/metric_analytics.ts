import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { MetricStatistics, MetricTimeSeries } from "../services/metrics/answers.ts";
import { getStatistics, getTimeSeries } from "../services/metrics/mod.ts";
import { dimensionParameter, StatisticsQuery, TimeSeriesQuery } from "../services/metrics/queries.ts";
import { MOST_ROWS_READ } from "../services/metrics/row_reads.ts";
import { digested } from "./conditional.ts";
import { type App, BASE, ifNoneMatch, json, notModified, problems, publicRead, tags } from "./kit.ts";

const ROWS =
  "Percentiles, distinct counts, dimensions and days of a zone that begin within an hour of UTC are read from " +
  `the rows: of at most ${MOST_ROWS_READ.postgres} on Postgres and ${MOST_ROWS_READ.embedded} in the embedded database, ` +
  "counting all of the services and types asked for (422); all else comes from roll-ups, however many rows there are. " +
  "Readers without a token see no number by dimension that is of fewer than 5 persons.";

/** Metrics added up, and by calendar periods. */
export function metricAnalyticsRoutes(app: App, ctx: Ctx): void {
  statistics(app, ctx);
  timeSeries(app, ctx);
}

/** GET /metrics/aggregate/statistics */
function statistics(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${BASE}/metrics/aggregate/statistics`,
      operationId: "getMetricStatistics",
      summary: "Add up metrics over a window",
      description:
        "Each row is of one service, type, name and unit; where group_by names service_name, metric_type or metric_name, " +
        "of those alone. Units and kinds are never mixed. The sum of a gauge is its level at the period's end, and samples have " +
        `no sum. ${ROWS}`,
      tags: tags("metrics", "seed"),
      security: publicRead,
      parameters: [dimensionParameter],
      request: { query: StatisticsQuery, headers: ifNoneMatch },
      responses: { 200: json(MetricStatistics, "The numbers"), ...notModified, ...problems() },
    }),
    async (c) => {
      return digested(c, await getStatistics(ctx, c.env.caller, c.req.valid("query")));
    },
  );
}

/** GET /metrics/time-series/data */
function timeSeries(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${BASE}/metrics/time-series/data`,
      operationId: "getMetricTimeSeries",
      summary: "One metric by calendar periods",
      description:
        "Without metric_name: the only one recorded, else the primary, else the most recorded of the last year; a warning " +
        "names it, and likewise the unit. A gauge shows its level at the end of each period. The running period is not " +
        `complete. ${ROWS}`,
      tags: tags("metrics", "seed"),
      security: publicRead,
      parameters: [dimensionParameter],
      request: { query: TimeSeriesQuery, headers: ifNoneMatch },
      responses: { 200: json(MetricTimeSeries, "The series"), ...notModified, ...problems() },
    }),
    async (c) => {
      return digested(c, await getTimeSeries(ctx, c.env.caller, c.req.valid("query")));
    },
  );
}
