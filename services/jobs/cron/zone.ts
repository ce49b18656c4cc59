import { isTimeZone } from "../../time_zone.ts";
import type { WallMs } from "./calendar.ts";
import { CronError } from "./error.ts";

/** A stretch of time, [start, end) in epoch milliseconds, in which a zone keeps one offset. */
export type Span = {
  readonly start: number;
  readonly end: number;
  /** Milliseconds that the wall is ahead of UTC. */
  readonly offset: number;
  /** The latest wall time shown before `start`, if that is recent: after the clocks went back it lies ahead. */
  readonly mark: WallMs;
};

/** No zone has ever been as far as this from UTC; Manila was 15:56:08 behind before 1844. */
export const FARTHEST_OFFSET_MS = 16 * 3_600_000;

type Zone = { readonly format: Intl.DateTimeFormat; readonly chunks: Map<number, readonly Span[]> };

/** Offsets are looked up in chunks of 49.7 days, on demand, so that a leap day years ahead costs one chunk, not years. */
const CHUNK_MS = 2 ** 32;
/** 3.1 days: the shortest time between two changes since 1900 was 6.96 days (America/Recife, October 2000). */
const PROBE_MS = 2 ** 28;
/** 37 hours: the clocks never went back by more than 24, so no earlier change can leave a mark. */
const LOOK_BACK_MS = 2 ** 27;
const CHUNKS_KEPT = 500;
const ZONES_KEPT = 100;

/** Memory only: the same zone and instant always give the same span. */
const zones = new Map<string, Zone>();

/**
 * The span that an instant lies in. A span may end where the offset does not change.
 * @throws {CronError} for a zone that is not in the IANA database.
 */
export function spanAt(timezone: string, at: number): Span {
  const zone = zones.get(timezone) ?? openZone(timezone);
  const index = Math.floor(at / CHUNK_MS);
  const chunk = zone.chunks.get(index) ?? loadChunk(zone, index);
  for (const span of chunk) if (at < span.end) return span;
  throw new RangeError(`no offset of ${timezone} at ${at}`);
}

/** The latest wall time shown up to an instant: a wall time fires when this passes it, so it can never fire twice. */
export function reachedAt(timezone: string, at: number): WallMs {
  const span = spanAt(timezone, at);
  return Math.max(at + span.offset, span.mark);
}

function openZone(timezone: string): Zone {
  if (!isTimeZone(timezone)) {
    throw new CronError(
      "timezone",
      `${JSON.stringify(timezone)} is not an IANA time zone such as Europe/Berlin or UTC`,
    );
  }
  const format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
  const zone = { format, chunks: new Map<number, readonly Span[]>() };
  for (const oldest of zones.keys()) {
    if (zones.size < ZONES_KEPT) break;
    zones.delete(oldest);
  }
  zones.set(timezone, zone);
  return zone;
}

function loadChunk(zone: Zone, index: number): readonly Span[] {
  const start = index * CHUNK_MS;
  const end = start + CHUNK_MS;
  const spans: Span[] = [];
  let opened = start - LOOK_BACK_MS;
  let offset = offsetAt(zone, opened);
  let mark = -Infinity;
  const close = (closed: number) => {
    if (closed > start) spans.push({ start: Math.max(opened, start), end: closed, offset, mark });
    mark = Math.max(mark, closed + offset - 1);
    opened = closed;
  };
  for (let from = opened, to; from < end; from = to) {
    to = Math.min(from + PROBE_MS, end);
    if (offsetAt(zone, to) === offset) continue;
    to = changeBetween(zone, from, to, offset);
    if (to >= end) break;
    close(to);
    offset = offsetAt(zone, to);
  }
  close(end);
  if (zone.chunks.size >= CHUNKS_KEPT) zone.chunks.clear();
  zone.chunks.set(index, spans);
  return spans;
}

/** The first instant, in whole seconds, at which the offset is no longer `offset`. */
function changeBetween(zone: Zone, from: number, to: number, offset: number): number {
  let same = Math.floor(from / 1000);
  let other = Math.ceil(to / 1000);
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (offsetAt(zone, middle * 1000) === offset) same = middle;
    else other = middle;
  }
  return other * 1000;
}

/** Reads the end of "3/29/2026, GMT+02:00"; local mean times have seconds, and UTC is "GMT" alone. */
function offsetAt(zone: Zone, at: number): number {
  const [, sign, hours, minutes, seconds = "0"] =
    zone.format.format(at).match(/GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/) ?? [];
  const ahead = ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -ahead : ahead;
}
