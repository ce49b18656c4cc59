import { deepStrictEqual as equal, rejects, throws } from "node:assert/strict";
import { checked, instant, retrying, savepoints, textArray, wallTime } from "../../db/executor.ts";

Deno.test("instants leave the database as RFC 3339", () => {
  equal(instant("2025-12-24 17:55:00.123456+00"), "2025-12-24T17:55:00.123456Z");
  equal(wallTime("2025-12-24 17:00:00"), "2025-12-24T17:00:00");
});

// PostgreSQL manual, 8.15.6: quotes and backslashes inside a quoted element are escaped with a backslash.
Deno.test("a text array is written so that nothing in it can end it", () => {
  equal(textArray([]), "{}");
  equal(textArray(["a", null, "NULL", ""]), '{"a",NULL,"NULL",""}');
  equal(textArray(['say "hi"', "back\\slash", "{,}"]), '{"say \\"hi\\"","back\\\\slash","{,}"}');
});

Deno.test("a Date or an undefined parameter is refused", () => {
  throws(() => checked([new Date(0) as unknown as string]), TypeError);
  throws(() => checked([undefined as unknown as string]), TypeError);
  equal(checked(["a", 1, true, null]), ["a", 1, true, null]);
});

const state = (code: string) => Object.assign(new Error(code), { code });

Deno.test("a deadlock is tried again three times, anything else never", async () => {
  const waits: number[] = [];
  const calm = { random: () => 0.5, sleep: (ms: number) => (waits.push(ms), Promise.resolve()) };
  let calls = 0;
  const failing = (code: string) => () => (calls++, Promise.reject(state(code)));
  await rejects(retrying(failing("40P01"), calm), /40P01/);
  equal([calls, waits], [4, [10, 20, 40]]); // 2^n × 5 ms × (0.5 + 0.5)
  calls = 0;
  await rejects(retrying(failing("23505"), calm), /23505/);
  equal(calls, 1);
});

Deno.test("a nested transaction is a savepoint, released or rolled back", async () => {
  const said: string[] = [];
  const tx = savepoints({ query: () => Promise.resolve([]), exec: (text) => (said.push(text), Promise.resolve()) });
  await tx.transaction((inner) => inner.transaction(() => Promise.resolve(1)));
  await rejects(tx.transaction(() => Promise.reject(new Error("no"))), /no/);
  equal(said, [
    "savepoint point_1",
    "savepoint point_2",
    "release point_2",
    "release point_1",
    "savepoint point_1",
    "rollback to point_1; release point_1",
  ]);
});
