import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { getRun, listRuns } from "../services/jobs/mod.ts";
import { JobRunDetail, JobRunList, RunListQuery } from "../services/jobs/schema.ts";
import { linkHeader } from "../services/paging.ts";
import { digest } from "./digest.ts";
import {
  type App,
  BASE,
  ifNoneMatch,
  isFresh,
  json,
  noQuery,
  notModified,
  pathId,
  problems,
  publicRead,
  tags,
} from "./kit.ts";

const PATH = `${BASE}/runs`;

/** The ledger: everything that happened, happens or waits. */
export function runRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: PATH,
      operationId: "listRuns",
      summary: "List runs of all jobs and one-off work, newest first",
      tags: tags("runs", "extension"),
      security: publicRead,
      request: { query: RunListQuery, headers: ifNoneMatch },
      responses: { 200: json(JobRunList, "A page of runs"), ...notModified, ...problems() },
    }),
    async (c) => {
      const runs = await listRuns(ctx, c.env.caller, c.req.valid("query"));
      c.header("link", linkHeader(c.req.url, runs.next_cursor));
      if (isFresh(c, await digest(runs))) return c.body(null, 304);
      return c.json(runs, 200);
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{run_id}`,
      operationId: "getRun",
      summary: "Read a run and its log",
      tags: tags("runs", "extension"),
      security: publicRead,
      request: { query: noQuery, params: pathId("run_id"), headers: ifNoneMatch },
      responses: { 200: json(JobRunDetail, "The run"), ...notModified, ...problems(404) },
    }),
    async (c) => {
      const run = await getRun(ctx, c.env.caller, c.req.valid("param").run_id);
      if (isFresh(c, await digest(run))) return c.body(null, 304);
      return c.json(run, 200);
    },
  );
}
