import { createRoute } from "@hono/zod-openapi";
import { getPredictions } from "../services/advanced/mod.ts";
import { PredictionRequest, PredictionResponse } from "../services/advanced/schema.ts";
import type { Ctx } from "../services/context.ts";
import { type App, BASE, body, json, noQuery, problems, signedIn, tags } from "./kit.ts";

const PATH = `${BASE}/advanced`;

/** Answers computed from the metrics. They have no effect, so they ignore `Idempotency-Key`. */
export function advancedRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "post",
      path: `${PATH}/predictions`,
      operationId: "getPredictions",
      summary: "Predict a metric day by day",
      description: "Daily values with prediction intervals, and how the model did on days that it had not seen. " +
        "Without enough history the answer is 200 with status insufficient_history and the reason.",
      tags: tags("advanced", "seed"),
      security: signedIn,
      request: { query: noQuery, body: body(PredictionRequest, "The series, how far and how surely") },
      responses: { 200: json(PredictionResponse, "The prediction, or why there is none"), ...problems(408, 413, 415) },
    }),
    async (c) => {
      c.header("cache-control", "no-store");
      return c.json(await getPredictions(ctx, c.req.valid("json")), 200);
    },
  );
}
