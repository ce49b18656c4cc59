import type { Clock } from "../ports/clock.ts";
import type { Ids } from "../ports/ids.ts";

/** Real identifiers and randomness; the only file that makes them. */
export function randomIds(clock: Clock): Ids {
  // Random bytes are fetched many at a time: one call costs as much as a hundred ids.
  const pool = new Uint8Array(4096);
  let used = pool.length;
  const take = (length: number): Uint8Array => {
    if (used + length > pool.length) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    return pool.subarray(used, used += length);
  };
  return {
    uuid: () => uuid7(clock.now(), take(10)),
    bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    random: () => Math.random(),
  };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** RFC 9562, 5.7: 48 bits of Unix milliseconds, version 7, 74 random bits. */
export function uuid7(unixMs: number, random: Uint8Array): string {
  const time = unixMs.toString(16).padStart(12, "0");
  const hex = (at: number, mask = 0xff, bits = 0) => HEX[((random[at] ?? 0) & mask) | bits];
  return `${time.slice(0, 8)}-${time.slice(8)}-${hex(0, 0x0f, 0x70)}${hex(1)}-${hex(2, 0x3f, 0x80)}${hex(3)}-${hex(4)}${
    hex(5)
  }${hex(6)}${hex(7)}${hex(8)}${hex(9)}`;
}
