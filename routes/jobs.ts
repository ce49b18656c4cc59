import { createRoute } from "@hono/zod-openapi";
import type { Caller } from "../services/access.ts";
import type { Ctx } from "../services/context.ts";
import { createJob, deleteJob, getJob, listJobRuns, listJobs, triggerJob, updateJob } from "../services/jobs/mod.ts";
import {
  JobRunList,
  JobRunListQuery,
  JobRunResponse,
  JobTriggerRequest,
  ScheduledJobBase,
  ScheduledJobCreate,
  ScheduledJobList,
  ScheduledJobListQuery,
  ScheduledJobResponse,
  ScheduledJobUpdate,
} from "../services/jobs/schema.ts";
import { listed } from "./conditional.ts";
import {
  type App,
  BASE,
  body,
  bodyProblems,
  expectedVersion,
  ifMatch,
  ifNoneMatch,
  isFresh,
  json,
  mayBeEmpty,
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

const PATH = `${BASE}/jobs`;
const jobId = pathId("job_id");

/** Scheduled jobs: what is done when, by itself or on demand. */
export function jobRoutes(app: App, ctx: Ctx): void {
  app.openAPIRegistry.register("ScheduledJobBase", ScheduledJobBase);

  app.openapi(
    createRoute({
      method: "post",
      path: PATH,
      operationId: "createJob",
      summary: "Schedule a job",
      description: "Every occurrence from now on is accounted for: by a run, or by a skipped row that says why not.",
      tags: tags("jobs", "seed"),
      security: signedIn,
      request: { query: noQuery, body: body(ScheduledJobCreate, "The job") },
      responses: { 201: json(ScheduledJobResponse, "The job, with its next run"), ...problems(...bodyProblems) },
    }),
    async (c) => {
      const answer = await once(c, ctx, async (ctx) => {
        const job = await createJob(ctx, c.env.caller, c.req.valid("json"));
        return { status: 201, location: `${PATH}/${job.id}`, body: job };
      });
      ctx.runs.wake();
      return answer;
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: PATH,
      operationId: "listJobs",
      summary: "List scheduled jobs, newest first",
      tags: tags("jobs", "seed"),
      security: publicRead,
      request: { query: ScheduledJobListQuery, headers: ifNoneMatch },
      responses: { 200: json(ScheduledJobList, "A page of jobs"), ...notModified, ...problems() },
    }),
    async (c) => {
      return listed(c, await listJobs(ctx, c.env.caller, c.req.valid("query")));
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{job_id}`,
      operationId: "getJob",
      summary: "Read a scheduled job",
      tags: tags("jobs", "seed"),
      security: publicRead,
      request: { query: noQuery, params: jobId, headers: ifNoneMatch },
      responses: { 200: json(ScheduledJobResponse, "The job"), ...notModified, ...problems(404) },
    }),
    async (c) => {
      const job = await getJob(ctx, c.env.caller, c.req.valid("param").job_id);
      if (isFresh(c, tagOf(job, c.env.caller))) return c.body(null, 304);
      return c.json(job, 200);
    },
  );

  app.openapi(
    createRoute({
      method: "put",
      path: `${PATH}/{job_id}`,
      operationId: "updateJob",
      summary: "Change a scheduled job",
      description: "What is left out stays. Occurrences up to now are accounted by the old terms first.",
      tags: tags("jobs", "seed"),
      security: signedIn,
      request: { query: noQuery, params: jobId, headers: ifMatch, body: body(ScheduledJobUpdate, "What changes") },
      responses: { 200: json(ScheduledJobResponse, "The job afterwards"), ...problems(404, 408, 412, 413, 415) },
    }),
    async (c) => {
      const edit = { changes: c.req.valid("json"), expected: expectedVersion(c) };
      const job = await updateJob(ctx, c.env.caller, c.req.valid("param").job_id, edit);
      ctx.runs.wake();
      c.header("etag", `"${tagOf(job, c.env.caller)}"`);
      return c.json(job, 200);
    },
  );

  app.openapi(
    createRoute({
      method: "delete",
      path: `${PATH}/{job_id}`,
      operationId: "deleteJob",
      summary: "Stop and hide a scheduled job",
      tags: tags("jobs", "seed"),
      security: signedIn,
      request: { query: noQuery, params: jobId, headers: ifMatch },
      responses: {
        204: { description: "It is hidden; waiting runs are cancelled, and all its runs stay on record" },
        ...problems(404, 412),
      },
    }),
    async (c) => {
      await deleteJob(ctx, c.req.valid("param").job_id, expectedVersion(c));
      return c.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      method: "post",
      path: `${PATH}/{job_id}/trigger`,
      operationId: "triggerJob",
      summary: "Run a job now",
      description: "Paused or not. The run waits for an earlier one that is open, unless the job allows overlap.",
      tags: tags("jobs", "seed"),
      security: signedIn,
      middleware: mayBeEmpty,
      request: {
        query: noQuery,
        params: jobId,
        body: { ...body(JobTriggerRequest, "May be empty"), required: false },
      },
      responses: {
        202: json(JobRunResponse, "The run; its job follows it to its end"),
        ...problems(404, ...bodyProblems),
      },
    }),
    async (c) => {
      const key = c.req.header("idempotency-key") ?? null;
      const { job_id } = c.req.valid("param");
      const answer = await once(c, ctx, async (ctx) => {
        const run = await triggerJob(ctx, c.env.caller, job_id, { ...c.req.valid("json"), key });
        return { status: 202, location: `${BASE}/runs/${run.id}`, body: run };
      });
      ctx.runs.wake();
      return answer;
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{job_id}/runs`,
      operationId: "listJobRuns",
      summary: "The runs of a job, newest first",
      description: "Also of a job that was deleted.",
      tags: tags("jobs", "extension"),
      security: publicRead,
      request: { query: JobRunListQuery, params: jobId, headers: ifNoneMatch },
      responses: { 200: json(JobRunList, "A page of runs"), ...notModified, ...problems(404) },
    }),
    async (c) => {
      return listed(c, await listJobRuns(ctx, c.env.caller, c.req.valid("param").job_id, c.req.valid("query")));
    },
  );
}

/** The version, which edits move, and what runs move without being an edit. */
function tagOf(job: ScheduledJobResponse, caller: Caller): string {
  const { version, run_count, last_status, next_run_at } = job;
  return `${version}.${run_count}.${last_status ?? "none"}.${Date.parse(next_run_at ?? "1970-01-01")}.${
    projection(caller)
  }`;
}
