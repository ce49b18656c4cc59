import { countWalls, nextWall, type WallMs } from "./calendar.ts";
import { CronError } from "./error.ts";
import type { CronExpression } from "./expression.ts";
import { FARTHEST_OFFSET_MS, reachedAt, spanAt } from "./zone.ts";

/** One run that an expression asks for. */
export type Occurrence = {
  /** The instant, epoch milliseconds. */
  at: number;
  /** What the wall shows then: `YYYY-MM-DDTHH:MM`. */
  local: string;
  /** How far the wall is ahead of UTC: `+01:00`; with seconds only where local mean time had them. */
  offset: string;
  /** The wall times this run stands for: 1, or more (never 0) at the end of a gap. */
  occurrences: number;
};

/** 0001-01-02 and 9999-12-31: every wall in between shows a year of four digits. */
const EARLIEST_MS = -62_135_510_400_000;
const LATEST_MS = 253_402_214_400_000;

/**
 * The first occurrence after an instant (epoch ms), or null if that is later than 9999-12-31T00:00Z.
 *
 * An expression whose hour field starts with `*` follows elapsed time: it fires at each minute whose wall time matches,
 * in both passes of an hour that is repeated, and never in one that is left out. Every other expression follows the
 * wall: each matching wall time fires once, when the wall first shows it or first has jumped past it, so all wall
 * times of one gap become one run at its end.
 * @throws {CronError} for a zone that is not IANA's, or an instant that is NaN.
 */
export function nextOccurrence(cron: CronExpression, timezone: string, afterMs: number): Occurrence | null {
  const after = instant(afterMs);
  if (after >= LATEST_MS) return null;
  const occurrence = cron.follows === "elapsed"
    ? nextElapsed(cron, timezone, after)
    : nextOnWall(cron, timezone, after);
  return occurrence.at > LATEST_MS ? null : occurrence;
}

/**
 * The occurrences in (after, until], epoch ms, ascending, at most `limit`.
 * @throws {CronError} for a zone that is not IANA's, an instant that is NaN, or a limit that is no whole number.
 * @example
 * ```ts
 * import { parseCron } from "./expression.ts";
 * import { occurrencesBetween } from "./occurrences.ts";
 *
 * const day = Date.parse("2026-03-28T12:00Z");
 * occurrencesBetween(parseCron("30 2 * * *"), "Europe/Berlin", day, day + 86_400_000, 10);
 * // [{ at: …, local: "2026-03-29T03:00", offset: "+02:00", occurrences: 1 }]: 02:30 is left out that night
 * ```
 */
export function occurrencesBetween(
  cron: CronExpression,
  timezone: string,
  afterMs: number,
  untilMs: number,
  limit: number,
): Occurrence[] {
  if (!Number.isInteger(limit) || limit < 0) throw new CronError("limit", "must be a whole number, 0 or more");
  const until = instant(untilMs);
  const found: Occurrence[] = [];
  let after = afterMs;
  while (found.length < limit) {
    const next = nextOccurrence(cron, timezone, after);
    if (next === null || next.at > until) break;
    found.push(next);
    after = next.at;
  }
  return found;
}

/**
 * How many occurrences lie in (after, until], epoch ms: the sum of `occurrences` over {@linkcode occurrencesBetween}.
 * It counts days, not occurrences: 10 years of a minutely job take a millisecond or so.
 * @throws {CronError} for a zone that is not IANA's, or an instant that is NaN.
 */
export function countBetween(cron: CronExpression, timezone: string, afterMs: number, untilMs: number): number {
  const after = instant(afterMs);
  const until = instant(untilMs);
  if (until <= after) return 0;
  if (cron.follows === "wall") return countWalls(cron, reachedAt(timezone, after), reachedAt(timezone, until));
  let count = 0;
  for (let from = after + 1; from <= until;) {
    const { end, offset } = spanAt(timezone, from);
    count += countWalls(cron, from - 1 + offset, Math.min(end - 1, until) + offset);
    from = end;
  }
  return count;
}

function nextElapsed(cron: CronExpression, timezone: string, after: number): Occurrence {
  let from = after + 1;
  for (;;) {
    const { end, offset } = spanAt(timezone, from);
    const at = nextWall(cron, from + offset) - offset;
    if (at < end) return occurrence(at, offset, 1);
    // A wall is never farther than this from UTC, so nothing can fire before: years without a match cost one step.
    from = Math.max(end, nextWall(cron, end - FARTHEST_OFFSET_MS) - FARTHEST_OFFSET_MS);
  }
}

function nextOnWall(cron: CronExpression, timezone: string, after: number): Occurrence {
  const wall = nextWall(cron, reachedAt(timezone, after) + 1);
  let from = Math.max(after + 1, wall - FARTHEST_OFFSET_MS);
  for (;;) {
    const { start, end, offset } = spanAt(timezone, from);
    const at = Math.max(from, wall - offset);
    if (at < end) return occurrence(at, offset, at > start ? 1 : countAt(cron, timezone, at));
    from = end;
  }
}

/** All wall times that become due at one instant: those of the gap that ends there, and the one shown there. */
function countAt(cron: CronExpression, timezone: string, at: number): number {
  return countWalls(cron, reachedAt(timezone, at - 1), reachedAt(timezone, at));
}

function occurrence(at: number, offset: number, occurrences: number): Occurrence {
  return { at, local: wallText(at + offset), offset: offsetText(offset), occurrences };
}

function wallText(wall: WallMs): string {
  return new Date(wall).toISOString().slice(0, 16);
}

function offsetText(offset: number): string {
  const clock = new Date(Math.abs(offset)).toISOString().slice(11, 19);
  return (offset < 0 ? "-" : "+") + (clock.endsWith(":00") ? clock.slice(0, 5) : clock);
}

/** Whole milliseconds from 0001-01-02 to 9999-12-31; fractions are dropped, which changes no (after, until]. */
function instant(ms: number): number {
  if (Number.isNaN(ms)) throw new CronError("instant", "must be epoch milliseconds");
  return Math.min(Math.max(Math.floor(ms), EARLIEST_MS), LATEST_MS);
}
