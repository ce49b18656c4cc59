import fc from "fast-check";
import type { Aim, Event } from "./history.ts";
import { looks, pick } from "./singles.ts";

/** Events that chance alone seldom puts in a row: what a process does late, when others have gone on. */

const due = fc.constantFrom<Aim["at"]>("occurrence", "occurrence", "occurrence", "attempt");
const next = fc.constantFrom<Aim["at"]>("occurrence", "occurrence", "lease");
/** Most statements of a look stand here: it claims, rescues, reads what is due, accounts. */
const middle = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 2, max: 6 }) }, { weight: 1, arbitrary: fc.nat(12) });
/** One that every history has. */
const anySlot = fc.nat({ max: 1 });

/** A process freezes in the middle of a look at something due, others go on, and it comes back. */
const zombie: fc.Arbitrary<Event[]> = fc.record({
  ...{ slot: anySlot, pick, statement: middle, when: fc.constantFrom<"before" | "after">("before", "after") },
  ...{ first: due, then: next, last: fc.constantFrom(0, 1_000, 60_001) },
}).map(({ slot, pick, statement, when, first, then, last }): Event[] => [
  { kind: "advance", to: { at: first, pick, slip_ms: 1 }, timers: "lag", looks: 0 },
  { kind: "fault", slot, fault: "freeze", when, statement, looks: 0 },
  { kind: "advance", to: { at: then, pick, slip_ms: last }, timers: "lag", looks: 15 },
  { kind: "thaw", slot },
]);

/** A process whose heart does not beat for a while finds that its own lease has run out, while its handler ends. */
const laggard: fc.Arbitrary<Event[]> = fc.record({ slot: anySlot, pick, looks: fc.nat(15) }).map(
  ({ slot, pick, looks }): Event[] => [
    { kind: "advance", to: { at: "occurrence", pick, slip_ms: 1 }, timers: "fire", looks: 1 << slot },
    { kind: "advance", to: { at: "lease", pick, slip_ms: 1 }, timers: "lag", looks: 0 },
    { kind: "release", pick, looks: looks | 1 << slot },
  ],
);

/** A process whose write is on its way hands its run back, and ends late: the write comes when somebody else has it. */
const lingering: fc.Arbitrary<Event[]> = fc.record({ slot: anySlot, pick, looks }).map((
  { slot, pick, looks },
): Event[] => [
  { kind: "advance", to: { at: "occurrence", pick, slip_ms: 1 }, timers: "fire", looks: 1 << slot },
  { kind: "fault", slot, fault: "stall", when: "before", statement: 0, looks: 0 },
  { kind: "stop", slot },
  { kind: "look", looks },
  { kind: "unstall" },
]);

/** Any of them. */
export const scene: fc.Arbitrary<Event[]> = fc.oneof({ weight: 2, arbitrary: zombie }, laggard, lingering);
