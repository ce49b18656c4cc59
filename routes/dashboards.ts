import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { DashboardData } from "../services/dashboards/answers.ts";
import {
  createDashboard,
  deleteDashboard,
  getDashboard,
  getDashboardData,
  getExecutiveDashboard,
  listDashboards,
  updateDashboard,
} from "../services/dashboards/mod.ts";
import {
  DashboardCreate,
  DashboardDataQuery,
  DashboardList,
  DashboardListQuery,
  DashboardResponse,
  DashboardUpdate,
} from "../services/dashboards/schema.ts";
import { listed, versioned } from "./conditional.ts";
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
  privately,
  problems,
  projection,
  publicRead,
  signedIn,
  tags,
} from "./kit.ts";
import { once } from "./once.ts";

const PATH = `${BASE}/dashboards`;
const dashboardId = pathId("dashboard_id");

/** Dashboards: arrangements of widgets, and what these have to show. */
export function dashboardRoutes(app: App, ctx: Ctx): void {
  resolving(app, ctx);
  creating(app, ctx);
  reading(app, ctx);
  changing(app, ctx);
}

/** GET /dashboards/executive/default and /dashboards/{dashboard_id}/data */
function resolving(app: App, ctx: Ctx): void {
  const description = "Each widget is resolved within a time of its own: one that fails, is late, or may not be seen " +
    "has an error in its slot, and the others their data. A slot without anything to show says why in `reason`.";
  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/executive/default`,
      operationId: "getExecutiveDashboard",
      summary: "The executive dashboard with its data",
      description: `The default of the type executive, or a shipped one where there is none. ${description}`,
      tags: tags("dashboards", "seed"),
      security: publicRead,
      request: { query: DashboardDataQuery },
      responses: { 200: json(DashboardData, "The dashboard with every widget resolved"), ...problems() },
    }),
    async (c) => {
      privately(c);
      return c.json(await getExecutiveDashboard(ctx, c.env.caller, c.req.valid("query")), 200);
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{dashboard_id}/data`,
      operationId: "getDashboardData",
      summary: "A dashboard with its data",
      description,
      tags: tags("dashboards", "seed"),
      security: publicRead,
      request: { query: DashboardDataQuery, params: dashboardId },
      responses: { 200: json(DashboardData, "The dashboard with every widget resolved"), ...problems(404) },
    }),
    async (c) => {
      privately(c);
      const { dashboard_id } = c.req.valid("param");
      return c.json(await getDashboardData(ctx, c.env.caller, dashboard_id, c.req.valid("query")), 200);
    },
  );
}

/** POST /dashboards */
function creating(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "post",
      path: PATH,
      operationId: "createDashboard",
      summary: "Create a dashboard",
      tags: tags("dashboards", "seed"),
      security: signedIn,
      request: { query: noQuery, body: body(DashboardCreate, "The dashboard") },
      responses: { 201: json(DashboardResponse, "The dashboard"), ...problems(...bodyProblems) },
    }),
    (c) =>
      once(c, ctx, async (ctx) => {
        const dashboard = await createDashboard(ctx, c.env.caller, c.req.valid("json"));
        return { status: 201, location: `${PATH}/${dashboard.id}`, body: dashboard };
      }),
  );
}

/** GET /dashboards and /dashboards/{dashboard_id} */
function reading(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: PATH,
      operationId: "listDashboards",
      summary: "List dashboards, newest first",
      description: "Without their widgets. Private ones are shown to their authors and the scope admin alone.",
      tags: tags("dashboards", "seed"),
      security: publicRead,
      request: { query: DashboardListQuery, headers: ifNoneMatch },
      responses: { 200: json(DashboardList, "A page of dashboards"), ...notModified, ...problems() },
    }),
    async (c) => {
      return listed(c, await listDashboards(ctx, c.env.caller, c.req.valid("query")));
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{dashboard_id}`,
      operationId: "getDashboard",
      summary: "Read a dashboard",
      tags: tags("dashboards", "seed"),
      security: publicRead,
      request: { query: noQuery, params: dashboardId, headers: ifNoneMatch },
      responses: { 200: json(DashboardResponse, "The dashboard"), ...notModified, ...problems(404) },
    }),
    async (c) => {
      return versioned(c, await getDashboard(ctx, c.env.caller, c.req.valid("param").dashboard_id));
    },
  );
}

/** PUT and DELETE /dashboards/{dashboard_id} */
function changing(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "put",
      path: `${PATH}/{dashboard_id}`,
      operationId: "updateDashboard",
      summary: "Change a dashboard",
      description: "What is left out stays; `config` is replaced as a whole.",
      tags: tags("dashboards", "seed"),
      security: signedIn,
      request: { query: noQuery, params: dashboardId, headers: ifMatch, body: body(DashboardUpdate, "What changes") },
      responses: { 200: json(DashboardResponse, "The dashboard"), ...problems(404, 408, 412, 413, 415) },
    }),
    async (c) => {
      const { dashboard_id } = c.req.valid("param");
      const changes = c.req.valid("json");
      const dashboard = await updateDashboard(ctx, c.env.caller, dashboard_id, changes, expectedVersion(c));
      c.header("etag", `"${dashboard.version}.${projection(c.env.caller)}"`);
      return c.json(dashboard, 200);
    },
  );

  app.openapi(
    createRoute({
      method: "delete",
      path: `${PATH}/{dashboard_id}`,
      operationId: "deleteDashboard",
      summary: "Delete a dashboard",
      tags: tags("dashboards", "seed"),
      security: signedIn,
      request: { query: noQuery, params: dashboardId, headers: ifMatch },
      responses: { 204: { description: "It is gone" }, ...problems(404, 412) },
    }),
    async (c) => {
      await deleteDashboard(ctx, c.env.caller, c.req.valid("param").dashboard_id, expectedVersion(c));
      return c.body(null, 204);
    },
  );
}
