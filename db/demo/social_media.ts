import {
  ANOMALIES,
  type Platform,
  PLATFORMS,
  type PlatformTruth,
  type Reaction,
  SOCIAL_TRUTH,
  STORY,
} from "./charity.ts";
import { type Day, yearsSinceStart } from "./days.ts";
import { type DemoMetric, metric, type Reading, type Story } from "./metric.ts";
import { keysOf, type Random, seededRandom } from "./random.ts";

/** One platform as the days go by. */
interface Account {
  readonly platform: Platform;
  readonly truth: PlatformTruth;
  /** Kept as a fraction, so that slow growth adds up. */
  followers: number;
  posts: number;
  /** What yesterday's posts still get today. */
  aftermath: Reactions[];
}

/** The engagements of one post on one day. */
interface Reactions {
  readonly post_id: string;
  readonly counts: Readonly<Record<Reaction, number>>;
}

const REACTIONS: readonly Reaction[] = ["likes", "comments", "shares", "clicks", "saves"];
/** How engagements spread around a platform's peak hour, as hours before and after it. */
const HOURS = { "-4": 2, "-3": 4, "-2": 8, "-1": 16, "0": 36, "1": 18, "2": 10, "3": 4, "4": 2 };
const viral = ANOMALIES.viral_day;

/** The social_media service: posts with their reach, engagements on the day and the day after, followers each evening. */
export function socialMediaStory(): Story {
  const accounts = keysOf(PLATFORMS).map((platform): Account => {
    const truth = PLATFORMS[platform];
    return { platform, truth, followers: truth.followers, posts: 0, aftermath: [] };
  });
  return (day) =>
    accounts.flatMap((account) => {
      const random = seededRandom(STORY.seed, account.platform, day.number);
      const late = account.aftermath;
      account.aftermath = [];
      return [
        ...late.flatMap((reactions) => engagements(account, reactions, day, 0, random)),
        ...posts(account, day, random),
        followers(account, day, random),
      ];
    });
}

function posts(account: Account, day: Day, random: Random): DemoMetric[] {
  const { posts_per_week, weekdays } = account.truth;
  const weekTotal = weekdays.reduce((sum, weight) => sum + weight, 0);
  const isViral = isViralDay(account, day);
  const count = random.poisson(posts_per_week * (weekdays[day.weekday - 1] ?? 0) / weekTotal);
  return Array.from(
    { length: isViral ? Math.max(1, count) : count },
    (_, i) => onePost(account, day, isViral && i === 0, random),
  )
    .flat();
}

function onePost(account: Account, day: Day, goesViral: boolean, random: Random): DemoMetric[] {
  const { platform, truth } = account;
  const post_id = `${truth.prefix}-${String(++account.posts).padStart(5, "0")}`;
  const content_type = goesViral ? "video" : random.pick(truth.content);
  const reach = reachOf(account, day, content_type, goesViral, random);
  const impressions = reach + 1 + Math.round(reach * (0.12 + 0.4 * random.unit()));
  const published = truth.peak_hour - random.whole(1, 3);
  const second = published * 3_600 + random.whole(0, 3_599);
  const post = (name: string, value: number, at: number) =>
    row(day, {
      type: "social_post",
      name,
      value,
      unit: "count",
      dimensions: { platform, post_id, content_type },
      second: at,
      key: post_id,
    });
  const total = random.binomial(reach, Math.min(0.5, truth.engagement_rate * random.lognormal(0.98, 0.2)));
  const first = random.binomial(total, SOCIAL_TRUTH.first_day_share);
  account.aftermath.push({ post_id, counts: split(total - first, truth, random) });
  return [
    post("post_published", 1, second),
    post("post_reach", reach, 82_800),
    post("post_impressions", impressions, 82_800),
    ...engagements(account, { post_id, counts: split(first, truth, random) }, day, published + 1, random),
  ];
}

function reachOf(account: Account, day: Day, content: string, goesViral: boolean, random: Random): number {
  const { reach_share, reach_growth, weekdays } = account.truth;
  if (goesViral) return Math.round(account.followers * viral.reach_per_follower);
  const kinds: Readonly<Record<string, number>> = SOCIAL_TRUTH.content_reach;
  const season = (SOCIAL_TRUTH.months[day.month - 1] ?? 1) * (0.7 + 0.3 * (weekdays[day.weekday - 1] ?? 1));
  const trend = (1 + reach_growth) ** yearsSinceStart(day);
  const typical = account.followers * reach_share * trend * season * (kinds[content] ?? 1);
  return 1 + Math.round(typical * random.lognormal(0.92, 0.4));
}

/** Divides a number of engagements among the reactions, exactly. */
function split(total: number, { reactions }: PlatformTruth, random: Random): Record<Reaction, number> {
  const counts: Record<Reaction, number> = { likes: 0, comments: 0, shares: 0, clicks: 0, saves: 0 };
  let people = total, share = 1;
  for (const reaction of REACTIONS) {
    const last = reaction === "saves";
    counts[reaction] = last ? people : random.binomial(people, Math.min(1, reactions[reaction] / share));
    people -= counts[reaction];
    share -= reactions[reaction];
  }
  return counts;
}

/** One row per kind of reaction, in an hour around the platform's peak and not before the post. */
function engagements(
  { platform, truth }: Account,
  { post_id, counts }: Reactions,
  day: Day,
  earliest_hour: number,
  random: Random,
): DemoMetric[] {
  return REACTIONS.filter((reaction) => counts[reaction] > 0).map((reaction) => {
    const hour = Math.max(earliest_hour, truth.peak_hour + Number(random.pick(HOURS)));
    return row(day, {
      type: "engagement",
      name: `post_${reaction}`,
      value: counts[reaction],
      unit: "count",
      dimensions: { platform, post_id },
      second: hour * 3_600 + random.whole(0, 3_599),
      key: `${post_id}:${day.date}`,
    });
  });
}

function followers(account: Account, day: Day, random: Random): DemoMetric {
  const { platform, truth } = account;
  const season = SOCIAL_TRUTH.months[day.month - 1] ?? 1;
  const daily = Math.log1p(truth.followers_growth) / 365.25;
  account.followers *= 1 + daily * (daily > 0 ? season : 1) + random.normal(0, 0.0003);
  if (isViralDay(account, day)) account.followers += viral.new_followers;
  return row(day, {
    type: "engagement",
    name: "followers",
    value: Math.round(account.followers),
    unit: "count",
    dimensions: { platform },
    second: 86_340,
    key: `${platform}:${day.date}`,
  });
}

function isViralDay({ platform }: Account, { date }: Day): boolean {
  return platform === viral.platform && date === viral.date;
}

function row(day: Day, reading: Reading): DemoMetric {
  return metric("social_media", day, reading);
}
