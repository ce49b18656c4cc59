import { z } from "@hono/zod-openapi";
import { Figure, Rate } from "../analytics/figures.ts";
import { DomainMeta, DomainQuery, reason } from "../analytics/schema.ts";
import { interval, MOST_PERIODS, periodShape, TREND_INTERVALS } from "../analytics/trend.ts";
import { queryInteger } from "../paging.ts";
import { strict, text } from "../schema.ts";

/** Rows of the lists of these answers, at most. */
export const MOST_POSTS = 50;
export const MOST_PLATFORMS = 50;
export const DEFAULT_POSTS = 10;

const platformFilter = text(64).optional().describe("Only of this platform, such as instagram");

/** What the performance is asked with. */
export const SocialPerformanceQuery = strict({
  ...DomainQuery.shape,
  platform: platformFilter,
  interval,
  top: queryInteger(0, MOST_POSTS).optional().describe(`Rows of top_posts, ${DEFAULT_POSTS} when absent`),
});
export type SocialPerformanceQuery = z.infer<typeof SocialPerformanceQuery>;

/** What the platforms are asked with. */
export const SocialPlatformsQuery = DomainQuery;
export type SocialPlatformsQuery = z.infer<typeof SocialPlatformsQuery>;

/** What the engagement is asked with. */
export const SocialEngagementQuery = strict({ ...DomainQuery.shape, platform: platformFilter, interval });
export type SocialEngagementQuery = z.infer<typeof SocialEngagementQuery>;

const SUM_OF_KINDS = "likes + comments + shares + clicks + saves, of those that are recorded";
const engagements = Figure.describe(SUM_OF_KINDS);

/** Each kind of engagement. */
const kinds = {
  likes: Figure.describe("Σ post_likes"),
  comments: Figure.describe("Σ post_comments"),
  shares: Figure.describe("Σ post_shares"),
  clicks: Figure.describe("Σ post_clicks"),
  saves: Figure.describe("Σ post_saves"),
};

/** The numbers of all posts, or of those of one platform. */
const performance = {
  posts: Figure.describe("Σ post_published"),
  reach: Figure.describe(
    "Σ post_reach: people reached, added over the posts; somebody whom two posts reach counts twice",
  ),
  impressions: Figure.describe("Σ post_impressions: times a post was shown"),
  engagements,
  ...kinds,
  engagement_rate_by_reach: Rate.describe("engagements / reach"),
  engagement_rate_by_impressions: Rate.describe("engagements / impressions"),
  engagement_rate_by_followers: Rate.describe("engagements / followers at the period's end"),
  amplification: Rate.describe("shares / followers at the period's end"),
  followers: Figure.describe("Followers at the period's end, or now: the last reading of each platform, added up"),
  net_adds: Figure.describe(
    "Followers at the period's end − those at the end of the day before it, over the platforms read by then; one that " +
      "is first read later has no start to compare with",
  ),
  follower_growth: Rate.describe("net_adds / followers at the end of the day before the period, of the same platforms"),
};

const counted = z.number().nullable();
const postPoint = {
  ...periodShape,
  ...{ posts: counted, reach: counted, impressions: counted },
  engagements: counted.describe(SUM_OF_KINDS),
  ...{ likes: counted, comments: counted, shares: counted, clicks: counted, saves: counted },
};

/** The reach of posts, and what people did with them. */
export const SocialPerformance = z.strictObject({
  ...performance,
  interval: z.enum(TREND_INTERVALS),
  trend: z.array(z.strictObject({
    ...postPoint,
    engagement_rate_by_reach: counted.describe("engagements / reach"),
    followers: counted.describe("At the period's end, or now"),
  })).max(MOST_PERIODS).describe("Every period of the window that has begun; null before the first reading"),
  top_posts: z.array(z.strictObject({
    post_id: z.string(),
    platform: z.string().nullable(),
    content_type: z.string().nullable().describe("As its readings in the window say"),
    reach: counted.describe("Recorded in the window; null for a post that was published before it"),
    engagements: z.number().describe("Recorded in the window, whenever it was published"),
    engagement_rate_by_reach: counted.describe("engagements / reach"),
  })).max(MOST_POSTS).describe("The posts with the most engagements in the window"),
  reason,
  meta: DomainMeta,
}).openapi("SocialPerformance");
export type SocialPerformance = z.infer<typeof SocialPerformance>;

/** The same by platform. */
export const SocialPlatforms = z.strictObject({
  platforms: z.array(z.strictObject({
    rank: z.int().describe("By engagements, then reach"),
    platform: z.string().nullable().describe("Null: readings that name none"),
    ...performance,
    share_of_engagements: Rate.describe("engagements / those of all platforms; the shares add up to 1"),
  })).max(MOST_PLATFORMS).describe(
    "Also platforms with readings in the period before alone, or only followers; null is what neither has of a platform",
  ),
  total: z.int().describe("Platforms before the limit"),
  reason,
  meta: DomainMeta,
}).openapi("SocialPlatforms");
export type SocialPlatforms = z.infer<typeof SocialPlatforms>;

const hours = z.array(z.number()).length(24);

/** What people did with posts, and when. */
export const SocialEngagement = z.strictObject({
  engagements,
  by_kind: z.array(z.strictObject({
    kind: z.enum(["likes", "comments", "shares", "clicks", "saves"]),
    count: Figure,
    share: Rate.describe("count / engagements"),
  })).max(5).describe("The largest first"),
  interval: z.enum(TREND_INTERVALS),
  trend: z.array(z.strictObject({
    ...periodShape,
    engagements: postPoint.engagements,
    ...{ likes: counted, comments: counted, shares: counted, clicks: counted, saves: counted },
  })).max(MOST_PERIODS).describe("Every period of the window that has begun; null before the first reading"),
  heatmap: z.array(z.strictObject({
    weekday: z.int().min(1).max(7).describe("1 is Monday (ISO 8601)"),
    days: z.int().describe("Days of the window that are this weekday and have begun"),
    engagements: hours.describe("By the hour of the day in the window's zone, 0 to 23"),
    posts: hours.describe("Posts published, likewise"),
  })).max(7).describe("By the timestamps of the readings; 7 weekdays, or none where there is no engagement"),
  best_slot: z.strictObject({
    weekday: z.int().min(1).max(7),
    hour: z.int().min(0).max(23),
    engagements: z.number(),
    per_day: z.number().describe("engagements / days: a weekday that the window has more of gets no advantage"),
  }).nullable().describe("The hour of the week with the most engagements per day; null where the hours say nothing"),
  reason,
  meta: DomainMeta,
}).openapi("SocialEngagement");
export type SocialEngagement = z.infer<typeof SocialEngagement>;
