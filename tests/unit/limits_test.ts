import { deepStrictEqual as equal } from "node:assert/strict";
import { createLimiter } from "../../routes/limits.ts";

Deno.test("a caller has so many requests a minute, and then none until the minute is over", () => {
  const allowance = createLimiter();
  equal(allowance("a", 2, 0), { allowed: true, limit: 2, remaining: 1, reset_s: 60 });
  equal(allowance("a", 2, 10_000).allowed, true);
  equal(allowance("a", 2, 59_001), { allowed: false, limit: 2, remaining: 0, reset_s: 1 });
  equal(allowance("a", 2, 60_000).allowed, true);
});

Deno.test("callers do not share their allowance", () => {
  const allowance = createLimiter();
  equal(allowance("a", 1, 0).allowed, true);
  equal(allowance("b", 1, 0).allowed, true);
  equal(allowance("a", 1, 1).allowed, false);
});

Deno.test("a flood of callers is forgotten when their minute ends", () => {
  const allowance = createLimiter();
  for (let i = 0; i < 60_000; i++) allowance(`flood ${i}`, 1, 0);
  equal(allowance("flood 59999", 1, 1).allowed, false);
  for (let i = 0; i < 60_000; i++) allowance(`next ${i}`, 1, 60_000);
  equal(allowance("next 59999", 1, 60_001).allowed, false);
});
