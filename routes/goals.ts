import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import {
  createGoal,
  deleteGoal,
  getGoal,
  getGoalProgress,
  listGoals,
  updateGoal,
  updateGoalProgress,
} from "../services/goals/mod.ts";
import {
  GoalBase,
  GoalCreate,
  GoalList,
  GoalListQuery,
  GoalProgressResponse,
  GoalProgressUpdate,
  GoalResponse,
  GoalUpdate,
} from "../services/goals/schema.ts";
import { digested, listed, versioned } from "./conditional.ts";
import {
  type App,
  BASE,
  body,
  bodyProblems,
  expectedVersion,
  ifMatch,
  ifNoneMatch,
  json,
  noQuery,
  notModified,
  pathId,
  problems,
  projection,
  publicRead,
  signedIn,
  tags,
} from "./kit.ts";
import { once } from "./once.ts";

const PATH = `${BASE}/goals`;
const goalId = pathId("goal_id");

/** Goals: what is to be reached by when, and how far it is. */
export function goalRoutes(app: App, ctx: Ctx): void {
  app.openAPIRegistry.register("GoalBase", GoalBase);
  creating(app, ctx);
  reading(app, ctx);
  changing(app, ctx);
  progressing(app, ctx);
}

/** POST /goals */
function creating(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "post",
      path: PATH,
      operationId: "createGoal",
      summary: "Create a goal",
      description: "Where a series feeds the goal (`tracking`), it is computed at once, and anew by every goal update.",
      tags: tags("goals", "seed"),
      security: signedIn,
      request: { query: noQuery, body: body(GoalCreate, "The goal") },
      responses: { 201: json(GoalResponse, "The goal"), ...problems(...bodyProblems) },
    }),
    (c) =>
      once(c, ctx, async (ctx) => {
        const goal = await createGoal(ctx, c.env.caller, c.req.valid("json"));
        return { status: 201, location: `${PATH}/${goal.id}`, body: goal };
      }),
  );
}

/** GET /goals and /goals/{goal_id} */
function reading(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{goal_id}`,
      operationId: "getGoal",
      summary: "Read a goal",
      tags: tags("goals", "seed"),
      security: publicRead,
      request: { query: noQuery, params: goalId, headers: ifNoneMatch },
      responses: { 200: json(GoalResponse, "The goal"), ...notModified, ...problems(404) },
    }),
    async (c) => {
      return versioned(c, await getGoal(ctx, c.env.caller, c.req.valid("param").goal_id));
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: PATH,
      operationId: "listGoals",
      summary: "List goals, newest first",
      tags: tags("goals", "seed"),
      security: publicRead,
      request: { query: GoalListQuery, headers: ifNoneMatch },
      responses: { 200: json(GoalList, "A page of goals"), ...notModified, ...problems() },
    }),
    async (c) => {
      return listed(c, await listGoals(ctx, c.env.caller, c.req.valid("query")));
    },
  );
}

/** PUT and DELETE /goals/{goal_id} */
function changing(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "put",
      path: `${PATH}/{goal_id}`,
      operationId: "updateGoal",
      summary: "Change a goal",
      description:
        "What is left out stays. Other terms arm the alert again, and open a goal that had ended; nothing else opens one (409).",
      tags: tags("goals", "seed"),
      security: signedIn,
      request: { query: noQuery, params: goalId, headers: ifMatch, body: body(GoalUpdate, "What changes") },
      responses: { 200: json(GoalResponse, "The goal"), ...problems(404, 408, 409, 412, 413, 415) },
    }),
    async (c) => {
      const { goal_id } = c.req.valid("param");
      const goal = await updateGoal(ctx, c.env.caller, goal_id, c.req.valid("json"), expectedVersion(c));
      c.header("etag", `"${goal.version}.${projection(c.env.caller)}"`);
      return c.json(goal, 200);
    },
  );

  app.openapi(
    createRoute({
      method: "delete",
      path: `${PATH}/{goal_id}`,
      operationId: "deleteGoal",
      summary: "Cancel and hide a goal",
      tags: tags("goals", "seed"),
      security: signedIn,
      request: { query: noQuery, params: goalId, headers: ifMatch },
      responses: { 204: { description: "It is hidden; its readings stay" }, ...problems(404, 412) },
    }),
    async (c) => {
      await deleteGoal(ctx, c.req.valid("param").goal_id, expectedVersion(c));
      return c.body(null, 204);
    },
  );
}

/** /goals/{goal_id}/progress and /update-progress */
function progressing(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{goal_id}/progress`,
      operationId: "getGoalProgress",
      summary: "How far a goal is, and how far it should be",
      description: "Computed now, from the metrics as they are and the local date of the goal's zone.",
      tags: tags("goals", "seed"),
      security: publicRead,
      request: { query: noQuery, params: goalId, headers: ifNoneMatch },
      responses: { 200: json(GoalProgressResponse, "The progress"), ...notModified, ...problems(404) },
    }),
    async (c) => {
      return digested(c, await getGoalProgress(ctx, c.env.caller, c.req.valid("param").goal_id));
    },
  );

  app.openapi(
    createRoute({
      method: "post",
      path: `${PATH}/{goal_id}/update-progress`,
      operationId: "updateGoalProgress",
      summary: "Record a reading of a goal fed by hand",
      description: "409 for a goal that a series feeds, and for one that is achieved or cancelled.",
      tags: tags("goals", "seed"),
      security: signedIn,
      request: { query: noQuery, params: goalId, body: body(GoalProgressUpdate, "The new reading") },
      responses: { 200: json(GoalResponse, "The goal afterwards"), ...problems(404, ...bodyProblems) },
    }),
    (c) =>
      once(c, ctx, async (ctx) => {
        const { goal_id } = c.req.valid("param");
        return { status: 200, body: await updateGoalProgress(ctx, c.env.caller, goal_id, c.req.valid("json")) };
      }),
  );
}
