import fc from "fast-check";
import { type Aim, type Behaviour, BEHAVIOURS, type Event } from "./history.ts";
import { edits, terms } from "./terms.ts";

/** Random events, one at a time. */

export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Chooses one of what is there. */
export const pick = fc.nat({ max: 11 });
const slot = fc.nat({ max: 3 });
const job = fc.nat({ max: 3 });
/** One bit for each slot that looks. */
export const looks = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(1, 2, 4, 8) }, {
  weight: 2,
  arbitrary: fc.nat(15),
});
/** How the attempts of a job go. */
export const script = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constant<Behaviour>("ok") }, {
    weight: 6,
    arbitrary: fc.constantFrom(...BEHAVIOURS),
  }),
  { minLength: 1, maxLength: 6 },
);

/** A whole number of units. */
export const within = (low: number, high: number, unit = 1) => fc.integer({ min: low, max: high }).map((n) => n * unit);
const later = fc.oneof(
  { weight: 3, arbitrary: within(1, 20_000) },
  { weight: 3, arbitrary: within(1, 180, 1000) },
  { weight: 3, arbitrary: within(1, 180, MINUTE_MS) },
  { weight: 2, arbitrary: within(1, 72, HOUR_MS) },
  { weight: 1, arbitrary: within(1, 40, DAY_MS) },
).map((slip_ms): Aim => ({ at: "later", pick: 0, slip_ms }));
const onTheDot = fc.constantFrom(0, 0, 0, -1, 1, 1_000, 59_999, 60_000, 60_001);
const aim: fc.Arbitrary<Aim> = fc.oneof(
  { weight: 4, arbitrary: later },
  {
    weight: 4,
    arbitrary: fc.record({
      at: fc.constantFrom("occurrence", "occurrence", "lease", "attempt", "timeout"),
      pick,
      slip_ms: onTheDot,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ at: fc.constant("change"), pick, slip_ms: within(-180, 180, MINUTE_MS) }),
  },
);

/** Anything that may happen by itself. */
export const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 28, arbitrary: advancing(fc.oneof(looks, fc.constant(0))) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("back"), ms: within(1, 10_800, 1000) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("look"), looks }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("fault"),
      slot,
      fault: fc.constantFrom("crash", "freeze", "stall"),
      when: fc.constantFrom("before", "after"),
      statement: fc.nat({ max: 16 }),
      looks,
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("release"), pick, looks: fc.oneof(fc.constant(0), looks) }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constantFrom("crash", "freeze", "thaw", "thaw", "stop"), slot }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("unstall") }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("create"), terms, script }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("edit"), job, changes: edits }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("pause", "resume", "resume"), job }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove"), job }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("backfill"),
      job,
      ago_ms: within(0, 48, HOUR_MS),
      length_ms: within(0, 24, HOUR_MS),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("cancel"), pick, slot }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("trigger"),
      job,
      key: fc.constantFrom("a", "b", null),
      config: fc.constantFrom("own", "own", "override"),
    }),
  },
);

function advancing(looks: fc.Arbitrary<number>): fc.Arbitrary<Event> {
  const timers = fc.constantFrom("fire", "fire", "lag");
  return fc.record({ kind: fc.constant("advance"), to: aim, timers, looks });
}
