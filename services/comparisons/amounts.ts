import { decimalSum } from "../math/mod.ts";
import { type CutWindow, isComplete, type Window } from "../metrics/axis.ts";
import { type Calendar, nextPeriod, periodOf } from "../metrics/calendar.ts";
import type { GroupValues } from "../metrics/groups.ts";
import { dayOf } from "../metrics/local_time.ts";
import { bucketsIn } from "./joined_cut.ts";
import { type Days, isAdditive, type Terms } from "./observed.ts";

/** The readings of one member by the buckets of a cut. */
export type Track = ReadonlyMap<number, GroupValues>;

/** What a track is read with. */
export type Reading = {
  cut: CutWindow;
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
  timezone: string;
  terms: Pick<Terms, "kind" | "aggregation" | "interval">;
};

/** What a member amounts to in some days: readings, one number, and one for each complete interval. */
export type Amount = { n: number; value: number | null; values: number[] };

/**
 * Adds up a track over some days.
 * @param known days for which the metric is recorded: within them a sum or count without a reading is 0, beyond it is
 *   unknown, and so is that of an interval which is only partly known
 */
export function amountIn(track: Track, days: Days, known: Days, reading: Reading): Amount {
  const { cut, now, terms } = reading;
  const places = bucketsIn(cut, days, now);
  const read = places.flatMap((b) => track.get(b) ?? []);
  const intervals = intervalsIn(places, track, days, reading);
  const begun = days.start_date <= known.end_date && days.end_date >= known.start_date && places.length > 0;
  const levels = intervals.flatMap(({ value }) => value ?? []);
  const value = terms.kind === "gauge" && terms.aggregation === "avg" ? meanOf(levels) : amountOf(read, terms);
  const zero = isAdditive(terms) && begun ? 0 : null;
  return {
    n: read.reduce((sum, one) => sum + one.n, 0),
    value: isAdditive(terms) && read.length === 0 ? zero : value,
    values: intervals.filter(({ complete }) => complete).flatMap(({ value, first, last }) => {
      if (!isAdditive(terms)) return value ?? [];
      return first >= known.start_date && last <= known.end_date ? [value ?? 0] : [];
    }),
  };
}

type IntervalAmount = { value: number | null; complete: boolean; first: string; last: string };

function intervalsIn(places: readonly number[], track: Track, days: Days, reading: Reading): IntervalAmount[] {
  const { cut, calendar, now, timezone, terms } = reading;
  const { interval } = terms;
  const window: Window = { ...days, timezone };
  const startOf = (b: number) => periodOf(interval, cut.buckets[b]?.day ?? 0, calendar);
  return [...Map.groupBy(places, startOf)].map(([start, own]) => {
    const bucket = cut.buckets[own.at(-1) ?? -1];
    const read = own.flatMap((b) => track.get(b) ?? []);
    return {
      value: amountOf(read, terms),
      complete: bucket !== undefined && isComplete(interval, bucket, window, now, calendar),
      ...{ first: dayOf(start), last: dayOf(nextPeriod(interval, start, calendar) - 1) },
    };
  });
}

/** One number of buckets that follow each other; null where there is nothing. */
function amountOf(read: readonly GroupValues[], { kind, aggregation }: Reading["terms"]): number | null {
  if (read.length === 0) return null;
  const n = read.reduce((sum, one) => sum + one.n, 0);
  const sum = () => decimalSum(read.map((one) => one.sum));
  if (aggregation === "count") return n;
  if (kind === "gauge") return read.at(-1)?.level ?? null;
  switch (aggregation) {
    case "sum":
      return sum();
    case "avg": {
      const total = sum();
      return n === 0 || total === null ? null : total / n;
    }
    case "last":
      return read.findLast((one) => one.last !== null)?.last ?? null;
  }
}

const meanOf = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value / values.length, 0);
