import { deepStrictEqual as equal } from "node:assert/strict";
import { someOf } from "../../services/metrics/known_name.ts";

Deno.test("of many names ten are said, and how many more there are", () => {
  const names = (n: number) => Array.from({ length: n }, (_, i) => `m${i + 1}`);
  equal(someOf(names(10)), "m1, m2, m3, m4, m5, m6, m7, m8, m9, m10");
  equal(someOf(names(11)), "m1, m2, m3, m4, m5, m6, m7, m8, m9, m10 and 1 more");
  equal(someOf(names(23), 100).slice(-12), " and 13 more");
  equal(someOf(names(100), 100).slice(-21), " and at least 90 more");
});
