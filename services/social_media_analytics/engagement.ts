import { slotSums, slotSumsOfRows } from "../../db/social_media_analytics.ts";
import { namesIn } from "../analytics/by_name.ts";
import { countsOf } from "../analytics/counts.ts";
import { figure, rate } from "../analytics/figures.ts";
import { domainMeta, type DomainQuestion, domainQuestion } from "../analytics/question.ts";
import { groupOf, targetsOf } from "../analytics/targets.ts";
import { intervalFor } from "../analytics/trend.ts";
import { nothingFiltered } from "../analytics/wording.ts";
import type { Needs } from "../context.ts";
import type { Source } from "../metrics/groups.ts";
import { bestSlot, heatmapOf, oneHourOnly, SLOT_GROUPS, weekdayCounts, wholeHours, zoneSpans } from "./heatmap.ts";
import { ENGAGEMENTS, engagementsOf, KINDS, kindsOf } from "./rates.ts";
import type { SocialEngagement, SocialEngagementQuery } from "./schema.ts";
import { kindsOfTotals, onPlatform, unrecorded } from "./wording.ts";

/**
 * What people did with posts, by kind, by period, and by the hours of the week. Reads the roll-ups; the rows of the window
 * with `platform`, and where the zone's offset is no whole hour.
 * @throws {DomainError} `invalid` for a window that cannot be, or of more than 1,000 periods
 */
export async function getSocialEngagement(
  ctx: Needs<"db" | "config">,
  query: SocialEngagementQuery,
): Promise<SocialEngagement> {
  const question = await domainQuestion(ctx, "social_media", query);
  const interval = intervalFor(query.interval, question.window);
  const counts = await countsOf(ctx, question, ENGAGEMENTS, { interval, filters: onPlatform(query.platform) });
  const { source, heatmap } = await readHeatmap(ctx, question, query.platform);
  const reason = nothingFiltered(question, ENGAGEMENTS, {
    key: "platform",
    value: query.platform,
    found: counts.found,
  });
  return {
    engagements: figure("count", engagementsOf(counts.now), engagementsOf(counts.before)),
    by_kind: byKind(counts),
    interval,
    trend: reason !== null ? [] : counts.periods.map(({ period, complete, totals }) => ({
      ...{ period, complete },
      engagements: engagementsOf(totals),
      ...kindsOfTotals(totals),
    })),
    heatmap,
    best_slot: bestSlot(heatmap),
    reason,
    meta: domainMeta(question, source === "rows" ? source : counts.source, {
      names: ENGAGEMENTS,
      warnings: [
        ...unrecorded(question),
        ...(oneHourOnly(heatmap)
          ? ["All engagements stand in one hour of the day: their readings tell days, not hours"]
          : []),
      ],
    }),
  };
}

/** The kinds of engagement that are known, the largest first. */
function byKind(counts: Parameters<typeof kindsOf>[0]): SocialEngagement["by_kind"] {
  const figures = kindsOf(counts);
  const total = { now: engagementsOf(counts.now), before: engagementsOf(counts.before) };
  return namesIn(KINDS).filter((kind) => figures[kind].value !== null).map((kind) => {
    const count = figures[kind];
    const share = rate(
      { numerator: count.value, denominator: total.now },
      { numerator: count.previous, denominator: total.before },
    );
    return { kind, count, share };
  }).sort((a, b) => (b.count.value ?? 0) - (a.count.value ?? 0));
}

async function readHeatmap(
  ctx: Needs<"db">,
  { series, window, today }: DomainQuestion,
  platform: string | undefined,
): Promise<{ source: Source; heatmap: SocialEngagement["heatmap"] }> {
  const spans = zoneSpans(window);
  const source = platform === undefined && wholeHours(spans) ? "rollups" : "rows";
  const targets = targetsOf(series, {
    ...groupOf(ENGAGEMENTS, SLOT_GROUPS.engagements),
    post_published: SLOT_GROUPS.posts,
  });
  const axis = { by: "time" as const, cuts: [spans[0]?.start ?? "infinity", spans.at(-1)?.end ?? "infinity"] };
  const sums = source === "rollups"
    ? await slotSums(ctx.db, targets, spans)
    : await slotSumsOfRows(ctx.db, { targets, axis, filters: onPlatform(platform) }, spans);
  const last = window.end_date < today ? window.end_date : today;
  return { source, heatmap: heatmapOf(sums, weekdayCounts(window.start_date, last)) };
}
