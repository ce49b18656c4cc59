import type { Clock } from "../ports/clock.ts";
import type { Ids } from "../ports/ids.ts";

/** Real identifiers and randomness; the only file that makes them. */
export function randomIds(clock: Clock): Ids {
  return {
    uuid: () => uuid7(clock.now(), crypto.randomUUID()),
    bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    random: () => Math.random(),
  };
}

/**
 * RFC 9562, 5.7: 48 bits of Unix milliseconds, version 7, and the variant and 74 random bits of a UUID of version 4, which
 * has them in the same places and is made by one native call.
 */
function uuid7(unixMs: number, random: string): string {
  const time = unixMs.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
