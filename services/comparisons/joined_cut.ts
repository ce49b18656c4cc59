import { cutOf } from "../analytics/cut.ts";
import type { Needs } from "../context.ts";
import { invalid } from "../errors.ts";
import { type Bucket, type CutWindow, type Interval, MOST_BUCKETS, type Window } from "../metrics/axis.ts";
import { dayNumber } from "../metrics/local_time.ts";
import type { Days } from "./observed.ts";

/**
 * Several windows of one zone as one cut, so that one statement reads them all: it is cut wherever one of them begins,
 * ends, or begins an interval. What lies between two of them is one bucket, which nobody asks for.
 * @throws {DomainError} `invalid` for more than 5,000 buckets
 */
export function joinedCut(ctx: Needs<"config">, windows: readonly Window[], interval: Interval): CutWindow {
  const all = windows.map((window) => ({ window, cut: cutOf(ctx, window, [interval]) }));
  const marks = new Map<number, { text: string; day: number }>();
  for (const { window, cut } of all) {
    for (const [i, bucket] of cut.buckets.entries()) {
      marks.set(bucket.start, { text: cut.cuts[i] ?? "", day: bucket.day });
      marks.set(bucket.end, { text: cut.cuts[i + 1] ?? "", day: dayAfter(cut.buckets[i + 1], window) });
    }
  }
  const starts = [...marks].sort(([a], [b]) => a - b);
  if (starts.length - 1 > MOST_BUCKETS) {
    throw invalid("/query/interval", `makes more than ${MOST_BUCKETS} values; take a longer one or shorter periods`);
  }
  return {
    by: all[0]?.cut.by ?? "date",
    cuts: starts.map(([, mark]) => mark.text),
    buckets: starts.slice(0, -1).map(([start, { day }], i) => ({ start, day, end: starts[i + 1]?.[0] ?? start })),
    whole_hours: all.every(({ cut }) => cut.whole_hours),
  };
}

const dayAfter = (next: Bucket | undefined, { end_date }: Window) => next?.day ?? dayNumber(end_date) + 1;

/** The places of the buckets that lie in some days and have begun. */
export function bucketsIn({ buckets }: CutWindow, { start_date, end_date }: Days, now: number): number[] {
  const [first, last] = [dayNumber(start_date), dayNumber(end_date)];
  return buckets.flatMap(({ day, start }, b) => day >= first && day <= last && start <= now ? [b] : []);
}
