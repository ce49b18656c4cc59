import { type Counts, countsBy } from "../analytics/counts.ts";
import { type Quotient, rate } from "../analytics/figures.ts";
import { domainMeta, domainQuestion, nothingRecorded } from "../analytics/question.ts";
import type { Totals } from "../analytics/totals.ts";
import type { Needs } from "../context.ts";
import { audienceOf, byPlatform, followerHistory, FOLLOWERS, newcomers } from "./followers.ts";
import { type Audience, engagementsOf, FLOWS, type Performance, performanceOf, type SocialFlow } from "./rates.ts";
import { MOST_PLATFORMS, type SocialPlatforms, type SocialPlatformsQuery } from "./schema.ts";
import { aboveOne, startless, unrecorded } from "./wording.ts";

type Row = SocialPlatforms["platforms"][number];

/**
 * The performance of each platform, the most engaging first. Reads the rows of the period and of the one before, and the
 * levels of followers.
 * @throws {DomainError} `invalid` for a window that cannot be
 */
export async function getSocialPlatforms(
  ctx: Needs<"db" | "config">,
  query: SocialPlatformsQuery,
): Promise<SocialPlatforms> {
  const question = await domainQuestion(ctx, "social_media", query);
  const reason = nothingRecorded(question, [...FLOWS, FOLLOWERS]);
  const counts = await countsBy(ctx, question, FLOWS, "platform");
  const history = await followerHistory(ctx, question);
  const levels = byPlatform(history);
  const nobody = { days: history.days, readings: [] };
  const names = new Set([...counts.keys(), ...levels.keys()]);
  const parts = [...names].map((platform): Part => ({
    platform,
    counts: counts.get(platform) ?? UNKNOWN,
    followers: audienceOf(question, levels.get(platform) ?? nobody),
  }));
  const rows = reason === null ? ranked(parts) : [];
  const platforms = rows.slice(0, MOST_PLATFORMS);
  return {
    platforms,
    total: rows.length,
    reason,
    meta: domainMeta(question, "rows", {
      names: [...FLOWS, FOLLOWERS],
      warnings: [
        ...unrecorded(question),
        ...platforms.flatMap((row) => aboveOne(row, row.platform ?? "no platform")),
        ...startless(newcomers(history, question.window)),
        ...(rows.length > MOST_PLATFORMS ? [`${rows.length} platforms, of which these are the first`] : []),
      ],
    }),
  };
}

/** One platform: what was counted on it, and its followers. */
export type Part = { platform: string | null; counts: Counts<SocialFlow>; followers: Audience };

const NOTHING: Totals<SocialFlow> = {
  ...{ post_published: null, post_reach: null, post_impressions: null },
  ...{ post_likes: null, post_comments: null, post_shares: null, post_clicks: null, post_saves: null },
};
const UNKNOWN: Counts<SocialFlow> = { now: NOTHING, before: NOTHING };

/** The platforms by engagements, then reach, then name; what is not known comes last. */
export function ranked(parts: readonly Part[]): Row[] {
  const all = (of: "now" | "before") =>
    parts.reduce<number | null>((sum, { counts }) => {
      const own = engagementsOf(counts[of]);
      return own === null ? sum : (sum ?? 0) + own;
    }, null);
  const share = (counts: Counts<SocialFlow>, of: "now" | "before"): Quotient => ({
    numerator: engagementsOf(counts[of]),
    denominator: all(of),
  });
  return parts.map(({ platform, counts, followers }) => ({
    platform,
    ...performanceOf(counts, followers),
    share_of_engagements: rate(share(counts, "now"), share(counts, "before")),
  })).sort(byEngagements).map((row, i) => ({ rank: i + 1, ...row }));
}

type Ranked = Performance & Pick<Row, "platform">;

function byEngagements(a: Ranked, b: Ranked): number {
  const of = (row: Ranked) => [row.engagements.value ?? -1, row.reach.value ?? -1] as const;
  const [[a1, a2], [b1, b2]] = [of(a), of(b)];
  return b1 - a1 || b2 - a2 || (textOf(a) < textOf(b) ? -1 : 1);
}

const textOf = ({ platform }: Ranked) => platform ?? "\uffff";
