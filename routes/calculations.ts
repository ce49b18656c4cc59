import { createRoute } from "@hono/zod-openapi";
import { calculate } from "../services/calculations/mod.ts";
import { CustomCalculationRequest, CustomCalculationResponse } from "../services/calculations/schema.ts";
import type { Ctx } from "../services/context.ts";
import { type App, BASE, body, json, noQuery, problems, signedIn, tags } from "./kit.ts";

/** Calculations over the metrics. They have no effect, so they ignore `Idempotency-Key`. */
export function calculationRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "post",
      path: `${BASE}/advanced/calculate`,
      operationId: "calculate",
      summary: "Correlate, regress, find anomalies or cluster",
      description: "Correlations with intervals and a lag scan, linear regression with its checks, anomalies of a " +
        "series, clusters of what is alike. Without enough data the answer is 200 with status insufficient_data and the " +
        "reason.",
      tags: tags("advanced", "seed"),
      security: signedIn,
      request: { query: noQuery, body: body(CustomCalculationRequest, "What to calculate, of which series") },
      responses: {
        200: json(CustomCalculationResponse, "The result, or why there is none"),
        ...problems(408, 413, 415),
      },
    }),
    async (c) => {
      c.header("cache-control", "no-store");
      return c.json(await calculate(ctx, c.req.valid("json")), 200);
    },
  );
}
