import { quantile } from "../math/quantile.ts";

/** What became of the notifications of one day. */
export type DeliveryDay = { date: string; sent: number; delivered: number };

/** A day on which far fewer notifications arrived than usual, and the numbers that say so. */
export type NotableDay = DeliveryDay & {
  delivery_rate: number;
  /** Below it a day is notable. */
  threshold: number;
};

/** Days that sent something, below which there is no usual day to compare with. */
export const FEWEST_DAYS = 7;
/** Notifications below which a day says nothing. */
export const FEWEST_SENT = 20;
/** How far below the median a day must be: in points, in robust standard deviations of days, in errors of chance. */
export const LEAST_POINTS = 0.05;
export const DEVIATIONS = 3;
/** Makes the median absolute deviation of normal data its standard deviation (Rousseeuw and Croux, 1993). */
const MAD_TO_SD = 1.4826;

/**
 * Days whose delivery rate is far below the median of the days: by more than 5 points, by more than 3 × 1.4826 × MAD of the
 * days' rates, and by more than 3 × √(median (1 − median) / sent), which is what chance does to a day of its size. Of at
 * least 7 days that sent something, and days with at least 20 sent. The worst first.
 * @returns the median of the days' rates too; null where nothing was sent
 */
export function notableDays(days: readonly DeliveryDay[]): { median: number | null; notable: NotableDay[] } {
  const rated = days.filter(({ sent }) => sent > 0).map((day) => ({ ...day, delivery_rate: day.delivered / day.sent }));
  const median = medianOf(rated.map((day) => day.delivery_rate));
  if (median === null || rated.length < FEWEST_DAYS) return { median, notable: [] };
  const mad = medianOf(rated.map((day) => Math.abs(day.delivery_rate - median))) ?? 0;
  const likely = Math.min(1, median);
  const notable = rated.filter(({ sent }) => sent >= FEWEST_SENT).map((day) => {
    const chance = Math.sqrt(likely * (1 - likely) / day.sent);
    const margin = Math.max(LEAST_POINTS, DEVIATIONS * MAD_TO_SD * mad, DEVIATIONS * chance);
    return { ...day, threshold: median - margin };
  }).filter((day) => day.delivery_rate < day.threshold);
  return { median, notable: notable.sort((a, b) => a.delivery_rate - b.delivery_rate || (a.date < b.date ? -1 : 1)) };
}

const medianOf = (values: number[]) => quantile(values.sort((a, b) => a - b), 0.5);
