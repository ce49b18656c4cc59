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
import { type Effort, openStage } from "./stage.ts";
import { type Result, table } from "./table.ts";

const WITH_POSTGRES = new URL("../../.ci/with-postgres", import.meta.url).pathname;

const { values: asked } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    rounds: { type: "string" },
  },
});
const LIMIT_S = asked.quick ? 55 : 235; // and some seconds more for a Postgres of its own
const EFFORT: Effort = {
  rounds: Number(asked.rounds ?? (asked.quick ? 4 : 8)),
  patience_s: asked.quick ? 4 : 25,
  scale: asked.quick ? 0.25 : 1,
};

/** What is to be undone at the end, however it comes. */
const undo: (() => Promise<void>)[] = [];
const results: Result[] = [];
let ending = false;

for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => end(130));
const serverUrl = Deno.env.get("DATABASE_URL");
if (serverUrl === undefined) Deno.exit(await onThrowAwayPostgres());
await benchmark(serverUrl).then(() => end(0), (error) => {
  if (!ending) console.error(error);
  return end(1);
});

/** Runs this very command again, on a Postgres that lives as long as it does. */
async function onThrowAwayPostgres(): Promise<number> {
  const again = new Deno.Command(WITH_POSTGRES, {
    // Deno lets nobody read /proc, where CPU times stand, without all permissions.
    args: [Deno.execPath(), "run", "--allow-all", import.meta.filename ?? "", ...Deno.args],
  }).spawn();
  undo.push(async () => {
    again.kill("SIGTERM");
    await again.status;
  });
  return (await again.status).code;
}

async function benchmark(serverUrl: string): Promise<void> {
  setTimeout(() => {
    console.error(`Time is up after ${LIMIT_S} s; what is missing was not measured`);
    end(1);
  }, LIMIT_S * 1_000);
  const scratch = await Deno.makeTempDir({ prefix: "bench" });
  undo.push(() => Deno.remove(scratch, { recursive: true }));
  Deno.env.set("TMPDIR", scratch); // every temporary file of this run, the servers' logs too
  const database = await createDatabase(serverUrl, `bench_${Deno.pid}`);
  undo.push(() => database.drop());
  console.log(await machine(database.version));
  const stage = await openStage(database, scratch, EFFORT);
  for (const bar of BARS.filter((bar) => bar.name.includes(asked.only))) {
    const began = performance.now();
    results.push({ bar, measured: await bar.run(stage) });
    console.error(`${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${bar.name}`);
  }
}

/** Shows what was measured, ends what was started, and exits; once. */
async function end(code: number): Promise<void> {
  if (ending) return; // what fails now fails because it ends
  ending = true;
  killAll();
  if (results.length > 0) {
    console.log(
      `\n${table(results)}\n\nAgain: deno task bench${
        Deno.args.map((arg) => ` ${/^[\w-]+$/.test(arg) ? arg : JSON.stringify(arg)}`).join("")
      }`,
    );
  }
  for (const step of undo.reverse()) await step().catch((error) => console.error(`not cleaned up: ${error}`));
  Deno.exit(code);
}
