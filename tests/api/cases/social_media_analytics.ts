import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { anonymous, type App } from "../../support/app.ts";
import { gift, reader, send } from "../../support/gifts.ts";

const PATH = "/api/v1/analytics/social-media";
const WEEK = "start_date=2025-12-01&end_date=2025-12-07"; // Monday to Sunday; the week before is 24 to 30 November

const row = (metric_type: string, metric_name: string, metric_value: number, timestamp: string, dimensions: object) =>
  gift({
    ...{ service_name: "social_media", metric_type, metric_name, metric_unit: "count" },
    ...{ metric_value, timestamp: `2025-${timestamp}:00Z`, dimensions },
  });

type Of = { platform: string; post_id: string };
const published = (of: Of & { content_type: string }, at: string, reach: number, impressions: number) => [
  row("social_post", "post_published", 1, at, of),
  row("social_post", "post_reach", reach, at, of),
  row("social_post", "post_impressions", impressions, at, of),
];
const engaged = (kind: string, of: Of, value: number, at: string) => row("engagement", `post_${kind}`, value, at, of);
const followers = (platform: string, value: number, at: string) =>
  row("engagement", "followers", value, at, { platform });

const FB0 = { platform: "facebook", post_id: "fb-0" };
const FB1 = { platform: "facebook", post_id: "fb-1" };
const IG1 = { platform: "instagram", post_id: "ig-1" };
const LI0 = { platform: "linkedin", post_id: "li-0" };

/**
 * A week of two posts, and the week before of two others.
 * The week: facebook 50 likes, 5 comments, 10 shares, 20 clicks, 5 saves = 90; instagram 60 likes, 10 shares = 70.
 * Before: facebook 20 likes; linkedin 8 likes, 2 comments. Linkedin is silent in the week itself.
 */
async function story(t: App): Promise<void> {
  await send(t, [
    ...published({ ...FB0, content_type: "link" }, "11-26T09:00", 400, 800),
    engaged("likes", FB0, 20, "11-26T18:00"),
    ...published({ ...LI0, content_type: "text" }, "11-25T08:00", 100, 200),
    engaged("likes", LI0, 8, "11-25T10:00"),
    engaged("comments", LI0, 2, "11-25T10:00"),
    ...published({ ...FB1, content_type: "photo" }, "12-01T09:00", 1000, 1500),
    engaged("likes", FB0, 10, "12-01T08:00"), // late, for the post of the week before
    engaged("likes", FB1, 40, "12-01T18:10"),
    engaged("comments", FB1, 5, "12-01T18:20"),
    engaged("shares", FB1, 10, "12-02T18:00"),
    engaged("clicks", FB1, 20, "12-02T18:30"),
    engaged("saves", FB1, 5, "12-03T07:00"),
    ...published({ ...IG1, content_type: "video" }, "12-03T17:00", 500, 500),
    engaged("likes", IG1, 60, "12-03T19:00"),
    engaged("shares", IG1, 10, "12-03T19:30"),
    followers("facebook", 1000, "11-23T22:00"),
    followers("facebook", 1050, "11-30T22:00"),
    followers("facebook", 1100, "12-07T22:00"),
    followers("instagram", 400, "11-30T22:00"),
    followers("instagram", 450, "12-05T22:00"),
    followers("linkedin", 90, "12-04T22:00"), // first read in the week
  ]);
}

type Numbers = { value: number | null; previous: number | null };
const both = ({ value, previous }: Numbers) => [value, previous];
const near = (numbers: Numbers, value: number | null, previous: number | null) => {
  const close = (a: number | null, b: number | null) => a === b || Math.abs((a ?? NaN) - (b ?? NaN)) < 1e-12;
  ok(
    close(numbers.value, value) && close(numbers.previous, previous),
    `${both(numbers)} instead of ${value}, ${previous}`,
  );
};

const performanceCases: Record<string, (t: App) => Promise<void>> = {
  async "social performance: the numbers of a week beside those of the week before"(t) {
    await story(t);
    const answer = await t.json("GET", `${PATH}/performance?${WEEK}`, 200);
    equal(answer.posts, { value: 2, unit: "count", previous: 2, change: 0 });
    equal(both(answer.reach), [1500, 500]); // 1000 + 500; 400 + 100
    equal(both(answer.impressions), [2000, 1000]); // 1500 + 500; 800 + 200
    equal(both(answer.likes), [110, 28]); // 10 + 40 + 60; 20 + 8
    equal(both(answer.comments), [5, 2]);
    equal([both(answer.shares), both(answer.clicks), both(answer.saves)], [[20, null], [20, null], [5, null]]);
    equal(both(answer.engagements), [160, 30]); // 110 + 5 + 20 + 20 + 5; 28 + 2, of what was recorded by then
    equal(answer.engagement_rate_by_impressions, {
      ...{ value: 0.08, numerator: 160, denominator: 2000 }, // before: 30 of 1000
      ...{ previous: 0.03, change: 0.05 },
    });
    near(answer.engagement_rate_by_reach, 160 / 1500, 30 / 500);
    near(answer.engagement_rate_by_followers, 160 / 1640, 30 / 1450);
    near(answer.amplification, 20 / 1640, null);
    // End: 1100 + 450 + 90. Before: 1050 + 400.
    equal(both(answer.followers), [1640, 1450]);
    // Of the platforms read by the start: 1550 − 1450. Before, of facebook alone: 1050 − 1000.
    equal(both(answer.net_adds), [100, 50]);
    near(answer.follower_growth, 100 / 1450, 50 / 1000);
    equal(answer.reason, null);
    equal(answer.meta.compared_with.previous_period, { start_date: "2025-11-24", end_date: "2025-11-30" });
    equal([answer.meta.source, answer.meta.data_through], ["rollups", "2025-12-07T22:00:00Z"]);
    equal(answer.meta.warnings, [
      "Followers first read in this period, so not in net_adds and follower_growth: linkedin",
    ]);
  },
  async "social performance: the trend by day and by week, with levels that hold and no zero before the first reading"(
    t,
  ) {
    await story(t);
    const daily = await t.json("GET", `${PATH}/performance?${WEEK}`, 200);
    equal([daily.interval, daily.trend.length], ["day", 7]);
    equal(daily.trend[0], {
      ...{ period: "2025-12-01", complete: true, posts: 1, reach: 1000, impressions: 1500, engagements: 55 },
      ...{ likes: 50, comments: 5, shares: null, clicks: null, saves: null },
      ...{ engagement_rate_by_reach: 0.055, followers: 1450 },
    });
    equal(daily.trend[3], {
      ...{ period: "2025-12-04", complete: true, posts: 0, reach: 0, impressions: 0, engagements: 0 },
      ...{ likes: 0, comments: 0, shares: 0, clicks: 0, saves: 0 },
      ...{ engagement_rate_by_reach: null, followers: 1540 }, // 1050 + 400 + 90
    });
    const weekly = await t.json(
      "GET",
      `${PATH}/performance?start_date=2025-11-26&end_date=2025-12-07&interval=week`,
      200,
    );
    type Point = { period: string; complete: boolean; engagements: number; followers: number };
    equal(weekly.trend.map((one: Point) => [one.period, one.complete, one.engagements, one.followers]), [
      ["2025-11-24", false, 20, 1450], // from Wednesday on
      ["2025-12-01", true, 160, 1640],
    ]);
  },
  async "social performance: the posts with the most engagements, with the reach that the window has of them"(t) {
    await story(t);
    const { top_posts } = await t.json("GET", `${PATH}/performance?${WEEK}`, 200);
    equal(top_posts, [
      { ...FB1, content_type: "photo", reach: 1000, engagements: 80, engagement_rate_by_reach: 0.08 },
      { ...IG1, content_type: "video", reach: 500, engagements: 70, engagement_rate_by_reach: 0.14 },
      { ...FB0, content_type: null, reach: null, engagements: 10, engagement_rate_by_reach: null },
    ]);
    equal((await t.json("GET", `${PATH}/performance?${WEEK}&top=1`, 200)).top_posts, [top_posts[0]]);
    equal((await t.json("GET", `${PATH}/performance?${WEEK}&top=0`, 200)).top_posts, []);
  },
  async "social performance of one platform, from its rows"(t) {
    await story(t);
    const answer = await t.json("GET", `${PATH}/performance?${WEEK}&platform=instagram`, 200);
    equal([both(answer.engagements), both(answer.posts)], [[70, null], [1, null]]);
    near(answer.engagement_rate_by_reach, 70 / 500, null);
    equal([both(answer.followers), both(answer.net_adds)], [[450, 400], [50, null]]);
    type Point = { likes: number | null };
    equal(answer.trend.map((one: Point) => one.likes), [null, null, 60, 0, 0, 0, 0]);
    equal(answer.top_posts.map((one: Of) => one.post_id), ["ig-1"]);
    equal(answer.meta.source, "rows");
    const nowhere = await t.json("GET", `${PATH}/performance?${WEEK}&platform=myspace`, 200);
    equal(nowhere.reason, 'No reading of the platform "myspace" in this period or the one before');
    equal([nowhere.engagements.value, nowhere.followers.value, nowhere.trend], [null, null, []]);
  },
  async "social performance of a running week is compared with as many days, and its last day is not complete"(t) {
    await t.setNow("2025-12-03T12:00:00Z");
    await send(t, [
      engaged("likes", FB0, 7, "11-24T10:00"),
      engaged("likes", FB0, 5, "11-26T23:00"),
      engaged("likes", FB0, 100, "11-27T00:00"), // Thursday: not to be compared with
      engaged("likes", FB1, 30, "12-01T10:00"),
      followers("facebook", 500, "11-30T20:00"),
      followers("facebook", 520, "12-02T20:00"),
    ]);
    const answer = await t.json("GET", `${PATH}/performance?${WEEK}`, 200);
    equal(answer.meta.compared_with.previous_period, { start_date: "2025-11-24", end_date: "2025-11-26" });
    equal([both(answer.engagements), both(answer.net_adds)], [[30, 12], [20, null]]); // 7 + 5; 520 − 500
    type Point = { period: string; complete: boolean; followers: number };
    equal(answer.trend.map((one: Point) => [one.period, one.complete, one.followers]), [
      ["2025-12-01", true, 500],
      ["2025-12-02", true, 520],
      ["2025-12-03", false, 520],
    ]);
    ok(answer.meta.warnings.includes("The period is not over: it is compared with as many days as it has had"));
    const later = await t.json("GET", `${PATH}/performance?start_date=2025-12-08&end_date=2025-12-14`, 200);
    equal([later.reason, later.engagements.value, later.followers.value, later.trend], [
      ...["The period has not begun", null, null],
      [],
    ]);
  },
  async "social performance in another zone goes by its days, from hours or from rows"(t) {
    await story(t);
    await send(t, [followers("facebook", 1300, "12-07T23:30")]); // Monday in Berlin
    const berlin = await t.json("GET", `${PATH}/performance?${WEEK}&timezone=Europe/Berlin&top=0`, 200);
    equal([berlin.meta.source, both(berlin.engagements), berlin.followers.value], ["rollups", [160, 30], 1640]);
    const india = await t.json("GET", `${PATH}/performance?${WEEK}&timezone=Asia/Kolkata`, 200);
    type Point = { engagements: number };
    // Clicks of the 2nd at 18:30 are of the 3rd there, what came on the 3rd at 19:00 of the 4th.
    equal(india.trend.map((one: Point) => one.engagements), [55, 10, 25, 70, 0, 0, 0]);
    equal([india.meta.source, india.followers.value, india.net_adds.value], ["rows", 1590, 50]); // 1050 + 450 + 90
  },
  async "social performance warns of rates above one and of engagements that are never recorded"(t) {
    await send(t, [
      row("social_post", "post_reach", 10, "12-02T09:00", FB1),
      engaged("likes", FB1, 20, "12-02T10:00"),
    ]);
    const { meta, ...answer } = await t.json("GET", `${PATH}/performance?${WEEK}`, 200);
    equal([answer.engagement_rate_by_reach.value, answer.comments.value, answer.impressions.value], [2, null, null]);
    equal(meta.warnings, [
      "Never recorded, so not part of engagements: post_comments, post_shares, post_clicks, post_saves",
      "engagement_rate_by_reach is above 1: engagements of the period with posts that were shown before it count too",
    ]);
  },
};

const platformCases: Record<string, (t: App) => Promise<void>> = {
  async "social platforms are ranked by engagements, with those that fell silent and shares that add up to one"(t) {
    await story(t);
    const { platforms, total, meta } = await t.json("GET", `${PATH}/platforms?${WEEK}`, 200);
    type Row = { rank: number; platform: string; engagements: Numbers; share_of_engagements: Numbers };
    equal(platforms.map((one: Row) => [one.rank, one.platform, ...both(one.engagements)]), [
      [1, "facebook", 90, 20],
      [2, "instagram", 70, null],
      [3, "linkedin", 0, 10],
    ]);
    equal(total, 3);
    const [facebook, instagram, linkedin] = platforms;
    near(facebook.share_of_engagements, 90 / 160, 20 / 30);
    near(instagram.share_of_engagements, 70 / 160, null);
    near(linkedin.share_of_engagements, 0, 10 / 30);
    near(facebook.follower_growth, 50 / 1050, 50 / 1000);
    equal([both(instagram.net_adds), instagram.follower_growth.value], [[50, null], 0.125]); // 50 of 400
    equal([both(linkedin.followers), both(linkedin.net_adds)], [[90, null], [null, null]]);
    equal([both(linkedin.likes), both(linkedin.shares)], [[0, 8], [null, null]]); // no share was ever recorded there
    equal(meta.source, "rows");
  },
  async "social platforms: readings without a platform have a row of their own"(t) {
    await send(t, [
      row("engagement", "post_likes", 3, "12-02T10:00", { post_id: "a" }),
      engaged("likes", FB1, 1, "12-02T10:00"),
      followers("x", 10, "12-02T10:00"),
    ]);
    const { platforms } = await t.json("GET", `${PATH}/platforms?${WEEK}`, 200);
    type Row = { platform: string | null; engagements: Numbers; followers: Numbers };
    equal(platforms.map((one: Row) => [one.platform, one.engagements.value, one.followers.value]), [
      [null, 3, null],
      ["facebook", 1, null],
      ["x", null, 10],
    ]);
  },
};

type Weekday = { weekday: number; days: number; engagements: number[]; posts: number[] };
/** The hours of a heatmap that are not empty: weekday, hour, sum. */
const busy = (heatmap: Weekday[], what: "engagements" | "posts" = "engagements") =>
  heatmap.flatMap((day) => day[what].flatMap((sum, hour) => sum > 0 ? [[day.weekday, hour, sum]] : []));

const engagementCases: Record<string, (t: App) => Promise<void>> = {
  async "social engagement by kind, by day and by the hours of the week"(t) {
    await story(t);
    const answer = await t.json("GET", `${PATH}/engagement?${WEEK}`, 200);
    equal(both(answer.engagements), [160, 30]);
    type Kind = { kind: string; count: Numbers; share: Numbers };
    equal(answer.by_kind.map(({ kind, count, share }: Kind) => [kind, count.value, share.value]), [
      ["likes", 110, 110 / 160],
      ["shares", 20, 0.125],
      ["clicks", 20, 0.125],
      ["comments", 5, 5 / 160],
      ["saves", 5, 5 / 160],
    ]);
    type Point = { period: string; engagements: number };
    equal(answer.trend.map((one: Point) => one.engagements), [55, 30, 75, 0, 0, 0, 0]);
    equal(answer.heatmap.map((one: Weekday) => [one.weekday, one.days]), [1, 2, 3, 4, 5, 6, 7].map((day) => [day, 1]));
    equal(busy(answer.heatmap), [[1, 8, 10], [1, 18, 45], [2, 18, 30], [3, 7, 5], [3, 19, 70]]);
    equal(busy(answer.heatmap, "posts"), [[1, 9, 1], [3, 17, 1]]);
    equal(answer.best_slot, { weekday: 3, hour: 19, engagements: 70, per_day: 70 });
    equal(answer.meta.source, "rollups");
    const instagram = await t.json("GET", `${PATH}/engagement?${WEEK}&platform=instagram`, 200);
    equal([busy(instagram.heatmap), instagram.meta.source], [[[3, 19, 70]], "rows"]);
  },
  async "social engagement: the heatmap is of the asked zone, half hours and changing clocks too"(t) {
    await story(t);
    const at = async (zone: string) => await t.json("GET", `${PATH}/engagement?${WEEK}&timezone=${zone}`, 200);
    const berlin = await at("Europe/Berlin");
    equal(busy(berlin.heatmap), [[1, 9, 10], [1, 19, 45], [2, 19, 30], [3, 8, 5], [3, 20, 70]]);
    equal(berlin.meta.source, "rollups");
    const india = await at("Asia/Kolkata");
    // 18:10 and 18:20 are 23:40 and 23:50, 18:30 is midnight, 19:30 is 01:00.
    equal(busy(india.heatmap), [[1, 13, 10], [1, 23, 45], [2, 23, 10], [3, 0, 20], [3, 12, 5], [4, 0, 60], [4, 1, 10]]);
    equal([india.meta.source, india.best_slot.weekday, india.best_slot.hour], ["rows", 4, 0]);
    // Berlin was an hour further ahead until 26 October, 01:00 UTC.
    await send(t, [engaged("likes", FB1, 1, "10-25T10:00"), engaged("likes", FB1, 1, "10-27T10:00")]);
    const autumn = "start_date=2025-10-25&end_date=2025-10-27&timezone=Europe/Berlin";
    equal(busy((await t.json("GET", `${PATH}/engagement?${autumn}`, 200)).heatmap), [[1, 11, 1], [6, 12, 1]]);
  },
  async "social engagement: the best slot goes by the day, and readings by the day have none"(t) {
    await send(t, [
      engaged("likes", FB1, 12, "12-01T09:00"), // two Mondays: 10 a day
      engaged("likes", FB1, 8, "12-08T09:00"),
      engaged("likes", FB1, 15, "12-03T12:00"), // one Wednesday
    ]);
    const nine = await t.json("GET", `${PATH}/engagement?start_date=2025-12-01&end_date=2025-12-09`, 200);
    equal(nine.heatmap.map((one: Weekday) => one.days), [2, 2, 1, 1, 1, 1, 1]);
    equal(nine.best_slot, { weekday: 3, hour: 12, engagements: 15, per_day: 15 });
    const daily = await t.json("GET", `${PATH}/engagement?start_date=2025-12-05&end_date=2025-12-09`, 200);
    equal([busy(daily.heatmap), daily.best_slot.per_day], [[[1, 9, 8]], 8]);
    await send(t, [engaged("likes", FB1, 4, "12-09T09:00")]);
    const stamped = await t.json("GET", `${PATH}/engagement?start_date=2025-12-05&end_date=2025-12-09`, 200);
    equal(stamped.best_slot, null);
    ok(
      stamped.meta.warnings.includes(
        "All engagements stand in one hour of the day: their readings tell days, not hours",
      ),
    );
  },
};

const ROUTES = ["performance", "platforms", "engagement"];

const commonCases: Record<string, (t: App) => Promise<void>> = {
  async "social analytics without data are empty, and say why"(t) {
    const performance = await t.json("GET", `${PATH}/performance`, 200);
    match(performance.reason, /^None of post_published, .*, followers has been recorded$/);
    equal([performance.posts.value, performance.followers.value, performance.amplification.value], [null, null, null]);
    equal([performance.trend, performance.top_posts], [[], []]);
    const platforms = await t.json("GET", `${PATH}/platforms`, 200);
    equal([platforms.platforms, platforms.total, platforms.reason === null], [[], 0, false]);
    const engagement = await t.json("GET", `${PATH}/engagement`, 200);
    equal([engagement.by_kind, engagement.trend, engagement.heatmap, engagement.best_slot], [[], [], [], null]);
    equal(engagement.engagements, { value: null, unit: "count", previous: null, change: null });
    await story(t);
    const early = await t.json("GET", `${PATH}/performance?start_date=2025-01-01&end_date=2025-01-31`, 200);
    equal([early.reason, early.posts.value, early.trend], ["Nothing was recorded before 2025-11-23", null, []]);
    const quiet = await t.json("GET", `${PATH}/performance?start_date=2025-12-20&end_date=2025-12-22`, 200);
    equal([quiet.reason, quiet.posts.value, quiet.followers.value], [null, 0, 1640]);
  },
  async "social analytics show nobody in person, so a token shows no more"(t) {
    await story(t);
    for (const route of ROUTES) {
      const path = `${PATH}/${route}?${WEEK}`;
      equal(await t.json("GET", path, 200, { as: anonymous }), await t.json("GET", path, 200, { as: reader }));
    }
  },
  async "social analytics refuse what they cannot answer"(t) {
    for (const route of ROUTES) {
      await t.json("GET", `${PATH}/${route}?start_date=2025-12-07&end_date=2025-12-01`, 422);
      await t.json("GET", `${PATH}/${route}?start_date=1990-01-01&end_date=2025-12-01`, 422);
      await t.json("GET", `${PATH}/${route}?timezone=Mars/Olympus`, 422);
      const { errors } = await t.json("GET", `${PATH}/${route}?start_dat=2025-12-01`, 422);
      match(errors[0].detail, /did you mean "start_date"/);
    }
    await t.json("GET", `${PATH}/performance?top=51`, 422);
    await t.json("GET", `${PATH}/performance?interval=hour`, 422);
    await t.json("GET", `${PATH}/engagement?platform=`, 422);
    await t.json("GET", `${PATH}/platforms?platform=x`, 422);
    const long = "start_date=2020-01-01&end_date=2025-01-01";
    await t.json("GET", `${PATH}/performance?${long}&interval=day`, 422);
    equal((await t.json("GET", `${PATH}/performance?${long}`, 200)).interval, "month");
    equal((await t.request("POST", `${PATH}/performance`)).status, 405);
  },
};

/** Social media: performance, platforms, engagement. */
export const socialMediaAnalyticsCases = { ...performanceCases, ...platformCases, ...engagementCases, ...commonCases };
