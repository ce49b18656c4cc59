import { type FollowerReading, followerReadings } from "../../db/social_media_analytics.ts";
import type { DomainQuestion } from "../analytics/question.ts";
import type { Period } from "../analytics/trend.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import type { Window } from "../metrics/axis.ts";
import { dayNumber, instantOf } from "../metrics/local_time.ts";

/** The gauge of followers, one series for each platform. */
export const FOLLOWERS = "followers";

/** The followers of a window; null where no level is known. */
export type Followers = {
  /** At its end, or now where it is not over. */
  end: number | null;
  /** At the end of the day before it. */
  start: number | null;
  /** Net adds: end − start of the series that had a level at the start. What is first read later has no start. */
  added: number | null;
};

/** The readings of followers, and on which local day each of their cuts stands. */
export type FollowerHistory = { days: readonly string[]; readings: readonly FollowerReading[] };

/** The days at whose beginning followers are asked for: both ends of both windows, and of each period of a trend. */
function cutDays({ window, before }: Pick<DomainQuestion, "window" | "before">, periods: readonly Period[]): string[] {
  return [...new Set([before, window, ...periods].flatMap((own) => [own.start_date, addDays(own.end_date, 1)]))].sort();
}

/**
 * The followers of a question up to each end of its windows and periods. In the organisation's zone from the roll-up of
 * levels; in another from the rows of the windows.
 * @param platform only of this one
 */
export async function followerHistory(
  ctx: Needs<"db" | "config">,
  question: Pick<DomainQuestion, "series" | "window" | "before">,
  periods: readonly Period[] = [],
  platform?: string,
): Promise<FollowerHistory> {
  const days = cutDays(question, periods);
  const gauges = question.series.filter((one) => one.metric_name === FOLLOWERS && one.kind === "gauge");
  if (gauges.length === 0) return { days, readings: [] };
  const { timezone } = question.window;
  const instant = (day: string) => new Date(instantOf(timezone, dayNumber(day) * DAY_MS)).toISOString().slice(0, -1);
  const axis = timezone === ctx.config.ORG_TIMEZONE
    ? { by: "date" as const, cuts: days }
    : { by: "time" as const, cuts: days.map(instant) };
  const readings = await followerReadings(ctx.db, gauges.map((one) => ({ ...one, g: 0 })), axis);
  return { days, readings: platform === undefined ? readings : readings.filter((one) => one.platform === platform) };
}

const DAY_MS = 86_400_000;

/** The followers of both windows of a question; of one that has not begun nothing is known. */
export function audienceOf(
  { window, before, today }: Pick<DomainQuestion, "window" | "before" | "today">,
  history: FollowerHistory,
): { now: Followers; before: Followers } {
  const of = (own: Days) => own.start_date > today ? NONE : followersIn(history, own);
  return { now: of(window), before: of(before) };
}

const NONE: Followers = { end: null, start: null, added: null };

/** The followers of a window that has begun. */
export function followersIn(history: FollowerHistory, { start_date, end_date }: Days): Followers {
  const [start, end] = [levelsAt(history, start_date), levelsAt(history, addDays(end_date, 1))];
  const known = [...end].filter(([series]) => start.has(series)).map(([, level]) => level);
  const [from, to] = [added(start.values()), added(known)];
  return { start: from, end: added(end.values()), added: from === null || to === null ? null : to - from };
}

type Days = Pick<Window, "start_date" | "end_date">;

/** All followers at the end of a day that is followed by a cut; null before the first reading. */
export function followersAfter(history: FollowerHistory, end_date: string): number | null {
  return added(levelsAt(history, addDays(end_date, 1)).values());
}

/** The platforms with a series that is first read within a window: their growth in it is not known. */
export function newcomers(history: FollowerHistory, { start_date, end_date }: Days): string[] {
  const [start, end] = [levelsAt(history, start_date), levelsAt(history, addDays(end_date, 1))];
  const late = history.readings.filter(({ series }) => end.has(series) && !start.has(series));
  return [...new Set(late.map(({ platform }) => platform ?? "no platform"))].sort();
}

/** The readings of each platform. */
export function byPlatform({ days, readings }: FollowerHistory): Map<string | null, FollowerHistory> {
  const parts = Map.groupBy(readings, (one) => one.platform);
  return new Map([...parts].map(([platform, own]) => [platform, { days, readings: own }]));
}

/** The level of each series at the beginning of a day: its last reading before, as a level holds until the next. */
function levelsAt({ days, readings }: FollowerHistory, day: string): Map<string, number> {
  const cut = days.indexOf(day);
  return new Map(readings.filter((one) => one.cut <= cut).map((one) => [one.series, one.level]));
}

function added(levels: Iterable<number>): number | null {
  let sum: number | null = null;
  for (const level of levels) sum = (sum ?? 0) + level;
  return sum;
}
