import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { date, instant, isStorable, quantity, strict, text, uuid } from "../../services/schema.ts";

Deno.test("an unknown field is refused with the nearest legal name", () => {
  const Point = strict({ metric_name: text(10), metric_value: quantity });
  const refused = Point.safeParse({ metric_nmae: "a", metric_value: 1, metric_name: "a" });
  equal(refused.error?.issues[0]?.message, 'Unknown field "metric_nmae"; did you mean "metric_name"?');
  const far = Point.safeParse({ colour: "a", metric_value: 1, metric_name: "a" });
  equal(far.error?.issues[0]?.message, 'Unknown field "colour"');
});

Deno.test("text that Postgres cannot hold is refused: NUL, half of a surrogate pair", () => {
  ok(isStorable("déjà 日本 😀"));
  ok(!isStorable("a\0b"));
  ok(!isStorable("\ud83d"));
});

Deno.test("ids may be UUIDs of any version", () => {
  ok(uuid.safeParse("123e4567-e89b-12d3-a456-426614174000").success); // version 1
  ok(uuid.safeParse("00000000-0000-0000-0000-000000000000").success);
  ok(uuid.safeParse("ffffffff-ffff-ffff-ffff-ffffffffffff").success);
  ok(!uuid.safeParse("123e4567e89b12d3a456426614174000").success);
});

Deno.test("dates and instants are real ones from 1970 to 2100", () => {
  for (const good of ["1970-01-01", "2024-02-29", "2100-12-31"]) ok(date.safeParse(good).success, good);
  for (const bad of ["2025-02-29", "2025-13-01", "0000-01-01", "1969-12-31", "2101-01-01", "10000-01-01", "2025-1-1"]) {
    ok(!date.safeParse(bad).success, bad);
  }
  for (const good of ["2025-12-24T10:00:00Z", "2025-12-24T10:00:00.123+05:30"]) {
    ok(instant.safeParse(good).success, good);
  }
  for (const bad of ["2025-12-24T10:00:00", "2025-12-24 10:00:00Z", "275760-09-13T00:00:00Z", "2025-02-30T00:00:00Z"]) {
    ok(!instant.safeParse(bad).success, bad);
  }
});

Deno.test("a quantity is finite and at most 10^15 in size", () => {
  for (const good of [0, -1e15, 1e15, 5e-324]) ok(quantity.safeParse(good).success, String(good));
  for (const bad of [NaN, Infinity, 1.1e15, "1", null]) ok(!quantity.safeParse(bad).success, String(bad));
});
