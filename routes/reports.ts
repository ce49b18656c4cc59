import { createRoute, z } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import {
  deleteReport,
  downloadReport,
  getReport,
  listReports,
  requestReport,
  settleReport,
} from "../services/reports/mod.ts";
import { ReportBase, ReportCreate, ReportList, ReportListQuery, ReportResponse } from "../services/reports/schema.ts";
import { listed, versioned } from "./conditional.ts";
import {
  type App,
  BASE,
  body,
  bodyProblems,
  type C,
  ifNoneMatch,
  isFresh,
  json,
  noQuery,
  notModified,
  pathId,
  problems,
  publicRead,
  signedIn,
  tags,
} from "./kit.ts";
import { once } from "./once.ts";

const PATH = `${BASE}/reports`;
const reportId = pathId("report_id");
const WAIT_S = 5;
const MOST_WAIT_S = 30;

/** Reports: asked for, made by a run, read, downloaded, deleted. */
export function reportRoutes(app: App, ctx: Ctx): void {
  app.openAPIRegistry.register("ReportBase", ReportBase);
  generating(app, ctx);
  reading(app, ctx);
  deleting(app, ctx);
  downloading(app, ctx);
}

/** POST /reports/generate */
function generating(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "post",
      path: `${PATH}/generate`,
      operationId: "generateReport",
      summary: "Generate a report",
      description:
        `The row and the run that makes it are committed together. The answer waits up to ${WAIT_S} seconds ` +
        `(\`Prefer: wait=N\`, at most ${MOST_WAIT_S}), so a small report comes back completed, else pending or generating.`,
      tags: tags("reports", "seed"),
      security: signedIn,
      request: { query: noQuery, body: body(ReportCreate, "The report to make") },
      responses: { 201: json(ReportResponse, "The report"), ...problems(...bodyProblems) },
    }),
    (c) => {
      const wait_s = preferredWait(c);
      c.header("preference-applied", `wait=${wait_s}`);
      const { caller } = c.env;
      return once(c, ctx, async (ctx) => {
        const id = await requestReport(ctx, caller, c.req.valid("json"));
        return { status: 201, resource: id, location: `${PATH}/${id}` };
      }, (id) => settleReport(ctx, caller, id, wait_s * 1000));
    },
  );
}

/** GET /reports and /reports/{report_id} */
function reading(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{report_id}`,
      operationId: "getReport",
      summary: "Read a report's record",
      tags: tags("reports", "seed"),
      security: publicRead,
      request: { query: noQuery, params: reportId, headers: ifNoneMatch },
      responses: { 200: json(ReportResponse, "The report"), ...notModified, ...problems(404) },
    }),
    async (c) => {
      return versioned(c, await getReport(ctx, c.env.caller, c.req.valid("param").report_id));
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: PATH,
      operationId: "listReports",
      summary: "List reports, newest first",
      tags: tags("reports", "seed"),
      security: publicRead,
      request: { query: ReportListQuery, headers: ifNoneMatch },
      responses: { 200: json(ReportList, "A page of reports"), ...notModified, ...problems() },
    }),
    async (c) => {
      return listed(c, await listReports(ctx, c.env.caller, c.req.valid("query")));
    },
  );
}

/** DELETE /reports/{report_id} */
function deleting(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "delete",
      path: `${PATH}/{report_id}`,
      operationId: "deleteReport",
      summary: "Delete a report and its file",
      tags: tags("reports", "seed"),
      security: signedIn,
      request: { query: noQuery, params: reportId },
      responses: { 204: { description: "It is deleted" }, ...problems(404) },
    }),
    async (c) => {
      await deleteReport(ctx, c.req.valid("param").report_id);
      return c.body(null, 204);
    },
  );
}

/** GET /reports/{report_id}/download */
function downloading(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{report_id}/download`,
      operationId: "downloadReport",
      summary: "Download a report's file",
      tags: tags("reports", "seed"),
      security: publicRead,
      request: { query: noQuery, params: reportId, headers: ifNoneMatch },
      responses: {
        200: {
          description: "The file; its ETag is the SHA-256 of the bytes",
          content: { "application/json": { schema: z.looseObject({}).openapi("ReportDocument") } },
        },
        ...notModified,
        ...problems(404, 409, 410),
      },
    }),
    async (c) => {
      const { bytes, sha256, media_type, file_name } = await downloadReport(ctx, c.req.valid("param").report_id);
      if (isFresh(c, sha256)) return c.body(null, 304);
      const headers = { "content-type": media_type, "content-disposition": attachment(file_name) };
      return c.body(bytes, 200, headers) as unknown as Response & { _status: 200 }; // bytes, not a value to serialise
    },
  );
}

/** Seconds that the caller is willing to wait (RFC 7240). */
function preferredWait(c: C): number {
  const asked = /(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])/.exec(c.req.header("prefer") ?? "")?.[1];
  return asked === undefined ? WAIT_S : Math.min(Number(asked), MOST_WAIT_S);
}

/** RFC 6266: a plain name for old clients, the real one in UTF-8; neither can break out of its header. */
function attachment(name: string): string {
  const plain = name.replace(/[^\w .()-]/g, "_");
  const full = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`;
}
