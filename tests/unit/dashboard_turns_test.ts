import { deepStrictEqual as equal } from "node:assert/strict";
import { AT_ONCE, inTurns, type Outcome, PAGE_MS, PIECE_MS } from "../../services/dashboards/turns.ts";
import { handClock } from "../jobs/ledger.ts";

const brief = (outcomes: Outcome<unknown>[]) =>
  outcomes.map((one) => one.done ? one.value : one.error instanceof Error ? one.error.message : one.error);
const never = () => new Promise<string>(() => {});

Deno.test("a dashboard's pieces answer in their order, and one that fails fails alone", async () => {
  const clock = handClock();
  const outcomes = await inTurns<unknown>(clock, [
    () => Promise.resolve(1),
    () => Promise.reject(new Error("broken")),
    () => {
      throw new Error("broken at once");
    },
    () => Promise.resolve(4),
  ]);
  equal(brief(outcomes), [1, "broken", "broken at once", 4]);
  equal(clock.waiting(), 0);
  equal(await inTurns(clock, []), []);
  equal(clock.waiting(), 0);
});

Deno.test("a dashboard's late piece is told so after two seconds, while the others are answered", async () => {
  const clock = handClock();
  const page = inTurns<string>(clock, [never, () => Promise.resolve("well"), never]);
  await clock.pass(PIECE_MS - 1);
  equal(clock.waiting(), 3); // the page and the two
  await clock.pass(1);
  equal(brief(await page), ["No answer within 2 s", "well", "No answer within 2 s"]);
  await clock.pass(0);
  equal(clock.waiting(), 0);
});

Deno.test("what a late piece of a dashboard comes to afterwards is heard by nobody", async () => {
  const clock = handClock();
  const [late, later] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const page = inTurns(clock, [() => late.promise, () => later.promise]);
  await clock.pass(PIECE_MS);
  equal(brief(await page), ["No answer within 2 s", "No answer within 2 s"]);
  late.reject(new Error("nobody is there")); // must not be an unhandled rejection
  later.resolve("too late");
  await clock.pass(0);
  equal(clock.waiting(), 0);
});

Deno.test("a dashboard has four pieces under way, and what is late keeps its turn until it ends", async () => {
  const clock = handClock();
  let [underway, most] = [0, 0];
  const held = Array.from({ length: AT_ONCE }, () => Promise.withResolvers<string>());
  const piece = (work: Promise<string>) => async () => {
    most = Math.max(most, ++underway);
    return await work.finally(() => underway--);
  };
  const page = inTurns(clock, [
    ...held.map(({ promise }) => piece(promise)),
    ...Array.from({ length: 3 }, () => piece(Promise.resolve("well"))),
  ]);
  await clock.pass(PIECE_MS);
  equal([underway, most], [AT_ONCE, AT_ONCE]); // all four are late, none has ended
  held[1]?.resolve("ended");
  equal(brief(await page), [...Array(AT_ONCE).fill("No answer within 2 s"), "well", "well", "well"]);
  equal(most, AT_ONCE);
  equal(clock.waiting(), 0);
});

Deno.test("a dashboard that has no turn left answers in ten seconds, and begins nothing more", async () => {
  const clock = handClock();
  const begun: number[] = [];
  const held = Promise.withResolvers<string>();
  const page = inTurns(
    clock,
    Array.from({ length: AT_ONCE + 1 }, (_, i) => () => {
      begun.push(i);
      return held.promise;
    }),
  );
  await clock.pass(PAGE_MS);
  equal(brief(await page).at(-1), "No answer within 10 s");
  held.resolve("at last");
  await clock.pass(0);
  equal(begun, [0, 1, 2, 3]);
  equal(clock.waiting(), 0);
});
