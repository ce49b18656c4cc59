/** Social platforms of the story. */
export type Platform = "facebook" | "instagram" | "linkedin" | "x";

/** What kind of reaction a post gets, as shares of all its engagements. */
export type Reaction = "likes" | "comments" | "shares" | "clicks" | "saves";

/** The rhythm and the success of one platform. */
export interface PlatformTruth {
  /** Begins the post ids. */
  readonly prefix: string;
  readonly followers: number;
  /** Yearly growth of the followers; below 0 the platform declines. */
  readonly followers_growth: number;
  readonly posts_per_week: number;
  /** Average share of the followers a post reaches, and how that share changes a year. */
  readonly reach_share: number;
  readonly reach_growth: number;
  /** Engagements per person reached. */
  readonly engagement_rate: number;
  /** UTC hour with the most engagements. */
  readonly peak_hour: number;
  readonly weekdays: readonly number[];
  readonly content: Readonly<Record<string, number>>;
  readonly reactions: Readonly<Record<Reaction, number>>;
}

const MIDWEEK = [1, 1.15, 1.5, 1.15, 0.9, 0.65, 0.7];

/** The platforms: two that grow with the crowd, one for professionals, and one in decline. */
export const PLATFORMS: Readonly<Record<Platform, PlatformTruth>> = {
  facebook: {
    prefix: "fb",
    followers: 18_400,
    followers_growth: 0.07,
    posts_per_week: 6,
    reach_share: 0.13,
    reach_growth: 0.01,
    engagement_rate: 0.046,
    peak_hour: 18,
    weekdays: MIDWEEK,
    content: { photo: 0.45, video: 0.2, link: 0.35 },
    reactions: { likes: 0.58, comments: 0.1, shares: 0.1, clicks: 0.2, saves: 0.02 },
  },
  instagram: {
    prefix: "ig",
    followers: 9_200,
    followers_growth: 0.24,
    posts_per_week: 7,
    reach_share: 0.24,
    reach_growth: 0.03,
    engagement_rate: 0.071,
    peak_hour: 18,
    weekdays: MIDWEEK,
    content: { photo: 0.4, video: 0.35, carousel: 0.25 },
    reactions: { likes: 0.76, comments: 0.07, shares: 0.05, clicks: 0.03, saves: 0.09 },
  },
  linkedin: {
    prefix: "li",
    followers: 3_100,
    followers_growth: 0.18,
    posts_per_week: 3,
    reach_share: 0.28,
    reach_growth: 0.02,
    engagement_rate: 0.055,
    peak_hour: 8,
    weekdays: [1, 1.3, 1.2, 1.1, 0.7, 0.05, 0.05],
    content: { text: 0.35, link: 0.35, photo: 0.3 },
    reactions: { likes: 0.5, comments: 0.08, shares: 0.07, clicks: 0.34, saves: 0.01 },
  },
  x: {
    prefix: "x",
    followers: 7_900,
    followers_growth: -0.11,
    posts_per_week: 8,
    reach_share: 0.09,
    reach_growth: -0.18,
    engagement_rate: 0.019,
    peak_hour: 12,
    weekdays: [1, 1.05, 1.1, 1.05, 1, 0.6, 0.6],
    content: { text: 0.55, link: 0.3, photo: 0.15 },
    reactions: { likes: 0.56, comments: 0.09, shares: 0.17, clicks: 0.16, saves: 0.02 },
  },
};

/** What all platforms share. */
export const SOCIAL_TRUTH = {
  /** ISO weekday and UTC hour in which most engagements fall. */
  peak: { weekday: 3, hour: 18 },
  declining: "x",
  fastest_growing: "instagram",
  /** A month's reach against the average. */
  months: [0.88, 0.9, 1, 1.02, 1, 0.98, 0.92, 0.9, 1.02, 1.04, 1.08, 1.26],
  /** Reach of a kind of post against the platform's average. */
  content_reach: { video: 1.4, carousel: 1.15, photo: 1, link: 0.8, text: 0.85 },
  /** Share of the engagements that come on the day of the post; the rest come on the next. */
  first_day_share: 0.78,
} as const;

/** Notification channels of the story. */
export type Channel = "email" | "sms" | "push";

/** How one channel delivers and is received; bounces and failures over sent, the rest over delivered. */
export interface ChannelTruth {
  readonly bounced_hard: number;
  readonly bounced_soft: number;
  readonly failed: number;
  readonly opened: number;
  /** Of those opened. */
  readonly clicked: number;
  readonly unsubscribed: number;
  readonly complained: number;
  /** Median and sigma of the lognormal delivery time. */
  readonly latency_ms: number;
  readonly latency_sigma: number;
  readonly latency_samples_per_day: number;
}

/** E-mail is the largest channel, push the fastest, and sms has the best click rate. */
export const CHANNELS: Readonly<Record<Channel, ChannelTruth>> = {
  email: {
    bounced_hard: 0.006,
    bounced_soft: 0.015,
    failed: 0.007,
    opened: 0.36,
    clicked: 0.09,
    unsubscribed: 0.0018,
    complained: 0.0003,
    latency_ms: 1_400,
    latency_sigma: 0.55,
    latency_samples_per_day: 4,
  },
  sms: {
    bounced_hard: 0.009,
    bounced_soft: 0.008,
    failed: 0.01,
    opened: 0.8,
    clicked: 0.1,
    unsubscribed: 0.0025,
    complained: 0.0001,
    latency_ms: 3_200,
    latency_sigma: 0.7,
    latency_samples_per_day: 3,
  },
  push: {
    bounced_hard: 0.03,
    bounced_soft: 0.015,
    failed: 0.02,
    opened: 0.11,
    clicked: 0.42,
    unsubscribed: 0.0022,
    complained: 0,
    latency_ms: 420,
    latency_sigma: 0.5,
    latency_samples_per_day: 3,
  },
};

/** Yearly growth of every audience. */
export const AUDIENCE_GROWTH = 0.1;

/** One recurring mailing: sent on these ISO weekdays at this UTC hour, the whole year or only during one campaign. */
export interface Mailing {
  readonly channel: Channel;
  readonly campaign: string;
  readonly template_id: string;
  readonly weekdays: readonly number[];
  readonly hour: number;
  /** Recipients at the story's start. */
  readonly audience: number;
  /** The fundraising campaign during which alone it is sent. */
  readonly during?: string;
}

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** The mailing plan: service messages daily, the newsletter on Tuesdays, appeals on Thursdays of their season. */
export const MAILINGS: readonly Mailing[] = [
  mailing("email", "service_messages", "email-service", EVERY_DAY, 9, 90),
  mailing("email", "newsletter", "email-newsletter", [2], 10, 3_400),
  appeal("email", "spring_appeal", [4], 10, 2_900),
  appeal("email", "summer", [4], 10, 2_600),
  appeal("email", "autumn", [4], 10, 2_800),
  appeal("email", "giving_tuesday", [2, 3], 8, 3_300),
  appeal("email", "year_end", [1, 4], 10, 3_200),
  mailing("sms", "service_messages", "sms-service", [1, 2, 3, 4, 5], 8, 45),
  mailing("sms", "event_reminder", "sms-event", [5], 15, 160),
  appeal("sms", "giving_tuesday", [2], 12, 900),
  appeal("sms", "year_end", [4], 16, 850),
  mailing("push", "service_messages", "push-service", EVERY_DAY, 12, 130),
  mailing("push", "impact_story", "push-impact", [1, 3, 6], 18, 1_150),
  appeal("push", "year_end", [5], 18, 1_200),
];

function mailing(
  channel: Channel,
  campaign: string,
  template_id: string,
  weekdays: readonly number[],
  hour: number,
  audience: number,
): Mailing {
  return { channel, campaign, template_id, weekdays, hour, audience };
}

function appeal(
  channel: Channel,
  during: string,
  weekdays: readonly number[],
  hour: number,
  audience: number,
): Mailing {
  return { ...mailing(channel, during, `${channel}-${during}`, weekdays, hour, audience), during };
}
