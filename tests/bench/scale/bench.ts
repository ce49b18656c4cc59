/**
 * `deno task bench:scale`: fills databases of 0.2, 2 and 10 million rows, asks the same questions of each, and prints
 * what Postgres spends on them.
 *   --rows A,B,C   other scales, the smallest first
 *   --only TEXT    the questions whose names contain it
 *   --plans        the statements and their plans at the largest scale
 * Without `DATABASE_URL` it runs on a throw-away Postgres. The ten million take some eight minutes and 8 GB of disk.
 * @module
 */
import { parseArgs } from "node:util";
import { loadMigrations, migrateUp } from "../../../db/migrate.ts";
import { type OnEnd, onPostgres } from "../../support/on_postgres.ts";
import { median, verdict } from "../bar.ts";
import { createDatabase } from "../database.ts";
import { machine } from "../machine.ts";
import { generate } from "./generate.ts";
import { type Cost, costOf, statementsOf } from "./plans.ts";
import { type Question, QUESTIONS } from "./questions.ts";

const { values: asked } = parseArgs({
  options: {
    rows: { type: "string", default: "200000,2000000,10000000" },
    only: { type: "string", default: "" },
    plans: { type: "boolean", default: false },
  },
});
const SCALES = asked.rows.split(",").map(Number);
const TURNS = 5;
const GENERATING_MS = 900_000;
const questions = QUESTIONS.filter(({ name }) => name.includes(asked.only));

await onPostgres(
  {
    script: import.meta.filename ?? "",
    args: Deno.args,
    limit_s: 120 + SCALES.reduce((sum, rows) => sum + rows) / 8_000,
  },
  benchmark,
);

async function benchmark(serverUrl: string, onEnd: OnEnd): Promise<number> {
  const costs = new Map<string, Cost[]>();
  for (const [i, rows] of SCALES.entries()) {
    const database = await createDatabase(serverUrl, `bench_scale_${rows}`, GENERATING_MS);
    onEnd(() => database.drop());
    if (i === 0) console.log(await machine(database.version));
    await migrateUp(database.db, await loadMigrations());
    const began = performance.now();
    await generate(database.db, rows);
    console.error(`${((performance.now() - began) / 1_000).toFixed(0).padStart(6)} s  ${rows} rows`);
    for (const question of questions) {
      costs.set(question.name, [...costs.get(question.name) ?? [], await measured(database.db, question)]);
      if (asked.plans && i === SCALES.length - 1) await show(database.db, question);
    }
  }
  console.log(`\n${questions.map((question) => line(question, costs.get(question.name) ?? [])).join("\n")}`);
  return 0;
}

/** The middle of some turns by time; the first finds nothing in memory and does not count. */
async function measured(db: Parameters<Question["ask"]>[0], { ask }: Question): Promise<Cost> {
  const turns: Cost[] = [];
  for (let turn = -1; turn < TURNS; turn++) {
    const cost = await costOf(db, ask);
    if (turn >= 0) turns.push(cost);
  }
  const [first] = turns;
  if (first === undefined) throw new RangeError("There are no turns");
  return { ...first, ms: median(turns.map(({ ms }) => ms)) };
}

async function show(db: Parameters<Question["ask"]>[0], { name, ask }: Question): Promise<void> {
  console.log(`\n== ${name}`);
  for (const [text, params] of await statementsOf(db, ask)) {
    const rows = await db.query<{ "QUERY PLAN": string }>(`explain (analyze, buffers) ${text}`, params);
    console.log(`${text}\n\n${rows.map((row) => row["QUERY PLAN"]).join("\n")}\n`);
  }
}

/** One line of the table, and before the first its head. */
function line({ name, ms, growth }: Question, costs: readonly Cost[]): string {
  const [smallest, largest] = [costs[0], costs.at(-1)];
  if (smallest === undefined || largest === undefined) return "";
  const times = largest.buffers / smallest.buffers;
  const verdicts = [ms && verdict(largest.ms, ms), growth && verdict(times, growth)].filter((one) => one !== undefined);
  const cells = [
    ...costs.map((cost) => `${cost.ms.toFixed(2)} ms, ${cost.buffers} pages`),
    ...[times.toFixed(2), String(largest.statements), largest.sequential.join(" "), verdicts.join(" ")],
  ];
  const head = [
    "question",
    ...SCALES.map((rows) => `${rows / 1e6} M`),
    "pages, times",
    "statements",
    "read from end to end",
    "verdict",
  ];
  const row = (all: string[]) => `| ${all.join(" | ")} |`;
  const first = questions[0]?.name === name;
  return first
    ? [row(head), `|${head.map(() => "---|").join("")}`, row([name, ...cells])].join("\n")
    : row([name, ...cells]);
}
