import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { BackfillRequest, BackfillResponse } from "../services/jobs/backfill_schema.ts";
import { backfillJob } from "../services/jobs/mod.ts";
import { nextRuns, previewSchedule } from "../services/jobs/preview.ts";
import {
  JobNextRuns,
  JobStatsQuery,
  NextRunsQuery,
  ScheduledJobStats,
  SchedulePreview,
  SchedulePreviewRequest,
} from "../services/jobs/schedule_schema.ts";
import { jobStats, MOST_READ } from "../services/jobs/stats.ts";
import { digested } from "./conditional.ts";
import {
  type App,
  BASE,
  body,
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
import { once } from "./once.ts";

const PATH = `${BASE}/jobs`;
const jobId = pathId("job_id");

/** What schedules mean, when jobs run next, how their runs went, and running a past range again. */
export function jobScheduleRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "post",
      path: `${PATH}/preview`,
      operationId: "previewSchedule",
      summary: "Read a schedule: in words, and its next runs",
      description: "It has no effect. Notes and warnings say what happens when clocks change, and on days that not " +
        "every month has.",
      tags: tags("jobs", "extension"),
      security: signedIn,
      request: { query: noQuery, body: body(SchedulePreviewRequest, "The schedule") },
      responses: { 200: json(SchedulePreview, "What it means"), ...problems(408, 413, 415) },
    }),
    async (c) => {
      c.header("cache-control", "no-store");
      return c.json(await previewSchedule(ctx, c.req.valid("json")), 200);
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{job_id}/next-runs`,
      operationId: "listNextRuns",
      summary: "When a job runs next",
      description: "What its schedule asks for and is not accounted for yet. A run that is still open when the next " +
        "one is due may have that one skipped, as the job's overlap rule says.",
      tags: tags("jobs", "extension"),
      security: publicRead,
      request: { query: NextRunsQuery, params: jobId, headers: ifNoneMatch },
      responses: { 200: json(JobNextRuns, "The runs to come"), ...notModified, ...problems(404) },
    }),
    async (c) => {
      return digested(c, await nextRuns(ctx, c.req.valid("param").job_id, c.req.valid("query").count));
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${PATH}/{job_id}/stats`,
      operationId: "getJobStats",
      summary: "How the runs of a job went",
      description: `Of the newest ${MOST_READ} runs in the window, at most. Also of a job that was deleted.`,
      tags: tags("jobs", "extension"),
      security: publicRead,
      request: { query: JobStatsQuery, params: jobId, headers: ifNoneMatch },
      responses: { 200: json(ScheduledJobStats, "Counters and figures"), ...notModified, ...problems(404) },
    }),
    async (c) => {
      return digested(c, await jobStats(ctx, c.req.valid("param").job_id, c.req.valid("query").days));
    },
  );

  app.openapi(
    createRoute({
      method: "post",
      path: `${PATH}/{job_id}/backfill`,
      operationId: "backfillJob",
      summary: "Run a past range of a job's schedule again",
      description:
        "A run for each occurrence of the schedule as it stands now, with the window it had. They wait in line " +
        "unless the job allows overlap. The same range again makes only what is missing; `preview` makes nothing.",
      tags: tags("jobs", "extension"),
      security: signedIn,
      request: { query: noQuery, params: jobId, body: body(BackfillRequest, "The range") },
      responses: { 202: json(BackfillResponse, "What the range asks for"), ...problems(404, ...bodyProblems) },
    }),
    async (c) => {
      const { job_id } = c.req.valid("param");
      const answer = await once(c, ctx, async (ctx) => {
        return { status: 202, body: await backfillJob(ctx, job_id, c.req.valid("json")) };
      });
      ctx.runs.wake();
      return answer;
    },
  );
}
