import { POST_GROUPS, topPosts } from "../../db/social_media_analytics.ts";
import { cutOf } from "../analytics/cut.ts";
import { type CountsByPeriod, countsOf } from "../analytics/counts.ts";
import { quotient } from "../analytics/figures.ts";
import { domainMeta, type DomainQuestion, domainQuestion } from "../analytics/question.ts";
import { groupOf, targetsOf } from "../analytics/targets.ts";
import { intervalFor } from "../analytics/trend.ts";
import { lostRows, nothingFiltered } from "../analytics/wording.ts";
import type { Needs } from "../context.ts";
import {
  audienceOf,
  type FollowerHistory,
  followerHistory,
  FOLLOWERS,
  followersAfter,
  newcomers,
} from "./followers.ts";
import { ENGAGEMENTS, engagementsOf, FLOWS, performanceOf, POSTS, type SocialFlow } from "./rates.ts";
import { DEFAULT_POSTS, type SocialPerformance, type SocialPerformanceQuery } from "./schema.ts";
import { aboveOne, kindsOfTotals, onPlatform, startless, unrecorded } from "./wording.ts";

/**
 * The reach of posts and what people did with them, of all platforms or of one. Reads the roll-ups and the levels of
 * followers; the rows of the window for `top_posts` and with `platform`.
 * @throws {DomainError} `invalid` for a window that cannot be, or of more than 1,000 periods
 */
export async function getSocialPerformance(
  ctx: Needs<"db" | "config">,
  query: SocialPerformanceQuery,
): Promise<SocialPerformance> {
  const { platform, top = DEFAULT_POSTS } = query;
  const question = await domainQuestion(ctx, "social_media", query);
  const interval = intervalFor(query.interval, question.window);
  const counts = await countsOf(ctx, question, FLOWS, { interval, filters: onPlatform(platform) });
  const history = await followerHistory(ctx, question, counts.periods, platform);
  const performance = performanceOf(counts, audienceOf(question, history));
  const reason = nothingFiltered(question, [...FLOWS, FOLLOWERS], {
    ...{ key: "platform", value: platform },
    found: counts.found || history.readings.length > 0,
  });
  return {
    ...performance,
    interval,
    trend: reason === null ? trendOf(counts, history) : [],
    top_posts: top === 0 || reason !== null ? [] : await readTopPosts(ctx, question, platform, top),
    reason,
    meta: domainMeta(question, counts.source, {
      names: [...FLOWS, FOLLOWERS],
      warnings: [
        ...unrecorded(question),
        ...aboveOne(performance),
        ...startless(newcomers(history, question.window)),
        ...(top > 0 && counts.source === "rollups" ? lostRows(question, "top_posts") : []),
      ],
    }),
  };
}

function trendOf({ periods }: CountsByPeriod<SocialFlow>, history: FollowerHistory): SocialPerformance["trend"] {
  return periods.map(({ period, complete, end_date, totals }) => {
    const engagements = engagementsOf(totals);
    return {
      ...{ period, complete },
      ...{ posts: totals.post_published, reach: totals.post_reach, impressions: totals.post_impressions, engagements },
      ...kindsOfTotals(totals),
      engagement_rate_by_reach: quotient({ numerator: engagements, denominator: totals.post_reach }),
      followers: followersAfter(history, end_date),
    };
  });
}

async function readTopPosts(
  ctx: Needs<"db" | "config">,
  { series, window }: DomainQuestion,
  platform: string | undefined,
  limit: number,
): Promise<SocialPerformance["top_posts"]> {
  const targets = targetsOf(series, {
    ...groupOf(POSTS, POST_GROUPS.rest),
    post_reach: POST_GROUPS.reach,
    ...groupOf(ENGAGEMENTS, POST_GROUPS.engagements),
  });
  const axis = cutOf(ctx, window);
  const posts = await topPosts(ctx.db, { targets, axis, filters: onPlatform(platform) }, limit);
  return posts.map((post) => ({
    ...post,
    engagement_rate_by_reach: quotient({ numerator: post.engagements, denominator: post.reach }),
  }));
}
