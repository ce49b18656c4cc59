import type { Caller } from "../access.ts";
import type { StoredKey } from "../../db/api_keys.ts";

/** How long a row that was read may be believed: a revocation takes effect within this time on every instance. */
const FRESH_MS = 1_000;
const CAPACITY = 10_000;

/** One key of this process's memory. */
export type HeldKey = {
  readonly readAt: number;
  readonly row: Promise<StoredKey | undefined>;
  /** The header that matched this row, and whom it stands for: saves the next request parsing and hashing. */
  proven: { authorization: string; caller: Caller } | null;
  /** When this instance last asked to note the key's use. */
  touchedAt: number;
};

/** The keys that were looked up within the last second; bounded, so that made-up ids cannot fill the memory. */
export class KeyCache {
  readonly #held = new Map<string, HeldKey>(); // in the order of reading, so the first is the oldest
  readonly #find: (id: string) => Promise<StoredKey | undefined>;
  readonly #capacity: number;

  constructor(find: (id: string) => Promise<StoredKey | undefined>, capacity = CAPACITY) {
    this.#find = find;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#held.size;
  }

  /** The key, where it was read less than a second before `now`. */
  held(id: string, now: number): HeldKey | undefined {
    const held = this.#held.get(id);
    return held !== undefined && now - held.readAt < FRESH_MS ? held : undefined;
  }

  /**
   * The key as it was read less than a second before `now`. Requests that come while it is read share the look-up.
   * Its age counts from before the look-up, so a slow one is not believed for longer.
   */
  at(id: string, now: number): HeldKey {
    const held = this.#held.get(id);
    if (held !== undefined && now - held.readAt < FRESH_MS) return held;
    const fresh: HeldKey = { readAt: now, row: this.#find(id), proven: null, touchedAt: held?.touchedAt ?? -Infinity };
    this.#held.delete(id);
    this.#held.set(id, fresh);
    const [oldest] = this.#held.keys();
    if (this.#held.size > this.#capacity && oldest !== undefined) this.#held.delete(oldest);
    // Neither a failure nor an id that nobody has is worth remembering.
    const forget = () => this.#held.get(id) === fresh && this.#held.delete(id);
    fresh.row.then((row) => row === undefined && forget(), forget);
    return fresh;
  }
}
