import fc from "fast-check";
import type { History } from "./history.ts";
import { nextChange } from "./oracle/zone.ts";
import { scene } from "./scenes.ts";
import { event, MINUTE_MS, script, within } from "./singles.ts";
import { terms, ZONES } from "./terms.ts";

/** Often within two days of a night in which some clocks change. */
const start = fc.tuple(
  fc.integer({ min: Date.UTC(2025), max: Date.UTC(2028) }),
  fc.constantFrom(...ZONES),
  within(-48 * 60, 60, MINUTE_MS),
  fc.constantFrom(0, 0, 1, 33_250),
).map(([near, zone, slip, odd]) => Math.floor((nextChange(zone, near) ?? near) / MINUTE_MS) * MINUTE_MS + slip + odd);

/** Random histories of `most` events or scenes at most. */
export const histories = (most: number): fc.Arbitrary<History> =>
  fc.record({
    start,
    skews_ms: fc.array(fc.integer({ min: -600_000, max: 600_000 }), { minLength: 2, maxLength: 4 }),
    backlog: fc.oneof({ weight: 30, arbitrary: fc.constantFrom(3, 6, 12) }, { weight: 1, arbitrary: fc.constant(130) }),
    luck: fc.nat(),
    job: fc.record({ terms, script }),
    events: fc.array(
      fc.oneof({ weight: 10, arbitrary: event.map((one) => [one]) }, { weight: 3, arbitrary: scene }),
      { minLength: 4, maxLength: most, size: "max" },
    ).map((scenes) => scenes.flat()),
  });
