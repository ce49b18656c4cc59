import type { Frequency } from "../math/mod.ts";
import type { Interval } from "../metrics/calendar.ts";

/** The calendar periods that a series can be carried on by. */
export const PERIODS = ["day", "week", "month", "quarter", "year"] as const satisfies readonly Interval[];
export type Period = typeof PERIODS[number];

/** What is read of a series, and what a model needs of it, by the period. */
export type Terms = {
  frequency: Frequency;
  /** Periods to a season. */
  season_length: number;
  /** Complete periods that a model needs. */
  fewest: number;
  /** Local days of history that are read, at most. */
  history_days: number;
};

/** Twenty years of roll-ups, where single days are of no account. */
const TWENTY_YEARS = 7_305;

export const TERMS: Record<Period, Terms> = {
  day: { frequency: "daily", season_length: 7, fewest: 14, history_days: 730 },
  week: { frequency: "weekly", season_length: 52, fewest: 10, history_days: 3_653 },
  month: { frequency: "monthly", season_length: 12, fewest: 8, history_days: TWENTY_YEARS },
  quarter: { frequency: "quarterly", season_length: 4, fewest: 6, history_days: TWENTY_YEARS },
  year: { frequency: "yearly", season_length: 1, fewest: 4, history_days: TWENTY_YEARS },
};

/** So many periods in words. */
export const plural = (n: number, period: Period) => n === 1 ? `1 ${period}` : `${n} ${period}s`;
