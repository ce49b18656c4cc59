/**
 * `deno task bench:jobs`: measures the ledger at work, beside graphile-worker and pg-boss where npm can have them, and
 * prints one table.
 *   --quick        less of everything, in two minutes
 *   --only TEXT    the bars whose names contain it
 *   --rounds N
 *   --history N    ended runs in the long history (1,000,000)
 * Without `DATABASE_URL` it runs on a throw-away Postgres. Everything listens on the loopback and ends with it.
 * @module
 */
import { parseArgs } from "node:util";
import { type OnEnd, onPostgres } from "../../support/on_postgres.ts";
import { createDatabase } from "../database.ts";
import { machine } from "../machine.ts";
import { type Result, table } from "../table.ts";
import { history } from "./history.ts";
import { burst, startLateness } from "./lateness.ts";
import { editEffect, pickup } from "./pickup.ts";
import { restart } from "./restart.ts";
import { type JobBar, openJobStage } from "./stage.ts";
import { throughput } from "./throughput.ts";

const BARS: JobBar[] = [startLateness, burst, pickup, editEffect, restart, throughput, history];

const { values: asked } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    rounds: { type: "string" },
    history: { type: "string", default: "1000000" },
  },
});

await onPostgres(
  {
    script: import.meta.filename ?? "",
    args: Deno.args,
    limit_s: asked.quick ? 240 : 900 + Number(asked.history) / 5_000,
  },
  benchmark,
);

async function benchmark(serverUrl: string, onEnd: OnEnd): Promise<number> {
  const scratch = await Deno.makeTempDir({ prefix: "bench" });
  onEnd(() => Deno.remove(scratch, { recursive: true }));
  const database = await createDatabase(serverUrl, `bench_jobs_${Deno.pid}`);
  onEnd(() => database.drop());
  const results: Result[] = [];
  onEnd(() => {
    if (results.length > 0) console.log(`\n${table(results)}\n\nAgain: deno task bench:jobs ${Deno.args.join(" ")}`);
  });
  console.log(await machine(database.version));
  const rounds = Number(asked.rounds ?? (asked.quick ? 3 : 6));
  const stage = await openJobStage(database, { quick: asked.quick, rounds, history: Number(asked.history), scratch });
  for (const bar of BARS.filter(({ name }) => name.includes(asked.only))) {
    const began = performance.now();
    results.push(...await bar.run(stage));
    console.error(`${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${bar.name}`);
  }
  return 0;
}
