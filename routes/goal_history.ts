import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { GoalHistoryList, GoalHistoryQuery } from "../services/goals/history.ts";
import { goalHistory } from "../services/goals/mod.ts";
import { listed } from "./conditional.ts";
import { type App, BASE, ifNoneMatch, json, notModified, pathId, problems, publicRead, tags } from "./kit.ts";

/** GET /goals/{goal_id}/history */
export function goalHistoryRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${BASE}/goals/{goal_id}/history`,
      operationId: "listGoalHistory",
      summary: "What a goal was worth and what happened to it, the latest first",
      description:
        "Readings by hand, a reading for each change that the metrics brought, and between them the events: " +
        "alerts and endings. Readings are kept for ever, events as long as `run_days` of the retention says.",
      tags: tags("goals", "extension"),
      security: publicRead,
      request: { query: GoalHistoryQuery, params: pathId("goal_id"), headers: ifNoneMatch },
      responses: { 200: json(GoalHistoryList, "A page of the history"), ...notModified, ...problems(404) },
    }),
    async (c) => {
      const { goal_id } = c.req.valid("param");
      return listed(c, await goalHistory(ctx, c.env.caller, goal_id, c.req.valid("query")));
    },
  );
}
