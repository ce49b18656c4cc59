import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { readRows } from "../../services/metrics/batch.ts";
import { NOT_JSON } from "../../services/metrics/explain.ts";

Deno.test("a JSON object is one row, an array a batch", () => {
  equal(readRows('{"a":1}', "json"), { kind: "one", row: { a: 1 } });
  equal(readRows("[1,2]", "json"), { kind: "batch", rows: [1, 2] });
  throws(() => readRows("{", "json"), SyntaxError);
});

Deno.test("lines of JSON are a batch: blank ones do not count, torn ones stay what they are", () => {
  equal(readRows('{"a":1}\n \r\n2\r\n{\n', "ndjson"), { kind: "batch", rows: [{ a: 1 }, 2, NOT_JSON] });
  // Joined with commas these two would pass for rows.
  equal(readRows('{},{"b":{"c":1\n"d":2}}', "ndjson"), { kind: "batch", rows: [NOT_JSON, NOT_JSON] });
});
