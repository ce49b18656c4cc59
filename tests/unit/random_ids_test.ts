import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { randomIds } from "../../services/adapters/random_ids.ts";
import { systemClock } from "../../services/adapters/system_clock.ts";

const at = (unixMs: number) => randomIds({ ...systemClock, now: () => unixMs });

Deno.test("a UUIDv7 begins with its millisecond, and has the version, the variant and 74 random bits", () => {
  // RFC 9562, A.6: 2022-02-22 14:22:22 in New York is 1645557742000 ms, 017F22E279B0 in hexadecimal.
  const { uuid } = at(1_645_557_742_000);
  const ids = Array.from({ length: 1_000 }, uuid);
  for (const id of ids) match(id, /^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  equal(new Set(ids).size, ids.length);
  // Every digit after the version takes all its values: 1,000 draws miss one of 16 with a chance of 16 · (15/16)^1000 ≈ 1e-27.
  for (const place of [15, 16, 17, 20, 21, 22, 24, 35]) equal(new Set(ids.map((id) => id[place])).size, 16, `${place}`);
  equal(new Set(ids.map((id) => id[19])).size, 4);
});

Deno.test("a later UUIDv7 sorts after an earlier one", () => {
  ok(at(1).uuid() < at(2).uuid());
  ok(at(2 ** 40).uuid() < at(2 ** 41).uuid());
});
