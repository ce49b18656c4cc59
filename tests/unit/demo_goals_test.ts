import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import { demoGoals } from "../../db/demo/goals.ts";
import { demoMetrics } from "../../db/demo/mod.ts";
import { GoalCreate } from "../../services/goals/schema.ts";

const TODAY = "2026-11-25";

Deno.test("the demo's goals of a day are the same every time, legal, and of the running year but for two", () => {
  const goals = demoGoals(TODAY);
  equal(goals, demoGoals(TODAY));
  equal(goals.map(({ said }) => [said.name, said.start_date, said.end_date]), [
    ["Donations 2026", "2026-01-01", "2026-12-31"],
    ["People reached 2026", "2026-01-01", "2026-12-31"],
    ["Followers by the end of 2026", "2026-01-01", "2026-12-31"],
    ["At most 11300 hard bounces", "2026-01-01", "2026-12-31"],
    ["E-mail within 2.5 s, Q4 2026", "2026-10-01", "2026-12-31"],
    ["Volunteers trained 2026", "2026-01-01", "2026-12-31"],
    ["Donations 2025", "2025-01-01", "2025-12-31"],
    ["New partners 2025", "2025-01-01", "2025-12-31"],
  ]);
  for (const { said } of goals) equal(GoalCreate.parse(said), said);
});

Deno.test("a later day keeps the ids of its goals, and those of another year are others", () => {
  const ids = (today: string) => demoGoals(today).map(({ id }) => id);
  equal(new Set(ids(TODAY)).size, 8);
  equal(ids("2026-11-26"), ids(TODAY));
  equal(ids("2027-02-01").filter((id) => ids(TODAY).includes(id)), [ids(TODAY)[0]]); // last year's donations
  throws(() => demoGoals("yesterday"), RangeError);
});

Deno.test("readings by hand come from the days before, and grow", () => {
  const readings = demoGoals(TODAY)[5]?.readings ?? [];
  equal([readings.length, readings[0], readings.at(-1)], [11, ["2026-01-15", 14], ["2026-11-15", 207]]);
  ok(readings.every(([, value], i) => i === 0 || value > (readings[i - 1]?.[1] ?? 0)));
  equal(demoGoals("2026-01-15")[5]?.readings, []);
});

Deno.test("of last year's goals one was achieved and one failed", () => {
  const rows = [...demoMetrics("2025-01-01", "2025-12-31")].flat();
  const [giving, partners] = demoGoals(TODAY).slice(-2).map(({ said }) => {
    const own = rows.filter(({ metric_name }) => metric_name === said.metric_name);
    return own.reduce((sum, { metric_value }) => sum + metric_value, 0) >= said.target_value;
  });
  equal([giving, partners], [true, false]);
});
