import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { goldenTexts, snapshotIsFresh } from "../support/golden.ts";

for (const [path, text] of Object.entries(goldenTexts())) {
  Deno.test(`${path} says what the code says (deno task golden)`, () => {
    equal(Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url)), text);
  });
}

Deno.test("the snapshot of the embedded database is of this PGlite and holds every migration (deno task golden)", async () => {
  ok(await snapshotIsFresh());
});
