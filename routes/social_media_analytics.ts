import { createRoute } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import {
  getSocialEngagement,
  getSocialPerformance,
  getSocialPlatforms,
} from "../services/social_media_analytics/mod.ts";
import {
  SocialEngagement,
  SocialEngagementQuery,
  SocialPerformance,
  SocialPerformanceQuery,
  SocialPlatforms,
  SocialPlatformsQuery,
} from "../services/social_media_analytics/schema.ts";
import { digested } from "./conditional.ts";
import { type App, BASE, ifNoneMatch, json, notModified, problems, publicRead, tags } from "./kit.ts";

const PATH = `${BASE}/analytics/social-media`;
const about = { method: "get", tags: tags("analytics", "seed"), security: publicRead } as const;

/** Social media: what posts reach, on which platforms, and what people do with them, when. */
export function socialMediaAnalyticsRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      ...about,
      path: `${PATH}/performance`,
      operationId: "getSocialPerformance",
      summary: "What posts reached, and the audience that they made",
      description:
        "Posts, reach, engagement by its three denominators, and followers, with their trend and the posts with the most " +
        "engagements. Late engagements count in the period in which they were made.",
      request: { query: SocialPerformanceQuery, headers: ifNoneMatch },
      responses: { 200: json(SocialPerformance, "The numbers"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getSocialPerformance(ctx, c.req.valid("query"))),
  );

  app.openapi(
    createRoute({
      ...about,
      path: `${PATH}/platforms`,
      operationId: "getSocialPlatforms",
      summary: "The performance of each platform, ranked",
      description: "Ranked by engagements. A platform that fell silent since the period before stays in the list.",
      request: { query: SocialPlatformsQuery, headers: ifNoneMatch },
      responses: { 200: json(SocialPlatforms, "The platforms"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getSocialPlatforms(ctx, c.req.valid("query"))),
  );

  app.openapi(
    createRoute({
      ...about,
      path: `${PATH}/engagement`,
      operationId: "getSocialEngagement",
      summary: "What people did with posts, and when in the week",
      description:
        "Engagements by kind and by period, and a heatmap of 7 weekdays by 24 hours in the window's zone, by the " +
        "timestamps of the readings.",
      request: { query: SocialEngagementQuery, headers: ifNoneMatch },
      responses: { 200: json(SocialEngagement, "The engagements"), ...notModified, ...problems() },
    }),
    async (c) => digested(c, await getSocialEngagement(ctx, c.req.valid("query"))),
  );
}
