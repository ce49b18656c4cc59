import { type CronExpression, nextOccurrence, type Occurrence } from "./cron.ts";

/**
 * The last occurrence in (after, until], epoch ms, or null where there is none. It looks forward twice where there is
 * one, as nearly always, and else some thirty times at most, however long the stretch.
 */
export function lastOccurrence(
  cron: CronExpression,
  timezone: string,
  after: number,
  until: number,
): Occurrence | null {
  const first = nextOccurrence(cron, timezone, after);
  if (first === null || first.at > until) return null;
  let last = first;
  let probe = first.at;
  let [low, high] = [first.at, Math.floor(until)];
  while (low < high) {
    const next = nextOccurrence(cron, timezone, probe);
    if (next !== null && next.at <= until) [last, low] = [next, next.at];
    else if (probe === last.at) return last;
    else high = probe;
    probe = Math.floor((low + high) / 2);
  }
  return last;
}
