import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { getGoalForecast, getGoalForecasts } from "../services/goals/forecast/mod.ts";
import { GoalForecastList, GoalForecastListQuery, GoalForecastResponse } from "../services/goals/forecast_schema.ts";
import { digested, listed } from "./conditional.ts";
import { type App, BASE, ifNoneMatch, json, noQuery, notModified, pathId, problems, publicRead, tags } from "./kit.ts";

const PATH = `${BASE}/goals`;

/** How goals are likely to end. */
export function goalForecastRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/forecast/all`,
      operationId: "getGoalForecasts",
      summary: "How all active goals are likely to end",
      description: "As the last goal update computed it, newest goal first. Nothing is computed here.",
      tags: tags("goals", "seed"),
      security: publicRead,
      request: { query: GoalForecastListQuery, headers: ifNoneMatch },
      responses: { 200: json(GoalForecastList, "A page of forecasts"), ...notModified, ...problems() },
    }),
    async (c) => {
      return listed(c, await getGoalForecasts(ctx, c.env.caller, c.req.valid("query")));
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{goal_id}/forecast`,
      operationId: "getGoalForecast",
      summary: "How likely a goal is to be reached",
      description:
        "Simulates 1,000 ways that the goal's series may go until its end, from its history as it is now: how " +
        "many reach the target, and where they lie. Of goals with a probability of 70 %, about 70 % are reached.",
      tags: tags("goals", "extension"),
      security: publicRead,
      request: { query: noQuery, params: pathId("goal_id"), headers: ifNoneMatch },
      responses: { 200: json(GoalForecastResponse, "The forecast"), ...notModified, ...problems(404) },
    }),
    async (c) => {
      return digested(c, await getGoalForecast(ctx, c.env.caller, c.req.valid("param").goal_id));
    },
  );
}
