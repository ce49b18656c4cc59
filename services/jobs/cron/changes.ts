import { spanAt } from "./zone.ts";

/** An instant from which a zone's wall is another distance ahead of UTC. All in milliseconds. */
export type ClockChange = { at: number; before: number; after: number };

/**
 * The changes of a zone's clocks in (after, until], epoch ms.
 * @throws {CronError} for a zone that is not IANA's
 */
export function clockChanges(timezone: string, after: number, until: number): ClockChange[] {
  const found: ClockChange[] = [];
  for (let span = spanAt(timezone, after); span.end <= until;) {
    const next = spanAt(timezone, span.end);
    if (next.offset !== span.offset) found.push({ at: span.end, before: span.offset, after: next.offset });
    span = next;
  }
  return found;
}

/**
 * Milliseconds that a zone's wall is ahead of UTC at an instant, epoch ms.
 * @throws {CronError} for a zone that is not IANA's
 */
export function offsetAt(timezone: string, at: number): number {
  return spanAt(timezone, at).offset;
}
