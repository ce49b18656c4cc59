import { dayNumber, dayOf, START } from "./days.ts";
import type { DemoMetric } from "./metric.ts";
import { notificationStory } from "./notification.ts";
import { partnersStory } from "./partners.ts";
import { projectsStory } from "./projects.ts";
import { socialMediaStory } from "./social_media.ts";

export type { DemoMetric } from "./metric.ts";

/**
 * The demo charity's metrics from one date to another, both included: one array a day, oldest first, and within a day
 * by timestamp. There is one story, told from 2024-01-01 on; the dates only choose what is yielded of it, so a later
 * call repeats the earlier days row for row and adds the new ones. Days before the story are not yielded.
 * @throws {RangeError} when a date is not one written YYYY-MM-DD.
 */
export function* demoMetrics(from: string, to: string): Generator<DemoMetric[]> {
  const first = dayNumber(from), last = dayNumber(to);
  if (last < Math.max(first, START)) return;
  const stories = [partnersStory(), projectsStory(), socialMediaStory(), notificationStory()];
  for (let number = START; number <= last; number++) {
    const day = dayOf(number);
    const rows = stories.flatMap((story) => story(day));
    if (number >= first) yield rows.sort(byTime);
  }
}

/** By time, then by identity, so that the order never depends on how the day was put together. */
function byTime(a: DemoMetric, b: DemoMetric): number {
  return compare(a.timestamp, b.timestamp) || compare(a.service_name, b.service_name) ||
    compare(a.external_id, b.external_id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
