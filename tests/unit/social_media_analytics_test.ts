import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import type { FollowerReading } from "../../db/social_media_analytics.ts";
import { followersIn, newcomers } from "../../services/social_media_analytics/followers.ts";
import {
  bestSlot,
  heatmapOf,
  oneHourOnly,
  SLOT_GROUPS,
  weekdayCounts,
  wholeHours,
  zoneSpans,
} from "../../services/social_media_analytics/heatmap.ts";
import { ranked } from "../../services/social_media_analytics/platforms.ts";
import { engagementsOf, performanceOf } from "../../services/social_media_analytics/rates.ts";
import { addDays } from "../../services/days.ts";

const NONE = {
  ...{ post_published: null, post_reach: null, post_impressions: null },
  ...{ post_likes: null, post_comments: null, post_shares: null, post_clicks: null, post_saves: null },
};
const nobody = { start: null, end: null, added: null };
const unknown = { now: nobody, before: nobody };

Deno.test("engagements are the sum of the kinds that are known, and not known where none is", () => {
  equal(engagementsOf(NONE), null);
  equal(engagementsOf({ ...NONE, post_likes: 3, post_saves: 0 }), 3);
  equal(engagementsOf({ post_likes: 1, post_comments: 2, post_shares: 4, post_clicks: 8, post_saves: 16 }), 31);
});

Deno.test("each engagement rate has its own denominator, and none without one", () => {
  const now = { ...NONE, post_likes: 30, post_shares: 10, post_reach: 400, post_impressions: 0 };
  const rates = performanceOf({ now, before: NONE }, { now: { start: 900, end: 1_000, added: 90 }, before: nobody });
  equal(rates.engagement_rate_by_reach.value, 0.1); // 40 of 400
  equal([rates.engagement_rate_by_impressions.value, rates.engagement_rate_by_impressions.denominator], [null, 0]);
  equal(rates.engagement_rate_by_followers.value, 0.04); // 40 of 1000
  equal([rates.amplification.value, rates.follower_growth.value], [0.01, 0.1]); // 10 of 1000; 90 of 900
  equal(rates.engagement_rate_by_reach.previous, null);
});

const reading = (platform: string, cut: number, level: number): FollowerReading => ({
  ...{ platform, series: `count ["${platform}"]`, cut, level },
});

Deno.test("a level holds until the next reading, and who is first read in the window has no growth in it", () => {
  const history = {
    days: ["2025-11-01", "2025-12-01", "2026-01-01"],
    readings: [reading("a", 0, 100), reading("a", 2, 130), reading("b", 1, 50), reading("c", 2, 7)],
  };
  const december = { start_date: "2025-12-01", end_date: "2025-12-31" };
  equal(followersIn(history, december), { start: 150, end: 187, added: 30 }); // 130 + 50 − 150; c is new
  equal(newcomers(history, december), ["c"]);
  equal(followersIn(history, { start_date: "2025-11-01", end_date: "2025-11-30" }), { start: 100, end: 150, added: 0 });
});

Deno.test("platforms of equal engagements are ranked by reach, and the unknown come last", () => {
  const part = (platform: string | null, now: object) => ({
    ...{ platform, counts: { now: { ...NONE, ...now }, before: NONE }, followers: unknown },
  });
  const rows = ranked([
    part("unknown", {}),
    part("b", { post_likes: 5, post_reach: 10 }),
    part("a", { post_likes: 5, post_reach: 20 }),
    part(null, { post_likes: 0 }),
  ]);
  equal(rows.map((row) => [row.rank, row.platform, row.share_of_engagements.value]), [
    [1, "a", 0.5],
    [2, "b", 0.5],
    [3, null, 0],
    [4, "unknown", null],
  ]);
});

Deno.test("shares of engagements add up to one", () => {
  const counts = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(counts, (likes) => {
    const parts = likes.map((post_likes, i) => ({
      ...{ platform: `p${i}`, counts: { now: { ...NONE, post_likes }, before: NONE }, followers: unknown },
    }));
    const shares = ranked(parts).map((row) => row.share_of_engagements.value);
    if (likes.every((one) => one === 0)) return equal(new Set(shares), new Set([null]));
    ok(Math.abs(shares.reduce<number>((sum, share) => sum + (share ?? NaN), 0) - 1) < 1e-9);
  }));
});

Deno.test("the days of each weekday are those of the calendar", () => {
  equal(weekdayCounts("2025-12-01", "2025-12-09"), [2, 2, 1, 1, 1, 1, 1]); // Monday to Tuesday of the next week
  equal(weekdayCounts("2025-12-06", "2025-12-07"), [0, 0, 0, 0, 0, 1, 1]);
  equal(weekdayCounts("2025-12-06", "2025-12-05"), [0, 0, 0, 0, 0, 0, 0]);
  const day = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays("1970-01-01", days));
  fc.assert(fc.property(day, fc.integer({ min: 0, max: 40 }), (start, length) => {
    const naive = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i <= length; i++) {
      const weekday = (new Date(`${addDays(start, i)}T00:00:00Z`).getUTCDay() + 6) % 7;
      naive[weekday] = (naive[weekday] ?? 0) + 1;
    }
    equal(weekdayCounts(start, addDays(start, length)), naive);
  }));
});

Deno.test("a window is cut where its clocks change, and half hours are known from whole ones", () => {
  const autumn = { start_date: "2025-10-25", end_date: "2025-10-27" };
  equal(zoneSpans({ ...autumn, timezone: "Europe/Berlin" }), [
    { start: "2025-10-24T22:00:00.000", end: "2025-10-26T01:00:00.000", offset_s: 7_200 },
    { start: "2025-10-26T01:00:00.000", end: "2025-10-27T23:00:00.000", offset_s: 3_600 },
  ]);
  equal(wholeHours(zoneSpans({ ...autumn, timezone: "Europe/Berlin" })), true);
  equal(wholeHours(zoneSpans({ ...autumn, timezone: "Asia/Kolkata" })), false);
  // Lord Howe is 11 hours ahead in both its summers, and 10½ between them.
  const year = { start_date: "2024-12-01", end_date: "2025-12-01", timezone: "Australia/Lord_Howe" };
  equal(wholeHours(zoneSpans(year)), false);
});

Deno.test("the best slot is of the most per day, the earliest of equals, and of none where hours say nothing", () => {
  const slot = (weekday: number, hour: number, sum: number) => ({
    ...{ g: SLOT_GROUPS.engagements, weekday, hour, sum },
  });
  const days = [2, 1, 1, 1, 1, 1, 1];
  const best = (...sums: ReturnType<typeof slot>[]) => bestSlot(heatmapOf(sums, days));
  equal(best(slot(1, 9, 20), slot(3, 12, 15)), { weekday: 3, hour: 12, engagements: 15, per_day: 15 });
  equal(best(slot(1, 9, 20), slot(3, 12, 10)), { weekday: 1, hour: 9, engagements: 20, per_day: 10 });
  equal(best(slot(5, 0, 3)), { weekday: 5, hour: 0, engagements: 3, per_day: 3 });
  equal(best(slot(1, 0, 3), slot(2, 0, 4)), null); // stamped by the day
  equal([heatmapOf([], days), bestSlot([]), oneHourOnly([])], [[], null, false]);
});
