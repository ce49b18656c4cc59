import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import {
  agreed,
  currentSyncStatus,
  getSync,
  listSyncs,
  requestAllSyncs,
  requestSync,
  syncStatistics,
} from "../services/data_sync/mod.ts";
import {
  SyncAllCreate,
  SyncCreate,
  SyncDetail,
  SyncFanOut,
  SyncList,
  SyncListQuery,
  SyncResponse,
  SyncStatusReport,
} from "../services/data_sync/schema.ts";
import { SyncStatistics, SyncStatisticsQuery } from "../services/data_sync/statistics_schema.ts";
import { digested, listed, versioned } from "./conditional.ts";
import {
  type App,
  BASE,
  body,
  bodyProblems,
  ifNoneMatch,
  json,
  mayBeEmpty,
  noQuery,
  notModified,
  pathId,
  problems,
  publicRead,
  signedIn,
  tags,
} from "./kit.ts";
import { once } from "./once.ts";

const PATH = `${BASE}/sync`;
const optional = { required: false };

/** Data sync: asked for, pulled by runs, watched, added up. */
export function dataSyncRoutes(app: App, ctx: Ctx): void {
  askingForOne(app, ctx);
  askingForAll(app, ctx);
  watching(app, ctx);
  reading(app, ctx);
}

/** POST /sync */
function askingForOne(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "post",
      path: PATH,
      operationId: "requestSync",
      summary: "Sync a service now",
      description: "The sync and the run that does the work are committed together; the run tries three times. " +
        "service_name and sync_type may stand in the query, in the body, or in both if they agree; manual when absent. " +
        "409 conflict while the service is being synced, 409 not_configured without a URL for its feed.",
      tags: tags("sync", "seed"),
      security: signedIn,
      middleware: mayBeEmpty,
      request: {
        query: SyncCreate,
        body: { ...body(SyncCreate, "May be empty where the query says it"), ...optional },
      },
      responses: { 202: json(SyncResponse, "The sync, which waits for its run"), ...problems(...bodyProblems) },
    }),
    async (c) => {
      const [inQuery, inBody] = [c.req.valid("query"), c.req.valid("json")];
      const answer = await once(c, ctx, async (ctx) => {
        const sync = await requestSync(ctx, c.env.caller, {
          service_name: agreed("service_name", inQuery.service_name, inBody.service_name),
          sync_type: agreed("sync_type", inQuery.sync_type, inBody.sync_type),
        });
        return { status: 202, location: `${PATH}/${sync.id}`, body: sync };
      });
      ctx.runs.wake();
      return answer;
    },
  );
}

/** POST /sync/aggregate-all */
function askingForAll(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "post",
      path: `${PATH}/aggregate-all`,
      operationId: "requestAllSyncs",
      summary: "Sync every service that has a feed",
      description: "A sync and a run for each, committed together, so that one which fails later fails alone. " +
        "409 not_configured where no service has a URL.",
      tags: tags("sync", "seed"),
      security: signedIn,
      middleware: mayBeEmpty,
      request: { query: SyncAllCreate, body: { ...body(SyncAllCreate, "May be empty"), ...optional } },
      responses: { 202: json(SyncFanOut, "What became of each service"), ...problems(...bodyProblems) },
    }),
    async (c) => {
      const [inQuery, inBody] = [c.req.valid("query"), c.req.valid("json")];
      const answer = await once(c, ctx, async (ctx) => {
        const sync_type = agreed("sync_type", inQuery.sync_type, inBody.sync_type);
        return { status: 202, body: await requestAllSyncs(ctx, sync_type) };
      });
      ctx.runs.wake();
      return answer;
    },
  );
}

/** GET /sync/status/current and /sync/statistics/summary */
function watching(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/status/current`,
      operationId: "getSyncStatus",
      summary: "How each service's metrics stand now",
      tags: tags("sync", "seed"),
      security: publicRead,
      request: { query: noQuery },
      responses: { 200: json(SyncStatusReport, "All services, synced or not"), ...problems() },
    }),
    async (c) => {
      c.header("cache-control", "no-store"); // the lag is another one each second
      return c.json(await currentSyncStatus(ctx), 200);
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/statistics/summary`,
      operationId: "getSyncStatistics",
      summary: "How the syncs of a period went",
      tags: tags("sync", "seed"),
      security: publicRead,
      request: { query: SyncStatisticsQuery, headers: ifNoneMatch },
      responses: { 200: json(SyncStatistics, "In all and by service"), ...notModified, ...problems() },
    }),
    async (c) => {
      return digested(c, await syncStatistics(ctx, c.req.valid("query")));
    },
  );
}

/** GET /sync and /sync/{sync_id} */
function reading(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: PATH,
      operationId: "listSyncs",
      summary: "List syncs, newest first",
      tags: tags("sync", "seed"),
      security: publicRead,
      request: { query: SyncListQuery, headers: ifNoneMatch },
      responses: { 200: json(SyncList, "A page of syncs"), ...notModified, ...problems() },
    }),
    async (c) => {
      return listed(c, await listSyncs(ctx, c.env.caller, c.req.valid("query")));
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{sync_id}`,
      operationId: "getSync",
      summary: "Read a sync",
      tags: tags("sync", "seed"),
      security: publicRead,
      request: { query: noQuery, params: pathId("sync_id"), headers: ifNoneMatch },
      responses: { 200: json(SyncDetail, "The sync"), ...notModified, ...problems(404) },
    }),
    async (c) => {
      return versioned(c, await getSync(ctx, c.env.caller, c.req.valid("param").sync_id));
    },
  );
}
