import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { health, readiness } from "../services/health/mod.ts";
import { Health, Readiness } from "../services/health/schema.ts";
import type { Vitals } from "../services/ports/vitals.ts";
import { type App, BASE, json, noQuery, problems, publicRead, tags } from "./kit.ts";

/** Liveness and readiness. */
export function healthRoutes(app: App, ctx: Ctx, vitals: Vitals): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${BASE}/health`,
      operationId: "getHealth",
      summary: "Whether the process lives",
      tags: tags("health", "scaffold"),
      security: publicRead,
      request: { query: noQuery },
      responses: { 200: json(Health, "It lives"), ...problems() },
    }),
    (c) => {
      c.header("cache-control", "no-store");
      return c.json(health(ctx, vitals), 200);
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${BASE}/health/ready`,
      operationId: "getReadiness",
      summary: "Whether this instance should get traffic",
      tags: tags("health", "extension"),
      security: publicRead,
      request: { query: noQuery },
      responses: { 200: json(Readiness, "It should"), ...problems(), 503: json(Readiness, "It should not, and why") },
    }),
    async (c) => {
      c.header("cache-control", "no-store");
      const state = await readiness(ctx, vitals);
      return state.status === "ready" ? c.json(state, 200) : c.json(state, 503);
    },
  );
}
