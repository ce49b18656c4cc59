import type { CutWindow, Interval, Window } from "../metrics/axis.ts";
import type { GroupValues } from "../metrics/groups.ts";
import { cutOf } from "./chosen.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./reads.ts";

/** Where a number stands: in which reading, and in which bucket of it. */
export type Place = { read: number; b: number };

/** The periods of a sparkline. */
export type Spark = { interval: Interval; cut: CutWindow };

/** What a stat reads, and where each of its numbers then stands. */
export type Layout = {
  cuts: CutWindow[];
  /** The whole window up to now; null where it has not begun. */
  value: Place | null;
  previous: Place | null;
  /** The first period of the sparkline. */
  periods: Place;
};

/** What a stat is of. */
type Stretches = { window: Window; compared: Window | null; spark: Spark | null };

/**
 * Lays out the reading of a stat in as few cuts as its numbers allow. A level is that of its last period, so a window is
 * not read beside its periods; and two stretches of which one follows the other are cut on one axis.
 */
export function layoutOf(page: Page, { window, compared, spark }: Stretches, level: boolean): Layout {
  const whole = cutOf(page, window, []);
  const own = level && spark !== null ? spark.cut : whole;
  const begun = own.buckets.filter(({ start }) => start <= page.now).length;
  const before = compared === null ? null : cutOf(page, compared, []);
  const joint = before === null ? null : oneAxis(before, own);
  const cuts = joint === null ? [own, ...(before === null ? [] : [before])] : [joint.cut];
  const first = joint === null ? 0 : joint.first;
  if (spark !== null && own !== spark.cut) cuts.push(spark.cut);
  return {
    cuts,
    value: begun === 0 ? null : { read: 0, b: first + begun - 1 },
    previous: before === null ? null : joint === null ? { read: 1, b: 0 } : { read: 0, b: 0 },
    periods: own === spark?.cut ? { read: 0, b: first } : { read: cuts.length - 1, b: 0 },
  };
}

/** One cut for one after the other, and where the later begins; null where they overlap. */
function oneAxis(before: CutWindow, own: CutWindow): { cut: CutWindow; first: number } | null {
  const [end, start] = [before.buckets.at(-1)?.end ?? 0, own.buckets[0]?.start ?? 0];
  if (before.by !== own.by || end > start) return null;
  const between = end === start ? [] : [{ start: end, end: start, day: own.buckets[0]?.day ?? 0 }];
  const cuts = [...before.cuts, ...(end === start ? own.cuts.slice(1) : own.cuts)];
  const buckets = [...before.buckets, ...between, ...own.buckets];
  const cut = { by: own.by, cuts, buckets, whole_hours: before.whole_hours && own.whole_hours };
  return { cut, first: before.buckets.length + between.length };
}

/** The numbers of a place, as far as the caller may see them. */
export function at(answers: readonly Answer[], place: Place | null): GroupValues | "hidden" | undefined {
  const answer = place === null ? undefined : answers[place.read];
  const own = answer?.values.find(({ b }) => b === place?.b);
  return own !== undefined && answer?.hidden.has(own) ? "hidden" : own;
}
