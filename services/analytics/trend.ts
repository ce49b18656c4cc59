import { z } from "@hono/zod-openapi";
import { daysBetween } from "../days.ts";
import type { Needs } from "../context.ts";
import { INTERVALS, isComplete, periodName, type Window } from "../metrics/axis.ts";
import { calendarOf } from "../metrics/calendar.ts";
import { dayOf } from "../metrics/local_time.ts";
import { date } from "../schema.ts";
import { cutOf } from "./cut.ts";

/** The calendar periods of a trend. */
export const TREND_INTERVALS = INTERVALS.filter((one) => one !== "hour");
export type TrendInterval = typeof TREND_INTERVALS[number];

/** Periods of a trend, at most. */
export const MOST_PERIODS = 1_000;
/** Days of a window whose trend is by day unless it is asked for otherwise, at most. */
const DAILY_UP_TO = 92;

/** The interval of a trend, as it is asked for. */
export const interval = z.enum(TREND_INTERVALS).optional().describe(
  `Periods of the trend, at most ${MOST_PERIODS}; when absent days, and months for windows of more than ` +
    `${DAILY_UP_TO} days. Weeks and years begin where the organisation's do`,
);

/** What names a period of a trend. */
export const periodShape = {
  period: date.describe("The period's first local day, which may lie before the window"),
  complete: z.boolean().describe("Whether the window has the whole period and it is over"),
};

/** The interval that was asked for, else days, or months for a window of more than 92 days. */
export function intervalFor(asked: TrendInterval | undefined, { start_date, end_date }: Window): TrendInterval {
  return asked ?? (daysBetween(start_date, end_date) < DAILY_UP_TO ? "day" : "month");
}

/** A period of a trend, as far as it lies in the window. */
export type Period = {
  /** How it is named, as in the answer. */
  period: string;
  complete: boolean;
  /** Its place in the window, from 0. */
  b: number;
  /** Its first and last local day within the window. */
  start_date: string;
  end_date: string;
};

/**
 * The periods of a window that have begun.
 * @param now milliseconds since 1970
 * @param most 1,000 when absent
 * @throws {DomainError} `invalid` for more than `most`
 */
export function trendPeriods(
  ctx: Needs<"config">,
  window: Window,
  interval: TrendInterval,
  now: number,
  most: number = MOST_PERIODS,
): Period[] {
  const { buckets } = cutOf(ctx, window, [interval], most);
  const calendar = calendarOf(ctx.config);
  return buckets.filter((bucket) => bucket.start <= now).map((bucket, b) => {
    const next = buckets[b + 1];
    return {
      period: periodName(interval, bucket, window.timezone, calendar),
      complete: isComplete(interval, bucket, window, now, calendar),
      b,
      start_date: dayOf(bucket.day),
      end_date: next === undefined ? window.end_date : dayOf(next.day - 1),
    };
  });
}
