import { byName, namesIn } from "../analytics/by_name.ts";
import type { Counts } from "../analytics/counts.ts";
import { type Figure, figure, type Quotient, type Rate, rate } from "../analytics/figures.ts";
import type { Totals } from "../analytics/totals.ts";
import type { Followers } from "./followers.ts";

/** What is counted of posts. */
export const POSTS = ["post_published", "post_reach", "post_impressions"] as const;
/** The kinds of engagement, by the word of the answer. */
export const KINDS = {
  likes: "post_likes",
  comments: "post_comments",
  shares: "post_shares",
  clicks: "post_clicks",
  saves: "post_saves",
} as const;
export type Kind = keyof typeof KINDS;
export type EngagementName = typeof KINDS[Kind];
export const ENGAGEMENTS: readonly EngagementName[] = Object.values(KINDS);

/** All flows of social media. */
export const FLOWS = [...POSTS, ...ENGAGEMENTS] as const;
export type SocialFlow = typeof FLOWS[number];

/** engagements = likes + comments + shares + clicks + saves; of those that are known, null where none is. */
export function engagementsOf(totals: Totals<EngagementName>): number | null {
  const known = ENGAGEMENTS.map((name) => totals[name]).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** The numbers of posts and of their audience, all together or of one platform. */
export type Performance =
  & Record<"posts" | "reach" | "impressions" | "engagements" | Kind | "followers" | "net_adds", Figure>
  & Record<SocialRate, Rate>;

/** The rates, each by its definition in `ratesOf`. */
export const RATES = [
  "engagement_rate_by_reach",
  "engagement_rate_by_impressions",
  "engagement_rate_by_followers",
  "amplification",
  "follower_growth",
] as const;
export type SocialRate = typeof RATES[number];

/** Both windows of everything that is counted. */
export type Audience = { now: Followers; before: Followers };

/** The numbers of posts beside those of the period before. */
export function performanceOf(counts: Counts<SocialFlow>, followers: Audience): Performance {
  const { now, before } = counts;
  const flow = (name: SocialFlow) => figure("count", now[name], before[name]);
  return {
    posts: flow("post_published"),
    reach: flow("post_reach"),
    impressions: flow("post_impressions"),
    engagements: figure("count", engagementsOf(now), engagementsOf(before)),
    ...kindsOf(counts),
    followers: figure("count", followers.now.end, followers.before.end),
    net_adds: figure("count", followers.now.added, followers.before.added),
    ...ratesOf(counts, followers),
  };
}

/** Each kind of engagement beside that of the period before. */
export function kindsOf({ now, before }: Counts<EngagementName>): Record<Kind, Figure> {
  return byName(namesIn(KINDS), (kind) => figure("count", now[KINDS[kind]], before[KINDS[kind]]));
}

/**
 * - engagement_rate_by_reach = engagements / reach, by_impressions = engagements / impressions, by_followers =
 *   engagements / followers at the period's end: the three denominators in use (Hootsuite's ERR, ER
 *   impressions and ER post), each under its own name.
 * - amplification = shares / followers at the period's end (after Kaushik, Best Social Media Metrics, 2011).
 * - follower_growth = (end − start) / start, of the series of followers that had a level at the start.
 */
function ratesOf({ now, before }: Counts<SocialFlow>, followers: Audience): Record<SocialRate, Rate> {
  const both = (of: (totals: Totals<SocialFlow>, audience: Followers) => Quotient) =>
    rate(of(now, followers.now), of(before, followers.before));
  const engagedBy = (of: (totals: Totals<SocialFlow>, audience: Followers) => number | null) =>
    both((totals, audience) => ({ numerator: engagementsOf(totals), denominator: of(totals, audience) }));
  return {
    engagement_rate_by_reach: engagedBy((totals) => totals.post_reach),
    engagement_rate_by_impressions: engagedBy((totals) => totals.post_impressions),
    engagement_rate_by_followers: engagedBy((_, { end }) => end),
    amplification: both(({ post_shares }, { end }) => ({ numerator: post_shares, denominator: end })),
    follower_growth: both((_, { start, added }) => ({ numerator: added, denominator: start })),
  };
}
