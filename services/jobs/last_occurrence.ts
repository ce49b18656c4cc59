import { type CronExpression, nextOccurrence, type Occurrence } from "./cron.ts";

/**
 * The last occurrence in (after, until], epoch ms, or null where there is none. It looks forward some thirty times at
 * most, however long the stretch.
 */
export function lastOccurrence(
  cron: CronExpression,
  timezone: string,
  after: number,
  until: number,
): Occurrence | null {
  let last: Occurrence | null = null;
  let [low, high] = [Math.floor(after), Math.floor(until)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const from = last === null ? low : middle;
    const next = nextOccurrence(cron, timezone, from);
    if (next !== null && next.at <= until) [last, low] = [next, next.at];
    else if (last === null) return null;
    else high = middle;
  }
  return last;
}
