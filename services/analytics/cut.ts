import type { Needs } from "../context.ts";
import { type CutWindow, cutWindow, type Interval, type Window } from "../metrics/axis.ts";
import { calendarOf } from "../metrics/calendar.ts";

/**
 * A window as it is read: in one piece, or cut where the organisation's periods of some intervals begin.
 * @throws {DomainError} `invalid` for more periods than `most`
 */
export function cutOf(
  { config }: Needs<"config">,
  window: Window,
  intervals: readonly Interval[] = [],
  most?: number,
): CutWindow {
  const options = { calendar: calendarOf(config), ...(most === undefined ? {} : { most }) };
  return cutWindow(window, intervals, config.ORG_TIMEZONE, options);
}
