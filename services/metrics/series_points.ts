import type { MetricPoint } from "./answers.ts";
import { type Interval, isComplete, periodName } from "./axis.ts";
import { measured } from "./groups.ts";
import { dayNumber, localDay, localInstant } from "./local_time.ts";
import type { Part, Span } from "./parts.ts";
import type { FILLS } from "./queries.ts";
import type { Line } from "./series_lines.ts";
import { measureOf } from "./statistic_items.ts";

/** How a line is drawn. */
export type Drawing = {
  interval: Interval;
  fill: typeof FILLS[number];
  cumulative: boolean;
  /** Periods of the rolling mean; null without one. */
  rolling: number | null;
  distinct: readonly string[];
  span: Span;
  part: Part;
  /** The window that is compared with, or null. */
  old: Part | null;
};

/** What a line says of one period. */
type Step = {
  value: number | null;
  /** The value, or 0 where a flow had none within its recorded days: what a mean rests on. */
  known: number | null;
  /** Whether a period without a reading has 0. */
  adds: boolean;
  n: number;
  /** Whether there is something to say although periods without a reading are left out. */
  told: boolean;
  hidden: boolean;
};

/** One point for each period that has something to say, now or in the window before, or for all of them. */
export function pointsOf(line: Line, drawing: Drawing): MetricPoint[] {
  const { interval, fill, rolling, span, part, old } = drawing;
  const { timezone } = span.window;
  const steps = stepsOf(line, "own", part, drawing);
  const earlier = old === null ? null : earlierSteps(line, old, drawing);
  return part.cut.buckets.flatMap((bucket, b): MetricPoint[] => {
    const step = steps[b];
    const before = earlier?.get(part.places[b] ?? "") ?? null;
    if (step === undefined || (fill === "none" && !step.told && before?.step.told !== true)) return [];
    return [{
      period: periodName(interval, bucket, timezone, span.calendar),
      start: localInstant(timezone, bucket.start),
      end: localInstant(timezone, bucket.end),
      value: step.value,
      n: step.n,
      complete: isComplete(interval, bucket, span.window, span.now, span.calendar),
      ...(rolling === null ? {} : { rolling: bucket.start > span.now ? null : meanUpTo(b, steps, rolling) }),
      ...(earlier === null ? {} : { previous: before && { period: before.period, value: before.step.value } }),
      ...(step.hidden || before?.step.hidden ? { suppressed: true as const } : {}),
    }];
  });
}

/** How many periods of the window before had something to say that no point shows. */
export function unmatched(line: Line, { part, old }: Drawing): number {
  const places = new Set(part.places);
  const missed = line.before.filter((value) => value.n > 0 && !places.has(old?.places[value.b] ?? ""));
  return new Set(missed.map((value) => value.b)).size;
}

function earlierSteps(line: Line, old: Part, drawing: Drawing): Map<string, { period: string; step: Step }> {
  const steps = stepsOf(line, "before", old, drawing);
  return new Map(old.cut.buckets.flatMap((bucket, b) => {
    const [place, step] = [old.places[b], steps[b]];
    if (place === undefined || step === undefined) return [];
    const period = periodName(drawing.interval, bucket, old.window.timezone, drawing.span.calendar);
    return [[place, { period, step }] as const];
  }));
}

function stepsOf(line: Line, side: "own" | "before", part: Part, drawing: Drawing): Step[] {
  const { fill, cumulative, distinct, span } = drawing;
  const measure = measureOf(line.measure, distinct);
  const adds = line.measure === "count" || typeof measure === "object" ||
    (line.head.kind === "flow" && line.measure === "sum");
  const values = new Map(line[side].map((value) => [value.b, value]));
  const [first, last] = [dayNumber(line.recorded.first_day), dayNumber(line.recorded.last_day)];
  let [carried, counted, covered] = [0, 0, false];
  return part.cut.buckets.map((bucket, b): Step => {
    const own = values.get(b);
    if (own !== undefined) {
      counted += own.n;
      carried = line.measure === "count" ? counted : own.running;
      covered ||= part.hidden.has(own);
    }
    // What a hidden number is could be told from the sums after it.
    const hidden = cumulative ? covered : own !== undefined && part.hidden.has(own);
    if (hidden) return { value: null, known: null, adds, n: 0, told: own !== undefined, hidden };
    // Of what has not begun yet nothing is known: not even that it is zero.
    const gap = fill === "zero" && adds && bucket.start <= span.now ? (cumulative ? carried : 0) : null;
    const read = own === undefined ? null : measured(line.head.kind, measure, own);
    const value = own === undefined ? gap : cumulative ? carried : read;
    const lastDay = dayNumber(localDay(span.window.timezone, bucket.end - 1));
    const within = adds && lastDay >= first && bucket.day <= last;
    const told = own !== undefined && (own.n > 0 || value !== null);
    return { value, known: read ?? (within ? 0 : null), adds, n: own?.n ?? 0, told, hidden };
  });
}

/**
 * The mean of the last so many periods up to one; null before there are so many, and where one of them is hidden. Of what
 * adds up all must be known, of the rest those that are known count.
 */
function meanUpTo(b: number, steps: readonly Step[], periods: number): number | null {
  if (b + 1 < periods) return null;
  let [sum, known] = [0, 0];
  for (let i = b + 1 - periods; i <= b; i++) {
    const step = steps[i];
    if (step === undefined || step.hidden || (step.known === null && step.adds)) return null;
    if (step.known === null) continue;
    sum += step.known;
    known++;
  }
  return known === 0 ? null : sum / known;
}
