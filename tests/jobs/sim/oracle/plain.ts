import type { Occurrence } from "./calendar.ts";
import { patternOf } from "./pattern.ts";
import { wallAt } from "./zone.ts";

/**
 * The rule in its plainest form: walks every minute and looks at the wall. Slow; what the fast form is held against.
 * How far back it looks for a wall time that was shown before (the clocks went back) is longer than any such step.
 */
export function plainOccurrences(expression: string, zone: string, after: number, until: number): Occurrence[] {
  const { times, day, follows } = patternOf(expression);
  const set = new Set(times);
  const matches = (wall: number) => set.has(wall / MINUTE_MS % 1_440) && day(Math.floor(wall / DAY_MS));
  const found: Occurrence[] = [];
  const first = Math.floor((after - 2 * DAY_MS) / MINUTE_MS) * MINUTE_MS;
  let shown = wallAt(zone, first);
  for (let at = first + MINUTE_MS; at <= until; at += MINUTE_MS) {
    const wall = wallAt(zone, at);
    let occurrences = 0;
    if (follows === "elapsed") occurrences = matches(wall) ? 1 : 0;
    else {for (let passed = shown + MINUTE_MS; passed <= wall; passed += MINUTE_MS) {
        occurrences += matches(passed) ? 1 : 0;
      }}
    shown = Math.max(shown, wall);
    if (at > after && occurrences > 0) found.push({ at, occurrences });
  }
  return found;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
