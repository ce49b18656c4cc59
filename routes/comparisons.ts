import { createRoute } from "@hono/zod-openapi";
import { ComparisonResponse } from "../services/comparisons/answer.ts";
import { getComparisons } from "../services/comparisons/mod.ts";
import { ComparisonRequest } from "../services/comparisons/schema.ts";
import type { Ctx } from "../services/context.ts";
import { type App, BASE, body, json, noQuery, problems, signedIn, tags } from "./kit.ts";

/** Comparisons of the metrics. They have no effect, so they ignore `Idempotency-Key`. */
export function comparisonRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "post",
      path: `${BASE}/advanced/comparisons`,
      operationId: "getComparisons",
      summary: "Compare services, periods or segments",
      description:
        "Who is best and worst, shares and changes, the spread between members and within them, whether they " +
        "differ by more than chance, and sentences that say only what stands in the answer. Where fewer than two can be " +
        "ranked the answer is 200 with status insufficient_data and the reason.",
      tags: tags("advanced", "seed"),
      security: signedIn,
      request: { query: noQuery, body: body(ComparisonRequest, "What to compare") },
      responses: { 200: json(ComparisonResponse, "The comparison, or why there is none"), ...problems(408, 413, 415) },
    }),
    async (c) => {
      c.header("cache-control", "no-store");
      return c.json(await getComparisons(ctx, c.env.caller, c.req.valid("json")), 200);
    },
  );
}
