import { deepStrictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import { expressions, ZONES } from "../jobs/sim/terms.ts";
import { count, last, next, occurrences } from "../jobs/sim/oracle/calendar.ts";
import { plainOccurrences } from "../jobs/sim/oracle/plain.ts";
import { nextChange } from "../jobs/sim/oracle/zone.ts";

/** The simulation's calendar: its plain form by hand, its fast form against the plain one. */

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

const told = (expression: string, zone: string, after: string, until: string) =>
  plainOccurrences(expression, zone, Date.parse(after), Date.parse(until)).map(({ at, occurrences }) =>
    `${new Date(at).toISOString().slice(0, 16)} × ${occurrences}`
  );

Deno.test("the plain oracle: what a gap leaves out fires together at its end", () => {
  // Berlin, 2026-03-29: the wall goes from 01:59 to 03:00 at 01:00Z.
  equal(told("*/20 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z"), [
    "2026-03-29T01:00 × 4",
    "2026-03-29T01:20 × 1",
    "2026-03-29T01:40 × 1",
  ]);
});

Deno.test("the plain oracle: what the wall shows twice fires once, and elapsed hours fire in both passes", () => {
  // Berlin, 2026-10-25: the wall goes from 02:59 back to 02:00 at 01:00Z.
  const night = ["Europe/Berlin", "2026-10-24T23:59Z", "2026-10-25T02:00Z"] as const;
  equal(told("0,30 2 * * *", ...night), ["2026-10-25T00:00 × 1", "2026-10-25T00:30 × 1"]);
  equal(told("30 * * * *", ...night), ["2026-10-25T00:30 × 1", "2026-10-25T01:30 × 1"]);
});

Deno.test("the plain oracle: Lord Howe's half hour, in both directions", () => {
  // 2026-10-04: from 01:59 to 02:30 at 15:30Z the day before; 2026-04-05: from 01:59 back to 01:30 at 15:00Z.
  equal(told("15,45 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00Z", "2026-10-03T18:00Z"), [
    "2026-10-03T15:30 × 1",
    "2026-10-03T15:45 × 1",
  ]);
  equal(told("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T12:00Z", "2026-04-04T18:00Z"), ["2026-04-04T14:45 × 1"]);
});

Deno.test("the fast oracle tells what the plain one tells, around every kind of night", () => {
  const window = fc.record({
    expression: expressions,
    zone: fc.constantFrom(...ZONES),
    near: fc.integer({ min: Date.UTC(2025), max: Date.UTC(2030) }),
    before: fc.integer({ min: 0, max: 36 * 60 * MINUTE_MS }),
    length: fc.integer({ min: 0, max: 3 * DAY_MS }),
  });
  fc.assert(
    fc.property(window, ({ expression, zone, near, before, length }) => {
      const after = (nextChange(zone, near) ?? near) - before;
      const until = after + length;
      const plain = plainOccurrences(expression, zone, after, until);
      equal(occurrences(expression, zone, after, until), plain);
      equal(count(expression, zone, after, until), plain.reduce((sum, each) => sum + each.occurrences, 0));
      equal(last(expression, zone, after, until), plain.at(-1)?.at ?? null);
      if (plain[0] !== undefined) equal(next(expression, zone, after), plain[0].at);
    }),
    { seed: 20_260_329, numRuns: 150 },
  );
});
