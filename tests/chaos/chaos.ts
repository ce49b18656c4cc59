/**
 * `deno task chaos`: real workers on a real Postgres while everything breaks, and then a verdict on the ledger.
 *   --seconds N    of faults (60)
 *   --workers N    processes (4)
 *   --seed N       repeats the choices, though not the races
 * Without `DATABASE_URL` it runs on a throw-away Postgres, which it also restarts and freezes. Ends with 1 on any
 * violation. Everything listens on the loopback and ends with it.
 * @module
 */
import { parseArgs } from "node:util";
import { openPostgres } from "../../db/postgres.ts";
import { randomIds } from "../../services/adapters/random_ids.ts";
import { systemClock } from "../../services/adapters/system_clock.ts";
import { readConfig } from "../../services/config.ts";
import { type OnEnd, onPostgres } from "../support/on_postgres.ts";
import { chanceOf } from "./chance.ts";
import { type Cluster, clusterBehind } from "./cluster.ts";
import { createController } from "./controller.ts";
import { type ChaosDatabase, createChaosDatabase } from "./database.ts";
import { readDiaries } from "./diary.ts";
import { caughtUp, killAllButOne } from "./finale.ts";
import { breakThings } from "./faults.ts";
import { startFleet } from "./fleet.ts";
import { lastWords, stories, trouble } from "./story.ts";
import { LEASE_S, pause, SPEED } from "./time.ts";
import { judge, verdictTable } from "./verdict.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    workers: { type: "string", default: "4" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const asked = { seconds: Number(values.seconds), size: Number(values.workers), seed: Number(values.seed) };
if (!Object.values(asked).every((n) => Number.isInteger(n) && n > 0)) throw new Error("Ask for whole numbers above 0");

/** What a drain may take. */
const PATIENCE_MS = 20_000;

await onPostgres({ script: import.meta.filename ?? "", args: seeded(), limit_s: asked.seconds + 90 }, chaos);

function seeded(): string[] {
  return [`--seconds=${asked.seconds}`, `--workers=${asked.size}`, `--seed=${asked.seed}`];
}

/** Says how far it is, for whoever waits. */
function phase(what: string): void {
  console.log(`${(performance.now() / 1_000).toFixed(1).padStart(6)} s  ${what}`);
}

/** @returns the exit code */
async function chaos(serverUrl: string, onEnd: OnEnd): Promise<number> {
  const dir = await Deno.makeTempDir({ prefix: "chaos" });
  onEnd(() => Deno.remove(dir, { recursive: true }));
  const database = await createChaosDatabase(serverUrl);
  onEnd(() => database.drop());
  const cluster = clusterBehind(database.watch);
  onEnd(() => cluster?.thaw());
  console.log(
    `${asked.size} workers for ${asked.seconds} s; a second is ${SPEED} s of domain time, the lease ${LEASE_S} s of it`,
  );
  const evidence = await run({ database, cluster, dir, onEnd });
  const findings = await judge(database.watch, evidence);
  const broken = findings.filter(({ holds }) => holds === false).length;
  console.log(`\n${verdictTable(findings)}\n\n${broken === 0 ? "All holds" : `${broken} violations`}`);
  if (broken > 0) {
    console.log([...await stories(database.watch, findings, evidence.entries), await lastWords(dir)].join("\n"));
    console.log([...evidence.blows, ...evidence.outages].map(trouble).sort().join("\n"));
  }
  console.log(`Again: deno task chaos ${seeded().join(" ")}`);
  return broken === 0 ? 0 : 1;
}

type Parts = { database: ChaosDatabase; cluster: Cluster | null; dir: string; onEnd: OnEnd };

async function run({ database: { url, watch }, cluster, dir, onEnd }: Parts) {
  const chance = chanceOf(asked.seed);
  const ids = randomIds(systemClock);
  const db = openPostgres(url, { random: ids.random, sleep: systemClock.sleep, max: 4 });
  onEnd(() => db.close());
  const controller = createController({ db, ids, config: readConfig({ DATABASE_URL: url }) }, chance);
  const fleet = startFleet(url, { ...asked, dir });
  const over = new AbortController();
  setTimeout(() => over.abort(), asked.seconds * 1_000);
  await Promise.all([
    controller.meddle(3, over.signal),
    breakThings(fleet, cluster, chance, over.signal).then(() => fleet.heal()),
  ]);
  await Promise.all([reachable(watch), reachable(db)]);
  phase("the faults are over");
  const caught_up_ms = await caughtUp(watch);
  phase("nothing is overdue");
  await controller.pauseAll();
  phase("everything is paused");
  await drained(watch);
  phase("all processes but one are killed");
  const alone_at = await killAllButOne(watch, controller, fleet);
  await drained(watch);
  await fleet.stop();
  phase("the workers have stopped");
  return {
    ...controller,
    ...{ entries: await readDiaries(dir), blows: fleet.blows, died: fleet.died, outages: cluster?.outages ?? [] },
    ...{ caught_up_ms, alone_at, seconds: asked.seconds },
  };
}

/** Waits until every connection of a pool answers: one that was begun while the server was frozen may yet give up. */
async function reachable(pool: ChaosDatabase["watch"]): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => pool.query("select pg_sleep(0.01)")));
    if (asked.every(({ status }) => status === "fulfilled")) return;
    await pause(100);
  }
}

/** Waits until no run is open, or long enough to say that some will stay. */
async function drained(watch: ChaosDatabase["watch"]): Promise<void> {
  const over = performance.now() + PATIENCE_MS;
  while (performance.now() < over) {
    const [row] = await watch.query<{ open: boolean }>(
      "select exists (select from ops.job_runs where finished_at is null) as open",
    );
    if (row?.open === false) return phase("nothing is open any more");
    await pause(100);
  }
  phase("some runs are still open");
}
