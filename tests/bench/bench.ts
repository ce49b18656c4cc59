/**
 * `deno task bench`: measures the service against a hand-written server and against COPY, and prints one table.
 * Without `DATABASE_URL` it runs on a throw-away Postgres. Everything listens on the loopback and ends with it.
 * @module
 */
import { parseArgs } from "node:util";
import { BARS } from "./bars.ts";
import { killAll } from "./children.ts";
import { machine } from "./machine.ts";
import { openStage } from "./stage.ts";
import { type Result, table } from "./table.ts";

const WITH_POSTGRES = new URL("../../.ci/with-postgres", import.meta.url).pathname;

const { values: asked } = parseArgs({
  args: Deno.args,
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    rounds: { type: "string" },
  },
});
const limit_s = asked.quick ? 60 : 240;
const serverUrl = Deno.env.get("DATABASE_URL");

for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stop(130));
Deno.exit(serverUrl === undefined ? await onThrowAwayPostgres() : await measure(serverUrl));

/** Runs this very command again, on a Postgres that lives as long as it does. */
async function onThrowAwayPostgres(): Promise<number> {
  const { code } = await new Deno.Command(WITH_POSTGRES, {
    // Deno lets nobody read /proc, where CPU times stand, without all permissions.
    args: [Deno.execPath(), "run", "--allow-all", import.meta.filename ?? "", ...Deno.args],
  }).spawn().status;
  return code;
}

async function measure(serverUrl: string): Promise<number> {
  const scratch = await Deno.makeTempDir({ prefix: "bench" });
  const late = setTimeout(() => {
    console.error(`The benchmark took longer than ${limit_s} s`);
    stop(1);
  }, limit_s * 1_000);
  try {
    const rounds = Number(asked.rounds ?? (asked.quick ? 3 : 7));
    const stage = await openStage(serverUrl, scratch, rounds, asked.quick ? 0.4 : 1);
    console.log(await machine(stage.database.version));
    const results: Result[] = [];
    for (const bar of BARS.filter((bar) => bar.name.includes(asked.only))) {
      const began = performance.now();
      const measured = await bar.run(stage);
      results.push({ bar, measured });
      console.error(`  ${bar.name}: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    }
    console.log(table(results));
    await stage.database.drop();
    return 0;
  } finally {
    clearTimeout(late);
    killAll();
    await Deno.remove(scratch, { recursive: true });
  }
}

function stop(code: number): void {
  killAll();
  Deno.exit(code);
}
