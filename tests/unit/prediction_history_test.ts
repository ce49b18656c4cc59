import { deepStrictEqual as equal } from "node:assert/strict";
import { dailyHistory } from "../../services/advanced/history.ts";

const days = (...values: (number | null)[]) => values.map((value) => ({ value, n: value === null ? 0 : 1 }));
const after = { quiet_days: 2, silent_days: 1 };

Deno.test("a sample without a reading lies on the line between its neighbours, and after the last it is unknown", () => {
  const history = dailyHistory({ kind: "sample", days: days(10, null, null, 40, 50), ...after });
  equal(history, { kind: "sample", values: [10, 20, 30, 40, 50], readings: 3, silent_days: 3 });
});

Deno.test("a level without a reading is the level before, as long as its service is heard of", () => {
  const history = dailyHistory({ kind: "gauge", days: days(10, null, null, 40), ...after });
  equal(history, { kind: "gauge", values: [10, 10, 10, 40, 40, 40], readings: 2, silent_days: 1 });
});

Deno.test("a flow without a reading is nothing, as long as its service is heard of", () => {
  const flow = [{ value: 10, n: 2 }, { value: 0, n: 0 }, { value: 30, n: 1 }];
  const history = dailyHistory({ kind: "flow", days: flow, ...after });
  equal(history, { kind: "flow", values: [10, 0, 30, 0, 0], readings: 2, silent_days: 1 });
});

Deno.test("without a reading there is no history", () => {
  equal(dailyHistory({ kind: "gauge", days: [], ...after }).values, []);
});
