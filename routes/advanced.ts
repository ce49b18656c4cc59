import { createRoute } from "@hono/zod-openapi";
import { BacktestRequest, BacktestResponse } from "../services/advanced/backtests_schema.ts";
import { ForecastRequest, ForecastResponse } from "../services/advanced/forecasts_schema.ts";
import { backtest, getForecasts, getPredictions } from "../services/advanced/mod.ts";
import { PredictionRequest, PredictionResponse } from "../services/advanced/schema.ts";
import type { Ctx } from "../services/context.ts";
import { type App, BASE, body, type C, json, noQuery, problems, signedIn, tags } from "./kit.ts";

const PATH = `${BASE}/advanced`;

/** Answers computed from the metrics. They have no effect, so they ignore `Idempotency-Key`. */
export function advancedRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "post",
      path: `${PATH}/predictions`,
      operationId: "getPredictions",
      summary: "Predict a metric day by day",
      description: "Daily values with prediction intervals, how the model did on days that it had not seen, and a " +
        `straight line for comparison. ${WITHOUT_ENOUGH}`,
      tags: tags("advanced", "seed"),
      security: signedIn,
      request: { query: noQuery, body: body(PredictionRequest, "The series, how far and how surely") },
      responses: { 200: json(PredictionResponse, "The prediction, or why there is none"), ...problems(408, 413, 415) },
    }),
    async (c) => computed(c).json(await getPredictions(ctx, c.req.valid("json")), 200),
  );

  app.openapi(
    createRoute({
      method: "post",
      path: `${PATH}/forecasts`,
      operationId: "getForecasts",
      summary: "Forecast a metric by calendar periods",
      description: "Days, weeks, months, quarters or years from the running one on, with intervals, the season, the " +
        `trend and the same periods a year before. ${WITHOUT_ENOUGH}`,
      tags: tags("advanced", "seed"),
      security: signedIn,
      request: { query: noQuery, body: body(ForecastRequest, "The series, the periods, how far and how surely") },
      responses: { 200: json(ForecastResponse, "The forecast, or why there is none"), ...problems(408, 413, 415) },
    }),
    async (c) => computed(c).json(await getForecasts(ctx, c.req.valid("json")), 200),
  );

  app.openapi(
    createRoute({
      method: "post",
      path: `${PATH}/backtest`,
      operationId: "backtest",
      summary: "Test the forecast models on a metric's past",
      description: "Each model at the same days in the past: its errors, and how often its intervals held what came. " +
        WITHOUT_ENOUGH,
      tags: tags("advanced", "extension"),
      security: signedIn,
      request: { query: noQuery, body: body(BacktestRequest, "The series, how far ahead, how often, at which levels") },
      responses: {
        200: json(BacktestResponse, "How the models did, or why none can be tested"),
        ...problems(408, 413, 415),
      },
    }),
    async (c) => computed(c).json(await backtest(ctx, c.req.valid("json"), c.req.raw.signal), 200),
  );
}

const WITHOUT_ENOUGH = "Without enough history the answer is 200 with status insufficient_history and the reason.";

/** What follows from readings that the next write may change is not for shared caches. */
function computed<Context extends C>(c: Context): Context {
  c.header("cache-control", "no-store");
  return c;
}
