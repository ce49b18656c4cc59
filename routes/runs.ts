import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { cancelRun, getRun, listRuns } from "../services/jobs/mod.ts";
import { JobRunDetail, JobRunList, JobRunResponse, RunListQuery } from "../services/jobs/schema.ts";
import { digested, listed } from "./conditional.ts";
import {
  type App,
  BASE,
  bodyProblems,
  ifNoneMatch,
  json,
  noQuery,
  notModified,
  pathId,
  problems,
  publicRead,
  signedIn,
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
      return listed(c, await listRuns(ctx, c.env.caller, c.req.valid("query")));
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
      return digested(c, await getRun(ctx, c.env.caller, c.req.valid("param").run_id));
    },
  );

  app.openapi(
    createRoute({
      method: "post",
      path: `${PATH}/{run_id}/cancel`,
      operationId: "cancelRun",
      summary: "Ask a run to end",
      description:
        "One that waits ends at once. One that is under way is aborted by its worker within seconds, and what " +
        "it committed stays: look at the run again.",
      tags: tags("runs", "extension"),
      security: signedIn,
      request: { query: noQuery, params: pathId("run_id") },
      responses: { 202: json(JobRunResponse, "The run: cancelled, or about to be"), ...problems(404, ...bodyProblems) },
    }),
    async (c) => c.json(await cancelRun(ctx, c.env.caller, c.req.valid("param").run_id), 202),
  );
}
