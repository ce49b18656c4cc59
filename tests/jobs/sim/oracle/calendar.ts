import { type Pattern, patternOf } from "./pattern.ts";
import { stretches } from "./zone.ts";

/** An instant at which an expression fires, epoch ms, and the wall times of the calendar that it stands for. */
export type Occurrence = { at: number; occurrences: number };

/** Wall times in (low, high] that fire one by one at `wall - offset`, or all together at one instant. */
type Run = { low: number; high: number; offset: number; together: number | null };

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** Longer than the clocks ever went back. */
const LOOK_BACK_MS = 3 * DAY_MS;
/** Eight years and a little: from one leap day to the next, where a century leaves one out. */
const FARTHEST_MS = 3_000 * DAY_MS;

/** The occurrences in (after, until], the first `limit` of them. */
export function occurrences(
  expression: string,
  zone: string,
  after: number,
  until: number,
  limit = Infinity,
): Occurrence[] {
  const pattern = patternOf(expression);
  const found: Occurrence[] = [];
  for (const { low, high, offset, together } of runsOf(pattern, zone, after, until)) {
    if (found.length >= limit) break;
    if (together === null) {
      for (const wall of walls(pattern, low, high, limit - found.length)) {
        found.push({ at: wall - offset, occurrences: 1 });
      }
    } else {
      const count = countWalls(pattern, low, high);
      if (count > 0) found.push({ at: together, occurrences: count });
    }
  }
  return found;
}

/** How many wall times fire in (after, until]. */
export function count(expression: string, zone: string, after: number, until: number): number {
  const pattern = patternOf(expression);
  return runsOf(pattern, zone, after, until).reduce((sum, { low, high }) => sum + countWalls(pattern, low, high), 0);
}

/** The last instant in (after, until] at which it fires, or null. */
export function last(expression: string, zone: string, after: number, until: number): number | null {
  const pattern = patternOf(expression);
  for (const { low, high, offset, together } of runsOf(pattern, zone, after, until).reverse()) {
    const wall = lastWall(pattern, low, high);
    if (wall !== null) return together ?? wall - offset;
  }
  return null;
}

const nexts = new Map<string, number | null>();

/** The first instant after `after` at which it fires; null where that is more than eight years away. */
export function next(expression: string, zone: string, after: number): number | null {
  const key = `${after} ${zone} ${expression}`;
  const known = nexts.get(key);
  if (known !== undefined) return known;
  if (nexts.size > 50_000) nexts.clear();
  let found: number | null = null;
  for (let from = after, width = 2 * DAY_MS; found === null && from < after + FARTHEST_MS; width *= 4) {
    found = occurrences(expression, zone, from, from + width, 1)[0]?.at ?? null;
    from += width;
  }
  nexts.set(key, found);
  return found;
}

/**
 * The calendar in (after, until] cut where offsets change. Elapsed time: what each stretch shows. Wall time: what no
 * stretch before has shown; at the start of a stretch whose wall has jumped ahead, all that was jumped over at once.
 */
function runsOf(pattern: Pattern, zone: string, after: number, until: number): Run[] {
  if (until <= after) return [];
  const runs: Run[] = [];
  let shown = -Infinity;
  for (const { start, end, offset } of stretches(zone, after - LOOK_BACK_MS, until)) {
    const from = Math.max(start - 1, after);
    const high = Math.min(end - 1, until) + offset;
    if (end - 1 <= after) {
      shown = Math.max(shown, high);
      continue;
    }
    if (pattern.follows === "elapsed") {
      runs.push({ low: from + offset, high, offset, together: null });
      continue;
    }
    if (start > after && start + offset > shown) {
      runs.push({ low: shown, high: start + offset, offset, together: start });
      shown = start + offset;
    }
    const low = Math.max(shown, from + offset);
    if (high > low) runs.push({ low, high, offset, together: null });
    shown = Math.max(shown, high);
  }
  return runs;
}

const dayOf = (wall: number) => Math.floor(wall / DAY_MS);

function countWalls(pattern: Pattern, low: number, high: number): number {
  let sum = 0;
  for (let day = dayOf(low); day <= dayOf(high); day++) {
    if (!pattern.day(day)) continue;
    const within = low < day * DAY_MS && (day + 1) * DAY_MS <= high;
    sum += within ? pattern.times.length : timesOf(pattern, day, low, high).length;
  }
  return sum;
}

function walls(pattern: Pattern, low: number, high: number, limit: number): number[] {
  const found: number[] = [];
  for (let day = dayOf(low); day <= dayOf(high) && found.length < limit; day++) {
    if (pattern.day(day)) found.push(...timesOf(pattern, day, low, high));
  }
  return found.slice(0, limit);
}

function lastWall(pattern: Pattern, low: number, high: number): number | null {
  for (let day = dayOf(high); day >= dayOf(low); day--) {
    const wall = pattern.day(day) ? timesOf(pattern, day, low, high).at(-1) : undefined;
    if (wall !== undefined) return wall;
  }
  return null;
}

function timesOf(pattern: Pattern, day: number, low: number, high: number): number[] {
  return pattern.times.map((time) => day * DAY_MS + time * MINUTE_MS).filter((wall) => wall > low && wall <= high);
}
