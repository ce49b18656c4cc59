/**
 * `deno task bench`: measures the service against a hand-written server and against COPY, and prints one table.
 *   --quick        fewer rounds, at most a minute
 *   --only TEXT    the bars whose names contain it
 *   --rounds N
 * Without `DATABASE_URL` it runs on a throw-away Postgres. Everything listens on the loopback and ends with it.
 * @module
 */
import { parseArgs } from "node:util";
import { BARS } from "./bars.ts";
import { killAll } from "./children.ts";
import { createDatabase } from "./database.ts";
import { machine } from "./machine.ts";
import { type Effort, openStage, type Stage } from "./stage.ts";
import { type Result, table } from "./table.ts";

const WITH_POSTGRES = new URL("../../.ci/with-postgres", import.meta.url).pathname;

const { values: asked } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    rounds: { type: "string" },
  },
});
const LIMIT_S = asked.quick ? 60 : 240;
const EFFORT: Effort = {
  rounds: Number(asked.rounds ?? (asked.quick ? 4 : 8)),
  patience_s: asked.quick ? 4 : 25,
  scale: asked.quick ? 0.25 : 1,
};

const serverUrl = Deno.env.get("DATABASE_URL");
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stop(130));
Deno.exit(serverUrl === undefined ? await onThrowAwayPostgres() : await benchmark(serverUrl));

/** Runs this very command again, on a Postgres that lives as long as it does. */
async function onThrowAwayPostgres(): Promise<number> {
  const { code } = await new Deno.Command(WITH_POSTGRES, {
    // Deno lets nobody read /proc, where CPU times stand, without all permissions.
    args: [Deno.execPath(), "run", "--allow-all", import.meta.filename ?? "", ...Deno.args],
  }).spawn().status;
  return code;
}

async function benchmark(serverUrl: string): Promise<number> {
  const late = setTimeout(() => {
    console.error(`The benchmark took longer than ${LIMIT_S} s`);
    stop(1);
  }, LIMIT_S * 1_000);
  const scratch = await Deno.makeTempDir({ prefix: "bench" });
  const database = await createDatabase(serverUrl, `bench_${Deno.pid}`);
  try {
    console.log(await machine(database.version));
    const results = await measure(await openStage(database, scratch, EFFORT));
    console.log(`\n${table(results)}\n\nAgain: deno task bench ${Deno.args.join(" ")}`);
    return 0;
  } finally {
    clearTimeout(late);
    killAll();
    await database.drop();
    await Deno.remove(scratch, { recursive: true });
  }
}

async function measure(stage: Stage): Promise<Result[]> {
  const results: Result[] = [];
  for (const bar of BARS.filter((bar) => bar.name.includes(asked.only))) {
    const began = performance.now();
    results.push({ bar, measured: await bar.run(stage) });
    console.error(`${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${bar.name}`);
  }
  return results;
}

function stop(code: number): void {
  killAll();
  Deno.exit(code);
}
