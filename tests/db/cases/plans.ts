import { deepStrictEqual as equal } from "node:assert/strict";
import { generate } from "../../bench/scale/generate.ts";
import { costOf } from "../../bench/scale/plans.ts";
import { QUESTIONS } from "../../bench/scale/questions.ts";
import { openPostgres } from "../../../db/postgres.ts";
import { loadMigrations, migrateUp } from "../../../db/migrate.ts";

/** Rows enough for the planner to see what reading all of them costs. */
const ROWS = 60_000;

/** What the benchmark asks of ten million rows is asked of some, and Postgres says how it finds the answers. */
export async function plansWithoutFullScans(url: string): Promise<void> {
  const surprises = { random: () => 0.5, sleep: () => Promise.resolve() };
  const db = openPostgres(url, { ...surprises, max: 1, statement_timeout_ms: 60_000 });
  try {
    await migrateUp(db, await loadMigrations());
    await generate(db, ROWS);
    equal(await db.query("select * from ops.rollup_differences()"), []);
    for (const { name, ask } of QUESTIONS) {
      equal([name, isEmpty(await ask(db))], [name, false]); // a plan that finds nothing proves nothing
      const { sequential } = await costOf(db, ask);
      equal([name, sequential.filter((table) => BIG.includes(table))], [name, []]);
    }
  } finally {
    await db.close();
  }
}

const BIG = ["metrics", "metric_rollups", "entity_days", "gauge_series"];

/** Whether an answer has nothing to say: a list or statistic without items, or a reason why there is nothing. */
function isEmpty(answer: unknown): boolean {
  if (typeof answer !== "object" || answer === null) return true;
  if ("items" in answer && Array.isArray(answer.items)) return answer.items.length === 0;
  return "reason" in answer && answer.reason !== null;
}
