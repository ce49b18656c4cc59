import type { DimensionFilter } from "../../db/metric_cells.ts";
import { byName, namesIn } from "../analytics/by_name.ts";
import type { DomainQuestion } from "../analytics/question.ts";
import type { Totals } from "../analytics/totals.ts";
import { ratesAboveOne } from "../analytics/wording.ts";
import { dimensionFilters } from "../metrics/queries.ts";
import { type EngagementName, ENGAGEMENTS, type Kind, KINDS, type Performance } from "./rates.ts";

/** The filter of a platform; none where it is not asked for. */
export function onPlatform(platform: string | undefined): DimensionFilter[] {
  return platform === undefined ? [] : dimensionFilters({ "dimension.platform": platform });
}

/** The kinds of engagement by the words of the answer. */
export function kindsOfTotals(totals: Totals<EngagementName>): Record<Kind, number | null> {
  return byName(namesIn(KINDS), (kind) => totals[KINDS[kind]]);
}

/** Which kinds of engagement the sum does not have, where it has any. */
export function unrecorded({ series }: Pick<DomainQuestion, "series">): string[] {
  const missing = ENGAGEMENTS.filter((name) => !series.some((one) => one.metric_name === name));
  if (missing.length === 0 || missing.length === ENGAGEMENTS.length) return [];
  return [`Never recorded, so not part of engagements: ${missing.join(", ")}`];
}

/** Says which rates are above 1 although a part cannot exceed its whole. */
export function aboveOne(performance: Performance, whose?: string): string[] {
  const { engagement_rate_by_reach, engagement_rate_by_impressions } = performance;
  const why = "engagements of the period with posts that were shown before it count too";
  return ratesAboveOne({ engagement_rate_by_reach, engagement_rate_by_impressions }, why, whose);
}

/** Which platforms have no part in net_adds and follower_growth. */
export function startless(platforms: readonly string[]): string[] {
  if (platforms.length === 0) return [];
  return [`Followers first read in this period, so not in net_adds and follower_growth: ${platforms.join(", ")}`];
}
