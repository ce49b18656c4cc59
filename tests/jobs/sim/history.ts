import fc from "fast-check";
import { edits, type Terms, terms, ZONES } from "./terms.ts";
import { nextChange } from "./oracle/zone.ts";

/** A history: who is there, and what happens to them one after the other. Numbers that choose are taken modulo. */

/** How an attempt goes. Those that hang wait for a release, their time to be up, or the end of their process. */
export const BEHAVIOURS = [
  "ok",
  "no_effect",
  "checkpoint",
  "nothing_to_do",
  "fail",
  "fail_for_good",
  "throw",
  "commit_breaks",
  "hang",
  "hang_deaf",
] as const;
export type Behaviour = typeof BEHAVIOURS[number];

/** Where the database's clock goes; `slip_ms` is added to the instant that is aimed at. */
export type Aim = {
  at: "later" | "occurrence" | "lease" | "attempt" | "change" | "timeout";
  pick: number;
  slip_ms: number;
};

export type Event =
  | { kind: "advance"; to: Aim; timers: "fire" | "lag"; looks: number }
  | { kind: "back"; ms: number }
  | { kind: "look"; looks: number }
  | {
    kind: "fault";
    slot: number;
    fault: "crash" | "freeze";
    when: "before" | "after";
    statement: number;
    looks: number;
  }
  | { kind: "release"; pick: number; looks: number }
  | { kind: "crash" | "freeze" | "thaw" | "stop"; slot: number }
  | { kind: "create"; terms: Terms; script: Behaviour[] }
  | { kind: "edit"; job: number; changes: Partial<Terms> }
  | { kind: "pause" | "resume" | "remove"; job: number }
  | { kind: "trigger"; job: number; key: "a" | "b" | null; config: "own" | "override" }
  | { kind: "backfill"; job: number; ago_ms: number; length_ms: number }
  | { kind: "cancel"; pick: number; slot: number };

export type History = {
  /** Epoch milliseconds. */
  start: number;
  /** Each instance's own clock is off by so much. */
  skews_ms: number[];
  /** Runs that a job which wants one for each missed occurrence may have to catch up. */
  backlog: number;
  /** Seeds what instances draw for jitter and backoff. */
  luck: number;
  job: { terms: Terms; script: Behaviour[] };
  events: Event[];
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const pick = fc.nat({ max: 11 });
const slot = fc.nat({ max: 3 });
const job = fc.nat({ max: 3 });
/** One bit for each slot that looks. */
const looks = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(1, 2, 4, 8) }, { weight: 2, arbitrary: fc.nat(15) });
const script = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constant<Behaviour>("ok") }, {
    weight: 6,
    arbitrary: fc.constantFrom(...BEHAVIOURS),
  }),
  { minLength: 1, maxLength: 6 },
);

const within = (low: number, high: number, unit = 1) => fc.integer({ min: low, max: high }).map((n) => n * unit);
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

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 28, arbitrary: advancing(fc.oneof(looks, fc.constant(0))) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("back"), ms: within(1, 10_800, 1000) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("look"), looks }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("fault"),
      slot,
      fault: fc.constantFrom("crash", "freeze"),
      when: fc.constantFrom("before", "after"),
      statement: fc.nat({ max: 16 }),
      looks,
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("release"), pick, looks: fc.oneof(fc.constant(0), looks) }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constantFrom("crash", "freeze", "thaw", "thaw", "stop"), slot }) },
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

const soon = fc.constantFrom<Aim["at"]>("occurrence", "occurrence", "lease", "attempt");
const early = fc.nat({ max: 9 });

/** A process freezes in the middle of a look at something due, others go on, and it comes back. */
const zombie: fc.Arbitrary<Event[]> = fc.record({
  ...{ slot, pick, statement: early, when: fc.constantFrom<"before" | "after">("before", "after"), looks },
  ...{ first: soon, then: soon, last: fc.constantFrom(0, 1_000, 60_001) },
}).map(({ slot, pick, statement, when, looks, first, then, last }): Event[] => [
  { kind: "advance", to: { at: first, pick, slip_ms: 1 }, timers: "lag", looks: 0 },
  { kind: "fault", slot, fault: "freeze", when, statement, looks: 0 },
  { kind: "advance", to: { at: then, pick, slip_ms: last }, timers: "lag", looks },
  { kind: "thaw", slot },
]);

/** A process whose heart does not beat for a while finds that its own lease has run out, while its handler ends. */
const laggard: fc.Arbitrary<Event[]> = fc.record({ slot, pick, looks: fc.nat(15) }).map(
  ({ slot, pick, looks }): Event[] => [
    { kind: "advance", to: { at: "occurrence", pick, slip_ms: 1 }, timers: "fire", looks: 1 << slot },
    { kind: "advance", to: { at: "lease", pick, slip_ms: 1 }, timers: "lag", looks: 0 },
    { kind: "release", pick, looks: looks | 1 << slot },
  ],
);

/** Often within two days of a night in which some clocks change. */
const start = fc.tuple(
  fc.integer({ min: Date.UTC(2025), max: Date.UTC(2028) }),
  fc.constantFrom(...ZONES),
  within(-48 * 60, 60, MINUTE_MS),
  fc.constantFrom(0, 0, 1, 33_250),
).map(([near, zone, slip, odd]) => Math.floor((nextChange(zone, near) ?? near) / MINUTE_MS) * MINUTE_MS + slip + odd);

/** Random histories of `most` events at most. */
export const histories = (most: number): fc.Arbitrary<History> =>
  fc.record({
    start,
    skews_ms: fc.array(fc.integer({ min: -600_000, max: 600_000 }), { minLength: 2, maxLength: 4 }),
    backlog: fc.oneof({ weight: 30, arbitrary: fc.constantFrom(3, 6, 12) }, { weight: 1, arbitrary: fc.constant(130) }),
    luck: fc.nat(),
    job: fc.record({ terms, script }),
    events: fc.array(
      fc.oneof({ weight: 12, arbitrary: event.map((one) => [one]) }, { weight: 1, arbitrary: zombie }, {
        weight: 1,
        arbitrary: laggard,
      }),
      { minLength: 4, maxLength: most, size: "max" },
    ).map((scenes) => scenes.flat()),
  });
