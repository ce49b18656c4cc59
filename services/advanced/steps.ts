import { quantile } from "../math/mod.ts";
import { type Calendar, nextPeriod, periodOf } from "../metrics/calendar.ts";
import { dayNumber, dayOf } from "../metrics/local_time.ts";
import type { Day } from "../metrics/mod.ts";
import type { MetricKind } from "../metrics/schema.ts";
import { type Cell, cellsOf } from "./cells.ts";
import { dailyHistory, type History } from "./history.ts";
import type { Period } from "./periods.ts";
import { type Parts, partsOf } from "./running_period.ts";

/** A series by complete calendar periods, and how far the running one is. */
export type Steps = History & {
  /** The first local day of each value. */
  starts: string[];
  running: Running;
};

/** The period that holds today. */
export type Running = {
  /** Its first local day. */
  start: string;
  /** What is recorded of it: a flow's sum, a gauge's level, a sample's average; null where nothing is known. */
  so_far: number | null;
  /** It and the periods before by their parts; null where nothing is known, and where single readings stand for long. */
  parts: Parts | null;
};

/** What is known of a series: its days from the first with a reading to the last, of which there is at least one. */
export type KnownSeries = {
  kind: MetricKind;
  days: readonly Day[];
  period: Period;
  calendar: Calendar;
  /** The last complete local day. */
  end_date: string;
  /** The last day on which the service sent any reading. */
  heard: string | null;
};

/**
 * Cuts a series into the periods that are complete: a flow's are sums, a gauge's the last level, a sample's the average
 * over its readings. A period counts as known while the service sent readings to its end, or as near to the end as this
 * series usually leaves days out. A flow that began within its first period, by more than that, loses that period.
 */
export function stepsOf({ kind, days, period, calendar, end_date, heard }: KnownSeries): Steps {
  const first = dayNumber(days[0]?.date ?? end_date);
  const last = dayNumber(days.at(-1)?.date ?? end_date);
  const next = (day: number) => nextPeriod(period, day, calendar);
  const running = periodOf(period, dayNumber(end_date) + 1, calendar);
  const gap = period === "day" ? 1 : usualGap(days);
  const known_to = Math.max(last, Math.min(dayNumber(heard ?? end_date), dayNumber(end_date)));
  const cells = cellsOf(kind, days, (day) => periodOf(period, day, calendar));

  let start = periodOf(period, first, calendar);
  const slack = Math.max(gap - 1, (next(start) - start) / MOST_MISSING);
  if (kind === "flow" && first - start > slack) start = next(start);
  const periods: number[] = [];
  for (let at = start; at < running; at = next(at)) periods.push(at);
  const known = periods.filter((at) => next(at) - 1 <= known_to + gap - 1);
  const read = known.findLastIndex((at) => cells.has(at)) + 1;
  const history = dailyHistory({
    kind,
    days: known.slice(0, read).map((at) => cells.get(at) ?? { n: 0, value: kind === "flow" ? 0 : null }),
    quiet_days: known.length - read,
    silent_days: periods.length - known.length,
  });
  const complete = { starts: periods.slice(0, history.values.length), values: history.values };
  const now = runningOf({ kind, days, cells, ...complete, next, running, known_to, gap });
  return { ...history, starts: complete.starts.map(dayOf), running: now };
}

/** The share of a period, one in so many days, that may lie before a series began. */
const MOST_MISSING = 50;

/** The days from one reading to the next, as nine in ten of the last hundred are at most. */
function usualGap(days: readonly Day[]): number {
  const read = days.flatMap((day, i) => day.n > 0 ? [i] : []);
  const gaps = read.slice(1).map((day, i) => day - (read[i] ?? day)).slice(-100);
  return Math.ceil(quantile(gaps.sort((a, b) => a - b), 0.9) ?? 1);
}

type RunningGiven = Pick<KnownSeries, "kind" | "days"> & {
  cells: Map<number, Cell>;
  /** The complete periods. */
  starts: readonly number[];
  values: readonly number[];
  next: (start: number) => number;
  running: number;
  known_to: number;
  gap: number;
};

function runningOf({ cells, running, known_to, gap, ...given }: RunningGiven): Running {
  const { kind, next } = given;
  const start = dayOf(running);
  const known = Math.max(0, known_to + 1 - running);
  if (known === 0) return { start, so_far: null, parts: null };
  const level = kind === "gauge" ? [...cells].sort(([a], [b]) => a - b).at(-1)?.[1].value : undefined;
  const so_far = cells.get(running)?.value ?? (kind === "flow" ? 0 : level ?? null);
  const length = next(running) - running;
  // Where a reading stands for a good part of a period, what is to come cannot be told by the days.
  if (so_far === null || gap > length / 4) return { start, so_far, parts: null };
  const readings = cells.get(running)?.n ?? 0;
  return { start, so_far, parts: partsOf({ ...given, start: running, known, left: length - known, so_far, readings }) };
}
